"""Tables of Delta and Iceberg, read by the libraries that know which of their files still count.

Such a table's folder also holds files with rows that were replaced or deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.engine.pulling.origin import told, write_batches

if TYPE_CHECKING:
    import pyarrow.dataset as ds

_NUMBER = re.compile(r"v?(\d+)")


def is_delta(folder: Path) -> bool:
    """Return whether a folder is a table of Delta."""
    return (folder / "_delta_log").is_dir()


def newest_iceberg(folder: Path) -> Path | None:
    """Return the newest description of a table of Iceberg; None where a folder is none.

    Their names begin with a number; times are those of whoever copied the folder.
    """
    found = list((folder / "metadata").glob("*.metadata.json"))
    return max(found, key=_numbered, default=None)


def _numbered(described: Path) -> tuple[int, int, str]:
    number = _NUMBER.match(described.name)
    return int(number[1]) if number else -1, described.stat().st_mtime_ns, described.name


def delta(folder: Path) -> ds.Dataset:
    """Return the rows of a table of Delta as it stands; PullError where it cannot be read."""
    with _read(folder, "Delta"):
        from deltalake import DeltaTable

        return DeltaTable(folder).to_pyarrow_dataset()


def write_iceberg(folder: Path, described: Path, target: Path) -> None:
    """Write the rows of a table of Iceberg to Parquet; PullError where it cannot be read."""
    with _read(folder, "Iceberg"):
        from pyiceberg.table import StaticTable

        rows = StaticTable.from_metadata(str(described)).scan().to_arrow_batch_reader()
        write_batches(target, rows.schema, rows)


@contextmanager
def _read(folder: Path, kind: str) -> Iterator[None]:
    # What the two libraries raise has no kind of its own.
    with told(f"{folder} is a table of {kind} that cannot be read"):
        try:
            yield
        except ImportError:
            raise RuntimeError("run: pip install 'smarketing[lake]'") from None
