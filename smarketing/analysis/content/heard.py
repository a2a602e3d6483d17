"""What do sales and customers say is missing?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import pandas as pd

from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Window

#: Who said it: sales that rejected a lead, buyers that went elsewhere, customers who answered.
REJECTED, LOST, WRITTEN = "rejected", "lost", "written"


@dataclass(frozen=True)
class Heard:
    """Words that were said so many times in a window, and the last day on which they were."""

    said_as: str
    words: str
    times: int
    last_on: date


def heard(engine: Engine, window: Window, filters: Filters = NO_FILTERS) -> list[Heard]:
    """Answer why leads were rejected, why deals were lost, and what customers wrote.

    The most frequent first within each; empty where nothing was said.
    """
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in heard_records(engine, window, filters).to_dict("records"):
        days[str(row["said_as"]), str(row["words"])].append(row["said_on"])
    found = [Heard(*what, len(each), max(each)) for what, each in days.items()]
    return sorted(found, key=lambda one: (one.said_as, -one.times, one.words))


def heard_records(engine: Engine, window: Window, filters: Filters = NO_FILTERS) -> pd.DataFrame:
    """Answer which rejected handovers, lost deals and comments are under it, a row each."""
    days = {"from": window.start, "to": window.end}
    return engine.run("content/heard_records", days, filters).drop(columns="key")
