"""What an import has to say of contacts whom its deals name and nobody is found by."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.accounting.balances import lacks_a_contact


def contact_notes(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note of each file the names of contacts that are nobody's: those deals are read without."""
    rows = connection.execute(
        "select i.sha256, count(*), arg_min(q.value, q.row), min(q.row) "
        "from now.main.quarantine q join now.main.file_info i on i._file_id = q._file_id "
        f"where list_contains($ids, q._file_id) and {lacks_a_contact('now.main', 'q')} "
        "group by 1 order by 1",
        {"ids": list(ids)},
    ).fetchall()
    return {str(sha): [_words(int(names), name, line)] for sha, names, name, line in rows}


def _words(names: int, name: str, line: int) -> str:
    if names == 1:
        many = f"the name of a deal's contact, '{name}' (line {line}), is that of no person"
    else:
        many = f"{names:,} names of deals' contacts, first '{name}' (line {line}), are of no person"
    return (
        f"{many} of the source, or of two: {'the deal is' if names == 1 else 'these deals are'} "
        "read without. Export the contacts' ids or e-mail addresses too"
    )
