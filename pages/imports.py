"""Import: what do these exports hold, what would they give, and bring them in?"""

from smarketing.settings import Settings
from smarketing.ui.address import in_frame
from smarketing.ui.gate import keeper
from smarketing.ui.sections.importing import connecting, desk, outcome
from smarketing.ui.shell import head

in_frame()
access = keeper("import", "Bringing data in")
home = Settings().home.resolve()
head("Import", desk.lede(home))
outcome.last(home, access)
desk.desk(home, access)
connecting.connecting(home, access)
outcome.taking_back(home, access)
