"""What a stamp says, in rows, in one line and in the name of a file."""

from __future__ import annotations

from smarketing.export.stamp import Stamp

FULL = Stamp(
    "Won revenue", "It rose.", {"Period": "2026-Q2 (1 Apr to 30 Jun)", "Segment": "Small, large"},
    {"Model": "first", "Side": ""}, "1.0 signed", "30 Jun 2026", "b1",
)  # fmt: skip


def test_rows_say_everything_in_reading_order_and_leave_blanks_out() -> None:
    assert FULL.rows() == [
        ("Title", "Won revenue"),
        ("Reading", "It rose."),
        ("Filters", "Period 2026-Q2 (1 Apr to 30 Jun) · Segment Small, large"),
        ("Choices", "Model first"),
        ("Agreement", "1.0 signed"),
        ("As of", "30 Jun 2026"),
        ("Build", "b1"),
    ]
    assert Stamp("T").rows() == [("Title", "T"), ("Filters", "none")]


def test_a_footer_is_one_line() -> None:
    assert FULL.footer() == (
        "Period 2026-Q2 (1 Apr to 30 Jun) · Segment Small, large · Model first · "
        "agreement 1.0 signed · as of 30 Jun 2026 · build b1"
    )
    assert Stamp("T").footer() == "no filters"
    said = "2026-06 (1 Jun 2026 to 30 Jun 2026) · channel Paid search · build b1"
    assert Stamp("T", said=said).footer() == said


def test_the_name_of_a_file_is_cut_where_it_is_long() -> None:
    assert FULL.file_name("csv") == "won-revenue_2026-q2_small-large.csv"
    long = Stamp(
        "a" * 59 + " b", filters={"Period": "p" * 40, "Segment": "s" * 39 + " t", "X": "u"}
    )
    assert long.file_name("png") == f"{'a' * 59}_{'p' * 30}_{'s' * 39}.png"
    assert Stamp("A", filters={"Period": ""}).file_name("png") == "a.png"


def test_a_file_is_named_by_its_figure_and_not_by_what_it_finds_today() -> None:
    found = Stamp("120 leads are overdue", filters={"Period": "2026-Q2"}, name="Worklist")
    assert found.file_name("csv") == "worklist_2026-q2.csv"
