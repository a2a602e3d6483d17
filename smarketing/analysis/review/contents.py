"""Which records say another thing in a later build, and which file says so.

A file that only repeats what was known is the cause of nothing: records are held against each other
by what they say, whichever file they stand in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlglot import exp

from smarketing.engine import DuckDBEngine
from smarketing.periods import Period
from smarketing.store.schema import core_tables

#: Core tables whose rows are of a record, by the column that names it.
_OF: Mapping[str, tuple[str, ...]] = {
    "touch_id": ("touch",),
    "cost_id": ("cost",),
    "contract_id": ("contract",),
    "feedback_id": ("feedback",),
    "deal_id": ("deal", "deal_stage_event", "deal_contact", "deal_account", "contract", "touch"),
    "lead_id": ("lead", "lead_stage_event", "lead_assignment", "score_event", "touch", "deal"),
    "person_id": ("person", "touch", "lead", "deal_contact"),
    "account_id": ("account", "contract", "deal"),
    "campaign_id": ("campaign", "campaign_alias"),
}
#: What names a record by itself; of a record that has none of them the company does.
_OWN = ("touch_id", "cost_id", "contract_id", "feedback_id", "deal_id", "lead_id")
_OTHERWISE = ("account_id", "customer_id")
#: The columns of a counted row that say whose it is.
IDS = (*_OWN, *_OTHERWISE)
#: Columns of a record that name another one beside it.
_NAMED: Mapping[str, str] = {
    **{name: name for name in ("lead_id", "deal_id", "person_id", "account_id", "campaign_id")},
    "converted_deal_id": "deal_id",
    "carrier_lead_id": "lead_id",
}
#: The mart that says which lead carries which deal, and by which columns.
_CARRIED = "fct_deal"
_CARRIER = {"deal_id": "deal_id", "carrier_lead_id": "lead_id"}
_OF_DEALS = frozenset({
    *_CARRIER, "currency", "entry_currency", "pipeline_amount", "outcome", "closed_day",
    "rate_known",
})  # fmt: skip
#: Tables that say something of many records at once. Rates of exchange are looked up for each.
_OF_ALL = ("member", "quota", "record_alias", "campaign_alias")
#: Columns that say where a row comes from, and words by which nothing is counted.
_APART = frozenset({"source", "import_id", "recorded_at", "_file", "_row", "_file_id"})
WORDS = frozenset({"name", "full_name", "comment", "url"})
#: Marts whose amounts are converted, by the column that names the record, with their own for it.
_CONTRACTS = "fct_contract"
_CONVERTED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "deal_id": (("fct_deal", "deal_id"), (_CONTRACTS, "deal_id")),
    "cost_id": (("fct_cost", "cost_id"),),
    "contract_id": ((_CONTRACTS, "contract_id"),),
    "account_id": ((_CONTRACTS, "customer_id"),),
}
_QUOTAS = "quota_period"
_RATES, _RATE, _ALIASES = "fx_rate", "dim_rate", "record_alias"
_CLOSED = frozenset({"won", "lost"})
#: Records of a kind that are looked up at most.
MOST_RECORDS = 5000
_IDS = "ids"

Row = Mapping[str, Any]
#: The column that names a record, and its id.
Record = tuple[str, str]
#: An import and the name of a file of it.
File = tuple[str, str]
#: The columns by table that a figure reads; of a table that is not in it all that are no words.
Reads = Mapping[str, frozenset[str]]
ALL: Reads = {}


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands, and whose it is; `is_gone`: it is in the earlier build alone.

    `is_reread`: it is in both, and another version of the program reads another thing in it.
    """

    import_id: str
    file: str
    line: int
    record: str = ""
    is_gone: bool = False
    is_reread: bool = False

    @property
    def of(self) -> File:
        """The file that the row is in."""
        return self.import_id, self.file


class Contents:
    """What the records of two builds say, looked up for some of them at a time.

    Everywhere `tables` are those that matter to the figure asked about, and `reads` which of their
    columns do.
    """

    def __init__(self, before: DuckDBEngine, after: DuckDBEngine) -> None:
        self._before = before
        self._after = after
        self._rows: dict[tuple[bool, str, str], dict[str, list[Row]]] = {}
        self._trees: dict[tuple[str, str, str], exp.Query] = {}

    @cached_property
    def came(self) -> Mapping[File, Row]:
        """The files that the earlier build did not have."""
        return {file: row for file, row in self._files[1].items() if file not in self._files[0]}

    @cached_property
    def gone(self) -> Mapping[File, Row]:
        """The files that the later build no longer has."""
        return {file: row for file, row in self._files[0].items() if file not in self._files[1]}

    @cached_property
    def _files(self) -> tuple[dict[File, Row], dict[File, Row]]:
        return _files(self._before), _files(self._after)

    def instead_of(self, file: File) -> str | None:
        """Return the import that took a file's place, which is in force no longer; None for none.

        An import in mode full takes the place of all that was known of its sources.
        """
        source = self.gone[file]["source"]
        whole = (f for f in self.came.values() if f["source"] == source and f["mode"] == "full")
        return max((str(one["import_id"]) for one in whole), default=None)

    def own(self, row: Mapping[str, str]) -> list[Record]:
        """Return the records that a counted row is of: column and id."""
        found = [(name, row[name]) for name in _OWN if name in row]
        return found or [("account_id", row[name]) for name in _OTHERWISE if name in row][:1]

    def beside(
        self, records: Sequence[Record], tables: frozenset[str]
    ) -> dict[Record, set[Record]]:
        """Return by record the others that its rows name, or that name it, in either build."""
        found: dict[Record, set[Record]] = {record: set() for record in records}
        for record, _, row in self._of(records, tables | {_CARRIED}):
            named = {
                (column, str(row[name]))
                for name, column in _NAMED.items()
                if row.get(name) is not None
            }
            found[record] |= named - {record}
        return found

    def changes(
        self, records: Iterable[Record], tables: frozenset[str], reads: Reads
    ) -> dict[Record, set[Place]]:
        """Return where each record that says another thing now says so; only those that do.

        Nowhere, where what is said of it comes from another record, or from no file.
        """
        wanted = list(dict.fromkeys(records))
        sides: dict[tuple[Record, str], tuple[list[Row], list[Row]]] = {}
        for is_before in (True, False):
            for record, table, row in self._of(wanted, tables, (is_before,)):
                both = sides.setdefault((record, table), ([], []))
                both[0 if is_before else 1].append(row)
        found: dict[Record, set[Place]] = {}
        for (record, table), (old, new) in sides.items():
            # Nearly always nothing changed, which is quickly seen.
            if old != new and _says(table, old, reads).keys() != _says(table, new, reads).keys():
                moved = set(self._moved(table, old, new, reads))
                if record in self._merged:
                    # Its rows went into those of another one.
                    moved = {place for place in moved if not place.is_gone} | self._merged[record]
                found.setdefault(record, set()).update(moved)
        return found

    @cached_property
    def _merged(self) -> dict[Record, set[Place]]:
        """Where it is said, by record, that two were merged into one, or are no longer."""
        stands = {
            (row["table"], row["alias_id"]): row["id"]
            for is_before in (True, False)
            for row in self._whole(is_before, _ALIASES)
        }
        found: dict[Record, set[Place]] = {}
        for key, places in self._moved_of_all(_ALIASES, ALL):
            for one in (key[1], stands[key]):
                found.setdefault((f"{key[0]}_id", str(one)), set()).update(places)
        return found

    def rates(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[Record, set[Place]]:
        """Return where the rate of exchange that a record was converted by is another now.

        What is converted at the data's date is so by the rate of either build's. `is_pipeline`: by
        which a deal was when it entered the qualifying stage.
        """
        return self._by_rates(records, tables, is_pipeline=is_pipeline, is_new=False)

    def new_rates(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[Record, set[Place]]:
        """Return where a rate came of the day that the data go to now, for what it converts.

        Nothing was corrected that still counts.
        """
        return self._by_rates(records, tables, is_pipeline=is_pipeline, is_new=True)

    def _by_rates(
        self,
        records: Iterable[Record],
        tables: frozenset[str],
        *,
        is_pipeline: bool,
        is_new: bool,
    ) -> dict[Record, set[Place]]:
        if not self._moved_rates:
            return {}
        found: dict[Record, set[Place]] = {}
        for record, before, after in self._converted(records, tables):
            sides = self._rated(before, after, is_pipeline)
            if len({factor for _, factor in sides}) + (len(sides) < 2) > 1:
                days = [of for of, _ in sides]
                if self._is_of_new_day(days) == is_new:
                    # Where a later day's rate converts it now, that of the day before does not.
                    for of in days[1:] if _is_later(days) else days:
                        found.setdefault(record, set()).update(self._moved_rates.get(of, ()))
        return {record: places for record, places in found.items() if places}

    def _is_of_new_day(self, days: Sequence[tuple[str, dt.date]]) -> bool:
        """Return whether of a rate then and one now the later is of a day that had none before."""
        return _is_later(days) and days[1] not in self._rated_before

    @cached_property
    def _rated_before(self) -> set[tuple[str, dt.date]]:
        return {
            (str(row["currency"]).strip().upper(), _as_day(row["rate_on"]))
            for row in self._whole(True, _RATES)
        }

    def rated_by_date(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> set[Record]:
        """Return which records another rate converts because the data go to another day."""
        return {
            record
            for record, before, after in self._converted(records, tables)
            if self._is_at_date(before) and self._is_at_date(after)
            if len({of for of, _ in self._rated(before, after, is_pipeline)}) > 1
        }

    def quota_rates(self, period: Period) -> set[Place]:
        """Return where a rate of exchange changed that a quota of a period is converted by."""
        found: set[Place] = set()
        for is_before, engine in ((True, self._before), (False, self._after)):
            for row in self._whole(is_before, _QUOTAS):
                if row["starts_on"] is None or row["ends_on"] is None:
                    continue
                first, last = _as_day(row["starts_on"]), _as_day(row["ends_on"])
                if first < period.end and last >= period.start:
                    of = str(row["currency"]), min(first, engine.as_of_day)
                    for known, _ in self._factors_of(of, of):
                        found |= self._moved_rates.get(known, set())
        return found

    def _rated(
        self, before: Row, after: Row, is_pipeline: bool
    ) -> list[tuple[tuple[str, dt.date], float]]:
        """Return by which rates, of which days, a record was and is converted."""
        if self._is_at_date(before) and self._is_at_date(after):
            return self._factors_of(
                (_currency_of(before, is_pipeline), self._before.as_of_day),
                (_currency_of(after, is_pipeline), self._after.as_of_day),
            )
        row = before if _is_rated(before, is_pipeline) else after
        of = _currency_of(row, is_pipeline), self._day(row, is_before=row is before)
        return self._factors_of(of, of)

    def _factors_of(
        self, old: tuple[str, dt.date], new: tuple[str, dt.date]
    ) -> list[tuple[tuple[str, dt.date], float]]:
        """Return the rates that stand for a currency on a day in either build, by their own day."""
        found = []
        for (currency, day), side in zip((old, new), self._factors, strict=True):
            if (currency, day) in side:
                factor, age = side[currency, day]
                found.append(((currency, day - dt.timedelta(days=age)), factor))
        return found

    def unrated(
        self, records: Iterable[Record], tables: frozenset[str], *, is_pipeline: bool = False
    ) -> dict[tuple[str, dt.date], set[Record]]:
        """Return by currency and day which records have no rate of exchange any more.

        They are converted by that of the day that the data go to, and had one before.
        `is_pipeline` as in `rates`.
        """
        found: dict[tuple[str, dt.date], set[Record]] = {}
        for record, before, after in self._converted(records, tables):
            of = _currency_of(after, is_pipeline), self._day(after, is_before=False)
            is_lost = _is_rated(before, is_pipeline) and not _is_rated(after, is_pipeline)
            if is_lost and of[1] == self._after.as_of_day:
                found.setdefault(of, set()).add(record)
        return found

    def _converted(
        self, records: Iterable[Record], tables: frozenset[str]
    ) -> Iterator[tuple[Record, Row, Row]]:
        """Yield the rows of records in the marts that convert them, of both builds."""
        by_column: dict[str, list[str]] = {}
        for column, one in dict.fromkeys(records):
            by_column.setdefault(column, []).append(one)
        for column, ids in by_column.items():
            for mart, name in _CONVERTED.get(column, ()):
                if mart not in tables:
                    continue
                key = f"{mart.removeprefix('fct_')}_id"
                old, new = (
                    self._look_up(is_before, mart, name, ids) for is_before in (True, False)
                )
                for one in ids:
                    later = {row[key]: row for row in new.get(one, ())}
                    for before in old.get(one, ()):
                        if before[key] in later:
                            yield (column, one), before, later[before[key]]

    def _is_at_date(self, row: Row) -> bool:
        """Return whether a row is converted by the rate of the data's date."""
        return row.get("outcome") not in _CLOSED and row.get("incurred_on") is None

    def _day(self, row: Row, *, is_before: bool) -> dt.date:
        """Return the day whose rate of exchange a row is converted by."""
        day = row["closed_day"] if row.get("outcome") in _CLOSED else row.get("incurred_on")
        as_of_day = (self._before if is_before else self._after).as_of_day
        return as_of_day if day is None else _as_day(day)

    @cached_property
    def _factors(self) -> tuple[dict[tuple[str, dt.date], tuple[float, int]], ...]:
        return tuple(
            {
                (str(row["currency"]), _as_day(row["day"])): (row["factor"], int(row["age_days"]))
                for row in self._whole(is_before, _RATE)
            }
            for is_before in (True, False)
        )

    @cached_property
    def _moved_rates(self) -> dict[tuple[str, dt.date], set[Place]]:
        """The rates that are others now, by currency and day."""
        found: dict[tuple[str, dt.date], set[Place]] = {}
        for (currency, day), places in self._moved_of_all(_RATES, ALL):
            of = str(currency).strip().upper(), _as_day(day)
            found.setdefault(of, set()).update(places)
        return found

    def of_all(self, tables: frozenset[str], reads: Reads) -> set[Place]:
        """Return where what is said of many records at once is another now."""
        found: set[Place] = set()
        for table in sorted(tables & set(_OF_ALL)):
            for _, places in self._moved_of_all(table, reads):
                found |= places
        return found

    def cycle_deals(self) -> list[Record] | None:
        """Return the deals that make the sales cycle another one; None where it is the same."""
        old, new = (self._cycles(is_before) for is_before in (True, False))
        if _lag(self._before) == _lag(self._after):
            return None
        return [
            ("deal_id", one) for one in dict.fromkeys((*old, *new)) if old.get(one) != new.get(one)
        ]

    def _cycles(self, is_before: bool) -> dict[str, object]:
        engine = self._before if is_before else self._after
        tree = exp.select("deal_id", "cycle_days").from_("fct_deal")
        tree = tree.where("outcome = 'won' and kind = 'new' and cycle_days is not null")
        return {str(row["deal_id"]): row["cycle_days"] for row in engine.rows(tree)}

    def _moved_of_all(
        self, table: str, reads: Reads
    ) -> Iterator[tuple[tuple[Any, ...], set[Place]]]:
        """Yield by the key of a row where it says another thing now."""
        key = core_tables()[table].key
        kept: dict[tuple[object, ...], tuple[list[Row], list[Row]]] = {}
        for place, is_before in enumerate((True, False)):
            for row in self._whole(is_before, table):
                of = tuple(row.get(name) for name in key)
                kept.setdefault(of, ([], []))[place].append(row)
        for of, (old, new) in kept.items():
            if places := set(self._moved(table, old, new, reads)):
                yield of, places

    def _moved(
        self, table: str, old: Sequence[Row], new: Sequence[Row], reads: Reads
    ) -> Iterator[Place]:
        """Yield where rows of one record came that say what none of the others does, or went."""
        before, after = _says(table, old, reads), _says(table, new, reads)
        came = [place for says, place in after.items() if says not in before]
        new_files = [place for place in came if place.of in self.came]
        if new_files:
            yield from new_files
            return
        if self._is_reread:
            stood = set(before.values())
            yield from (replace(place, is_reread=True) for place in came if place in stood)
            return
        # A row that is nowhere any more counted, in a file that is gone or that a newer one is for.
        is_same_code = self._before.code_hash == self._after.code_hash
        for says, place in before.items():
            is_missed = not came and is_same_code and (self.came or self.gone)
            if says not in after and (place.of in self.gone or is_missed):
                yield replace(place, is_gone=True)

    @cached_property
    def _is_reread(self) -> bool:
        """Whether another version read the same files, under one agreement."""
        before, after = self._before, self._after
        is_other_code = before.code_hash != after.code_hash
        is_one_agreement = before.agreement_hash == after.agreement_hash
        return is_other_code and is_one_agreement and not self.came and not self.gone

    def _of(
        self,
        records: Sequence[Record],
        tables: frozenset[str],
        sides: Sequence[bool] = (True, False),
    ) -> Iterator[tuple[Record, str, Row]]:
        """Yield the rows of records in the tables that hold such."""
        by_column: dict[str, list[str]] = {}
        for column, one in records:
            by_column.setdefault(column, []).append(one)
        for column, ids in by_column.items():
            places = [(table, column) for table in _OF[column]]
            places += [(_CARRIED, name) for name, of in _CARRIER.items() if of == column]
            for table, name in places:
                for is_before in sides if table in tables else ():
                    rows = self._look_up(is_before, table, name, ids)
                    for one in ids:
                        for row in rows.get(one, ()):
                            yield (column, one), table, row

    def _look_up(
        self, is_before: bool, table: str, column: str, ids: Sequence[str]
    ) -> dict[str, list[Row]]:
        engine = self._before if is_before else self._after
        held = self._rows.setdefault((is_before, table, column), {})
        new = [one for one in dict.fromkeys(ids) if one not in held][:MOST_RECORDS]
        held |= {one: [] for one in new}
        if not new or not engine.has(table) or column not in engine.columns(table):
            return held
        for row in engine.rows(self._asked(engine, table, column), {_IDS: new}):
            held[str(row[column])].append(row)
        return held

    def _asked(self, engine: DuckDBEngine, table: str, column: str) -> exp.Query:
        """Return the question for the rows of some records; asked again it is kept ready."""
        key = engine.build_id, table, column
        if key not in self._trees:
            columns = engine.columns(table)
            names = sorted(columns & _OF_DEALS if table == _CARRIED else columns)
            one = exp.Explode(this=exp.Placeholder(this=_IDS))
            among = exp.In(this=exp.column(column), query=exp.select(one).subquery())
            self._trees[key] = exp.select(*names).from_(table).where(among)
        return self._trees[key]

    def _whole(self, is_before: bool, table: str) -> list[Row]:
        engine = self._before if is_before else self._after
        held = self._rows.setdefault((is_before, table, ""), {})
        if not held:
            has = engine.has(table)
            tree = exp.select(*sorted(engine.columns(table))).from_(table) if has else None
            held[""] = list(engine.rows(tree)) if tree is not None else []
        return held[""]


def _lag(engine: DuckDBEngine) -> object:
    """Return by how many days costs count later where they do by the sales cycle."""
    tree = exp.select("incurred_on", "lagged_day").from_("fct_cost").limit(1)
    found = [_as_day(row["lagged_day"]) - _as_day(row["incurred_on"]) for row in engine.rows(tree)]
    return found[0] if found else None


def _is_later(days: Sequence[tuple[str, dt.date]]) -> bool:
    """Return whether a record is converted by the rate of a later day than it was."""
    return len(days) > 1 and days[1][1] > days[0][1]


def _currency_of(row: Row, is_pipeline: bool) -> str:
    """Return the currency that a row is converted from."""
    entered = row.get("entry_currency") if is_pipeline else None
    return str(entered or row.get("currency"))


def _is_rated(row: Row, is_pipeline: bool) -> bool:
    """Return whether there is a rate for it."""
    if is_pipeline and row.get("entry_currency"):
        return row.get("pipeline_amount") is not None
    return row.get("rate_known") is not False


def _files(engine: DuckDBEngine) -> dict[File, Row]:
    tree = exp.select("import_id", "file", "source", "mode").from_("file_info")
    return {(str(r["import_id"]), str(r["file"])): r for r in engine.rows(tree)}


def _says(table: str, rows: Sequence[Row], reads: Reads) -> dict[frozenset[tuple[str, Any]], Place]:
    """Return what rows say, and where."""
    read = reads[table].union(core_tables()[table].key) if table in reads else None
    apart = _APART if read is not None else _APART | WORDS
    return {
        frozenset(
            (name, value)
            for name, value in row.items()
            if name not in apart and (read is None or name in read)
        ): _place(table, row)
        for row in rows
    }


def _place(table: str, row: Row) -> Place:
    record = "" if table in (_RATES, *_OF_ALL) else str(row[core_tables()[table].key[0]])
    return Place(str(row["import_id"]), str(row["_file"]), int(row["_row"]), record)


def _as_day(day: Any) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day
