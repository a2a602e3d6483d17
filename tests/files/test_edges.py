"""Edges of reading a file: where a sample ends, an unfinished letter, how far a sheet reaches."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.errors import SourceError
from smarketing.files import archive, delimited, parquet
from smarketing.files.archive import FREE_BYTES, MAX_RATIO, check_size
from smarketing.files.encoding import TextFile, _mostly_utf8, to_utf8
from smarketing.files.fast_checks import _size, _unlike
from smarketing.files.json_pages import inner_list
from smarketing.files.sheets import _check, _Extent


def test_a_letter_that_the_end_cuts_off_is_no_text(tmp_path: Path) -> None:
    file, target = tmp_path / "a", tmp_path / "b"
    file.write_bytes("é\n".encode("utf-16-le"))
    read = to_utf8(TextFile(file, "utf-16-le", 1, 2, 3, 4, 5, 6), target)
    assert target.read_bytes() == "é\n".encode()
    assert read == TextFile(target, "utf-8", 1, 2, 3, 4, 5, 6)
    file.write_bytes("é\n".encode("utf-16-le") + b"x")
    with pytest.raises(UnicodeDecodeError):
        to_utf8(TextFile(file, "utf-16-le", 1, 2, 3, 4, 5, 6), target)


@pytest.mark.parametrize(
    ("lines", "taken", "complete"),
    [
        (["ab\n", "c\n"], 1, False),
        (["ab\n", "\n"], 2, True),
        (["abcdefgh\n"], 1, True),
        (["abcdefgh\n", "\n"], 1, False),
        (["\n"] * 3, 3, True),
        (["\n"] * 4, 3, False),
        ([], 0, True),
    ],
)
def test_a_sample_is_so_many_lines_and_letters_and_one_line_at_least(
    lines: list[str], taken: int, complete: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "SAMPLE_CHARS", 4)
    monkeypatch.setattr(delimited, "SAMPLE_LINES", 3)
    monkeypatch.setattr(delimited, "_lines", lambda _: iter(lines))
    found = delimited._sample(cast(Any, None))
    assert (list(found.lines), found.complete) == (lines[:taken], complete)


@pytest.mark.parametrize(
    ("text", "crlf", "size"),
    [
        (b"ab\n", 0, 3),
        (b"ab", 0, 3),
        (b"ab\r\n", 1, 4),
        (b"ab\r\nc", 1, 7),
        (b"", 0, 1),
        (b"\n", 0, 1),
        (b"a", 0, 2),
    ],
)
def test_a_file_is_as_long_as_if_its_last_line_had_ended(
    text: bytes, crlf: int, size: int, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(text)
    job = SimpleNamespace(text=SimpleNamespace(path=tmp_path / "a", crlf=crlf))
    assert _size(cast(Any, job)) == size


def test_what_unpacks_out_of_all_proportion_is_refused() -> None:
    check_size(FREE_BYTES, 0, "a.zip")
    check_size(MAX_RATIO * FREE_BYTES, FREE_BYTES, "a.zip")
    check_size(FREE_BYTES // 2, 1, "a.zip")
    for size, packed in ((FREE_BYTES + 1, 0), (MAX_RATIO * FREE_BYTES + 1, FREE_BYTES)):
        with pytest.raises(SourceError, match=rf"a\.zip unpacks to more than {MAX_RATIO} times"):
            check_size(size, packed, "a.zip")


def test_while_unpacking_the_room_left_is_looked_at_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    target = tmp_path / "out"
    monkeypatch.setattr(archive, "_BLOCK", 1)
    monkeypatch.setattr(archive, "_check_space", lambda file, _: seen.append(file.stat().st_size))
    archive._copy(io.BytesIO(b"x" * 130), target, 130, "a.gz")
    assert target.read_bytes() == b"x" * 130 and len(seen) == 2


def test_a_sheet_reaches_from_the_first_of_its_rows_to_the_last() -> None:
    extent = _Extent(width=3)
    for block in (b'<row r="4"><c/></row><row r="5">', b"nothing", b'<row r="9"/><row r="7"/>'):
        extent.take(block)
    assert (extent.first, extent.last, extent.cells) == (4, 9, 18)


def test_a_sheet_is_as_long_and_as_wide_as_there_are_rows_and_columns_and_no_more() -> None:
    rows, columns = 1_048_576, 16_384
    _check(_Extent(rows, rows, columns), "a.xlsx")
    for extent in (_Extent(rows, rows + 1), _Extent(rows, rows, columns + 1)):
        with pytest.raises(SourceError, match="a stray cell stands far from the table"):
            _check(extent, "a.xlsx")


def test_where_records_have_values_a_row_of_words_is_another_header() -> None:
    def unlike(*kinds: str | None, names: tuple[str, ...] = ("b", "a")) -> list[str]:
        header = SimpleNamespace(shape=SimpleNamespace(kinds=kinds), names=names)
        return _unlike(cast(Any, SimpleNamespace(header=header, cells=["x", "y", "z"])))

    assert unlike("number", None) == []
    of_values = "coalesce(not regexp_matches({0}, '[0-9@]'), true)"
    assert unlike(None, "day", None, "number") == [
        f"{of_values.format('y')} and coalesce(y, null) is not null"
    ]
    assert unlike(None, "day", "number") == [
        f"{of_values.format('y')} and {of_values.format('z')} and coalesce(y, z, null) is not null"
    ]
    [by_name] = unlike(None, None)
    assert by_name.startswith("regexp_replace(lower(x), ") and by_name.endswith(" in ('a', 'b')")
    assert unlike(None, names=())[0].endswith(" in (null)")


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (duckdb.OutOfMemoryException("too much"), duckdb.Error),
        (duckdb.IOException("write: No space left on device"), duckdb.Error),
        (duckdb.InvalidInputException("no magic bytes"), SourceError),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_the_file(
    error: duckdb.Error, raised: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise error

    target = tmp_path / "landed"
    target.write_bytes(b"half of it")
    monkeypatch.setattr(parquet, "_columns", broken)
    with pytest.raises(raised):
        parquet.read_parquet(tmp_path / "a.parquet", target, "a.parquet")
    assert not target.exists()


@pytest.mark.parametrize(
    ("letters", "broken", "is_it"), [(4, 1, True), (3, 0, False), (8, 2, True), (7, 2, False)]
)
def test_a_text_is_in_utf_8_where_four_letters_are_for_each_stray_byte(
    letters: int, broken: int, is_it: bool, tmp_path: Path
) -> None:
    (tmp_path / "a").write_bytes(("é," * letters).encode() + b"\xff" * broken)
    assert _mostly_utf8(tmp_path / "a", broken) is is_it


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"data": {"list": [{"a": 1}]}}, [{"a": 1}]),
        ({"data": {"list": [{"a": 1}], "items": []}}, [{"a": 1}]),
        ({"results": {"items": [{"a": 1}], "total": 1}}, [{"a": 1}]),
        ({"data": {"list": [{"a": 1}], "items": "words"}}, [{"a": 1}]),
        ({"data": {"list": [{"a": 1}], "items": [{"b": 2}]}}, ()),
        ({"data": {"list": [1, 2]}}, ()),
        ({"data": {"list": []}}, ()),
        ({"data": {"list": [{"a": 1}]}, "name": "Ann"}, ()),
        ([{"a": 1}], ()),
    ],
)
def test_records_may_stand_a_level_deeper(value: object, found: object) -> None:
    assert inner_list(value) == found
