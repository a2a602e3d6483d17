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
#: Tables that say something of many records at once.
_OF_ALL = ("fx_rate", "member", "quota", "record_alias", "campaign_alias")
#: Columns that say where a row comes from, and words by which nothing is counted.
_APART = frozenset({"source", "import_id", "recorded_at", "_file", "_row", "_file_id"})
_WORDS = frozenset({"name", "full_name", "comment", "url"})
#: Records of a kind that are looked up at most.
MOST_RECORDS = 5000
_IDS = "ids"

Row = Mapping[str, Any]
#: The column that names a record, and its id.
Record = tuple[str, str]
#: An import and the name of a file of it.
File = tuple[str, str]


@dataclass(frozen=True, order=True)
class Place:
    """Where a row stands, and whose it is; `is_gone`: it is in the earlier build alone."""

    import_id: str
    file: str
    line: int
    record: str = ""
    is_gone: bool = False

    @property
    def of(self) -> File:
        """The file that the row is in."""
        return self.import_id, self.file


class Contents:
    """What the records of two builds say, looked up for some of them at a time.

    Everywhere `tables` are those that matter to the figure asked about, and `words` what of a
    record it reads though it is no more than a word.
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
        self, records: Iterable[Record], tables: frozenset[str], words: frozenset[str]
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
            if _says(table, old, words).keys() != _says(table, new, words).keys():
                found.setdefault(record, set()).update(self._moved(table, old, new, words))
        return found

    def of_all(self, tables: frozenset[str], until: dt.date) -> set[Place]:
        """Return where what is said of many records at once is another now.

        Rates of exchange of days from `until` on are left out.
        """
        found: set[Place] = set()
        for table in sorted(tables & set(_OF_ALL)):
            sides = [
                [row for row in self._whole(is_before, table) if _is_until(row, until)]
                for is_before in (True, False)
            ]
            key = core_tables()[table].key
            kept: dict[tuple[object, ...], tuple[list[Row], list[Row]]] = {}
            for place, rows in enumerate(sides):
                for row in rows:
                    of = tuple(row.get(name) for name in key)
                    kept.setdefault(of, ([], []))[place].append(row)
            for old, new in kept.values():
                found |= set(self._moved(table, old, new, frozenset()))
        return found

    def _moved(
        self, table: str, old: Sequence[Row], new: Sequence[Row], words: frozenset[str]
    ) -> Iterator[Place]:
        """Yield where rows of one record came that say what none of the others does, or went."""
        before, after = _says(table, old, words), _says(table, new, words)
        came = [place for says, place in after.items() if says not in before]
        new_files = [place for place in came if place.of in self.came]
        if new_files:
            yield from new_files
            return
        # A row that is nowhere any more counted, in a file that is gone or that a newer one is for.
        is_other_code = self._before.code_hash != self._after.code_hash
        for says, place in before.items():
            is_missed = not came and not is_other_code and (self.came or self.gone)
            if says not in after and (place.of in self.gone or is_missed):
                yield replace(place, is_gone=True)

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
            names = _CARRIER if table == _CARRIED else sorted(engine.columns(table))
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


def _files(engine: DuckDBEngine) -> dict[File, Row]:
    tree = exp.select("import_id", "file", "source", "mode").from_("file_info")
    return {(str(r["import_id"]), str(r["file"])): r for r in engine.rows(tree)}


def _says(
    table: str, rows: Sequence[Row], words: frozenset[str]
) -> dict[frozenset[tuple[str, Any]], Place]:
    """Return what rows say, and where."""
    apart = _APART | (_WORDS - words)
    return {
        frozenset((name, value) for name, value in row.items() if name not in apart): _place(
            table, row
        )
        for row in rows
    }


def _place(table: str, row: Row) -> Place:
    record = "" if table in _OF_ALL else str(row[core_tables()[table].key[0]])
    return Place(str(row["import_id"]), str(row["_file"]), int(row["_row"]), record)


def _is_until(row: Row, until: dt.date) -> bool:
    return "rate_on" not in row or row["rate_on"] < until
