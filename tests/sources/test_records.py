"""Which rows of a recognised table are records, and which of two columns of a name counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError
from smarketing.files.headers import column_names
from smarketing.files.tables import BadRow, LandedTable, Skipped
from smarketing.sources import builtin_sources, read_tables, recognise
from smarketing.sources.recognition import Match
from smarketing.sources.records import (
    _are_equal,
    _without,
    language_note,
    nested_note,
    only_records,
    standard_columns,
    values_of,
)

Row = Sequence[str | None]
KEY = "006000000000001"
ID, STAGE, CLOSES = "Opportunity ID", "Stage", "Close Date"


def landed(
    folder: Path, headers: Sequence[str], rows: Sequence[Sequence[str | None]]
) -> LandedTable:
    """Land rows under headers, the first of them on line 2."""
    names, notes = column_names(headers)
    columns = {
        name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(names)
    }
    path = folder / "table.parquet"
    lines = pa.array(range(2, 2 + len(rows)), pa.int64())
    pq.write_table(pa.table({**columns, "_row": lines}), path)
    return LandedTable("deals.csv", names, path, len(rows), notes=notes)


def matched(table: LandedTable, source: str = "salesforce") -> Match:
    sources = builtin_sources()
    return recognise(table.name, table.columns, [], sources[source], values_of(table.parquet))


def rows_of(table: LandedTable) -> list[tuple[str | None, ...]]:
    return [tuple(row.values())[:-1] for row in pq.read_table(table.parquet).to_pylist()]


def test_rows_without_an_id_that_lack_what_records_have_are_no_records(tmp_path: Path) -> None:
    rows = [
        (KEY, "Open", "2026-01-01"),
        ("Count", None, None),  # a subtotal
        ("3", "Open", None),
        (f" {KEY[:-1]}2AAA ", "Open", "2026-01-02"),  # 18 characters, blanks around
        ("not an id", "Won", "2026-01-03"),  # has all that a record has: it is lost
        (None, "Won", "2026-01-04"),  # said elsewhere: a record without its key
        (None, None, "a footer"),
        ("001000000000001", "Won", "2026-01-05"),  # an account's id
    ]
    table = landed(tmp_path, (ID, STAGE, CLOSES), rows)
    kept = only_records(table, matched(table))
    assert [row[0] for row in rows_of(kept)] == [KEY, f" {KEY[:-1]}2AAA ", None]
    assert kept.rows == 3
    assert kept.skipped == (
        Skipped("no record: without an id of Salesforce, as a count, subtotal or footer", 3),
    )
    assert kept.bad_rows == (
        BadRow(6, "not an id,Won,2026-01-03", "'not an id' is no id of Salesforce", ID),
        BadRow(9, "001000000000001,Won,2026-01-05", "'001000000000001' is no id of Salesforce", ID),
    )
    assert kept.records == len(rows)


def test_a_row_of_nothing_but_a_strange_id_is_lost_and_the_rest_of_a_record_cut_off(
    tmp_path: Path,
) -> None:
    rows = [(KEY, "Open", "2026-01-01"), ("x", "S" * 600, "2026-01-03")]
    kept = only_records(table := landed(tmp_path, (ID, STAGE, CLOSES), rows), matched(table))
    [lost] = kept.bad_rows
    assert lost.value == "x," + "S" * 498
    assert (kept.rows, kept.skipped) == (1, ())


def test_a_file_of_other_ids_throughout_or_of_a_source_of_any_ids_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    table = landed(tmp_path, (ID, STAGE, CLOSES), [(str(n), "Open", None) for n in range(9)])
    assert only_records(table, matched(table)) is table
    plain = landed(tmp_path, ("deal_id", "outcome"), [("Count", None)])
    assert only_records(plain, matched(plain, "generic")) is plain
    good = landed(tmp_path, (ID, STAGE, CLOSES), [(KEY, "Open", None)])
    assert only_records(good, matched(good)) is good


@pytest.mark.parametrize(("strange", "kept"), [(6, 2), (7, 9)])
def test_one_id_in_four_tells_whose_the_rows_are(tmp_path: Path, strange: int, kept: int) -> None:
    rows = [(KEY, "Open", "2026-01-01"), (f"{KEY[:-1]}2", "Won", "2026-01-01")]
    table = landed(tmp_path, (ID, STAGE, CLOSES), [*rows, *[("Count", None, None)] * strange])
    assert only_records(table, matched(table)).rows == kept


def test_a_few_hundred_values_are_looked_at_and_blank_ones_are_none(tmp_path: Path) -> None:
    cells: list[Row] = [(None,), *((str(n),) for n in range(300))]
    found = values_of(landed(tmp_path, ("a",), cells).parquet)("a")
    assert (len(found), found[0], found[-1]) == (200, "0", "199")
    few = values_of(landed(tmp_path, ("a",), cells[:3]).parquet)("a")
    assert few == ["0", "1"]


def test_of_columns_with_one_header_the_fullest_bears_the_name(tmp_path: Path) -> None:
    rows = [("1", None, "x", "a"), ("2", None, "y", None), ("3", "mine", "z", None)]
    table = landed(tmp_path, ("id", "Segment", "Segment", "segment"), rows)
    assert table.columns == ("id", "Segment", "Segment_2", "segment_3")
    found = standard_columns(table)
    assert found.columns == ("id", "Segment_2", "Segment", "segment_3")
    frame = pq.read_table(found.parquet).to_pydict()
    assert frame["Segment"] == ["x", "y", "z"] and frame["Segment_2"] == [None, None, "mine"]
    assert found.notes == (
        "'Segment' is the header of 3 columns: column 3 is read, with 3 values; not read: "
        "column 2 with 1, column 4 with 1",
    )


def test_where_the_first_is_the_fullest_nothing_moves_and_the_note_is_still_given(
    tmp_path: Path,
) -> None:
    rows = [("x", "a"), ("y", None)]
    table = standard_columns(landed(tmp_path, ("Segment", "Segment"), rows))
    assert table.columns == ("Segment", "Segment_2")
    assert table.notes == (
        "'Segment' is the header of 2 columns: column 1 is read, with 2 values; not read: "
        "column 2 with 1",
    )


def test_a_column_that_is_called_like_a_copy_is_none(tmp_path: Path) -> None:
    table = landed(tmp_path, ("Segment", "Segment_2", "Other_2"), [(None, "x", "y")])
    assert standard_columns(table) is table


def test_records_within_records_that_are_not_read_are_named(tmp_path: Path) -> None:
    headers = ("Id", "StageName", "CloseDate", "Quotes.records", "OpportunityContactRoles.records")
    roles = '[{"ContactId": "0031"}]'
    table = landed(tmp_path, headers, [(KEY, "Open", "2026-01-01", '[{"Id": "1"}]', roles)])
    said = "'Quotes.records' holds records that are not read: export them by themselves"
    assert nested_note(matched(table), table, values_of(table.parquet)) == (said,)
    bare = landed(tmp_path, headers[:4], [(KEY, "Open", "2026-01-01", "text")])
    assert nested_note(matched(bare), bare, values_of(bare.parquet)) == ()


def test_the_language_of_headers_is_noted_with_those_that_are_not_known(tmp_path: Path) -> None:
    german = ("Datensatz-ID", "Deal-Name", "Deal-Phase", "Pipeline", "Betrag", "Abschlussdatum")
    cells = ("9001", "A", "B", "C", "1", "2026-01-05")
    table = landed(tmp_path, german, [cells])
    assert language_note(matched(table, "hubspot"), table) == (
        "its headers are read as German ones of HubSpot",
    )
    more = landed(tmp_path, (*german, "Meins", "Deins"), [(*cells, "x", "y")])
    assert language_note(matched(more, "hubspot"), more) == (
        "its headers are read as German ones of HubSpot; not known: Meins, Deins",
    )
    english = landed(tmp_path, (ID, STAGE, CLOSES), [(KEY, "Open", "2026-01-01")])
    assert language_note(matched(english), english) == ()


def test_where_an_id_is_all_that_a_record_must_have_a_word_for_it_is_lost(tmp_path: Path) -> None:
    rows = [("word", "x"), (None, "a footer"), (KEY, "y"), (None, None)]
    table = landed(tmp_path, ["ID", "Note"], rows)
    match = SimpleNamespace(
        mapping={"id": "ID"}, profile=SimpleNamespace(required=("id",)),
        source=SimpleNamespace(label="CRM"),
    )  # fmt: skip
    found = _without(table, cast(Any, match), "ID", [0, 1, 3])
    assert rows_of(found) == [(KEY, "y")] and found.rows == 1
    assert found.bad_rows == (BadRow(2, "word,x", "'word' is no id of CRM", "ID"),)
    [skipped] = found.skipped
    assert skipped.rows == 2 and skipped.reason.startswith("no record: without an id of CRM")
    # Beside a column that records need it is told by that one.
    match.mapping, match.profile.required = {"id": "ID", "note": "Note"}, ("id", "note", "gone")
    again = _without(landed(tmp_path, ["ID", "Note"], rows), cast(Any, match), "ID", [0, 1, 3])
    assert rows_of(again) == [(None, "a footer"), (KEY, "y")]
    assert [part.rows for part in again.skipped] == [1] and len(again.bad_rows) == 1


def test_two_columns_of_one_header_with_different_amounts_are_refused(tmp_path: Path) -> None:
    rows = ["A,2026-01-01,EUR,100,5,10.50,{}", "A,2026-01-02,EUR,120,6,11.50,11.50"]
    head = "Campaign,Day,Currency code,Impr.,Clicks,Cost,Cost"
    path = tmp_path / "report.csv"
    sources = list(builtin_sources().values())
    path.write_text("\n".join([head, *rows]).format("12.60"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"two columns 'Cost' .* \(10\.50 and 12\.60, line 2\)"):
        read_tables(path, tmp_path / "out", sources)
    for same in ("10.50", "10.5", '"EUR 10,50"'):
        path.write_text("\n".join([head, *rows]).format(same), encoding="utf-8")
        [(table, match)] = read_tables(path, tmp_path / "out", sources)
        assert match.source.name == "google_ads" and table.rows == 2


def test_a_report_with_spend_in_two_currencies_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    head = "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)"
    row, sources = "2026-01-05,2026-01-05,Spring,12.50", builtin_sources().values()
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    [(_, match)] = read_tables(path, tmp_path / "out", sources)
    assert (match.source.name, match.reading.currency) == ("facebook_ads", "EUR")
    path.write_text(f"{head},Amount spent (USD)\n{row},13.50\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"'Amount spent \(EUR\)' and 'Amount spent \(USD\)'"):
        read_tables(path, tmp_path / "out", sources)


@pytest.mark.parametrize("nothing", [("0", "0.00"), ("", "EUR 0.00"), ("0,00 €", "")])
def test_a_second_column_of_amounts_that_are_all_0_says_nothing(
    tmp_path: Path, nothing: tuple[str, str]
) -> None:
    path, sources = tmp_path / "report.csv", list(builtin_sources().values())
    head = "Campaign,Day,Currency code,Impr.,Clicks,Cost,Cost"
    for rows, place in (
        ([f'A,2026-01-0{n + 1},EUR,100,5,1{n}.50,"{zero}"' for n, zero in enumerate(nothing)], 6),
        ([f'A,2026-01-0{n + 1},EUR,100,5,"{zero}",1{n}.50' for n, zero in enumerate(nothing)], 7),
    ):
        path.write_text("\n".join([head, *rows]), encoding="utf-8")
        [(table, _)] = read_tables(path, tmp_path / f"out{place}", sources)
        assert pq.read_table(table.parquet).column("Cost").to_pylist() == ["10.50", "11.50"]
        assert any(f"column {place} is read, with 2" in note for note in table.notes)


def test_two_columns_of_flags_are_no_amounts(tmp_path: Path) -> None:
    table = standard_columns(landed(tmp_path, ("Won", "Won"), [("0", "1"), ("0", "0")]))
    assert pq.read_table(table.parquet).column("Won").to_pylist() == ["0", "0"]


def test_amounts_are_equal_in_any_writing_and_in_no_other_currency() -> None:
    for one, other in (
        ("1000", "1,000.00"), ("1.000,50", "1000.5"), ("(100)", "-100.0"), ("0", "-0.00"),
        ("EUR 5", "5"), ("10.500", "10.5"), ("1,234,567", "1234567"), ("1'000.5", "1 000,50"),
    ):  # fmt: skip
        assert _are_equal(one, other)
    for one, other in ("12,50", "1250"), ("1", "-1"), ("EUR 5", "USD 5"), ("1000", "900"):
        assert not _are_equal(one, other)
