"""Parts of reading files that few other tests reach, each by hand: sums of groups, encodings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError
from smarketing.files import encoding, json_pages, parquet
from smarketing.files.delimited import _line_end, _no_header, _notes, _Targets
from smarketing.files.encoding import (
    TextFile,
    _advice,
    _decoding,
    _evidence,
    _readings,
    _reads_better,
    _told_apart,
    scan,
)
from smarketing.files.fast import _number_around, _number_lines, _regular, _runs_away
from smarketing.files.fast_checks import Job
from smarketing.files.header_row import _has_guests, _question, is_other_header, locate
from smarketing.files.parsing import Record
from smarketing.files.rows import TITLE, TOTAL
from smarketing.files.shape import NO_SHAPE
from smarketing.files.stack import _called, _next
from smarketing.files.sums import _groups, _is_of, fill_groups, take_sums_out
from smarketing.files.table import Header, Sorted, check_confidence, make_header
from smarketing.files.tables import BadRow, Dialect, LandedTable, Skipped, Total
from smarketing.files.turned import TURN
from smarketing.in_memory import in_memory

Row = Sequence[str | None]
NAMES = ("team", "day", "clicks", "cost")


def landed(
    folder: Path, rows: Sequence[Row], lines: Sequence[int], names: Sequence[str] = NAMES
) -> Path:
    """Write rows as they are landed, each with its line."""
    columns = {n: pa.array([row[p] for row in rows], pa.string()) for p, n in enumerate(names)}
    pq.write_table(pa.table({**columns, "_row": pa.array(lines, pa.int64())}), folder / "t.parquet")
    return folder / "t.parquet"


A = [("a", "d1", "1", "2.50"), ("a", "d2", "2", "3.00")]
B = [("b", "d1", "4", "1.00"), ("b", "d2", "5", "1.50")]
SUM_A, SUM_B = (None, None, "3", "5.50"), (None, None, "9", "2.50")
LINES = [2, 3, 4, 6, 7, 8]


@pytest.mark.parametrize(
    ("rows", "lines", "found"),
    [
        ([*A, SUM_A, *B, SUM_B], LINES, [4, 8]),
        ([*A, SUM_A, *B, SUM_B], [2, 3, 4, 5, 6, 7], []),  # nothing parts the groups
        ([*A, SUM_A, *B, (None, None, "9", "2.53")], LINES, []),  # one sum alone is none
        ([*A, SUM_A, *B, (None, None, "8", "2.60")], LINES, []),
        ([*A, SUM_A, *B, (None, None, None, "2.50")], LINES, [4, 8]),
        ([*A, SUM_A, *B, ("b", "d3", "9", "2.50")], LINES, []),  # it fills what records fill
        ([*A, SUM_A, *B, (None, "words", "9", "2.50")], LINES, []),
        ([*A, SUM_A, *B, (None, None, None, None)], LINES, []),
    ],
)
def test_the_sum_of_each_group_is_no_record(
    tmp_path: Path, rows: Sequence[Row], lines: Sequence[int], found: list[int]
) -> None:
    path = landed(tmp_path, rows, lines)
    result = Sorted("t.csv", len(rows), Counter({TITLE: 1}))
    take_sums_out(path, make_header(NAMES), result)
    assert [total.row for total in result.totals] == found
    assert (result.rows, result.skipped[TOTAL]) == (len(rows) - len(found), len(found))
    assert pq.read_table(path)["_row"].to_pylist() == [line for line in lines if line not in found]
    if found:
        told = (("clicks", "3"), ("cost", "5.50"))
        assert result.totals[0] == Total(4, "", "subtotal", told)


def test_the_sum_of_one_record_is_told_by_those_of_the_other_groups(tmp_path: Path) -> None:
    """Three numbers of a copy tell it alone, fewer where another group has a sum like it."""
    one = [("b", "d1", "4", "1.00"), (None, None, "4", "1.00")]
    for rows, found in (([*A, SUM_A, *one], [4, 7]), ([*one, *one], [])):
        lines = [2, 3, 4, 6, 7] if len(rows) == 5 else [2, 3, 5, 6]
        result = Sorted("t.csv", len(rows), Counter({TITLE: 1}))
        take_sums_out(landed(tmp_path, rows, lines), make_header(NAMES), result)
        assert [total.row for total in result.totals] == found


def test_groups_are_stretches_of_lines_but_for_a_single_one(tmp_path: Path) -> None:
    path = landed(tmp_path, [A[0]] * 7, [2, 3, 5, 7, 8, 9, 11])
    with duckdb.connect() as con:
        assert _groups(con, path) == [(2, 3), (7, 9)]


@pytest.mark.parametrize(
    ("label", "name", "is_so"),
    [
        ("fair total", "fair", True), ("total fair", "fair", True), ("fair", "fair", False),
        ("total", "fair", False), ("fairtotal", "fair", False), ("fair sale", "fair", False),
        ("unfair total", "fair", False), ("sum fair deal", "fair", False),
    ],
)  # fmt: skip
def test_a_total_is_of_the_group_that_it_names(label: str, name: str, is_so: bool) -> None:
    assert _is_of(label, name) is is_so


def test_the_name_of_a_group_is_filled_down_to_its_total(tmp_path: Path) -> None:
    rows = [("Spring", "1"), (None, "2"), (None, "3"), ("Fair", "4"), (None, "5"), (None, "6")]
    path = landed(tmp_path, rows, [2, 3, 4, 6, 7, 9], ("season", "clicks"))
    totals = [Total(5, "Spring  Total", "subtotal", ()), Total(8, "Total fair", "subtotal", ())]
    header = make_header(("season", "clicks"))
    notes = fill_groups(path, header, Sorted("t.csv", 6, totals=totals))
    assert notes == ("the name of a group in 'season' is also that of the rows below it: 3",)
    assert pq.read_table(path).to_pydict() == {
        "season": ["Spring", "Spring", "Spring", "Fair", "Fair", None],
        "clicks": ["1", "2", "3", "4", "5", "6"], "_row": [2, 3, 4, 6, 7, 9],
    }  # fmt: skip
    for others in ([], [Total(5, "", "total", ())], [Total(5, "Autumn Total", "subtotal", ())]):
        again = landed(tmp_path, rows, [2, 3, 4, 6, 7, 9], ("season", "clicks"))
        assert fill_groups(again, header, Sorted("t.csv", 6, totals=others)) == ()
    late = landed(tmp_path, rows, [6, 7, 8, 9, 10, 11], ("season", "clicks"))
    assert fill_groups(late, header, Sorted("t.csv", 6, totals=totals[:1])) == (), "it is above"


def test_records_above_a_header_are_shown_in_the_question() -> None:
    head = [("1", "", "x"), ("y" * 90, "2"), ("a", "b")]
    one, two = (_question(head, rows, "f.csv") for rows in ([0], [1, 2]))
    assert one.startswith("f.csv has its header below 1 row that looks like a record (the first: ")
    assert "(the first: 1, x), which would be lost: put" in one
    assert f"below 2 rows that look like records (the first: {'y' * 80}), which" in two


def test_guests_have_addresses_and_a_column_of_the_event() -> None:
    names = ("Name", "Email", "Join Time")
    guest = ("Ann", "ann@x.org", "2026-01-02")
    assert _has_guests([("Attendees",), names, guest], 1)
    assert not _has_guests([("Attendees",), ("Name", "Email", "Time"), guest], 1)
    assert not _has_guests([("Attendees",), names, ("Ann", "x.org", "2026-01-02")], 1)
    assert not _has_guests([("Attendees",), names, ("Hosts",), guest], 1), "of the next section"


def test_records_above_the_best_known_header_are_asked_about_or_are_the_table(
) -> None:  # fmt: skip
    records = [("9", "2026-01-02"), ("8", "2026-01-03")]
    found = locate([("day", "cost"), *records, ("id", "date"), *records], ("id", "date"), "f")
    assert found is not None and (found.index, found.last, found.above) == (0, 0, 0)
    with pytest.raises(SourceError, match="below 2 rows that look like records"):
        locate([*records, ("id", "date"), *records], ("id", "date"), "f")


def test_known_names_that_end_elsewhere_than_the_header_begin_another_table() -> None:
    names, header = ("id", "name", "stage"), ("x", "y", "z")
    found = [
        is_other_header(row, header, NO_SHAPE, names, apart=False)
        for row in (names, names[:2], (*names, "id 2"), (*names[:2], "", "stage"), ("", *names))
    ]
    assert found == [False, True, False, True, True]


def test_what_encodings_make_of_a_sample_and_what_is_advised() -> None:
    sample = b"1,caf\xe9 cr\xe8me\n"
    assert _decoding(b"\x81\xff") == ["iso8859-15", "iso8859-2", "mac_roman", "cp850", "cp1251",
                                      "koi8-r", "iso8859-5"], "all of it"  # fmt: skip
    assert _told_apart(b"\xe9", ["cp1252", "cp1254", "cp1250", "cp1251"]) == ("cp1252", "cp1251")
    assert _readings(sample, ("cp1252", "cp1251")) == (
        " (it reads '1,café crème' in cp1252, '1,cafй crиme' in cp1251)"
    )
    assert _readings(b"x" * 30 + b"\xe9" + b"y" * 90, ("cp1252",)) == (
        f" (it reads '{'x' * 12}é{'y' * 27}' in cp1252)"
    )
    assert _readings(b"x" * 30 + b"\x80y", ("cp1252",)) == f" (it reads '{'x' * 12}€y' in cp1252)"
    assert _readings(b"\n first \nsecond\n", ("cp1252",)) == " (it reads 'first ' in cp1252)"
    assert _readings(b" \n", ("cp1252",)) == _readings(sample, ()) == ""
    many = ("cp1252", "cp1254", "cp1250", "cp1251", "cp1257")
    assert _readings(b"\xe9", many).count(" in ") == 4
    assert _advice(many[:2]).count("`--encoding cp1252` or `--encoding cp1254`, or under") == 1
    assert _advice(many).count("--encoding") == 4


def test_what_is_outside_of_ascii_is_collected_up_to_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a\n\xe9\xe8\nb\n\x80" + b"c" * 5000 + b"\n\xe9\n")
    assert _evidence(path) == (b"\xe9\xe8\n\x80" + b"c" * 4095 + b"\xe9\n", 4)
    assert _evidence(path, 3) == (b"\xe9\xe8\n\x80" + b"c" * 4095, 3), "more than so many bytes"
    assert _evidence(path, 2) == (b"\xe9\xe8\n", 2)


def test_another_encoding_is_sought_where_the_source_s_makes_no_sense(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    for text, others in (("Москва и область", True), ("Москва", False)):
        path.write_bytes(text.encode("cp1251"))
        assert _reads_better(path, "cp1252") is others, "few bytes tell nothing"
    path.write_bytes("Größe für Öl, Übung süß, schöne Grüße".encode("cp1252"))
    assert not _reads_better(path, "cp1252")


def test_the_place_of_an_encoding_among_those_that_are_named() -> None:
    named = sorted(("big5", "koi8-r", "cp1250", "cp1252", "cp1254"), key=encoding._place)
    assert named == ["big5", "cp1252", "cp1254", "cp1250", "koi8-r"]
    assert [encoding._place(each) for each in ("cp1252", "cp1253", "mac_roman")] == [0, 5, 6]
    assert [encoding._is_unicode(each) for each in ("UTF-8", "u8", "cp1252")] == [True, True, False]


def test_a_text_without_a_header_is_shown_as_it_begins() -> None:
    def told(*rows: Sequence[str]) -> str:
        return _no_header("f.csv", [Record(n, 1, list(cells)) for n, cells in enumerate(rows)])

    assert told() == told(["", " "]) and told().startswith("f.csv is empty: it has no header and")
    assert f"(it begins {'1,' + 'x' * 58!r}): put" in told(["", ""], ["1", "x" * 90], ["2", "3"])
    months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert TURN in told(["Campaign", *months], ["a", *"123456"])


def text_of(path: Path, content: bytes, errors: str = "strict") -> TextFile:
    path.write_bytes(content)
    found = scan(path, "utf-8", "f.csv", errors)
    assert found is not None
    return found


def test_what_was_odd_about_a_text_is_noted_and_what_ends_its_records_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    assert _notes(text_of(path, b"a\n")) == ()
    odd = text_of(path, b"\0\0a\xff\n", "surrogateescape")
    assert _notes(odd) == ("NUL bytes: 2", "bytes that are not UTF-8: 1")
    for content, end in ((b"a\rb\r", "\r"), (b"a\nb\n", "\n"), (b"a\r\nb\r\n", "\n"),
                         (b'"a\nb\nc"\rd\re\r', "\r"), (b'"a\rb\rc"\nd\ne\n', "\n"),
                         (b"a\rb\nc", "\n"), (b"a\rb\rc\nd", "\r"),
                         (b"a\rb\r\nc", "\n")):  # fmt: skip
        assert _line_end(text_of(path, content)) == end, content


def test_the_place_of_the_first_table_is_known_already() -> None:
    targets = _Targets("f.csv", Path("first"), lambda name: Path(f"of {name}"))
    assert (targets("f.csv"), targets("g.csv")) == (Path("first"), Path("of g.csv"))


@pytest.mark.parametrize(
    ("content", "dialect", "is_so"),
    [
        (b"a,b\n", Dialect(), True), (b"a,b\r\nc,d\r\n", Dialect(), True),
        (b"a,b\r\nc,d\n", Dialect(), False), (b"a\rb\n", Dialect(), False),
        (b"a", Dialect(), False), (b"a\0\n", Dialect(), False),
        (b"a\n", Dialect(quote=None), True), (b'"a\n', Dialect(quote=None), False),
        (b"a\n", Dialect(quote="'"), False), (b"a\n", Dialect(escape="\\"), False),
        (b"a\n", Dialect(skip_space=True), False), (b"a\n", Dialect(quote=None, escape="x"), True),
    ],
)  # fmt: skip
def test_a_text_is_regular_where_all_readers_read_it_alike(
    tmp_path: Path, content: bytes, dialect: Dialect, is_so: bool
) -> None:
    assert _regular(text_of(tmp_path / "f.csv", content), dialect) is is_so


def test_records_are_numbered_around_rejected_lines_and_across_line_breaks(tmp_path: Path) -> None:
    names = ("a", "b")
    content = b'a,b\nx,"1\n2"\n"y\n\n",3\nz,4\n'
    text = text_of(tmp_path / "f.csv", content)
    with duckdb.connect() as con:
        path = landed(tmp_path, [("x", "1\n2"), ("y\n\n", "3"), ("z", None)], [2, 3, 4], names)
        job = Job(con, text, Dialect(), make_header(names, lines=1), path)
        assert _number_lines(job, 7)
        assert pq.read_table(path)["_row"].to_pylist() == [2, 4, 7]
        landed(tmp_path, [("x", "1\n2"), ("y\n\n", "3"), ("z", None)], [2, 3, 4], names)
        assert not _number_lines(job, 8), "a line is left over"
        landed(tmp_path, [("x", "1")] * 5, [2, 3, 4, 5, 6], names)
        _number_around(job, [2, 4, 5, 9])
        assert pq.read_table(path)["_row"].to_pylist() == [3, 6, 7, 8, 10]
        assert pq.read_table(path).column_names == ["a", "b", "_row"]


def test_a_quote_that_never_closes_is_told_by_the_line_of_the_fault(tmp_path: Path) -> None:
    rows = b"".join(b"%d,x\n" % n for n in range(2, 400))
    text = text_of(tmp_path / "f.csv", b"a,b\n" + rows + b'"400,x\n' + rows * 20)
    header = make_header(("a", "b"), lines=1)
    job = Job(cast("Any", None), text, Dialect(), header, tmp_path)
    assert _runs_away(job, "CSV Error on Line: 400\n"), "it runs on from there"
    assert not _runs_away(job, "CSV Error on Line: 399\n"), "the line above is a record"
    assert not _runs_away(job, "CSV Error on Line: 1\n"), "of the header, the next is looked at"
    assert _runs_away(job, "no line is named"), "then it is not believed"


def test_tables_of_a_file_are_called_after_title_or_number() -> None:
    assert [_called("f.csv", title, n) for title, n in (("", 1), ("", 2), ("A [b]/c\\", 1))] == [
        "f.csv", "f.csv[table 2]", "f.csv[A  b  c]"
    ]  # fmt: skip
    assert _called("f", f" {'x' * 59} y", 1) == f"f[{'x' * 59}]"
    assert _called("f", "[]", 3) == "f[table 3]"


def test_the_header_of_a_further_table_takes_over_what_is_of_the_file() -> None:
    from smarketing.files.rows import Line

    before = Header(("a",), ("a",), 1, suspect=True, names=("id",), above=("May",), title="")
    lines = [Line(5, ["1", "2", ""]), Line(6, ["3"], "broken"), Line(7, ["4", "5", ""])]
    header, again = _next(("id", "n"), iter(lines), before, ())
    assert list(again) == lines, "what was looked at comes again"
    assert (header.columns[:2], header.suspect, header.names) == (("id", "n"), True, ("id",))
    assert (header.above, header.title, header.shape.records) == ((), "", 2)
    titled = Header(("a",), ("a",), 1, is_exact=True, above=("May",), title="Hosts")
    ahead = [Line(5, ["1", "2", "3"]), Line(6, ["Guests"]), Line(7, ["4", "5", "6"])]
    header, _ = _next(("id", "n"), iter(ahead), titled, ())
    assert (header.columns, header.above, header.title) == (("id", "n"), ("May",), "Hosts")
    assert (header.is_exact, header.shape.records) == (True, 1)


def test_a_header_is_repeated_widened_and_cut_but_loses_no_name() -> None:
    header = make_header(("Id", "", "Cost", "", ""))
    assert (header.named, header.cells, header.columns[0]) == (3, ("Id", "", "Cost", "", ""), "Id")
    assert header.blanks == (header.columns[1], *header.columns[3:])
    assert header.is_repeated(["Id", None, " Cost "]) and header.is_repeated(["Id", "", "Cost", ""])
    assert not header.is_repeated(["Id", "", "Cost", "x"]) and not header.is_repeated(["Id", ""])
    assert header.of_width(5) is header and header.of_width(2) is header, "never less than names"
    cut = header.of_width(3)
    assert (cut.columns, cut.blanks) == (header.columns[:3], (header.columns[1],))
    assert header.of_width(4).blanks == (header.columns[1], header.columns[3])
    wide = header.of_width(7)
    assert wide.columns[:5] == header.columns and len(wide.columns) == len(set(wide.columns)) == 7
    assert wide.blanks == (*header.blanks, *wide.columns[5:])


def test_times_of_parquet_are_in_utc_wherever_the_machine_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def in_tokyo(**more: Any) -> Iterator[duckdb.DuckDBPyConnection]:
        with in_memory(**more) as con:
            con.execute("set TimeZone = 'Asia/Tokyo'")
            yield con

    monkeypatch.setattr(parquet, "in_memory", in_tokyo)
    times = pa.array([datetime(2026, 1, 5, 12, tzinfo=UTC)])
    pq.write_table(pa.table({"at": times, "tags": pa.array([["a"]])}), tmp_path / "x.parquet")
    parquet.as_json_lines(tmp_path / "x.parquet", tmp_path / "x.json", "x")
    assert '"at":"2026-01-05 12:00:00+00"' in (tmp_path / "x.json").read_text(encoding="utf-8")
    pq.write_table(pa.table({"at": times}), tmp_path / "y.parquet")
    parquet.read_parquet(tmp_path / "y.parquet", tmp_path / "t.parquet", "y")
    [told] = pq.read_table(tmp_path / "t.parquet")["at"].to_pylist()
    assert told.startswith("2026-01-05") and "12:00:00" in told


def test_beside_its_records_a_page_may_say_all_that_pages_say() -> None:
    records = [{"id": 1}, {"id": 2}]
    beside = dict.fromkeys(json_pages._OF_A_PAGE, 1)
    assert json_pages.inner_list({**beside, "body": {"rows": records}}) == records
    assert json_pages.unwrapped({**beside, "records": records}) == records
    assert json_pages.inner_list({"_embedded": {"deals": records}, "_links": {}}) == records
    assert json_pages.inner_list({"body": {"deals": records}}) == ()
    assert json_pages.inner_list({"body": {"rows": records}, "name": "x"}) == ()
    assert json_pages.inner_list({"body": {"rows": records}, "data": {"rows": records}}) == ()


def test_most_records_broken_is_a_table_not_understood() -> None:
    bad = [BadRow(4, "x", "one cell too many")] * 101
    for rows, broken in ((100, bad), (0, bad)):
        with pytest.raises(SourceError, match=r"^f: ?|f cannot be read with confidence") as said:
            check_confidence("f", rows, broken)
        total = rows + 101
        assert f"101 of {total} records are broken, the first on line 4 (one cell too" in str(
            said.value
        )
    check_confidence("f", 101, bad)
    check_confidence("f", 0, bad[:100])
    result = Sorted("f", 50, Counter({"a": 0, "b": 2}), list(bad[:1]) * 1000)
    assert result.skips() == (Skipped("b", 2),)
    with pytest.raises(SourceError, match="1001 of 1051"):
        result.lose(bad[0])
    result = Sorted("f", 51, bad_rows=list(bad[:1]) * 1000)
    result.lose(bad[0])
    result = Sorted("f", 0, bad_rows=list(bad[:1]) * 999)
    result.lose(bad[0])
    assert len(result.bad_rows) == 1000


def test_a_table_accounts_for_every_record_and_says_its_dialect() -> None:
    table = LandedTable("f", (), Path("f"), 5, (Skipped("a", 2), Skipped("b", 3)),
                        (BadRow(1, "", ""),))  # fmt: skip
    assert table.records == 11
    said = [str(Dialect(*each)) for each in ((), (";", "'"), ("\t", None, "\\"), ("~",), ("|",))]
    assert said == ["comma", "semicolon, quote '", "tab, quote none, escape \\", "'~'", "pipe"]


def test_a_file_of_many_records_is_read_where_they_are_in_proportion_to_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_FREE_ROWS", 1)
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["1", "2", "3"]}), path)
    with in_memory() as con:
        assert parquet._columns(con, path, path.name) == {"id": "VARCHAR"}
        monkeypatch.setattr(parquet, "_ROWS_PER_BYTE", 3 / (path.stat().st_size + 1))
        with pytest.raises(SourceError, match="unpacks to 3 records"):
            parquet._columns(con, path, path.name)
