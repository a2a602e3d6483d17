"""Administration: who did what to this home, and what must be erased from it?"""

from smarketing.settings import Settings
from smarketing.ui.address import in_frame
from smarketing.ui.gate import keeper
from smarketing.ui.sections.administration import days, erasing, log
from smarketing.ui.shell import head

in_frame()
access = keeper("manage", "Administration")
home = Settings().home.resolve()
head("Administration", log.lede(home))
days.days(home)
erasing.erasing(home, access)
log.log(home)
