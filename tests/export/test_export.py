"""Exports read back: stamped, complete, and with nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.errors import UsageError
from smarketing.export import images
from smarketing.export.images import NoBrowserError, find_browser, stamped, to_image
from smarketing.export.stamp import Stamp
from smarketing.export.tables import FORMULA_STARTS, defuse, to_csv, to_xlsx

STAMP = Stamp(
    "SQL rate fell 4.1 points",
    "Mostly webinars.",
    {"Segment": "enterprise"},
    {"Counting": "cohort"},
    "1.0 signed 3f2a91c0",
    "30 Jun 2026",
    "b00001",
)
FRAME = pd.DataFrame(
    {
        "name": ["=1+1", "+49 30 123", "@cmd", "plain", "\t=x", " =y"],
        "amount": [-5.25, 1_240_562.98, 0.0, None, 3.0, 4.0],
        "day": [dt.date(2026, 6, 9)] * 6,
    }
)


def read_csv(data: bytes) -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    stamp = rows.pop(0)[0].split("; ") if rows[0][0].startswith("# ") else []
    return stamp, rows


def test_csv_carries_its_stamp_and_reads_back() -> None:
    stamp, rows = read_csv(to_csv(FRAME, STAMP))
    assert stamp[0] == "# Title: SQL rate fell 4.1 points"
    assert "Filters: Segment enterprise" in stamp
    assert "Choices: Counting cohort" in stamp
    assert "Agreement: 1.0 signed 3f2a91c0" in stamp
    assert "As of: 30 Jun 2026" in stamp
    assert read_csv(to_csv(FRAME)) == ([], rows)
    assert rows[0] == ["name", "amount", "day"]
    assert rows[2][1:] == ["1240562.98", "2026-06-09"]
    assert rows[4] == ["plain", "", "2026-06-09"]


def test_csv_of_nothing_still_has_its_header() -> None:
    _, rows = read_csv(to_csv(FRAME.head(0), STAMP))
    assert rows == [["name", "amount", "day"]]


def test_formulas_are_defused_and_negative_numbers_are_not() -> None:
    _, rows = read_csv(to_csv(FRAME, STAMP))
    assert [row[0] for row in rows[1:]] == [
        "'=1+1",
        "'+49 30 123",
        "'@cmd",
        "plain",
        "'\t=x",
        "' =y",
    ]
    assert rows[1][1] == "-5.25"


@given(st.text(max_size=12))
@settings(max_examples=60)
def test_no_text_cell_begins_like_a_formula(text: str) -> None:
    safe = defuse(text)
    assert not safe.lstrip(" \u00a0\u200b\ufeff").startswith(FORMULA_STARTS)
    assert safe.removeprefix("'") == text or safe == text


def test_a_dangerous_heading_is_defused_too() -> None:
    _, rows = read_csv(to_csv(pd.DataFrame({"=cmd()": [1]}), STAMP))
    assert rows[0] == ["'=cmd()"]


def test_xlsx_has_the_table_and_the_stamp() -> None:
    data = io.BytesIO(to_xlsx(FRAME, STAMP))
    table = pd.read_excel(data, sheet_name="Table", engine="calamine")
    assert list(table["Name"])[:2] == ["'=1+1", "'+49 30 123"]
    assert table["Amount"].sum() == pytest.approx(FRAME["amount"].sum())
    assert pd.Timestamp(table["Day"].iloc[0]).date() == dt.date(2026, 6, 9)
    about = pd.read_excel(data, sheet_name="About", header=None, engine="calamine")
    assert dict(zip(about[0], about[1], strict=True))["Choices"] == "Counting cohort"


def test_xlsx_of_arrow_columns_and_of_nothing() -> None:
    arrow = pd.DataFrame({"n": pd.array([1, None], dtype="int64[pyarrow]"), "ok": [True, False]})
    table = pd.read_excel(io.BytesIO(to_xlsx(arrow, STAMP)), sheet_name="Table", engine="calamine")
    assert list(table["Ok"]) == [True, False]
    assert table["N"].iloc[0] == 1 and pd.isna(table["N"].iloc[1])
    assert to_xlsx(pd.DataFrame(), STAMP).startswith(b"PK")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b\u202e", "\ufeff "])
def test_full_width_signs_and_hidden_marks_before_them_are_defused(before: str, sign: str) -> None:
    assert defuse(f"{before}{sign}1") == f"'{before}{sign}1"


@pytest.mark.parametrize("separator", [";", "\t", "; ", ";\u200b"])
def test_no_part_of_a_cell_runs_where_a_program_parts_by_another_separator(separator: str) -> None:
    """Where a comma is a decimal sign, a double click parts a file by semicolons."""
    text = f"Acme{separator}=cmd()"
    content = to_csv(pd.DataFrame({text: [text, "a;b", "3;4", "well-known; to us"]}))
    safe = f"Acme{separator[0]}'{separator[1:]}=cmd()"
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        [one] for one in (safe, safe, "a;b", "3;4", "well-known; to us")
    ]


@pytest.mark.parametrize("sign", ["=", "+", "@", "\uff1d", "\uff0b", "\uff20"])
def test_a_full_width_sign_behind_a_separator_is_defused_as_well(sign: str) -> None:
    content = to_csv(pd.DataFrame({"name": [f"Acme;{sign}1", f"Acme-{sign}1"]}))
    (_, (behind,), (inside,)) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert (behind, inside) == (f"Acme;'{sign}1", f"Acme-{sign}1")


@pytest.mark.parametrize("separator", [",", ";", ", ", "|"])
def test_no_part_of_a_stamp_line_runs_or_swallows_the_next(separator: str) -> None:
    name = f'x{separator}=HYPERLINK("http://evil")'
    stamp = Stamp(name, f'read{separator}"open', {"Segment": f"a{separator}\uff1d1"}, {}, "1\n=2")
    text = to_csv(FRAME, stamp).decode("utf-8-sig")
    first, second = text.splitlines()[:2]
    assert second == "name,amount,day"
    # Quoted as a whole, it is one cell by whichever separator a program parts it.
    (cell,) = next(csv.reader([first], delimiter=separator[0]))
    assert cell.startswith("# Title: x") and not cell.startswith(FORMULA_STARTS)


def test_instants_leave_with_their_offset() -> None:
    at = pd.to_datetime(["2026-06-01 10:00", "2026-12-01 10:00"], utc=True)
    frame = pd.DataFrame({"due_at": at.tz_convert("Europe/Berlin")})
    _, rows = read_csv(to_csv(frame, STAMP))
    assert [row[0] for row in rows[1:]] == [
        "2026-06-01 12:00:00+02:00",
        "2026-12-01 11:00:00+01:00",
    ]
    table = pd.read_excel(io.BytesIO(to_xlsx(frame, STAMP)), sheet_name="Table", engine="calamine")
    assert list(table["Due at (Europe/Berlin)"].astype(str)) == [
        "2026-06-01 12:00:00",
        "2026-12-01 11:00:00",
    ]


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    frame = pd.DataFrame({"name": ["n" * 40_000, "short"]})
    data = io.BytesIO(to_xlsx(frame, STAMP))
    cut, short = pd.read_excel(data, sheet_name="Table", engine="calamine")["Name"]
    assert len(cut) == 32_767 and cut.endswith("… (cut: 40,000 characters in all)")
    assert short == "short"
    assert read_csv(to_csv(frame, STAMP))[1][1] == ["n" * 40_000]


def test_a_workbook_writes_numbers_by_their_unit_and_addresses_as_links() -> None:
    from openpyxl import load_workbook

    frame = pd.DataFrame(
        {"won": [1.5], "rate": [0.25], "url": ["https://crm.example/1"], "held": [["a", "b"]]}
    )
    units = {"won": "money", "rate": "rate"}
    book = load_workbook(io.BytesIO(to_xlsx(frame, STAMP, units, "EUR")))
    won, rate, url, held = book["Table"][2]
    assert "€" in won.number_format and won.number_format.startswith("[$€] #,##0.00")
    assert rate.number_format == "0.0%" and rate.value == 0.25
    assert url.hyperlink.target == "https://crm.example/1"
    assert held.value == "a; b"


def test_file_names_come_from_title_period_and_view() -> None:
    assert STAMP.file_name("csv") == "sql-rate-fell-4-1-points_enterprise.csv"
    of_june = Stamp("Won", filters={"Period": "2026-06 (1 Jun 2026 to 30 Jun 2026)"})
    assert of_june.file_name("xlsx") == "won_2026-06.xlsx"
    assert Stamp("…").file_name("png") == "smarketing.png"


def figure() -> go.Figure:
    return go.Figure(go.Bar(x=[1, 2], y=["a", "b"])).update_layout(height=200)


def test_a_stamped_chart_says_what_it_shows_and_leaves_the_original_alone() -> None:
    original = figure()
    texts = [note.text for note in stamped(original, STAMP).layout.annotations]
    assert texts[0] == "<b>SQL rate fell 4.1 points</b>"
    assert "Segment enterprise" in texts[2] and "as of 30 Jun 2026" in texts[2]
    assert not original.layout.annotations


def test_what_is_said_of_a_chart_stands_in_its_margins() -> None:
    picture = stamped(figure().update_layout(margin={"t": 5, "l": 50}), STAMP)
    title, reading, footer = picture.layout.annotations
    margin = picture.layout.margin
    lines = [len(note.text.split("<br>")) for note in (title, reading, footer)]
    top, bottom = 28 + lines[0] * 32 + lines[1] * 22 + 16, 20 + lines[2] * 17 + 40
    assert (margin.t, margin.b, margin.l, margin.r) == (top + 5, bottom, 50, 32)
    assert picture.layout.height == 200 + top + bottom
    assert (title.yshift, footer.yshift) == (top - 20 + 5, 12 - bottom)
    assert title.yshift - reading.yshift == lines[0] * 32
    assert [note.font.size for note in (title, reading, footer)] == [22, 15, 12]


def test_on_a_narrow_picture_lines_are_broken_at_so_many_letters() -> None:
    stamp = Stamp("a " * 40, "b " * 40, {"Segment": "c " * 60})
    notes = stamped(figure(), stamp, width=140).layout.annotations
    title, reading, footer = (note.text.removeprefix("<b>").split("<br>") for note in notes)
    assert {len(line) for line in title[:-1]} == {29}  # of 30, ending on a letter
    assert {len(line) for line in reading[:-1]} == {39}
    assert max(len(line) for line in footer) in (39, 40)


def test_a_stamp_on_a_picture_is_read_as_no_markup() -> None:
    stamp = Stamp("<b>[/b]", "a\u202eb", {"Segment": "<i>"})
    texts = [note.text for note in stamped(figure(), stamp).layout.annotations]
    assert texts[0] == "<b>&lt;b&gt;[/b]</b>"
    assert texts[1] == "a\\u202eb" and "Segment &lt;i&gt;" in texts[2]


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'png'"):
        to_image(figure(), STAMP, "pngg")


def test_without_a_browser_the_message_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "find_browser", lambda: None)
    with pytest.raises(NoBrowserError, match="apt install chromium"):
        to_image(figure(), STAMP)


@pytest.mark.browser
@pytest.mark.parametrize(("kind", "begin"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_pictures_are_drawn(kind: str, begin: bytes) -> None:
    if find_browser() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chrome or Chromium is installed")
        pytest.skip("no Chrome or Chromium is installed (Debian: apt install chromium)")
    assert to_image(figure(), STAMP, kind).startswith(begin)


@pytest.mark.browser
def test_a_browser_that_ended_is_followed_by_another_and_closed_with_it() -> None:
    if find_browser() is None:
        pytest.skip("no Chrome or Chromium is installed (Debian: apt install chromium)")
    first = to_image(figure(), STAMP, "svg")
    assert images.PICTURES.is_open
    images.PICTURES.close()
    assert not images.PICTURES.is_open
    assert to_image(figure(), STAMP, "svg") == first
    images.PICTURES.close()


def test_as_many_names_as_a_picture_has_are_drawn_anew_at_their_length() -> None:
    names = b"".join(b'<g class="trace%06x"/>' % number for number in range(70))
    settled = images._settled(names, "svg", "fedcba9876543210" * 4)
    assert len(settled) == len(names) and settled.startswith(b'<g class="tracefedcba"/>')


def test_a_browser_that_does_not_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    images.PICTURES.close()
    monkeypatch.setattr(images, "find_browser", lambda: "/bin/false")
    monkeypatch.setenv("BROWSER_PATH", "/bin/false")
    with pytest.raises(NoBrowserError, match="could not be drawn with /bin/false"):
        to_image(figure(), STAMP, "svg")
    assert not images.PICTURES.is_open
