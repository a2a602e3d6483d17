"""Lead: where did it come from, and what became of it?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import unit

unit.page(here(), "lead")
