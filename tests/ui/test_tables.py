"""Tables as text: which are read rather than compared, and what of a table the printer gets."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.dataframe import lazy_df_source

from smarketing.ui import records, texts
from smarketing.ui.records import _money_column, _rounded

LABELS = {"name": "Name", "worth": "Worth", "share": "Share", "when": "When", "trend": "Trend"}


def test_a_table_of_sentences_is_read_and_one_of_names_or_numbers_is_not() -> None:
    sentence = "A person made an inquiry, and we know a way to reach them that they agreed to."
    assert texts.is_read(pd.DataFrame({"word": ["Lead"], "meaning": [sentence]}))
    assert not texts.is_read(pd.DataFrame({"word": ["Lead"], "meaning": ["A person"]}))
    assert not texts.is_read(pd.DataFrame({"meaning": [sentence], "leads": [3]}))
    assert not texts.is_read(pd.DataFrame({"word": [], "meaning": []}))


def test_paper_gets_each_cell_in_words_and_says_how_many_rows_it_leaves_out() -> None:
    rows = texts.PRINTED + 1
    frame = pd.DataFrame(
        {
            "name": ["<b>Bold</b>", None] + ["Third"] * (rows - 2),
            "worth": [1200.5] * rows,
            "share": [0.385] * rows,
            "when": [pd.Timestamp("2026-06-12 09:30")] * rows,
            "trend": [[1, 2]] * rows,
        }
    )
    units = {"worth": "money", "share": "rate", "trend": "spark"}
    found = texts.paper(frame, LABELS, units, "EUR")
    first = found.partition("<tbody>")[2].partition("</tr>")[0].replace("\u202f", " ")
    assert first == (
        "<tr><td>&lt;b&gt;Bold&lt;/b&gt;</td><td class=sm-right>€1,200.50</td>"
        "<td class=sm-right>38.5 %</td><td>12 Jun 2026, 09:30</td>"
    )
    assert found.count("<tr>") == texts.PRINTED + 1 and "<td></td>" in found
    assert "<th>Trend</th>" not in found
    assert found.endswith("<p>1 more row is not printed: the export has all.</p>")


def test_few_are_not_rounded_to_none() -> None:
    frame = pd.DataFrame({"share": [0.12345, 0.0004, 0.0]})
    assert list(_rounded(frame, {"share": "rate"}, "EUR")["share"]) == [0.123, 0.0004, 0.0]


def test_amounts_keep_the_places_of_their_currency() -> None:
    frame = pd.DataFrame({"worth": [1.2345, 0.0]})
    money = {"worth": "money"}
    found = {one: list(_rounded(frame, money, one)["worth"]) for one in ("EUR", "KWD", "JPY")}
    assert found == {"EUR": [1.23, 0.0], "KWD": [1.234, 0.0], "JPY": [1.0, 0.0]}
    assert list(_rounded(frame * 10_000, money, "KWD")["worth"]) == [12345.0, 0.0]
    for one, written in (("EUR", "€%,.2f"), ("KWD", "%,.3f"), ("JPY", "¥%,d")):
        pattern = _money_column("Worth", frame["worth"], one)["type_config"]["format"]
        assert written in pattern, pattern


def test_no_row_of_a_long_table_is_left_to_be_asked_for_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit hands those on to whoever asks in the session, though no longer let in."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(st, "dataframe", lambda _, **options: given.update(options))
    frame = pd.DataFrame({"n": range(lazy_df_source.AUTO_LAZY_ROW_THRESHOLD + 1)})
    records.table(frame, "EUR")

    def later(lazy: bool | None) -> object:
        return lazy_df_source.resolve_lazy_source(frame, lazy, is_selection_activated=False)

    assert later(given["lazy"]) is None and later(None) is not None


def test_a_table_of_very_many_rows_shows_the_first_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a million a browser shows nothing, of fewer only after minutes."""
    sent: list[int] = []
    said: list[str] = []
    monkeypatch.setattr(st, "dataframe", lambda frame, **_: sent.append(len(frame)))
    monkeypatch.setattr(st, "caption", said.append)
    for rows in (records.SHOWN, records.SHOWN + 1_200):
        records.table(pd.DataFrame({"n": range(rows)}), "EUR")
    assert sent == [records.SHOWN] * 2
    assert said == ["1,200 more rows are neither shown nor sorted here: the export has all."]


def test_texts_are_wrapped_where_they_are_few_enough_to_be_read() -> None:
    lines = pd.DataFrame({"why": ["x" * 61] * (texts.WRAPPED + 1)})
    assert [texts.is_read(lines.head(n)) for n in (0, texts.WRAPPED, len(lines))] == [
        False,
        True,
        False,
    ]
