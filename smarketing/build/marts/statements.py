"""The marts' statements, prepared once per version of the program.

Reading 51 files into syntax trees and writing them for an engine takes longer than building a small
store. What comes of it depends on the code alone, so that it is kept by the hash of the code among
the caches of the user, and made again wherever it is not to be had.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any

from sqlglot import exp

from smarketing.build.again.fingerprint import code_hash
from smarketing.engine.compile import literal, read_sql, shared_tree, sql_files
from smarketing.engine.dialects import settled
from smarketing.errors import QueryError, did_you_mean, unknown
from smarketing.kept import kept

ENGINE = "duckdb"
_MARK = re.compile(r"\b_value_of_(\w+?)_here\b")


@dataclass(frozen=True)
class MartSql:
    """A mart's SELECT for one engine, the places of its values marked; which tables it reads."""

    sql: str
    values: tuple[str, ...]
    reads: tuple[str, ...]


def statements(engine: str = ENGINE) -> Mapping[str, MartSql]:
    """Return every mart's statement for an engine by the mart's name, the values left out.

    QueryError where an engine has no version of a mart or of a helper that it calls.
    """
    return _statements(engine, code_hash())


def mart_sql(name: str, params: Mapping[str, Any], engine: str = ENGINE) -> str:
    """Return a mart's SELECT for an engine, the build's values (`mart_params`) in place."""
    known = statements(engine)
    if name not in known:
        raise unknown("mart", name, known)
    for slot in known[name].values:
        if slot not in params:
            hint = did_you_mean(slot, params)
            raise QueryError(f"The mart '{name}' needs the unknown value ${slot}.{hint}")
    return _MARK.sub(lambda mark: _written(params[mark[1]], engine), known[name].sql)


def tables_read(tree: exp.Query) -> set[str]:
    """Return the tables a query reads, its own CTEs left out."""
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - own


def prepared(name: str, engine: str) -> MartSql:
    """Prepare one mart for an engine from its file."""
    reads = tables_read(shared_tree("marts", name, ENGINE))
    tree = read_sql("marts", name, engine)
    slots = list(tree.find_all(exp.Placeholder))
    for slot in slots:
        slot.replace(exp.column(f"_value_of_{slot.this}_here"))
    settled(tree, engine)
    values = sorted({str(slot.this) for slot in slots})
    sql = tree.sql(dialect=engine, pretty=True)
    return MartSql(sql, tuple(values), tuple(sorted(reads)))


@cache
def _statements(engine: str, code: str) -> Mapping[str, MartSql]:
    found = kept("marts", f"{engine}-{code}", lambda: _all_prepared(engine))
    return {
        name: MartSql(one["sql"], tuple(one["values"]), tuple(one["reads"]))
        for name, one in found.items()
    }


def _all_prepared(engine: str) -> dict[str, dict[str, Any]]:
    return {name: asdict(prepared(name, engine)) for name in sql_files("marts")}


@lru_cache(maxsize=1024, typed=True)
def _written(value: Any, engine: str) -> str:
    """Write a value as the engine's literal, settled as those of the mart's own text are.

    Each once: many marts ask for the same few settings. True is told from 1, by its type.
    """
    around = exp.paren(literal(value), copy=False)
    written: str = settled(around, engine).this.sql(dialect=engine)
    return written
