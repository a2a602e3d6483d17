"""Owner: which leads wait with one person, and which promises of follow-up were kept?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import owner

owner.page(here())
