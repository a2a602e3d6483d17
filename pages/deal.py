"""Deal: what happened around it, who took part, and what earned it?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import unit

unit.page(here(), "deal")
