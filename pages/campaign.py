"""Campaign: what did it cost, whom did it bring, and which deals did it have a part in?"""

from smarketing.ui.address import here
from smarketing.ui.sections.records import campaign

campaign.page(here())
