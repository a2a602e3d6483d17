"""Person: what were they sent and told, and what did they take part in?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import unit

unit.page(here(), "person")
