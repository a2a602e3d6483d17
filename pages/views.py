"""Saved views: pages, as somebody looked at them, to come back to."""

from smarketing.ui import saved
from smarketing.ui.address import here
from smarketing.ui.shell import head
from smarketing.ui.states import empty, needs_workspace, told

store = here().store
found = saved.views(store)
head("Saved views", saved.finding(found))
told()
if not found and not needs_workspace(store, "Saved views"):
    empty(
        "No view is saved yet",
        "A view is a page with its period, its filters and all that was chosen on it.",
        "Open “Link to this view” at the foot of any page and give it a name there.",
    )
for one in found:
    saved.show(store, one)
