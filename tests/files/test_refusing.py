"""Whatever a file causes is one sentence that names it; and how long a header may be."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest

from smarketing.errors import SourceError, StoreError, UsageError
from smarketing.files.headers import column_names
from smarketing.files.refusing import refusal

FILE, OUT = Path("/in/a.csv"), Path("/home/x/landing")


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (ValueError("odd\nmore"), SourceError, "a.csv cannot be read (ValueError: odd): export it"),
        (ValueError(""), SourceError, "a.csv cannot be read (ValueError: ValueError): export it"),
        (ValueError("x" * 300), SourceError, f"(ValueError: {'x' * 200}): export"),
        (MemoryError(), SourceError, "a.csv needs more memory than reading one file may take"),
        (duckdb.OutOfMemoryException("x"), SourceError, "a.csv needs more memory than reading"),
        (type("PanicException", (BaseException,), {})("x"), SourceError, "a.csv is damaged or cut"),
        (RecursionError("x"), SourceError, "a.csv is nested too deeply"),
        (OSError(errno.ENOSPC, "No space left"), StoreError, f"landed in {OUT} (no sp"),
        (OSError(errno.EROFS, "Read-only"), StoreError, f"in {OUT} ([Errno 30] Read-only): "),
        (OSError(errno.EACCES, "no", str(OUT / "t")), StoreError, f"could not be landed in {OUT}"),
        (OSError(errno.EACCES, "Denied", str(FILE)), SourceError, f"{FILE} cannot be read (Den"),
        (OSError(errno.EACCES, "Denied", "/else"), SourceError, "a.csv cannot be read (Permission"),
        (duckdb.IOException(f"write {OUT}/t failed"), StoreError, f"could not be landed in {OUT}"),
        (duckdb.IOException("No space left on device"), StoreError, "(no space is left): nothing"),
        (duckdb.IOException("errno 28"), StoreError, "(no space is left): nothing was changed"),
        (duckdb.IOException("bad page"), SourceError, "cannot be read (IOException: bad page)"),
    ],
)  # fmt: skip
def test_what_a_file_causes_is_one_sentence(error: BaseException, kind: type, says: str) -> None:
    found = refusal(FILE, "a.csv", OUT, error)
    assert type(found) is kind and says in str(found)


def test_what_is_said_already_and_an_interruption_stay_as_they_are() -> None:
    for error in (UsageError("x"), KeyboardInterrupt(), SystemExit(1), GeneratorExit()):
        assert refusal(FILE, "a.csv", OUT, error) is error


def test_a_header_is_cut_at_five_hundred_characters() -> None:
    (name, short, again), notes = column_names(["x" * 501, "y" * 500, "x" * 502])
    assert (name, short, again) == ("x" * 500, "y" * 500, "x" * 500 + "_2")
    assert len(notes) == 1 and notes[0].startswith("column 3 ")
