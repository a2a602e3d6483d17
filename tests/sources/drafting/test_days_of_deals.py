"""Which columns say when a deal was created and closed, and what is asked where none does."""

from __future__ import annotations

from pathlib import Path

import pytest
from profile_views import produce

from smarketing.sources import load_source, scaffold

HEAD = "Deal ID,Deal name,Amount,Stage,Status"
A, B, C = "2026-01-05", "2026-02-06", "2026-03-07"
CREATED = "the day a deal was created or closed: 'Foo' (2026-01-05)"


@pytest.mark.parametrize(
    ("headers", "asked", "won", "open_"),
    [
        ("Foo,Bar", f"which columns hold {CREATED}, 'Bar' (2026-02-06). Write both into",
         (None, None, None), (None, None, None)),
        ("Foo,Won date", f"which column holds {CREATED}. Write it into",
         (None, B, None), (None, None, None)),
        ("Foo,Bar,Won date", f"which column holds {CREATED}, 'Bar' (2026-02-06). Write it into",
         (None, C, None), (None, None, None)),
        ("Foo,Bar,Close date", f"which column holds {CREATED}, 'Bar' (2026-02-06). Write it into",
         (None, C, None), (None, None, C)),
        ("Created,Bar", "which column holds the day a deal was closed: 'Bar' (2026-02-06). Write",
         (A, None, None), (A, None, None)),
        ("Created,Expected close", "no column holds the day a deal was closed. Where 'Expected cl",
         (A, None, B), (A, None, B)),
        ("Created,Close date,Expected close", "", (A, B, C), (A, None, C)),
        ("Created,Won date,Lost date", "", (A, B, None), (A, None, None)),
    ],
)  # fmt: skip
def test_a_day_is_read_where_its_header_says_which_and_else_asked_about(
    tmp_path: Path, headers: str, asked: str, won: object, open_: object
) -> None:
    days = (A, B, C)[: headers.count(",") + 1]
    lines = (f"7,A,1.5,Demo,Won,{','.join(days)}", f"8,B,2.5,Demo,Open,{','.join(days)}")
    (tmp_path / "deals.csv").write_text("\n".join((f"{HEAD},{headers}", *lines)), encoding="utf-8")
    source = load_source(scaffold([tmp_path / "deals.csv"], "ours", tmp_path / "ours"))
    questions = source.objects["deals"].undecided
    assert len(questions) == bool(asked) and all(asked in question for question in questions)
    names = f"{HEAD},{headers}".split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    made = produce(source, "deal", {"deals": rows})
    told = [(r.get("created_at"), r.get("closed_at"), r.get("expected_close_on")) for r in made]
    assert told == [won, open_]


@pytest.mark.parametrize(
    ("headers", "closed"),
    [
        ("Created,Won date", [B, None, None]),
        ("Created,Lost date", [None, None, B]),
        ("Created,Close date,Lost date", [B, None, C]),
    ],
)
def test_a_day_of_winning_or_losing_is_the_close_of_deals_that_ended_so(
    tmp_path: Path, headers: str, closed: list[str | None]
) -> None:
    days = (A, B, C)[: headers.count(",") + 1]
    lines = [f"{n},A,1.5,Demo,{n},{','.join(days)}" for n in ("Won", "Open", "Lost")]
    (tmp_path / "deals.csv").write_text("\n".join((f"{HEAD},{headers}", *lines)), encoding="utf-8")
    source = load_source(scaffold([tmp_path / "deals.csv"], "ours", tmp_path / "ours"))
    names = f"{HEAD},{headers}".split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    made = produce(source, "deal", {"deals": rows})
    assert [row.get("closed_at") for row in made] == closed
