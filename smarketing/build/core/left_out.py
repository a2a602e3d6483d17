"""Leads and deals that a person leaves out by the SELECTs of a source of one's own.

What else is told of them must not bring them in again: their history makes no lead, as that of a
deleted one makes none.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import sqlglot
from sqlglot import exp

from smarketing.build.core.gone import COUNTED
from smarketing.build.core.views import MAIN
from smarketing.files.quoting import identifier, literal
from smarketing.sources import Source, TableSelect

_LEAVE_OUT = (
    exp.Where, exp.Having, exp.Qualify, exp.Limit, exp.Fetch, exp.Offset, exp.Except, exp.Intersect,
)  # fmt: skip
_KEEP_ALL = ("LEFT", "FULL")
"""Joins that leave out none of the rows before them."""


def leaves_out(select: TableSelect) -> bool:
    """Return whether a SELECT of one's own fills leads or deals and may leave some of them out.

    By a condition, a join that keeps only what is found, or what takes rows away from others.
    """
    if select.is_packaged or select.core_table not in COUNTED:
        return False
    tree = sqlglot.parse_one(select.sql, read="duckdb")
    is_one_each = any(distinct.args.get("on") for distinct in tree.find_all(exp.Distinct))
    keeping = any(join.side not in _KEEP_ALL for join in tree.find_all(exp.Join))
    return tree.find(*_LEAVE_OUT) is not None or is_one_each or keeping


def let_go_of_left_out(
    connection: duckdb.DuckDBPyConnection, source: Source, present: Sequence[str]
) -> None:
    """Note in `gone_record` the leads and deals of a source that its SELECTs leave out.

    Asked while the source's views are there, of the objects that have files. An object whose key is
    not what its records are called tells none.
    """
    for name in present:
        for table, selects in source.selects.items():
            mine = [select for select in selects if select.object == name]
            if any(map(leaves_out, mine)) and len(source.objects[name].key) == 1:
                _let_go(connection, source, name, table)


def _let_go(connection: duckdb.DuckDBPyConnection, source: Source, name: str, table: str) -> None:
    key = identifier(source.objects[name].key[0])
    own = f"{literal(source.name + ':')} || id_text(v.{key})"
    here = f"{MAIN}.{identifier(table)} t where t._file_id = v._file_id and t._row = v._row"
    bad = (
        f"{MAIN}.quarantine q where q.table_name = {literal(table)} "
        "and q._file_id = v._file_id and q.row = v._row"
    )
    called = f"{identifier(table + '_id')} is distinct from {own}"
    ((is_otherwise,),) = connection.execute(
        f"select exists (select 1 from {identifier(name)} v join {MAIN}.{identifier(table)} t "
        f"on t._file_id = v._file_id and t._row = v._row where t.{called})"
    ).fetchall()
    if is_otherwise:
        return
    connection.execute(
        f"insert into {MAIN}.gone_record select {literal(table)}, {own}, max(v._file_id) "
        f"from {identifier(name)} v where id_text(v.{key}) is not null "
        f"and not exists (select 1 from {here}) and not exists (select 1 from {bad}) group by 2"
    )
