"""What a finding of customers or content names first: by ties, by one alone, and by few."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from smarketing.access import HIDDEN
from smarketing.analysis.content.heard import LOST, REJECTED, WRITTEN, Heard
from smarketing.charts.format import THIN
from smarketing.ui.sections.content.asked import _most_met, finding
from smarketing.ui.sections.customers.kept import most_kept

WORDS = {"mail": "E-mail", "fair": "Fairs"}


def kept(**shares: float | None) -> list[Any]:
    return [SimpleNamespace(key=key, net_retention=share) for key, share in shares.items()]


def test_who_stayed_best_grew_only_where_they_bring_more() -> None:
    def said(**shares: float | None) -> str:
        return most_kept(kept(**shares), "channel", WORDS).replace(THIN, " ")

    best = "Customers that Fairs brought"
    assert said(mail=0.9, fair=1.2) == f"{best} grew most: they bring 120 % of what they did"
    assert said(mail=0.5, fair=0.9) == f"{best} stayed best: they bring 90 % of what they did"
    assert said(mail=None, fair=0.9) == f"{best} bring 90 % of what they did", "of one alone"
    assert said(mail=1.0, fair=1.0) == "Customers of 2 channels bring 100 % of what they did"
    assert said(mail=None) == said() == ""


def test_what_is_met_most_is_so_of_many_and_alone() -> None:
    assert _most_met({"a": 40, "b": 30}, "SQL") == "“a” is met most: by 40 leads before SQL"
    assert _most_met({"a": 4, "b": 3}, "SQL") == "“a” was met by 4 leads before SQL"
    assert _most_met({"a": 40}, "SQL") == "“a” was met by 40 leads before SQL"
    assert _most_met({"a": 1, "b": 1}, "SQL") == (
        "2 pieces of content were met by 1 lead each before SQL"
    )


def test_reasons_are_told_by_counts_where_they_are_few() -> None:
    day, nothing = dt.date(2026, 6, 1), SimpleNamespace(found=())
    said = [
        Heard(REJECTED, "no budget", 2, day), Heard(REJECTED, "no need", 2, day),
        Heard(REJECTED, "(no reason given)", 9, day), Heard(LOST, "price", 31, day),
        Heard(LOST, "terms", 9, day), Heard(WRITTEN, "good", 1, day),
    ]  # fmt: skip
    assert finding(nothing, said).partition(" to compare. ")[2].replace(THIN, " ") == (  # type: ignore[arg-type]
        "“no budget” and “no need”: 2 each of 4 leads rejected with a reason. Most often “price”: "
        "78 % of 40 deals lost with a reason. “good”: 1 comment of customers."
    )
    assert finding(nothing, []).endswith("Nobody said what is missing.")  # type: ignore[arg-type]
    told = "No piece of content was met by enough leads before this step to compare."
    assert finding(nothing, [Heard(WRITTEN, HIDDEN, 33, day)]) == told  # type: ignore[arg-type]
    unsaid = [Heard(REJECTED, "(no reason given)", 9, day)]
    assert finding(nothing, unsaid) == f"{told} Nobody said what is missing."  # type: ignore[arg-type]
