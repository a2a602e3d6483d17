"""What the SQL of a source may be: one SELECT over the source's own views, and nothing else.

`check_select(text, views, path)` reads the statement as DuckDB itself parses it, so that there is
no second parser to fool, and goes over every node of its tree. What is not known to be harmless is
refused: other statements, table functions (`read_csv`, `glob` …), tables that are no view of the
source, parameters, functions that look at the clock, at chance or at the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import duckdb

from smarketing.errors import SourceError, did_you_mean
from smarketing.store.confine import confine

Node = Mapping[str, Any]
Scope = frozenset[str]

_QUERIES = ("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE")
_RELATIONS = ("JOIN", "SUBQUERY", "EMPTY", "EXPRESSION_LIST", "PIVOT", "COLUMN_DATA")
_MODIFIERS = ("ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER")
_ORDERS = ("ASCENDING", "DESCENDING", "ORDER_DEFAULT")
_HARMLESS = {*_QUERIES, *_RELATIONS, *_MODIFIERS, *_ORDERS}
_WRITES = ("INSERT_QUERY_NODE", "UPDATE_QUERY_NODE", "DELETE_QUERY_NODE", "MERGE_QUERY_NODE")
_ROWS_OF_A_LIST = "unnest"
"""The one function of rows that reads nothing but the row it stands beside."""
_OUTSIDE = {
    "getenv",
    *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
    *("current_localtime", "current_localtimestamp", "now", "today", "get_current_time"),
    *("get_current_timestamp", "transaction_timestamp", "ago"),
}
_PURE_MACROS = ("array_", "list_", "json_group_", "map_contains_", "md5_number_")
_MORE_MACROS = {
    *("split_part", "nullif", "if", "fdiv", "fmod", "date_add", "days_in_month", "json"),
    *("geomean", "geometric_mean", "wavg", "weighted_avg"),
}
_COMMENTS = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)*", re.DOTALL)
_READINGS = {"flag_value", "completed_id", "listed", "deal_kind", "without_midnight"}
"""Macros of the build that a source may use: they read a text, and nothing else."""
_NO_PLACE = 2**63
"""From here on DuckDB's place of a node in the text says that it has none."""
_DERIVED = ("_current", "_every")
"""How the views end that follow from those of the objects."""


def check_select(text: str, views: Collection[str], path: Path) -> None:
    """Raise SourceError, with file and line, unless the text is one SELECT over these views."""
    parsed = _parsed(text)
    if parsed["error"]:
        _refuse_unparsed(text, parsed, path)
    statements = parsed["statements"]
    if len(statements) != 1:
        line = _line(text, _second_statement(text))
        _refuse(path, line, f"holds {len(statements)} statements", "keep one SELECT")
    _Check(text, views, path).run(statements[0]["node"])


class _Check:
    """One walk over the tree of a statement; every refusal is a SourceError."""

    def __init__(self, text: str, views: Collection[str], path: Path) -> None:
        self._text = text
        self._views = {view.casefold(): view for view in views}
        self._path = path

    def run(self, root: Node) -> None:
        """Go over all nodes; each knows the names of the CTEs that it may read."""
        waiting: list[tuple[Any, Scope, int]] = [(root, frozenset(), 0)]
        while waiting:
            part, scope, place = waiting.pop()
            if isinstance(part, list):
                waiting += [(item, scope, place) for item in part]
            elif isinstance(part, dict):
                place = _place(part, place)
                self._judge(part, scope, _line(self._text, place))
                waiting += [(item, known, place) for item, known in _below(part, scope)]

    def _judge(self, node: Node, scope: Scope, line: int) -> None:
        kind = node.get("type")
        if node.get("sample"):
            self._refuse(line, "takes a random sample", "take all rows")
        if "class" in node:
            self._expression(node, line)
        elif kind == "BASE_TABLE":
            self._table(node, scope, line)
        elif kind == "TABLE_FUNCTION":
            name = node["function"]["function_name"].casefold()
            if name != _ROWS_OF_A_LIST:
                self._refuse(line, f"calls the table function {name}", self._advice)
        elif kind in _WRITES:
            self._refuse(line, "changes a table", "keep one SELECT")
        elif isinstance(kind, str) and kind not in _HARMLESS:
            self._refuse(line, f"uses {kind.casefold().replace('_', ' ')}", self._advice)

    def _table(self, node: Node, scope: Scope, line: int) -> None:
        name, path = node["table_name"], node["qualified_name"]["path"]
        if len(path) == 1 and (name.casefold() in scope or name.casefold() in self._views):
            return
        shown = ".".join(path)
        hint = _nearest(name, self._views.values()) if len(path) == 1 else ""
        self._refuse(line, f"reads '{shown}', which is no view of its source{hint}", self._advice)

    def _expression(self, node: Node, line: int) -> None:
        match node["class"]:
            case "PARAMETER":
                self._refuse(line, "has a parameter", "write the value in its place")
            case "COLUMN_REF":
                names = node["column_names"]
                if len(names) == 1 and names[0].casefold() in _OUTSIDE:
                    self._refuse_outside(line, names[0])
            case "FUNCTION" | "WINDOW":
                self._function(node, line)

    def _function(self, node: Node, line: int) -> None:
        name = str(node["function_name"]).casefold()
        if node.get("is_operator") or name in _functions():
            return
        if name in _OUTSIDE or name in _known_functions():
            self._refuse_outside(line, name)
        hint = _nearest(name, _functions())
        self._refuse(line, f"calls the unknown function {name}{hint}", "use one that DuckDB has")

    def _refuse_outside(self, line: int, name: str) -> NoReturn:
        self._refuse(
            line,
            f"asks for what its files do not hold ({name})",
            "use their columns, since the same files must always give the same build",
        )

    @property
    def _advice(self) -> str:
        shown = sorted(view for view in self._views.values() if not view.endswith(_DERIVED))
        names = ", ".join(shown[:6]) + (" …" if len(shown) > 6 else "")
        return f"read its own views ({names or 'it has no object yet'}), and import other files too"

    def _refuse(self, line: int, what: str, advice: str) -> NoReturn:
        _refuse(self._path, line, what, advice)


def _nearest(name: str, valid: Iterable[str]) -> str:
    hint = did_you_mean(name, valid)
    return f" ({hint.strip()})" if hint.startswith(" Did") else ""


def _below(node: Node, scope: Scope) -> Iterator[tuple[Any, Scope]]:
    """Give what stands below a node, with the CTEs that each part may read.

    A CTE may read those before it; itself only where it is recursive.
    """
    for entry in node.get("cte_map", {}).get("map", ()):
        yield entry["value"], scope
        scope |= {entry["key"].casefold()}
    if node.get("type") in ("RECURSIVE_CTE_NODE", "CTE_NODE"):
        scope |= {node["cte_name"].casefold()}
    yield from ((part, scope) for key, part in node.items() if key != "cte_map")


def _place(node: Node, above: int) -> int:
    place = node.get("query_location", _NO_PLACE)
    return place if isinstance(place, int) and place < _NO_PLACE else above


def _line(text: str, place: int) -> int:
    """Give the line, from 1, of a place that DuckDB counts in bytes."""
    return text.encode()[:place].count(b"\n") + 1


def _parsed(text: str) -> Any:
    cursor = _parser().cursor()
    try:
        [(tree,)] = cursor.execute("select json_serialize_sql($sql)", {"sql": text}).fetchall()
    finally:
        cursor.close()
    return json.loads(tree)


def _refuse_unparsed(text: str, parsed: Node, path: Path) -> NoReturn:
    """Say why there is no tree: the text is no SQL, or some statement of it is no SELECT."""
    if parsed.get("error_type") == "parser":
        place = int(parsed.get("position", 0))
        why = str(parsed["error_message"]).partition(". Use ")[0].rstrip(".")
        _refuse(path, _line(text, place), f"cannot be parsed ({why})", "correct it")
    place = _second_statement(text)
    first = _parsed(text[:place] if place else text)
    start = place if place and not first["error"] else _first_word(text)
    word = text.encode()[start:].decode(errors="replace").split(maxsplit=1)[0].rstrip(";").lower()
    _refuse(path, _line(text, start), f"is no SELECT but holds '{word}'", "keep one SELECT")


def _second_statement(text: str) -> int:
    """Find where the second statement begins, in bytes; 0 where there is none."""
    statements = duckdb.extract_statements(text)
    if len(statements) < 2:
        return 0
    start = text.find(statements[1].query.strip(), len(statements[0].query.strip()))
    return len(text[: max(start, 0)].encode())


def _first_word(text: str) -> int:
    """Find where a text begins behind its comments and blanks, in bytes."""
    found = _COMMENTS.match(text)
    return len(text[: found.end() if found else 0].encode())


def _refuse(path: Path, line: int, what: str, advice: str) -> NoReturn:
    raise SourceError(
        f"{path}, line {line}: it {what}; the SQL of a source is one SELECT over its own views: "
        f"{advice}."
    )


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    confine(connection)
    return connection


@cache
def _catalogue() -> tuple[tuple[str, str, str | None], ...]:
    rows = _parser().execute(
        "select distinct lower(function_name), function_type, stability from duckdb_functions()"
    )
    return tuple(rows.fetchall())


@cache
def _known_functions() -> frozenset[str]:
    return frozenset(name for name, _, _ in _catalogue())


@cache
def _functions() -> frozenset[str]:
    """Give the functions whose answer depends on their arguments alone."""
    unsteady = {
        name for name, _, stability in _catalogue() if stability not in (None, "CONSISTENT")
    }
    steady = {
        name
        for name, kind, _ in _catalogue()
        if kind in ("scalar", "aggregate", "window")
        or name in _MORE_MACROS
        or (kind == "macro" and name.startswith(_PURE_MACROS))
    }
    return frozenset((steady - unsteady - _OUTSIDE) | {_ROWS_OF_A_LIST} | _READINGS)
