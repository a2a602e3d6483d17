"""How the rows of reports of spend are cut, taken down while their files are at hand.

Two files are of one cut when they are broken down by the same headers: their rows add up, and the
newer file's row replaces the older one's. Files of different cuts hold the same money again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from smarketing.build.core.undated import cut_text, undated_spend
from smarketing.build.core.views import MAIN, RawFile
from smarketing.files.headers import normalise
from smarketing.files.quoting import identifier, literal
from smarketing.sources import Source
from smarketing.sources.spend import Spend

_FIGURE = r"[-+(]?\s*([A-Z]{3}|[€$£¥])?\s*\d[\d.,'’\s]*(%|[€$£¥]|[A-Z]{3})?\)?"
_MOMENT = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*"
_NAMES = re.compile(
    r"(?<![a-z])ids?(?![a-z])|(?-i:[a-z]I[dD]s?\b)|\bhour of\b|tageszeit|tid på dygnet|günün saati|"
    r"tidspunkt på dagen|час суток|時間帯|时段|小时|시간대|"
    r"^(hour|stunde|heure|hora|ora|uur|godzina|timme|time på|hodina|saat)\b(?!s)",
    re.IGNORECASE,
)
"""Headers whose figures name something: an id, an hour of the day."""
SPEND_ROWS = """
create temp table if not exists spend_row (
    _file_id integer, _row bigint, source varchar, platform varchar, shape varchar,
    breakdowns integer, account_id varchar, account_name varchar, campaign_name varchar,
    is_named boolean, parts varchar[]
)
"""


@dataclass(frozen=True)
class _Cut:
    """How one file is cut: the columns of its view and their headers.

    `strange` are columns that the profile does not know and that name something; `hidden` those of
    them without which rows of the file could not be told apart.
    """

    file: RawFile
    spend: Spend
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    strange: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def rows(self) -> str:
        """The rows of the file that name a cost, to select from."""
        return (
            f"{identifier(self.file.object or '')} v join {MAIN}.cost c "
            f"on c._file_id = v._file_id and c._row = v._row where v._file_id = {self.file.file_id}"
        )

    @property
    def shape(self) -> str:
        """What files of one cut have in common."""
        cut = sorted(map(normalise, (*self.headers, *self.strange)))
        return "|".join((self.file.object or "", *cut))

    @property
    def breakdowns(self) -> int:
        """How fine the cut is; one that knows the ids of campaigns is finer than one of names."""
        ids = self.spend.campaign[:-1] or self.spend.campaign
        parts = [ids, self.spend.campaign, *self.spend.by]
        return sum(not self._has_no(part) for part in parts) + len(self.hidden)

    def _has_no(self, part: Sequence[str]) -> bool:
        return set(part).isdisjoint(self.columns)

    @property
    def parts(self) -> list[tuple[str, ...]]:
        """The columns that tell rows of a day apart; of each group the first that is filled."""
        known = [part for part in self.spend.by if not self._has_no(part)]
        return [*known, *((header,) for header in self.hidden)]


def note_spend(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    files: Sequence[RawFile],
    refusals: dict[int, str],
) -> None:
    """Add to temp.spend_row each cost of a source's reports of spend and how it is cut.

    The views of the source must still be there, and its costs already. A report that has spend
    which is in no cost, and in no sum of its costs either, is added to `refusals`.
    """
    connection.execute(SPEND_ROWS)
    cuts: list[_Cut] = []
    for file in files:
        item = source.objects[file.object] if file.object else None
        if item and item.spend:
            cut = _cut(connection, file, item.mapping(file.table.columns), item.spend)
            if lost := undated_spend(connection, source, file, cut.columns):
                refusals.setdefault(file.file_id, lost)
            cuts.append(_told_apart(connection, cut))
    for cut in cuts:
        # What tells rows apart in one file does so in all files of that cut.
        alike = [header for other in cuts if other.shape == cut.shape for header in other.hidden]
        _insert(connection, replace(cut, hidden=tuple(dict.fromkeys(alike))))


def _cut(
    connection: duckdb.DuckDBPyConnection, file: RawFile, mapping: Mapping[str, str], spend: Spend
) -> _Cut:
    columns = tuple(column for column in spend.cut_by() if column in mapping)
    known = set(mapping.values())
    unknown = [header for header in file.table.columns if header not in known]
    cut = _Cut(file, spend, columns, tuple(mapping[column] for column in columns), ())
    return replace(cut, strange=tuple(h for h in unknown if _names(connection, cut, h)))


def _names(connection: duckdb.DuckDBPyConnection, cut: _Cut, header: str) -> bool:
    """Return whether a column is headed as one of ids or hours, or holds more than figures."""
    if _NAMES.search(header):
        return True
    row = connection.execute(
        f"select 1 from (select {cut_text(header)} as x from {cut.rows}) "
        f"where not regexp_full_match(x, {literal(_FIGURE)}) "
        f"and not regexp_full_match(x, {literal(_MOMENT)}) limit 1"
    ).fetchone()
    return row is not None


def _told_apart(connection: duckdb.DuckDBPyConnection, cut: _Cut) -> _Cut:
    """Return the cut with the strange columns by which rows differ that agree in all others."""
    columns, hidden = list(cut.columns), []
    rows, seen = _distinct(connection, cut, columns)
    for header in cut.strange:
        if seen == rows:
            break
        _, more = _distinct(connection, cut, [*columns, header])
        if more > seen:
            seen = more
            columns.append(header)
            hidden.append(header)
    return replace(cut, hidden=tuple(hidden))


def _distinct(
    connection: duckdb.DuckDBPyConnection, cut: _Cut, columns: Sequence[str]
) -> tuple[int, int]:
    """Return how many rows a file has, and how many that differ in day, campaign and columns."""
    texts = "".join(f", {cut_text(column)}" for column in columns)
    key = f"(c.incurred_on, c.covers_until, c.campaign_id{texts})"
    asked = f"select count(*), count(distinct {key}) from {cut.rows}"
    [(rows, differing)] = connection.execute(asked).fetchall()
    return int(rows), int(differing)


def _insert(connection: duckdb.DuckDBPyConnection, cut: _Cut) -> None:
    spend = cut.spend
    named = len(spend.campaign) > 1
    ids = spend.campaign[:-1] if named else spend.campaign
    values = [
        "v._file_id, v._row",
        literal(cut.file.source),
        f"lower({cut_text(spend.platform)})" if spend.platform else "null",
        literal(cut.shape),
        str(cut.breakdowns),
        _first(spend.account[:1]),
        _first(spend.account[1:]),
        _first(spend.campaign[-1:] if named else ()),
        f"{_first(ids)} is null" if named else "false",
        f"[{', '.join(map(_first, cut.parts))}]::varchar[]",
    ]
    connection.execute(
        f"insert into temp.spend_row select distinct {', '.join(values)} from {cut.rows}"
    )


def _first(columns: Sequence[str]) -> str:
    return f"coalesce({', '.join(map(cut_text, columns))})" if columns else "cast(null as varchar)"
