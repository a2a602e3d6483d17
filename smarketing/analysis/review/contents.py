"""Which records say another thing in a later build, and which file says so.

A file that only repeats what was known is the cause of nothing: records are held against each other
by what they say, whichever file they stand in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlglot import exp

from smarketing.analysis.review.said_again import ASKED, said_again
from smarketing.engine import DuckDBEngine
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
#: Columns that say whose a row is, and nothing of what it is about.
_WHOSE = frozenset({*_NAMED.values(), "source"})
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
#: Where rates of exchange are said, and what says that two records are one.
RATES, ALIASES = "fx_rate", "record_alias"
#: A person who was merged is so far from the deal that a touch of theirs is credited with.
_MERGES_AWAY = 2
#: Records of a kind that are looked up at most.
MOST_RECORDS = 5000

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
    table: str = ""

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
        self._first: dict[Place, Place] = {}

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

    def merges_near(self, records: Sequence[Record], tables: frozenset[str]) -> set[Place]:
        """Return where it is said that records were merged: one of these, or one two steps away."""
        near = dict.fromkeys(records)
        for _ in range(_MERGES_AWAY):
            beside = self.beside(list(near), tables) if self._merged else {}
            near |= dict.fromkeys(sorted(set().union(*beside.values())))
        return set().union(*(self._merged.get(record, ()) for record in near))

    @cached_property
    def _merged(self) -> dict[Record, set[Place]]:
        """Where it is said, by record, that two were merged into one, or are no longer."""
        stands = {
            (row["table"], row["alias_id"]): row["id"]
            for is_before in (True, False)
            for row in self.whole(is_before, ALIASES)
        }
        found: dict[Record, set[Place]] = {}
        for key, places in self.moved_of_all(ALIASES, ALL):
            for one in (key[1], stands[key]):
                found.setdefault((f"{key[0]}_id", str(one)), set()).update(places)
        return found

    def first_said(self, places: Set[Place]) -> set[Place]:
        """Return for each place the first one of the files that came that said the same by then.

        What a later file only says again, it did not change.
        """
        asked: dict[str, list[Place]] = {}
        for place in places:
            if place.of in self.came and len(self.came) > 1 and place not in self._first:
                asked.setdefault(place.table, []).append(place)
        for table, some in asked.items():
            self._first |= {place: place for place in some}
            lines = {(place.of, place.line): place for place in some}
            params = {"table": table, ASKED: [place.line for place in some]}
            for row in self._after.rows(said_again(core_tables()[table]), params):
                kept = (str(row["import_id"]), str(row["file"])), int(row["row"])
                before = str(row["before_import_id"]), str(row["before_file"])
                if kept in lines and before in self.came:
                    place = replace(lines[kept], import_id=before[0], file=before[1],
                                    line=int(row["before_row"]))  # fmt: skip
                    self._first[lines[kept]] = place
        return {self._first.get(place, place) for place in places}

    def of_all(self, tables: frozenset[str], reads: Reads) -> set[Place]:
        """Return where what is said of many records at once is another now."""
        found: set[Place] = set()
        for table in sorted(tables & set(_OF_ALL)):
            for _, places in self.moved_of_all(table, reads):
                found |= places
        return found

    def alone(self, tables: frozenset[str]) -> Iterator[tuple[File, bool]]:
        """Yield the files that alone hold a table of which one build has no row, and if they went.

        With the last row of a table goes what says that a source gives what is counted of it.
        """
        for table in sorted(tables & core_tables().keys() if self.came or self.gone else ()):
            sides = [self._filled(engine, table) for engine in (self._before, self._after)]
            if not all(sides):
                yield from ((file, True) for file in sides[0] if file in self.gone)
                yield from ((file, False) for file in sides[1] if file in self.came)

    def _filled(self, engine: DuckDBEngine, table: str) -> list[File]:
        tree = exp.select("import_id", "_file").distinct().from_(table)
        return [(str(r["import_id"]), str(r["_file"])) for r in engine.rows(tree)]

    def moved_of_all(
        self, table: str, reads: Reads
    ) -> Iterator[tuple[tuple[Any, ...], set[Place]]]:
        """Yield by the key of a row where it says another thing now."""
        key = core_tables()[table].key
        kept: dict[tuple[object, ...], tuple[list[Row], list[Row]]] = {}
        for place, is_before in enumerate((True, False)):
            for row in self.whole(is_before, table):
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
                    rows = self.look_up(is_before, table, name, ids)
                    for one in ids:
                        for row in rows.get(one, ()):
                            yield (column, one), table, row

    def look_up(
        self, is_before: bool, table: str, column: str, ids: Sequence[str]
    ) -> dict[str, list[Row]]:
        """Return the rows of a build's table by the id that a column of theirs holds."""
        engine = self._before if is_before else self._after
        held = self._rows.setdefault((is_before, table, column), {})
        new = [one for one in dict.fromkeys(ids) if one not in held][:MOST_RECORDS]
        held |= {one: [] for one in new}
        if not new or not engine.has(table) or column not in engine.columns(table):
            return held
        for row in engine.rows(self._asked(engine, table, column), {ASKED: new}):
            held[str(row[column])].append(row)
        return held

    def _asked(self, engine: DuckDBEngine, table: str, column: str) -> exp.Query:
        """Return the question for the rows of some records; asked again it is kept ready."""
        key = engine.build_id, table, column
        if key not in self._trees:
            columns = engine.columns(table)
            names = sorted(columns & _OF_DEALS if table == _CARRIED else columns)
            one = exp.Explode(this=exp.Placeholder(this=ASKED))
            among = exp.In(this=exp.column(column), query=exp.select(one).subquery())
            self._trees[key] = exp.select(*names).from_(table).where(among)
        return self._trees[key]

    def whole(self, is_before: bool, table: str) -> list[Row]:
        """Return every row of a build's table; none where it has no such table."""
        engine = self._before if is_before else self._after
        held = self._rows.setdefault((is_before, table, ""), {})
        if not held:
            has = engine.has(table)
            tree = exp.select(*sorted(engine.columns(table))).from_(table) if has else None
            held[""] = list(engine.rows(tree)) if tree is not None else []
        return held[""]


def _files(engine: DuckDBEngine) -> dict[File, Row]:
    tree = exp.select("import_id", "file", "source", "mode").from_("file_info")
    return {(str(r["import_id"]), str(r["file"])): r for r in engine.rows(tree)}


def _says(table: str, rows: Sequence[Row], reads: Reads) -> dict[frozenset[tuple[str, Any]], Place]:
    """Return what rows say, and where: of several that say the same, what came first."""
    read = _read(table, reads)
    apart = _APART if read is not None else _APART | WORDS
    found: dict[frozenset[tuple[str, Any]], Place] = {}
    for row in rows:
        says = frozenset(
            (name, value)
            for name, value in row.items()
            if name not in apart and (read is None or name in read)
        )
        place = _place(table, row)
        found[says] = min(found.get(says, place), place)
    return found


def _read(table: str, reads: Reads) -> frozenset[str] | None:
    """Return by which columns rows are held against each other; None for all that are no words.

    Where a figure reads no more of a table than whose its rows are, one more row of a record that
    has such rows already says nothing new to it.
    """
    if table not in reads:
        return None
    read = reads[table]
    return read if read <= _WHOSE else read.union(core_tables()[table].key)


def _place(table: str, row: Row) -> Place:
    record = "" if table in (RATES, *_OF_ALL) else str(row[core_tables()[table].key[0]])
    of = str(row["import_id"]), str(row["_file"])
    return Place(*of, int(row["_row"]), record, table=table)


def as_day(day: Any) -> dt.date:
    """Return the day of what is one or an instant of it."""
    return day.date() if isinstance(day, dt.datetime) else day
