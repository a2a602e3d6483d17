"""Account: who was met there, and which deals came of it?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import unit

unit.page(here(), "account")
