"""Records that somebody typed in: written as a file and imported like any other."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from smarketing.build.importing.report import ImportReport
from smarketing.build.importing.run import import_files
from smarketing.build.progress import Progress
from smarketing.errors import UsageError
from smarketing.store.schema import core_tables


def import_typed(
    home: Path,
    table: str,
    rows: Sequence[Mapping[str, str]],
    *,
    as_of: date,
    by: str,
    progress: Progress | None = None,
) -> ImportReport:
    """Land rows of a core table as a file of the generic source, and build the store anew.

    Each row names columns of the table; one with the key of a known record corrects it. `as_of` is
    until when the data speak: what is typed in today does not make them newer. Raises UsageError
    for no rows or an unknown column, else what `import_files` raises.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    known = [column.name for column in core_tables()[table].columns]
    wrong = [name for name in columns if name not in known]
    if wrong or not rows:
        raise UsageError(
            f"{table} has no column '{wrong[0]}'. Columns: {', '.join(known)}."
            if wrong
            else "There is nothing to save: no row differs."
        )
    with tempfile.TemporaryDirectory() as folder:
        at = datetime.now(UTC)
        path = Path(folder) / f"{table}-typed-in-{at:%Y-%m-%d-%H%M%S}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)
        return import_files(
            home, [path], source="generic", as_of=as_of, decimal=".", by=by, progress=progress
        )
