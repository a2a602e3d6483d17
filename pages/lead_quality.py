"""Lead quality: is what both teams agreed to call a good lead a good lead?"""

from smarketing.analysis.lead_quality import lead_patterns, scored, threshold_table
from smarketing.ui.address import here
from smarketing.ui.exhibit import show
from smarketing.ui.sections import lead_quality as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head

view = here()
store = view.store
head("Lead quality", "The agreed definition of a good lead, judged by what became of the leads.")
patterns = ask(store, lead_patterns, store.agreement, view.window, view.filters)
scores = scored(patterns)
show(section.thresholds(view, threshold_table(scores, range(0, 101, 10), patterns.months)))
