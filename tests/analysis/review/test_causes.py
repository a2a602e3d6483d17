"""How what made a number another one is put into words; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from smarketing.analysis.review import restated
from smarketing.analysis.review.restated import _Changes, _differing, _file_words, _is_same


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [(None, None, True), (None, 0.0, False), (0.0, None, False), (1.0, 1.0 + 1e-12, True),
     (1.0, 1.001, False), (0.0, 1e-10, True), (0.0, 1e-8, False)],
)  # fmt: skip
def test_a_number_is_the_same_but_for_its_last_bits(
    before: float | None, after: float | None, same: bool
) -> None:
    assert _is_same(before, after) is same


def test_records_differ_by_what_both_builds_know_of_them() -> None:
    old = pd.DataFrame({"deal_id": ["a", "b", "c"], "amount": [1, 2, 3], "gone": [9, 9, 9]})
    new = pd.DataFrame({"deal_id": ["b", "a", "d"], "amount": [5, 1, 4], "own": [7, 7, 7]})
    assert _differing(old, new, "deal_id") == {"b", "c", "d"}
    assert _differing(old, old, "deal_id") == _differing(old, new, "lead_id") == set()
    twice = pd.concat([old, old.iloc[:1]])
    assert _differing(old, twice, "deal_id") == {"a"}
    assert _differing(pd.DataFrame(), new, "deal_id") == {"a", "b", "d"}
    assert _differing(new, pd.DataFrame(), "deal_id") == {"a", "b", "d"}


def test_rows_and_records_of_a_file_are_named_up_to_a_few() -> None:
    assert _file_words("i1", "a.csv", {7}, {"d2"}) == "a.csv of import i1, row 7 (d2)"
    most = restated._MOST_NAMED
    rows, ids = set(range(1, most + 1)), {f"d{number}" for number in range(most)}
    said = _file_words("i1", "a.csv", rows, ids)
    assert said.startswith("a.csv of import i1, rows 1, 2") and "more" not in said
    longer = _file_words("i1", "a.csv", rows | {99, 98}, ids | {"x"})
    assert f", {most} and 2 more (d0, " in longer and longer.endswith(" and 1 more)")


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        (["One.", "“Won” is two.", "Three."], "“Won” is two."),
        (["One.", "Two.", "Three."], "One. Two. Three."),
        (["One.", "Two.", "Three.", "Four.", "Five."], "One. Two. Three. and 2 more"),
    ],
)
def test_of_a_changed_agreement_what_is_near_the_number_is_said(
    sentences: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restated, "told", lambda *_: sentences)
    monkeypatch.setattr(restated, "_files", lambda _: {})

    def seen(version: str) -> Any:
        agreement = SimpleNamespace(hash=version, kpi=lambda _: SimpleNamespace(label="Won"))
        return SimpleNamespace(agreement=agreement, engine=SimpleNamespace(code_hash="c"))

    changes = _Changes(seen("0123456789"), seen("abcdefghij"))
    [cause] = changes.causes("won", cast(Any, None))
    assert cause.kind == "agreement"
    assert cause.text == f"the agreement changed from 01234567 to abcdefgh: {said}"
    assert list(_Changes(seen("0"), seen("0")).causes("won", cast(Any, None))) == []
