"""Columns of the demo's tables, and how they become text: ids, instants, days, amounts, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tools.demo.plan import Bools, Ints

Format = Literal["csv", "parquet"]
_ROWS_AT_ONCE = 1_000_000
_WIDTH = 6


@dataclass(frozen=True)
class Ids:
    """Record ids: a letter and a number; below zero is none."""

    prefix: str
    numbers: Ints


@dataclass(frozen=True)
class Words:
    """Text by its place in a vocabulary; below zero is none."""

    codes: Ints
    words: tuple[str, ...]

    def take(self, rows: Ints) -> Words:
        """Return these rows only."""
        return Words(self.codes[rows], self.words)


@dataclass(frozen=True)
class Instants:
    """Microseconds of UTC since 1970; below zero is none."""

    micros: Ints


@dataclass(frozen=True)
class Days:
    """Days since 1970; below zero is none."""

    numbers: Ints


@dataclass(frozen=True)
class Amounts:
    """Cents, written in major units; `known` says which are there (all without it)."""

    cents: Ints
    known: Bools | None = None


Column = Ids | Words | Instants | Days | Amounts | Ints | Bools | Any
Table = dict[str, Column]


def words_of(values: Sequence[str]) -> Words:
    """Code a list of texts; an empty text is none."""
    vocabulary = tuple(dict.fromkeys(value for value in values if value))
    places = {word: place for place, word in enumerate(vocabulary)}
    codes = np.array([places.get(value, -1) for value in values], dtype=np.int64)
    return Words(codes, vocabulary)


def length(table: Table) -> int:
    """Return the number of rows of a table."""
    first: Any = next(iter(table.values()))
    for name in ("numbers", "codes", "micros", "cents"):
        if hasattr(first, name):
            return len(getattr(first, name))
    return len(first)


def write_table(table: Table, path: Path, kind: Format) -> int:
    """Write a table as CSV or Parquet, some rows at a time; returns the number of rows."""
    rows = length(table)
    writer: Any = None
    for start in range(0, max(rows, 1), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        batch = pa.table({name: _rendered(column, part) for name, column in table.items()})
        if writer is None:
            writer = _writer(path, batch.schema, kind)
        writer.write_table(batch)
    writer.close()
    return rows


def _writer(path: Path, schema: pa.Schema, kind: Format) -> Any:
    if kind == "parquet":
        return pq.ParquetWriter(path, schema)
    return pacsv.CSVWriter(path, schema, write_options=pacsv.WriteOptions(quoting_style="needed"))


def _rendered(column: Column, part: slice) -> pa.Array:
    if isinstance(column, Ids):
        return _ids(column.prefix, column.numbers[part])
    if isinstance(column, Words):
        codes = column.codes[part]
        return pa.array(column.words, pa.string()).take(pa.array(codes, mask=codes < 0))
    if isinstance(column, Instants):
        micros = column.micros[part]
        moments = pa.array(micros // 1_000_000, mask=micros < 0).cast(pa.timestamp("s"))
        return pc.strftime(moments, "%Y-%m-%dT%H:%M:%SZ")
    if isinstance(column, Days):
        numbers = column.numbers[part]
        days = pa.array(numbers.astype(np.int32), mask=numbers < 0)
        return days.cast(pa.date32()).cast(pa.string())
    if isinstance(column, Amounts):
        return _amounts(column, part)
    return pa.array(column[part])


def _ids(prefix: str, numbers: Ints) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers, mask=numbers < 0).cast(pa.string()), _WIDTH, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def _amounts(column: Amounts, part: slice) -> pa.Array:
    cents = column.cents[part]
    missing = None if column.known is None else ~column.known[part]
    whole = pa.array(cents // 100, mask=missing).cast(pa.string())
    rest = pc.utf8_lpad(pa.array(cents % 100, mask=missing).cast(pa.string()), 2, "0")
    return pc.binary_join_element_wise(whole, rest, ".")
