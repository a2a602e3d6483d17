"""Which rows of a table are a person's own: by an ID, an address, or the name beside several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from smarketing.build.erasing.columns import Roles
from smarketing.build.erasing.instead import mentions
from smarketing.build.erasing.traces import Traces, written_ids
from smarketing.files.quoting import identifier, literal, literals
from smarketing.in_memory import in_memory
from smarketing.store.erased import guid


def apart(path: Path, roles: Roles, traces: Traces) -> Traces:
    """Return traces with the cells of a table that name somebody beside the person.

    As in figures, such a cell tells nobody's record: the name that stands there does.
    """
    cells, called = set(), set()
    for cell, name in _mixed(path, roles, traces):
        cells.add(cell)
        if traces.is_name(name):
            called.add(name)
    return replace(traces, beside=frozenset(cells), called=frozenset(called))


def names_beside(path: Path, roles: Roles, traces: Traces) -> set[str]:
    """Return the names of records whose address stands in one cell with somebody else's."""
    return {name for _, name in _mixed(path, roles, traces)}


def _mixed(path: Path, roles: Roles, traces: Traces) -> list[tuple[str, str]]:
    """Return the cells that name the person and somebody else, with the names in their records."""
    if not roles.addresses or not traces.mailboxes:
        return []
    only = Traces(traces.pseudonym, traces.mailboxes)
    found: list[tuple[str, str]] = []
    connection = in_memory()
    try:
        for header in sorted(roles.addresses):
            found += connection.execute(
                f"select distinct {identifier(header)}, {_called(roles)} "
                f"from read_parquet({literal(str(path))}) where {mentions([header], only)}"
            ).fetchall()
    finally:
        connection.close()
    return [(cell, name) for cell, name in found if only.is_beside_others(cell)]


def _called(roles: Roles) -> str:
    """Return the expression of the name in a record, its parts in the order of their headers."""
    return (
        f"concat_ws(' ', {', '.join(map(identifier, sorted(roles.names)))})"
        if roles.names
        else "''"
    )


def owned_rows(source: str, roles: Roles, traces: Traces) -> str:
    """Return the condition that a row is the person's own: by an id, or by an address in it."""
    tests = ["false"]
    for headers, ids in ((roles.ids, traces.ids), (roles.leads, traces.leads)):
        raw = sorted(written_ids(ids, source))
        tests += [_is_one_of(identifier(h), raw) for h in sorted(headers) if raw]
    if roles.addresses:
        only = Traces(traces.pseudonym, traces.mailboxes)
        for header in sorted(roles.addresses):
            column = identifier(header)
            is_anothers = f"{column} in ({literals(sorted(traces.beside))})"
            if traces.called:
                is_anothers += f" and {_called(roles)} not in ({literals(sorted(traces.called))})"
            but = f" and not ({is_anothers})" if traces.beside else ""
            tests.append(f"{mentions([header], only)}{but}")
            tests.append(is_cell(column, traces))
    return "(" + " or ".join(tests) + ")"


def is_cell(column: str, traces: Traces) -> str:
    """Return the condition that a cell names the person in a writing of its own."""
    cells = literals(sorted(traces.cells))
    return f"coalesce({column} in ({cells}), false)" if cells else "false"


def _is_one_of(column: str, raw: Sequence[str]) -> str:
    """Return the condition that a cell holds one of these ids, alone or in a list.

    A GUID is one in capitals and in braces as well.
    """
    tests = [f"trim({column}) in ({literals(raw)})", _is_within(column, raw)]
    guids = sorted({found for each in raw if (found := guid(each))})
    tests += [_is_within(f"lower({column})", guids)] if guids else []
    return f"({' or '.join(tests)})"


def _is_within(column: str, raw: Sequence[str]) -> str:
    parts = f"regexp_split_to_array({column}, '[{{}};,|\\s]+')"
    return f"coalesce(list_has_any({parts}, [{literals(raw)}]), false)"
