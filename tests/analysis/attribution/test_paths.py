"""credit_paths: published worked examples, hand-computed edges, invariants."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markov_slow import slow_effects

from smarketing.analysis.attribution import credit_paths
from smarketing.analysis.attribution.models.paths import Journeys
from smarketing.analysis.attribution.models.rules import _ends
from smarketing.errors import UsageError

NINE = ["A", "A > B", "A > B > C", "B", "B > A", "B > C > A", "C", "C > A", "C > B > A"]
PATH_MODELS = (
    "first", "last", "last_non_direct", "linear", "position", "j_shaped", "inverse_j",
    "markov", "markov_deal", "shapley_set", "shapley_rate",
)  # fmt: skip


def frame(paths: dict[str, tuple[float, float]], value: float = 1.0) -> pd.DataFrame:
    rows = [(path, won, lost, won * value) for path, (won, lost) in paths.items()]
    return pd.DataFrame(rows, columns=["path", "won", "lost", "value"])


def credit(paths: pd.DataFrame, model: str, column: str = "credit", **with_: Any) -> dict[str, Any]:
    answer = credit_paths(paths, model, **with_)
    return dict(zip(answer["key"], answer[column], strict=True))


@pytest.mark.parametrize(
    ("model", "with_", "expected"),
    [
        ("first", {}, (3, 3, 3)),
        ("last", {}, (5, 2, 2)),
        ("linear", {}, (3.5, 3, 2.5)),
        ("position", {}, (3.7, 2.8, 2.5)),
        ("markov", {"order": 1}, (3.5477178423236513, 2.8381742738589204, 2.614107883817428)),
        ("markov", {"order": 2}, (3.342857142857143, 3.0857142857142863, 2.5714285714285716)),
        ("markov", {"order": 3}, (3.5, 3.0, 2.5)),
        ("shapley_rate", {}, (4.5, 2.5, 2.0)),
    ],
)
def test_nine_paths_as_published(model: str, with_: dict[str, Any], expected: Any) -> None:
    answer = credit(frame(dict.fromkeys(NINE, (1, 0))), model, **with_)
    assert answer == pytest.approx(dict(zip("ABC", expected, strict=True)), abs=1e-9)


@pytest.mark.parametrize(
    ("paths", "effects", "credits"),
    [
        (
            {"C1 > C2 > C3": (1, 0), "C1": (0, 1), "C2 > C3": (0, 1)},
            {"C1": 0.5, "C2": 1, "C3": 1},
            {"C1": 0.2, "C2": 0.4, "C3": 0.4},
        ),
        (
            {"google ads": (2, 1), "mailing": (1, 0), "google ads > mailing": (1, 0)},
            {"google ads": 0.75, "mailing": 0.5},
            {"google ads": 2.4, "mailing": 1.6},
        ),
        (
            {"a > b": (3, 1), "a > c": (1, 1)},
            {"a": 1, "b": 0.75, "c": 0.25},
            {"a": 2, "b": 1.5, "c": 0.5},
        ),
    ],
)
def test_published_chains(paths: Any, effects: Any, credits: Any) -> None:
    assert credit(frame(paths), "markov", "removal_effect") == pytest.approx(effects, abs=1e-12)
    assert credit(frame(paths), "markov") == pytest.approx(credits, abs=1e-12)


def test_published_shapley_sets() -> None:
    assert credit(frame({"a": (4, 0), "a > b": (6, 0)}), "shapley_set") == {"a": 7, "b": 3}
    four = credit(frame({"a > b > c > d": (10, 0)}), "shapley_set")
    assert four == dict.fromkeys("abcd", 2.5)


def test_published_time_decay() -> None:
    adobe = pd.DataFrame(
        {
            "path": ["Paid Search > Social > Email > Display"],
            "won": [1],
            "value": [50],
            "days": [[9, 6, 0, 0]],
        }
    )
    assert credit(adobe, "time_decay", "value_credit", half_life_days=7) == pytest.approx(
        {
            "Paid Search": 6.92333326907179,
            "Social": 9.318115580501726,
            "Email": 16.879275575213242,
            "Display": 16.879275575213242,
        },
        abs=1e-9,
    )
    five = pd.DataFrame(
        {
            "path": ["a > b > c > d > e"],
            "won": [1],
            "value": [12000],
            "days": ["38 > 33 > 26 > 8 > 0"],
        }
    )
    assert credit(five, "time_decay", "value_credit") == pytest.approx(
        {
            "a": 175.19517568438746,
            "b": 287.43759363174536,
            "c": 574.8751872634907,
            "d": 3417.044980960324,
            "e": 7545.447062460051,
        },
        abs=1e-9,
    )


def test_a_touch_eight_days_before_earns_half_of_one_the_day_before() -> None:
    paths = pd.DataFrame({"path": ["old > new"], "won": [1], "days": [[8, 1]]})
    answer = credit(paths, "time_decay", half_life_days=7)
    assert answer["new"] / answer["old"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("model", "length", "expected"),
    [
        ("position", 1, [1]),
        ("position", 2, [0.5, 0.5]),
        ("position", 3, [0.4, 0.2, 0.4]),
        ("position", 4, [0.4, 0.1, 0.1, 0.4]),
        ("j_shaped", 1, [1]),
        ("j_shaped", 2, [0.3, 0.7]),
        ("j_shaped", 3, [0.2, 0.2, 0.6]),
        ("inverse_j", 2, [0.7, 0.3]),
        ("inverse_j", 4, [0.6, 0.1, 0.1, 0.2]),
    ],
)
def test_weights_by_place(model: str, length: int, expected: list[float]) -> None:
    path = " > ".join("abcd"[:length])
    answer = credit(frame({path: (1, 0)}), model)
    assert [answer[key] for key in "abcd"[:length]] == pytest.approx(expected)


def test_an_end_without_a_role_gets_nothing_of_the_missing_middle() -> None:
    nothing = np.zeros(1)
    path = Journeys(("a", "b"), np.array([0, 1]), np.array([2]), nothing, nothing, nothing)
    assert _ends(path, 0.0, 0.6, 0.4).tolist() == [0.0, 1.0]
    assert _ends(path, 0.6, 0.0, 0.4).tolist() == [1.0, 0.0]


def test_one_key_at_several_places_sums_them() -> None:
    paths = frame({"Google Ads > Facebook Ads > Google Ads > SDR": (1, 0)}, value=10_000)
    by_model = {
        model: credit(paths, model, "value_credit")
        for model in ("first", "last", "linear", "position")
    }
    assert by_model == {
        "first": {"Facebook Ads": 0, "Google Ads": 10_000, "SDR": 0},
        "last": {"Facebook Ads": 0, "Google Ads": 0, "SDR": 10_000},
        "linear": {"Facebook Ads": 2_500, "Google Ads": 5_000, "SDR": 2_500},
        "position": {"Facebook Ads": 1_000, "Google Ads": 5_000, "SDR": 4_000},
    }


def test_last_non_direct_ignores_direct_unless_there_is_nothing_else() -> None:
    paths = frame({"ads > direct": (1, 0), "direct": (2, 0), "ads > none": (4, 0)})
    assert credit(paths, "last_non_direct") == {"ads": 1, "direct": 2, "none": 4}
    named = credit(paths, "last_non_direct", direct="none")
    assert named == {"ads": 4, "direct": 3, "none": 0}


def test_markov_within_the_deal_splits_by_removal_effects() -> None:
    # Effects 1, 0.75 and 0.25: a > b is split 1 : 0.75, a > c 1 : 0.25.
    answer = credit(frame({"a > b": (3, 1), "a > c": (1, 1)}), "markov_deal")
    assert answer == pytest.approx({"a": 3 / 1.75 + 1 / 1.25, "b": 2.25 / 1.75, "c": 0.25 / 1.25})


def test_shapley_rates_may_be_negative_and_say_so() -> None:
    # v(a) = 1, v(b) = 0, v(ab) = 0.5: b brings (0 + 0.5 - 1) / 2 = -0.25 to the pair, a 0.75.
    paths = frame({"a": (2, 0), "b": (0, 1), "a > b": (1, 1)})
    answer = credit(paths, "shapley_rate")
    assert answer == pytest.approx({"a": 2 + 0.75 / 0.5, "b": -0.25 / 0.5})


def test_shapley_rates_of_many_keys_are_exact() -> None:
    # Thirty keys in one journey: only observed subsets have a worth, so nothing is sampled.
    keys = [f"k{number:02}" for number in range(30)]
    answer = credit_paths(frame({" > ".join(keys): (3, 1), "k00": (1, 1)}), "shapley_rate")
    assert answer.attrs["standard_error"] == 0
    assert answer["credit"].sum() == pytest.approx(4)
    # v = 1/2 once k00 is there, 3/4 with all: but for orders that k00 starts, 0 until the last.
    # phi(k00) = (1/2)/30 + (3/4)/30 and the others share what is left of 3/4, for 3 wins.
    first = (0.5 / 30 + 0.75 / 30) / 0.75 * 3
    assert answer["credit"][0] == pytest.approx(1 + first)
    assert answer["credit"][1:].tolist() == pytest.approx([(3 - first) / 29] * 29)


def test_sampled_shapley_rates_are_seeded_and_state_their_error() -> None:
    paths = frame(dict.fromkeys(NINE, (1, 0)))
    once = credit_paths(paths, "shapley_rate", permutations=4000, seed=7)
    again = credit_paths(paths, "shapley_rate", permutations=4000, seed=7)
    exact = credit_paths(paths, "shapley_rate")
    pd.testing.assert_frame_equal(once, again)
    assert 0 < once.attrs["standard_error"] < 0.1
    apart = (once["credit"] - exact["credit"]).abs().max()
    assert apart < 5 * once.attrs["standard_error"]
    assert once["credit"].sum() == pytest.approx(9)


def test_journeys_without_touches_are_unattributed() -> None:
    paths = frame({"a": (1, 0), "": (2, 5)}, value=10)
    for model in PATH_MODELS:
        answer = credit_paths(paths, model).set_index("key")
        assert answer.loc["(unattributed)", "credit"] == 2
        assert answer["value_credit"].sum() == 30


@pytest.mark.parametrize("model", PATH_MODELS)
def test_no_paths_give_no_credit(model: str) -> None:
    assert credit_paths(frame({}), model).empty
    nothing_won = credit_paths(frame({"a > b": (0, 3)}), model)
    assert list(nothing_won["credit"]) == [0, 0]


@pytest.mark.parametrize(
    ("model", "with_", "said"),
    [
        ("markvo", {}, "Did you mean 'markov'"),
        ("markov", {"ordr": 2}, "Did you mean 'order'"),
        ("markov", {"order": 0}, "1, 2 or 3"),
        ("markov", {"order": 4}, "1, 2 or 3"),
        ("time_decay", {"half_life_days": 0}, "above 0"),
        ("time_decay", {}, "needs a column 'days'"),
        ("linear", {"order": 1}, "has no settings"),
        ("w_shaped", {}, "run it on a store"),
        ("shapley_rate", {"permutations": 1}, "at least 2"),
    ],
)
def test_wrong_questions_are_told(model: str, with_: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        credit_paths(frame({"a": (1, 0)}), model, **with_)


def test_wrong_paths_are_told() -> None:
    with pytest.raises(UsageError, match="no column 'won'"):
        credit_paths(pd.DataFrame({"path": ["a"]}), "first")
    with pytest.raises(UsageError, match=r"Row 1 .* won"):
        credit_paths(pd.DataFrame({"path": ["a", "b"], "won": [1, -1]}), "first")
    with pytest.raises(UsageError, match="2 touches and 1 days"):
        credit_paths(pd.DataFrame({"path": ["a > b"], "won": [1], "days": [[1]]}), "time_decay")


steps = st.lists(st.sampled_from("abcd"), min_size=1, max_size=5)
journeys = st.lists(st.tuples(steps, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)


def raw(given_: list[tuple[list[str], int, int]]) -> pd.DataFrame:
    rows = [(" > ".join(path), won, lost, 10 * won) for path, won, lost in given_]
    return pd.DataFrame(rows, columns=["path", "won", "lost", "value"])


@settings(max_examples=40)
@given(given_=journeys)
def test_credit_adds_up_and_aggregation_renaming_and_order_change_nothing(given_: Any) -> None:
    paths = raw(given_)
    renamed = paths.assign(path=paths["path"].str.replace("a", "zz"))
    summed = paths.groupby("path", as_index=False).sum()
    for model in PATH_MODELS:
        answer = credit(paths, model)
        if any(value != 0 for value in answer.values()):
            assert sum(answer.values()) == pytest.approx(paths["won"].sum())
        assert credit(summed, model) == pytest.approx(answer, abs=1e-9)
        assert credit(paths.iloc[::-1], model) == pytest.approx(answer, abs=1e-9)
        other = credit(renamed, model)
        assert other.get("zz", 0) == pytest.approx(answer.get("a", 0), abs=1e-9)


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=40)
@given(given_=journeys)
def test_removal_effects_are_those_of_the_slow_chain(given_: Any, order: int) -> None:
    effects = credit(raw(given_), "markov", "removal_effect", order=order)
    slow = slow_effects(given_, order)
    assert effects == pytest.approx({key: slow[key] for key in effects}, abs=1e-9)


@settings(max_examples=40)
@given(given_=journeys, key=st.sampled_from("abcd"))
def test_at_order_1_a_self_loop_leaves_removal_effects_as_they_are(given_: Any, key: str) -> None:
    plain = raw(given_)
    looped = raw(
        [
            ([copy for step in path for copy in ([step] * (2 if step == key else 1))], won, lost)
            for path, won, lost in given_
        ]
    )
    effects = credit(plain, "markov", "removal_effect")
    assert credit(looped, "markov", "removal_effect") == pytest.approx(effects, abs=1e-9)


def test_repeats_are_kept_in_the_states_and_equal_states_are_one() -> None:
    # Order 2: AC CC CB won, DC CC CE lost. Whoever stood at CC may go on to either end.
    won = credit(frame({"A > C > C > B": (1, 0), "D > C > C > E": (0, 1)}), "markov", order=2)
    assert won == pytest.approx({"A": 1 / 6, "B": 1 / 3, "C": 1 / 3, "D": 1 / 6, "E": 0})
    # Without the repeat there is no CC: who began with A won.
    plain = credit(frame({"A > C > B": (1, 0), "D > C > E": (0, 1)}), "markov", order=2)
    assert plain == pytest.approx({"A": 1 / 3, "B": 1 / 3, "C": 1 / 3, "D": 0, "E": 0})
    # C C and C C C are one and the same state of order 2.
    longer = credit(
        frame({"A > C > C > C > B": (1, 0), "D > C > C > E": (0, 1)}), "markov", order=2
    )
    assert longer == pytest.approx(won)


@settings(max_examples=40)
@given(
    given_=st.lists(
        st.tuples(steps.map(lambda p: p[:3]), st.integers(0, 3), st.integers(0, 3)),
        min_size=1,
        max_size=8,
    )
)
def test_a_long_order_gives_the_share_of_conversions_with_the_key(given_: Any) -> None:
    paths = raw(given_)
    won = sum(count for _, count, _ in given_)
    effects = credit(paths, "markov", "removal_effect", order=3)
    for key, effect in effects.items():
        held = sum(count for path, count, _ in given_ if key in path)
        assert effect == pytest.approx(held / won if won else 0, abs=1e-9)


@settings(max_examples=25)
@given(given_=journeys)
def test_shapley_rates_are_those_of_every_order_of_arrival(given_: Any) -> None:
    won: dict[frozenset[str], int] = {}
    lost: dict[frozenset[str], int] = {}
    for path, count, missed in given_:
        won[frozenset(path)] = won.get(frozenset(path), 0) + count
        lost[frozenset(path)] = lost.get(frozenset(path), 0) + missed
    worth = {s: won[s] / (won[s] + lost[s]) for s in won if won[s] + lost[s]}
    expected = dict.fromkeys("abcd", 0.0)
    for keys, count in won.items():
        orders = list(itertools.permutations(sorted(keys)))
        for order in orders if count else []:
            for place, key in enumerate(order):
                before = worth.get(frozenset(order[:place]), 0.0)
                gain = worth.get(frozenset(order[: place + 1]), 0.0) - before
                expected[key] += gain / len(orders) / worth[keys] * count
    answer = credit(raw(given_), "shapley_rate")
    assert answer == pytest.approx({key: expected[key] for key in answer}, abs=1e-9)
