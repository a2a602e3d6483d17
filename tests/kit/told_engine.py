"""An engine that answers what it was told, for what an analysis makes of the answers of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from smarketing.engine import NO_FILTERS, Engine

Rows = Sequence[Mapping[str, Any]]


class Told:
    """Answers each query with its rows, and a query it was told nothing of with none."""

    currency, minor_digits, timezone = "EUR", 2, "Europe/Berlin"
    as_of_day = dt.date(2026, 6, 30)
    build_id, agreement_hash, code_hash, limited_by = "b1", "a", "c", ""
    names_people, scope = True, NO_FILTERS

    def __init__(self, answers: Mapping[str, Rows]) -> None:
        self._answers = answers

    def rows(self, query: object, *_: object) -> list[Mapping[str, Any]]:
        """Return the rows of a query by its name."""
        return list(self._answers.get(str(query), ()))


def told(**answers: Rows) -> Engine:
    """Return such an engine; `health__quotas` is the query health/quotas."""
    named = {name.replace("__", "/"): rows for name, rows in answers.items()}
    return cast(Engine, Told(named))
