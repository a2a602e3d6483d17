"""What a report is asked: a store, an agreement, a period, filters, and the words to say it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smarketing.agreement import Agreement
from smarketing.charts import format as fmt
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError
from smarketing.export.shown import FigureAddress, Shown
from smarketing.periods import Period
from smarketing.workspace import Workspace

#: What shows a figure of a page: by its address, of a period, within filters.
Look = Callable[[FigureAddress, str, Filters], Shown]


def no_pages(address: FigureAddress, period: str, filters: Filters) -> Shown:  # noqa: ARG001
    """Show no figure of a page, where nobody said who looks."""
    raise UsageError(f"The figure {address} is one of a page, and no page can be run here.")


@dataclass(frozen=True)
class Asked:
    """One question put to every figure of a report.

    `names` are campaigns by id; `is_signed` says that both teams signed the agreement; `look` shows
    figures of pages by their addresses.
    """

    engine: Engine
    agreement: Agreement
    window: Period
    workspace: Workspace
    is_signed: bool
    names: Mapping[str, str]
    filters: Filters = NO_FILTERS
    look: Look = no_pages

    @property
    def currency(self) -> str:
        """The currency of every amount."""
        return self.engine.currency

    def stamp(self, choices: str = "") -> str:
        """Return in one line what a figure was computed under."""
        chosen = " · ".join(
            f"{name} {', '.join(self.word(name, value) for value in values)}"
            for name, values in self.filters
        )
        state = "signed" if self.is_signed else "proposed"
        days = f"{fmt.day(self.window.start)} to {fmt.day(self.window.last_day)}"
        parts = (
            f"{self.window.label} ({days})",
            chosen or "no filters",
            choices,
            f"agreement {self.agreement.version} {state} {self.agreement.hash[:8]}",
            f"as of {fmt.day(self.engine.as_of_day)}",
            f"build {self.engine.build_id}",
        )
        return " · ".join(part for part in parts if part)

    def word(self, dimension: str, key: str) -> str:
        """Return a member of a dimension in words."""
        if dimension in ("campaign", "campaign_id"):
            return self.names.get(key, key)
        if dimension == "model":
            return self.agreement.attribution.model_label(key)
        classes = self.agreement.classification
        lists: Mapping[str, Sequence[Any]] = {
            "channel": classes.channels,
            "segment": classes.segments,
            "persona": classes.personas,
            "region": classes.regions,
        }
        found = {entry.id: entry.label for entry in lists.get(dimension, ())}
        return str(found.get(key, key))
