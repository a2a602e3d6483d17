"""Which columns of a frame a chart draws as what, and how their values are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from smarketing.charts import format as fmt
from smarketing.charts.names import two_lines_each
from smarketing.charts.theme import Look


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """What of a row is drawn: the column of the mark's `key` and that of its `value`.

    `key` is what customdata holds, for drilling; `labels` are words for keys that are ids. `low`
    and `high` are the columns of an interval, `note` that of words beside the value, `pale` a
    boolean one: too few records to judge. `hue` is a colour for the marks instead of the chart's
    own, `title` what stands along the axis.
    """

    key: str
    value: str = "value"
    unit: str = "count"
    currency: str = "EUR"
    labels: Mapping[str, str] = field(default_factory=dict)
    low: str | None = None
    high: str | None = None
    note: str | None = None
    pale: str | None = None
    hue: str | None = None
    title: str = ""

    def written(self, value: Any) -> str:
        """A value in words, by its unit."""
        return fmt.by_unit(value, self.unit, self.currency)

    def named(self, key: object) -> str:
        """The words for a key, or the key itself."""
        return self.labels.get(str(key), str(key))

    def names(self, rows: pd.DataFrame) -> list[str]:
        """The words for the key of each row."""
        return [self.named(key) for key in rows[self.key]]

    def values(self, rows: pd.DataFrame) -> list[float]:
        """The length of each row's bar: none where the value is missing."""
        return [0.0 if fmt.is_missing(v) else float(v) for v in rows[self.value]]

    def faint(self, rows: pd.DataFrame) -> list[bool]:
        """Whether each row rests on too few records."""
        if self.pale is None:
            return [False] * len(rows)
        return [not fmt.is_missing(pale) and bool(pale) for pale in rows[self.pale]]


@dataclass(frozen=True, kw_only=True)
class Series:
    """What the marks of a chart are told apart by beside their key, such as lines or columns.

    `labels` are words for members that are ids, `hues` colours for some of them; `order` is theirs
    instead of that of their first rows.
    """

    column: str
    labels: Mapping[str, str] = field(default_factory=dict)
    hues: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def members(self, rows: pd.DataFrame) -> list[str]:
        """The members, in their order."""
        return list(self.order) or list(dict.fromkeys(rows[self.column]))

    def named(self, member: object) -> str:
        """The words for a member, or the member itself."""
        return self.labels.get(str(member), str(member))


def named_rows(names: list[str], look: Look) -> dict[str, Any]:
    """An axis of rows, the first on top, each with its name on at most two lines."""
    return {
        "autorange": "reversed",
        "tickvals": list(range(len(names))),
        "ticktext": two_lines_each(names),
        **row_names(look),
    }


def row_names(look: Look) -> dict[str, Any]:
    """How the names of rows are set."""
    return {"tickfont": {"size": 14, "color": look.ink}, "ticklabelstandoff": 8}
