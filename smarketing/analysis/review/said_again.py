"""The question which older versions of records say what a later file says again."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

from smarketing.store.schema import Table

ASKED = "ids"
"""What a question calls the values that it is asked about."""


@cache
def said_again(table: Table) -> exp.Query:
    """Ask which older versions of rows say what these say, as all those between them do.

    The oldest of them comes last.
    """
    # What builds is loaded only where somebody asks why a number changed.
    from smarketing.build.core.versions import key_hash, says_hash

    return sqlglot.parse_one(
        f"""
        with older as (
          select t.import_id, t._file as file, t._row as row, s._file_id as before_id,
            s._row as before_row,
            bool_and(s.says = {says_hash(table, "t")}) over (
              partition by t._file_id, t._row order by s._file_id desc, s._row desc
            ) as is_same
          from {table.name} as t
          inner join superseded as s on s.key_hash = {key_hash(table, "t")}
          where s.table_name = $table and t._row in (select unnest(${ASKED}))
        )
        select o.import_id, o.file, o.row, i.import_id as before_import_id, i.file as before_file,
          o.before_row
        from older as o
        inner join file_info as i on i._file_id = o.before_id
        where o.is_same
        order by o.before_id desc, o.before_row desc
        """,
        dialect="duckdb",
        into=exp.Select,
    )
