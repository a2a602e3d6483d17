"""One job of filling: a SELECT of a source, the core table it goes into, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from smarketing.agreement import Agreement
from smarketing.build.core.values import Habits
from smarketing.files.quoting import literal
from smarketing.sources import Source, TableSelect
from smarketing.store.schema import Column, Table


@dataclass(frozen=True)
class Fill:
    """One SELECT on its way into its core table: what it gives and how its source writes.

    `kept` is the temporary table that holds its rows, where they are asked for more than once;
    `currencies` are those that files say they are in, by their number.
    """

    source: Source
    select: TableSelect
    table: Table
    columns: tuple[str, ...]
    habits: Habits
    agreement: Agreement
    kept: str | None = None
    currencies: Mapping[int, str] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """What makes the source's ids unique within the store."""
        return f"{self.source.name}:"

    @property
    def has_amounts(self) -> bool:
        """Return whether a row carries money in a currency of its own."""
        return any(column.type == "amount" for column in self.table.columns)

    @property
    def unsaid_currency(self) -> str:
        """The expression of the currency of a row that names none: its file's, else home's."""
        cases = "".join(
            f"when {file} then {literal(code)} " for file, code in sorted(self.currencies.items())
        )
        home = literal(self.home_currency)
        return f"case _file_id {cases}else {home} end" if cases else home

    @property
    def home_currency(self) -> str:
        """The currency of a row that names none: the source's, else the agreement's."""
        return self.source.profile.currency or self.agreement.currency

    def given(self) -> Iterator[Column]:
        """Iterate over the core columns that the SELECT gives."""
        return (column for column in self.table.columns if column.name in self.columns)
