"""How the deals of a file ended, where two of its columns speak of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from profile_views import produce

from smarketing.sources import load_source, scaffold

HEAD = "Deal ID,Deal name,Amount,Created"
A, B = "2026-01-05", "2026-01-06"


@pytest.mark.parametrize(
    ("headers", "ended"),
    [
        ("Status,Result", {"Closed,Won": "won", "Closed,Lost": "lost",
                           "Open,Won": "Result: Won, Status: Open"}),
        ("Status,Is won", {"Active,true": "won", "Active,false": None}),
        ("Status,Is won", {"Closed,true": "won", "Closed,false": None, "Open,false": "open"}),
        ("Status,Is won,Is closed", {"Active,true,true": "won", "Active,false,true": "lost",
                                     "Active,false,false": "open"}),
        ("Status,Is won", {"Won,true": "won", "Lost,false": "lost", "Won,false": "won",
                           "Lost,true": "Status: Lost, Is won: true"}),
        ("Status,Won date,Lost date", {f"Active,{A},": "won", f"Active,,{B}": "lost",
                                       "Active,,": None}),
        ("Status,Won date,Lost date", {f"Closed,{A},": "won", f"Closed,,{B}": "lost",
                                       "Open,,": "open",
                                       f"Open,{A},": f"Won date: {A}, Status: Open"}),
    ],
)  # fmt: skip
def test_what_two_columns_say_together_and_neither_where_they_contradict_each_other(
    tmp_path: Path, headers: str, ended: dict[str, str | None]
) -> None:
    """What only says that a deal is not put away ("Active") says nothing of how it ended."""
    lines = [f"{number},A,1.5,{A},{said}" for number, said in enumerate(ended)]
    (tmp_path / "deals.csv").write_text("\n".join((f"{HEAD},{headers}", *lines)), encoding="utf-8")
    source = load_source(scaffold([tmp_path / "deals.csv"], "ours", tmp_path / "ours"))
    names = f"{HEAD},{headers}".split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    made = produce(source, "deal", {"deals": rows})
    assert [row.get("outcome") for row in made] == [*ended.values()]
