"""Weights of roles, shares of the models by key and their resamples: computed by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.fitted import NOTHING_TO_LEARN, Fitted, fit
from smarketing.analysis.attribution.ledger_lines import _weights
from smarketing.analysis.attribution.models.markov import (
    effects_of_chain,
    gram_walks,
    removal_effects,
)
from smarketing.analysis.attribution.models.markov_resample import (
    Clustered,
    _batched,
    _chain,
    _events,
    resampled_effects,
)
from smarketing.analysis.attribution.models.paths import Journeys, read_paths
from smarketing.analysis.attribution.role_weights import role_names, role_weights
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.analysis.attribution.store_paths import UnitJourneys
from smarketing.analysis.attribution.totals import KeyTotals
from smarketing.errors import UsageError

ENDS = {"first": 0.4, "last": 0.4}
SETTINGS = cast("AttributionSettings", SimpleNamespace(order=1, permutations=None, seed=1))
MADE = {"first": 0.3, "lead_creation": 0.3, "deal_creation": 0.3}


@pytest.mark.parametrize(
    ("roles", "middle", "touches", "lead", "deal", "weights"),
    [
        (ENDS, 0.2, 1, None, None, [1.0]),
        (ENDS, 0.2, 2, None, None, [0.5, 0.5]),
        (ENDS, 0.2, 3, None, None, [0.4, 0.2, 0.4]),
        (ENDS, 0.2, 4, None, None, [0.4, 0.1, 0.1, 0.4]),
        (MADE, 0.1, 4, 2, 3, [0.3, 0.3, 0.3, 0.1]),
        (MADE, 0.1, 4, 2, None, [0.45, 0.45, 0.05, 0.05]),
        (MADE, 0.1, 4, 1, None, [0.9, 0.1 / 3, 0.1 / 3, 0.1 / 3]),
        (MADE, 0.1, 3, 2, 3, [0.3 + 0.1 / 3] * 3),
        (MADE, 0.1, 3, 2, 2, [0.3, 0.6, 0.1]),
        ({"deal_creation": 0.9}, 0.1, 4, None, None, [0.25] * 4),
        ({"close": 0.9}, 0.1, 2, None, None, [0.1, 0.9]),
        ({}, 1.0, 4, None, None, [0.25] * 4),
    ],
)
def test_a_touch_weighs_what_its_roles_do_and_the_others_share_the_middle(
    roles: dict[str, float],
    middle: float,
    touches: int,
    lead: int | None,
    deal: int | None,
    weights: list[float],
) -> None:
    rows = journey(touches, lead, deal)
    assert role_weights(rows, roles, middle, "revenue").tolist() == pytest.approx(weights)
    assert sum(weights) == pytest.approx(1)


def journey(touches: int, lead: int | None, deal: int | None) -> pd.DataFrame:
    return pd.DataFrame({
        "position": range(1, touches + 1), "touches": touches,
        "lead_position": pd.array([lead] * touches, "Int64"),
        "deal_position": pd.array([deal] * touches, "Int64"),
    })  # fmt: skip


def test_the_roles_of_a_touch_are_named_and_a_journey_to_a_lead_has_no_close() -> None:
    rows = journey(4, 1, 2)
    first = ["first touch, lead creation", "deal creation", ""]
    assert role_names(rows, "revenue") == [*first, "close"]
    assert role_names(rows, "pipeline") == [*first, "last touch"]
    [*others, last] = role_weights(rows, {"close": 0.9}, 0.1, "pipeline")
    assert [*others, last] == [0.25] * 4
    none = replace_position(journey(2, None, None))
    assert role_names(none, "revenue") == ["", ""]


def replace_position(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(position=pd.array([None, None], "Int64"), touches=0)


def units(paths: list[str], won: list[int], amounts: list[int]) -> UnitJourneys:
    lost = [1 - one for one in won]
    frame = pd.DataFrame({"path": paths, "won": won, "lost": lost, "value": amounts})
    count = len(paths)
    return UnitJourneys(
        read_paths(frame), tuple(map(str, range(count))), np.array(amounts),
        np.array([one == 1 for one in won]), np.arange(count),
        np.full(count, np.datetime64("2026-01-05")),
    )  # fmt: skip


PATHS = ["a > b > a", "b", "a", "", "c"]


def test_amounts_are_shared_out_to_the_last_cent() -> None:
    given = units(PATHS, [1, 1, 0, 1, 0], [101, 10, 0, 7, 0])
    found = fit(given, "shapley_set", SETTINGS)
    assert found.totals == KeyTotals(("a", "b", "c"), (51, 60, 0), (1, 2, 0), 7, 1, 3)
    assert found.unit is not None and found.key is not None and found.credit is not None
    ledger = zip(found.unit, found.key, found.credit, strict=True)
    assert list(ledger) == [(0, 0, 51), (0, 1, 50), (1, 1, 10), (2, 0, 0), (4, 2, 0)]
    assert found.wins.tolist() == [1, 2, 0] and found.converting == 2
    # Without a: only "b" wins. Without b: nothing does ("a > b > a" is gone). Without c: as is.
    markov = fit(given, "markov", SETTINGS)
    assert markov.effects is not None
    assert markov.effects.tolist() == pytest.approx(removal_effects(given.journeys, 1).tolist())
    assert sum(markov.totals.credit) == 111 and markov.totals.credit[2] == 0
    assert markov.unit is None and (markov.error, markov.note) == (0.0, None)
    within = fit(given, "markov_deal", SETTINGS)
    share = markov.effects[0] / (markov.effects[0] + markov.effects[1])
    assert within.totals.credit == (round(101 * share), 111 - round(101 * share), 0)


def test_where_nothing_was_won_nothing_is_learned() -> None:
    lost = units(PATHS, [0] * 5, [5, 0, 0, 7, 0])
    found = fit(lost, "markov", SETTINGS)
    assert (found.note, found.totals.credit) == (NOTHING_TO_LEARN, (0, 0, 0))
    assert found.totals.unattributed == 12
    assert fit(units(PATHS, [0] * 5, [0] * 5), "markov", SETTINGS).note is None
    alike = fit(lost, "markov_deal", SETTINGS)
    assert alike.totals.credit == (3, 2, 0), "keys without any effect share alike"
    assert fit(lost, "shapley_rate", SETTINGS).totals.credit == (3, 2, 0)


@pytest.mark.parametrize(("converting", "wins", "words"), [
    (49, 10, "only 49 converting journeys"), (50, 10, None), (50, 9, "only 9 wins"),
    (0, 0, "only 0 converting"),
])  # fmt: skip
def test_a_figure_of_few_journeys_is_greyed(converting: int, wins: int, words: str | None) -> None:
    totals = KeyTotals(("a", "b"), (0, 0), (0, 0), 0, 0, 0)
    said = Fitted(totals, np.array([99, wins]), converting).greyed(1)
    assert (said or "").startswith(words or "") and (said is None) == (words is None)


@pytest.mark.parametrize("order", [1, 2])
def test_effects_of_resamples_are_those_of_the_chain_fitted_again(order: int) -> None:
    journeys = units(
        ["a > b", "b > a > c", "a", "c", "b", ""], [1, 1, 0, 0, 1, 1], [1] * 6
    ).journeys
    kept = journeys.chosen(journeys.lengths > 0)
    walks = gram_walks(kept, order)
    per_cluster, moves = _events(walks, np.array([0, 0, 1, 1, 2]), 3)
    sums = per_cluster.toarray()
    whole = sums.sum(axis=0)
    chain = _chain(walks, moves, whole)
    expected = removal_effects(journeys, order)
    assert effects_of_chain(chain, 3).tolist() == pytest.approx(expected.tolist())
    if order == 1:
        rows = np.array([whole, sums[0] + 2 * sums[1], sums[1]])
        assert _batched(walks, moves, rows, 3) == pytest.approx(
            np.array([effects_of_chain(_chain(walks, moves, row), 3) for row in rows])
        )
    found = resampled_effects(Clustered(journeys, np.array([0, 0, 1, 1, 2, 2]), 3), order, 3, 40)
    assert found.shape == (40, 3) and found.min() >= 0 and found.max() <= 1
    assert found.std(axis=0).min() > 0


def test_effects_are_nothing_where_nobody_won() -> None:
    for paths, won in ((["a"], [0]), ([""], [1]), ([], [])):
        frame = pd.DataFrame({"path": paths, "won": won, "lost": [1 - n for n in won]})
        journeys: Journeys = read_paths(frame.astype({"path": "str"}))
        given = Clustered(journeys, np.arange(len(paths)), len(paths))
        found = resampled_effects(given, 1, 1, 5)
        assert found.shape == (5, len(journeys.keys)) and not found.any()


def test_accounts_are_numbered_from_nought() -> None:
    given = units(PATHS, [1] * 5, [1] * 5)
    assert given.clusters == 5 and given.touched.tolist() == [True, True, True, False, True]
    assert replace(given, cluster=np.array([], dtype=np.int64)).clusters == 0


@pytest.mark.parametrize(
    ("model", "weights"),
    [
        ("linear", [0.25] * 4),
        ("last_non_direct", [0, 1, 0, 0]),
        ("time_decay", [0.1, 0.2, 0.3, 0]),
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        ("position", [0.4, 0.1, 0.1, 0.4]),
        ("ours", [0.5, 0.1, 0.1, 0.3]),
    ],
)
def test_a_model_weighs_the_touches_of_a_journey(model: str, weights: list[float]) -> None:
    rows = journey(4, None, None).assign(
        not_direct_position=2, decay_share=pd.array([0.1, 0.2, 0.3, None], "Float64")
    )
    settings = cast(AttributionSettings, SimpleNamespace(measure="revenue"))
    own = RoleWeights(first=0.5, last=0.3, middle=0.2) if model == "ours" else None
    assert _weights(rows, settings, model, own).tolist() == pytest.approx(weights)


def test_a_touch_of_no_journey_weighs_nothing_by_place_and_all_of_itself_by_number() -> None:
    rows = pd.DataFrame({
        "position": pd.array([None], "Int64"), "touches": pd.array([None], "Int64"),
        "not_direct_position": pd.array([None], "Int64"),
    })  # fmt: skip
    settings = cast(AttributionSettings, SimpleNamespace(measure="revenue"))
    assert _weights(rows, settings, "last_non_direct", None).tolist() == [0]
    assert _weights(rows, settings, "linear", None).tolist() == [1]
    with pytest.raises(UsageError, match="no weights of the model 'markov'"):
        _weights(rows, settings, "markov", None)
