"""How far an import has come, in the words of its steps."""

from __future__ import annotations

from collections.abc import Callable

from smarketing.charts.words import capitalised


def shown_by(show: Callable[[float, str], object]) -> Callable[[str, float], None]:
    """Return what an import tells its steps to, which shows them."""

    def tell(step: str, share: float) -> None:
        show(min(max(share, 0.0), 1.0), f"{capitalised(step)} …")

    return tell
