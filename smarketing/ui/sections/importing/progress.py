"""How far an import has come, in the words of its steps."""

from __future__ import annotations

from collections.abc import Callable

from smarketing.access import Access
from smarketing.charts.words import capitalised
from smarketing.ui.gate import demand_still


def shown_by(show: Callable[[float, str], object], access: Access) -> Callable[[str, float], None]:
    """Return what an import tells its steps to, which shows them.

    AccessError where whoever imports may no longer: the last step is told before anything counts.
    """

    def tell(step: str, share: float) -> None:
        demand_still(access)
        show(min(max(share, 0.0), 1.0), f"{capitalised(step)} …")

    return tell
