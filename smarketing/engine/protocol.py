"""What an engine is: something that answers a query with a frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from smarketing.engine.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from sqlglot import exp


class Engine(Protocol):
    """One published build, ready to answer.

    `currency` and `minor_digits` are those of every `_amount`; `as_of_day` is "today".
    `agreement_hash` and `code_hash` say which agreement and which program the build was made by,
    `version` what that program called itself. `scope` is what keeps rows back, for whoever sees a
    part alone, and `limited_by` names its dimensions; both are empty where nothing is kept back.
    `names_people` says whether answers name people outside the company.
    """

    build_id: str
    as_of_at: dt.datetime
    as_of_day: dt.date
    currency: str
    minor_digits: int
    timezone: str
    agreement_hash: str
    version: str
    code_hash: str
    scope: Filters
    limited_by: str
    names_people: bool

    def run(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> pd.DataFrame:
        """Run a query file (by name) or a tree; the frame has Arrow-backed types."""
        ...

    def table(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> pa.Table:
        """Run a query whose answer is many rows of numbers, to be taken as arrays."""
        ...

    def rows(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> list[dict[str, Any]]:
        """Run a query whose answer is a few rows; one plain mapping each."""
        ...

    def sql(
        self,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> str:
        """Return the statement that `run` would run, values in place, for a reader."""
        ...

    def has(self, table: str) -> bool:
        """Return whether the build has a table of that name."""
        ...

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table of the build; QueryError names the nearest table."""
        ...
