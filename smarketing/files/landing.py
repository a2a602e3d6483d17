"""Landing rows of text as Parquet."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 50_000


class Landing:
    """Writes rows of text to Parquet, a batch at a time; the file is gone again if that fails."""

    def __init__(self, target: Path, columns: Sequence[str]) -> None:
        import pyarrow as pa

        self.target = target
        fields = [pa.field(name, pa.string()) for name in columns]
        self.schema: pa.Schema = pa.schema([*fields, pa.field("_row", pa.int64())])

    def write(self, rows: Iterable[tuple[int, Sequence[str | None]]]) -> None:
        """Write all rows, each its line number and its cells; empty cells become NULL."""
        import pyarrow.parquet as pq

        try:
            with pq.ParquetWriter(self.target, self.schema, compression="snappy") as writer:
                batch: list[tuple[int, Sequence[str | None]]] = []
                for row in rows:
                    batch.append(row)
                    if len(batch) >= _BATCH:
                        writer.write_table(self._table(batch))
                        batch = []
                writer.write_table(self._table(batch))
        except BaseException:
            self.target.unlink(missing_ok=True)
            raise

    def _table(self, batch: Sequence[tuple[int, Sequence[str | None]]]) -> pa.Table:
        import pyarrow as pa

        width = len(self.schema) - 1
        cells = list(zip(*(row for _, row in batch), strict=True)) or [()] * width
        numbers = pa.py_buffer(array("q", [number for number, _ in batch]))
        arrays = [_texts(column) for column in cells]
        arrays.append(pa.Array.from_buffers(pa.int64(), len(batch), [None, numbers]))
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _texts(cells: Sequence[str | None]) -> pa.Array:
    """Return cells as Arrow holds text: `pa.array` would load pandas to see whose they are."""
    from pyarrow.lib import StringBuilder

    builder = StringBuilder()
    builder.append_values([_bare(cell) for cell in cells])
    return builder.finish()


def _bare(cell: str | None) -> str | None:
    """Give the text of a cell, NULL where empty, without the formula that keeps its zeros.

    Programs write `="00123"` so that a spreadsheet does not make a number of it.
    """
    if cell and cell[:2] == '="' and cell.find('"', 2) == len(cell) - 1:
        return cell[2:-1] or None
    return cell or None


def nulls(target: Path) -> dict[str, int]:
    """Count the empty cells of each column of a landed table, by what the file says of itself."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(target) as file:
        found = dict.fromkeys(file.schema_arrow.names, 0)
        for group in range(file.metadata.num_row_groups):
            part = file.metadata.row_group(group)
            for number, name in enumerate(found):
                statistics = part.column(number).statistics
                known = statistics is not None and statistics.has_null_count
                found[name] += statistics.null_count if known else part.num_rows
    return found


def drop_empty(target: Path, columns: Sequence[str], blanks: Collection[str]) -> tuple[str, ...]:
    """Drop those of the columns without a header that hold nothing; give those that are left."""
    if not blanks:
        return tuple(columns)
    import pyarrow.parquet as pq

    with pq.ParquetFile(target) as file:
        rows = file.metadata.num_rows
    empty = nulls(target)
    kept = tuple(name for name in columns if name not in blanks or empty[name] < rows)
    if len(kept) < len(columns):
        _keep(target, kept)
    return kept


def _keep(target: Path, columns: Sequence[str]) -> None:
    import pyarrow.parquet as pq

    again = target.with_suffix(".again")
    with pq.ParquetFile(target) as file:
        wanted = [*columns, "_row"]
        schema = file.schema_arrow
        for name in set(schema.names) - set(wanted):
            schema = schema.remove(schema.get_field_index(name))
        with pq.ParquetWriter(again, schema, compression="snappy") as out:
            for batch in file.iter_batches(1 << 17, columns=wanted):
                out.write_batch(batch)
    again.replace(target)
