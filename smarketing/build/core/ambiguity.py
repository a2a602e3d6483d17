"""What the values of a file settle: decimal sign, order of day and month, which columns hold days.

Nothing is guessed. All number columns of a file are settled together, and all its date columns,
by every SELECT that reads them; a file whose values leave it open, or contradict each other, is
refused as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar

import duckdb

from smarketing.build.core.decimals import (
    Numbers,
    Sign,
    UndecidedError,
    check_texts,
    decimal_sign,
)
from smarketing.build.core.evidence import (
    date_words,
    dates,
    money_texts,
    numbers,
    signs_adding_up,
    spans,
    whole_days,
)
from smarketing.build.core.job import Fill
from smarketing.build.core.orders import Dates, Order, date_order
from smarketing.build.core.rows import first_rows
from smarketing.build.core.select_shape import computed, origins
from smarketing.build.core.values import Money
from smarketing.build.core.views import RawFile
from smarketing.build.core.witnesses import order_above
from smarketing.files.quoting import identifier
from smarketing.month_words import month_words
from smarketing.sources.currencies import in_order, may_mean, meant

Found = TypeVar("Found")


@dataclass
class Settling:
    """Settles the files of one object of a source, once, when a SELECT over them asks.

    `works` are all SELECTs over the object. What cannot be settled is added to `refusals`.
    """

    connection: duckdb.DuckDBPyConnection
    works: Sequence[Fill]
    files: Sequence[RawFile]
    refusals: dict[int, str]
    _settled: list[Fill] = field(default_factory=list)
    _worded_works: list[Fill] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        """Whether the import of a file said how it is to be read."""
        return any(file.decimal or file.date_order for file in self.files)

    def settled(self, work: Fill) -> Fill:
        """Return a SELECT of the object with thorough habits."""
        if not self._settled:
            self._worded_works = [self._worded(*numbered) for numbered in enumerate(self.works)]
            self._settled = self._settle(self._worded_works)
        return next(each for each in self._settled if each.select == work.select)

    def forget(self) -> None:
        """Drop the rows that were kept."""
        for work in self._settled:
            self.connection.execute(f"drop table {work.kept}")

    def _worded(self, number: int, work: Fill) -> Fill:
        """Keep the rows of a SELECT, and give it the words that its dates and amounts use.

        Its place among those of the object tells it from others: several may be of one profile.
        """
        habits = replace(work.habits, thorough=True, computed=computed(work.select.sql))
        work = replace(work, habits=habits)
        name = identifier(f"rows of {work.select.object} {number}")
        kept = f"temp.{name}"
        self.connection.execute(f"create or replace temp table {name} as {first_rows(work)}")
        work = replace(work, kept=kept)
        home = work.home_currency
        money = {
            text: Money(in_order(may_mean(text)), meant(text, home))
            for text in money_texts(self.connection, work)
        }
        words = month_words(date_words(self.connection, work))
        return replace(work, habits=replace(habits, money=money, words=words))

    def _settle(self, works: Sequence[Fill]) -> list[Fill]:
        exact = tuple(file.file_id for file in self.files if file.table.exact)
        seen = _by_file(
            (number, replace(found, column=self._header(work, number, found.column)))
            for work in works
            for number, found in numbers(self.connection, work, exact)
        )
        dated = _by_file(
            (number, replace(found, column=self._header(work, number, found.column)))
            for work in works
            for number, found in dates(self.connection, work)
        )
        signs = {file.file_id: self._sign(file, seen.get(file.file_id, [])) for file in self.files}
        orders = {
            file.file_id: order
            for file in self.files
            if (order := self._order(file, dated.get(file.file_id, [])))
        }
        commas = tuple(number for number, sign in signs.items() if sign == ",")
        return [self._with(work, commas, orders) for work in works]

    def _header(self, work: Fill, number: int, column: str) -> str:
        """Return what a file calls the column that a column of the SELECT is taken from."""
        file = next(file for file in self.files if file.file_id == number)
        mapping = work.source.objects[work.select.object].mapping(file.table.columns)
        names = origins(work.select.sql, column)
        return next((own for name, own in mapping.items() if name.casefold() in names), column)

    def _is_translated(self, file: RawFile) -> bool:
        """Return whether a file's headers are in another language than its source's profile.

        Then its numbers and dates are another user's, of whom the profile says nothing.
        """
        item = self.works[0].source.objects[self.works[0].select.object]
        return item.read(file.table.columns).language is not None

    def _with(self, work: Fill, commas: tuple[int, ...], orders: dict[int, Order]) -> Fill:
        habits = replace(work.habits, comma_files=commas, orders=orders)
        days = whole_days(self.connection, replace(work, habits=habits))
        return replace(work, habits=replace(habits, days=days))

    def _sign(self, file: RawFile, seen: Sequence[Numbers]) -> Sign | None:
        default: Sign | None = "." if file.table.exact else None
        if default is None and not self._is_translated(file):
            default = self.works[0].source.profile.decimal
        try:
            if file.table.exact:
                check_texts(seen, file.decimal)
            return decimal_sign(seen, file.decimal, default, lambda: self._witness(file))
        except UndecidedError as error:
            self._refuse(file, error)
            return None

    def _witness(self, file: RawFile) -> Sign | None:
        """Return the decimal sign with which the file's records add up to its own totals."""
        totals = {
            header: text
            for total in file.table.totals
            if total.kind == "total"
            for header, text in total.values
        }
        fitting: set[Sign] = {".", ","}
        for work in self._worded_works:
            headers = {
                column.name: self._header(work, file.file_id, column.name)
                for column in work.given()
            }
            asked = {name: totals[own] for name, own in headers.items() if own in totals}
            fitting &= signs_adding_up(self.connection, work, file.file_id, asked)
        return fitting.pop() if len(fitting) == 1 else None

    def _order(self, file: RawFile, seen: Sequence[Dates]) -> Order | None:
        source, name = self.works[0].source, self.works[0].select.object
        default = source.objects[name].date_order or source.profile.date_order
        if self._is_translated(file):
            default = None
        try:
            return date_order(seen, file.date_order, default, lambda: self._order_above(file))
        except UndecidedError as error:
            self._refuse(file, error)
            return None

    def _order_above(self, file: RawFile) -> Order | None:
        """Return the order of the dates of a file that what stands above its header shows."""
        item = self.works[0].source.objects[self.works[0].select.object]
        days = partial(spans, self.connection, self._worded_works, file.file_id)
        name = PurePosixPath(file.table.name).name
        # Only a report holds no days but those of its period.
        return order_above(file.table.above, name, days if item.spend else dict)

    def _refuse(self, file: RawFile, error: UndecidedError) -> None:
        before = self.refusals.get(file.file_id)
        text = f"{file.table.name} {error}."
        self.refusals[file.file_id] = f"{before} {text}" if before else text


def _by_file(found: Iterable[tuple[int, Found]]) -> dict[int, list[Found]]:
    grouped: dict[int, list[Found]] = {}
    for number, one in found:
        grouped.setdefault(number, []).append(one)
    return grouped
