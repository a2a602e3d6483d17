"""What the values of a column look like, and so what they may be."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal

import duckdb

from smarketing.currencies import codes
from smarketing.files.quoting import identifier, literal, literals
from smarketing.files.sums import number_in
from smarketing.files.tables import LandedTable
from smarketing.files.totals import AVERAGES, speaks_of_all
from smarketing.in_memory import in_memory
from smarketing.sources.currencies import signs
from smarketing.sources.flags import NO, YES

LOOKED_AT = 2_000
"""So many different values of a column are looked at."""
MOST = 0.95
"""So great a part of them must look alike: a few bad cells go to quarantine."""
FEW = 40
"""A column with at most so many different values is one of categories."""
_KINDS = 12
"""One with more different values holds what somebody wrote, and not of what kind its rows are."""

_MISSING = ("", "-", "--", "n/a", "#n/a", "na", "null", "none", "nan", "nat", "\\n", "0000-00-00")
_AT = r"(?:(?:at|um|à|às|a las|alle|alle ore|ore|om|kl\.?|klo)\s+)?"
_CLOCK = (
    rf"(?:[t,\s]+{_AT}\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?(?:[+-]\d{{2}})?)?"
    r"\s*(?:[ap]\.?m\.?)?(?:\s[a-z]{3,4})?)?"
    r"\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2})?"
)
_DATE = (
    r"(?:\d{4}[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}\.?"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일号]?"
    r"|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:\d{4}|\d{2})"
    r"|(?:[^\W\d_]{2,9}[.,]?\s+)?\d{1,2}(?:st|nd|rd|th)?[-.\s]+[^\W\d_]{3,10}[-.,\s]+(?:\d{4}|\d{2})"
    r"|(?:[^\W\d_]{2,9},\s+)?[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
)
_COMPACT = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_EPOCH = r"1\d{9}(?:\.\d{1,9})?|1\d{12}(?:\.\d{1,6})?|1\d{15}|1\d{18}"
"""Seconds, or parts of them, since 1970, as `epoch_text` of the core reads them."""
_SIGNS = "€$£¥₹₽₺₩₪₫₴₦₱฿₡₲₵₸₼₾"
_WRITTEN = "|".join(map(re.escape, signs()))
_SIGN = (
    rf"(?:{'|'.join(sorted(codes()))}|[A-Z]{{2,3}}\$|[A-Z]{{0,2}}[{_SIGNS}]|[A-Z]{{2}}\s[$£¥]|[{_SIGNS}]\s?[A-Z]{{2}}"
    rf"|(?:{_WRITTEN})\.?)"
)
_LAKH = r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"
_DIGITS = rf"(?:{_LAKH}|\d+(?:[.,'’\s\u00a0\u202f]\d{{3}})*(?:[.,]\d+)?|[.,]\d+)(?:e[-+]?\d+)?"
_MONEY_WORD = (
    r"dollars?|euros?|pounds?|francs?|kron[ae]r?|zlot[yi]|złoty|yen|yuan|rupees?|reais|real|pesos?"
)
_LOOKS: Mapping[str, str] = {
    "date": _DATE + _CLOCK,
    "day": f"(?:{_DATE}{_CLOCK}|{_COMPACT}|{_EPOCH})",
    "month": r"\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{4}|\d{4}-?\s?[QWK]W?\d{1,2}"
    r"|[^\W\d_]{3,10}\.?[\s-]+\d{4}",
    "year": r"(?:19|20)\d{2}",
    "number": rf"[-+(]?\s*{_SIGN}?\s?[-+]?{_DIGITS}\s*{_SIGN}?\s*\)?-?",
    "whole": r"[-+]?\d+",
    "percent": r"[-+]?\d+(?:[.,]\d+)?\s?%",
    "email": r"(?:mailto:)?[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}",
    "currency": rf"[a-z]{{3}}|[A-Z]{{0,2}}[{_SIGNS}]|(?:[^\W\d_]+\s){{0,2}}(?:{_MONEY_WORD})",
    "flag": "|".join(map(re.escape, (*YES, *NO, "done", "to do"))),
    "code": r"(?=.*\d)[^\s@/]{1,80}",
    "phone": r"\+\d[\d\s().\-/]+\d|\(\d+\)\s?[\d\s\-]{5,}|\d{3}-\d{3}-\d{4}|0\d[\d\s/\-]{5,}\d",
    "site": r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?",
}
_TOTAL = re.compile(
    r"(?:grand |sub)?total|summe|gesamt|insgesamt|somme|suma|totale|"
    rf"(?:{AVERAGES}|media|média)\b",
    re.IGNORECASE,
)
_FEW_TOTALS = 5
_ADDED_UP = 20_000
"""In so many rows of a file sums are no longer sought."""
_NEAR = Decimal("0.02")
_IMPERSONAL = frozenset({"date", "day", "month", "year", "percent", "currency", "flag"})
_DIGITS_OF_A_PHONE = 7
_OF_PEOPLE = re.compile(
    r"name|person|contact|kontakt|owner|member|user|rep\b|mail|phone|\btel|telefon|mobil|handy|"
    r"fax|birth|geburt",
    re.IGNORECASE,
)
_PLAIN_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_DAYS_OF_A_MONTH = 31
_SEPARATORS = (";", "|", ",")
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})\b")
ADDRESS = r"[^\s<>()\[\]\"',;:|/]+@[^\s<>()\[\]\"',;:|/]+\.[A-Za-z]{2,}"
"""An e-mail address among other things in a cell, for Python and DuckDB alike."""
_PATTERNS = {name: re.compile(text, re.IGNORECASE) for name, text in _LOOKS.items()}


@dataclass(frozen=True)
class Shape:
    """A column of a file: its header, its commonest values, how many are filled and different.

    `looks` holds what most of the values look like: date (as people and programs write one), day
    (the same, or eight digits, or the time since 1970), month, year, number, whole, percent, email,
    currency, flag, code, phone, site.
    """

    header: str
    values: tuple[str, ...]
    filled: int
    distinct: int
    rows: int
    looks: frozenset[str] = field(init=False)
    summed: tuple[str, ...] = ()
    """What the rows of totals that the file was read without say of the column."""
    by_row: int = 0
    """A number that columns share which say the same in every row."""

    def __post_init__(self) -> None:
        """Judge the values once."""
        found = {name for name, pattern in _PATTERNS.items() if _fit(pattern, self.values)}
        object.__setattr__(self, "looks", frozenset(found))

    @property
    def is_blank(self) -> bool:
        """Whether no record has a value: then only its header tells anything."""
        return not self.values

    @property
    def is_unique(self) -> bool:
        """Whether every record has a value of its own."""
        return bool(self.rows) and self.filled == self.distinct == self.rows

    @property
    def holds_addresses(self) -> bool:
        """Whether most values hold an e-mail address, alone, beside a name or among others."""
        found = sum(1 for value in self.values if re.search(ADDRESS, value))
        return bool(self.values) and found >= MOST * len(self.values)

    @property
    def separator(self) -> str | None:
        """The sign between several identifiers in one cell; None where each cell holds one."""
        for sign in _SEPARATORS:
            parts = [part.strip() for value in self.values for part in value.split(sign)]
            if len(parts) > len(self.values) and _fit(_PATTERNS["code"], parts):
                return sign
        return None

    @property
    def between_names(self) -> str | None:
        """The sign between several names in one cell; None where each cell holds one.

        A comma also stands within a name ("Berg, Ana"): it parts only names of several words.
        """
        for sign in _SEPARATORS:
            parts = [part.strip() for value in self.values for part in value.split(sign)]
            several = len(parts) > len(self.values)
            if several and (sign != "," or all(" " in part for part in parts)):
                return sign
        return None

    @property
    def is_of_few_kinds(self) -> bool:
        """Whether it has no more different values than what says of what kind its rows are."""
        return self.distinct <= _KINDS

    @property
    def is_category(self) -> bool:
        """Whether a few words stand again and again."""
        few = 0 < self.distinct <= min(FEW, max(self.filled / 2, 1))
        return few and not self.looks & {"number", "date", "flag", "email"}

    @property
    def example(self) -> str:
        """The commonest value, short enough to be shown; the form alone of what may be a person's.

        A form has x for each letter and 0 for each digit.
        """
        value = _short(self.values[0]) if self.values else ""
        is_plain = bool(self.looks & _IMPERSONAL) or self.is_category
        if "number" in self.looks and "phone" not in self.looks:
            digits = sum(map(str.isdigit, value))
            is_plain = is_plain or digits < _DIGITS_OF_A_PHONE or bool({".", ","} & {*value})
        return value if is_plain and not _OF_PEOPLE.search(self.header) else _form(value)

    def misfit(self, look: str) -> str:
        """Give a value because of which the column does not look like that."""
        pattern = _PATTERNS[look]
        odd = (value for value in self.values if not pattern.fullmatch(value))
        found = _short(next(odd, self.example))
        return _form(found) if "@" in found else found


def _fit(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    fitting = sum(1 for value in values if pattern.fullmatch(value))
    return bool(values) and fitting >= MOST * len(values)


def _form(value: str) -> str:
    return "".join("0" if c.isdigit() else "x" if c.isalpha() else c for c in value)


def _short(value: str) -> str:
    return " ".join(value.split())[:40]


def date_order(columns: Iterable[Shape]) -> str | None:
    """Say whether the dates of these columns have the day or the month first; None if untold.

    One date that can only be read one way settles it, unless another one contradicts it.
    """
    told = set()
    for column in columns:
        for value in column.values if "date" in column.looks else ():
            parts = _PARTS.match(value)
            if parts is not None:
                first, second = int(parts[1]), int(parts[3])
                told |= {"dmy"} if first > 12 or parts[2] == "." else set()
                told |= {"mdy"} if second > 12 else set()
    return told.pop() if len(told) == 1 else None


def days_of(shape: Shape) -> frozenset[dt.date]:
    """Return the days of a column as far as they are written year first, or with dots."""
    found = set()
    for value in shape.values:
        parts = _PLAIN_DAY.match(value)
        if parts is not None:
            year, month, day = (int(p) for p in parts.groups() if p is not None)
            first, last = (year, day) if year > _DAYS_OF_A_MONTH else (day, year)
            with suppress(ValueError):
                found.add(dt.date(first, month, last))
    return frozenset(found)


def shapes(table: LandedTable) -> tuple[dict[str, Shape], tuple[str, ...]]:
    """Look at every column of a table: header to what its values look like, and the totals.

    Rows of totals under a first column of days are left out ("Total of 3 results"); how they begin
    is given beside.
    """
    source = f"read_parquet({literal(str(table.parquet))})"
    with in_memory() as connection:
        first = _shape(connection, source, table.columns[0], table.rows)
        totals = total_words(first)
        if totals:
            column = identifier(first.header)
            source = (
                f"(from {source} where coalesce(trim({column}) not in ({literals(totals)}), true))"
            )
        [(rows,)] = connection.execute(f"select count(*) from {source}").fetchall()
        found = {c: _shape(connection, source, c, int(rows)) for c in table.columns}
    for total in table.totals:
        for name, text in total.values:
            if name in found:
                found[name] = replace(found[name], summed=(*found[name].summed, text))
    return found, tuple(dict.fromkeys(value.split()[0] for value in totals))


def differing(table: LandedTable, key: str, told_by: str, stamp: str | None) -> str | None:
    """Give an identifier that stands on rows which tell different things; None where none does.

    Rows of different stamps are versions of one record.
    """
    names = [identifier(name) for name in (key, told_by, stamp) if name]
    same = ", ".join((names[0], *names[2:]))
    with in_memory() as connection:
        found = connection.execute(
            f"select min({names[0]}) from (select {names[0]} "
            f"from read_parquet({literal(str(table.parquet))}) where trim({names[0]}) <> '' "
            f"group by {same} having count(distinct coalesce(trim({names[1]}), '')) > 1)"
        ).fetchone()
    return None if found is None or found[0] is None else str(found[0])


def restarting(
    earlier: Sequence[LandedTable], table: LandedTable, key: str, told_by: Sequence[str]
) -> str | None:
    """Give an identifier of earlier files that a later one has again, for another record.

    Records are others where all that they say of themselves differs, in most of such rows. An
    identifier is compared once, however often files have it.
    """
    files = ", ".join(literal(str(other.parquet)) for other in earlier)
    key = identifier(key)
    alike = [f"lower(trim(a.{x})) = lower(trim(b.{x}))" for x in map(identifier, told_by)]
    said = [f"nullif(trim(a.{name}) || trim(b.{name}), '')" for name in map(identifier, told_by)]
    told = ", ".join(f"min({name}) as {name}" for name in map(identifier, told_by))
    once = f"select {key}, {told} from read_parquet([{{}}]) group by 1"
    later = literal(str(table.parquet))
    with in_memory() as connection:
        found = connection.execute(
            f"select min(a.{key}) filter (where is_other), count(*) filter (where is_other), "
            f"count(*) from (select a.{key}, not coalesce({' or '.join(alike)}, false) "
            f"and coalesce({', '.join(said)}) is not null as is_other "
            f"from ({once.format(files)}) a join ({once.format(later)}) b "
            f"on trim(a.{key}) = trim(b.{key}) where trim(a.{key}) <> '') a"
        ).fetchone()
    return str(found[0]) if found and found[0] is not None and 2 * found[1] > found[2] else None


def adding_up(table: LandedTable, label: str, money: str, within: Sequence[str]) -> str | None:
    """Give what a column says in rows that add up the others of their group; None where none do.

    They leave it blank, or name all others ("All campaigns"). A group is made of the rows that say
    the same in the columns `within`; wherever such a row stands it is the sum, once of several.
    """
    names = ", ".join(identifier(name) for name in (label, money, *within))
    with in_memory() as connection:
        rows = connection.execute(
            f"select {names} from read_parquet({literal(str(table.parquet))}) limit {_ADDED_UP}"
        ).fetchall()
    if len(rows) == _ADDED_UP:
        return None
    said = {(row[0] or "").strip() for row in rows}
    for text in (word for word in said if not word or speaks_of_all(word)):
        for point in (".", ","):
            if _adds_up(rows, text, point):
                return text
    return None


def _adds_up(rows: Sequence[Sequence[str | None]], text: str, point: str) -> bool:
    """Whether the rows with a label are the sums of the others of their groups."""
    sums: dict[tuple[str | None, ...], list[Decimal]] = {}
    others: dict[tuple[str | None, ...], list[Decimal]] = {}
    for label, money, *group in rows:
        amount = number_in(money or "", point)
        if amount is not None:
            found = sums if (label or "").strip() == text else others
            found.setdefault(tuple(group), []).append(amount)
    equal = all(
        len(amounts) == 1 and abs(sum(others.get(group, ()), -sum(amounts, Decimal()))) <= _NEAR
        for group, amounts in sums.items()
    )
    return bool(sums) and equal and any(len(others[group]) > 1 for group in sums if group in others)


def total_words(first: Shape) -> list[str]:
    """Return the values of a table's first column that stand for totals among its days."""
    totals = [value for value in first.values if _TOTAL.match(value)]
    others = [value for value in first.values if value not in totals]
    return totals if _fit(_PATTERNS["day"], others) and len(totals) <= _FEW_TOTALS else []


def _shape(connection: duckdb.DuckDBPyConnection, source: str, column: str, rows: int) -> Shape:
    text = f"trim(cast({identifier(column)} as varchar))"
    missing = ", ".join(literal(word) for word in _MISSING)
    values = f"select _row, {text} as x from {source} where lower({text}) not in ({missing})"
    [(filled, distinct, by_row)] = connection.execute(
        f"select count(*), count(distinct x), bit_xor(hash(concat(_row, ' ', x))) from ({values})"
    ).fetchall()
    seen = connection.execute(
        f"select x from ({values}) group by x order by count(*) desc, x limit {LOOKED_AT}"
    ).fetchall()
    said = tuple(str(x) for (x,) in seen)
    return Shape(column, said, int(filled), int(distinct), rows, by_row=int(by_row or 0))
