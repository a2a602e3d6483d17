"""What KPIs are made of and measured as: values, statements and sums, each by hand."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.agreement import Agreement, Target
from smarketing.analysis.kpis.expressions import measure
from smarketing.analysis.kpis.formulas import adds_up, divided_by, evaluate, quantity, why_nothing
from smarketing.analysis.kpis.measured import ALL, NOW, UNDATED, Value, Values
from smarketing.analysis.kpis.parts import Parts, parts_of
from smarketing.analysis.kpis.shapes import Shape, in_window, outputs_of, query_of, read_value
from smarketing.analysis.kpis.targets import season_share, share_due, standing
from smarketing.errors import QueryError, UsageError
from smarketing.periods import Period

JUNE = Period("2026-06", dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def test_a_value_that_is_not_there_is_nothing_or_zero_or_not_available() -> None:
    values = Values(
        {("a", NOW, ALL): Value(5, 2), ("a", NOW, "x"): Value(3, 1),
         ("a", UNDATED, ALL): Value(1, 4), ("b", NOW, ALL): Value(None, 3),
         ("c", NOW, ALL): Value(None, 2, 2), ("d", NOW, ALL): Value(None, 1)},
        {"m": "its mart is not built"}, {("z", NOW)}, {("n", NOW): "too early"}, "EUR",
    )  # fmt: skip
    assert (values.of("a"), values.of("a", key="x")) == (Value(5, 2), Value(3, 1))
    assert [values.of(name).value for name in "znq"] == [0, None, None]
    assert [values.why(name) for name in "amnzq"] == [
        None, "its mart is not built", "too early", None, "it has no records in this period"
    ]  # fmt: skip
    said = " no value: a division by 0, or nothing to take it from"
    assert values.why("b") == f"its 3 records give{said}"
    assert values.why("d") == f"its one record gives{said}"
    assert str(values.why("c")).startswith("none of its 2 records has an amount in EUR")
    assert (values.undated("a"), values.undated("b")) == (4, 0)
    assert values.members() == [ALL, "x"]
    both = values.beside(Values({("y", NOW, ALL): Value(1, 1)}, {"k": "why"}, {("y", NOW)}))
    assert both.of("y").value == 1 and both.missing["k"] == "why" and ("z", NOW) in both.zeros
    assert both.currency == "EUR" and both.nothing == values.nothing


def test_the_whole_of_members_is_their_sum() -> None:
    found = {("a", NOW, "x"): Value(3, 1, 1), ("a", NOW, "y"): Value(4, 2),
             ("b", NOW, "x"): Value(None, 5), ("b", "before", "x"): Value(2, 1),
             ("b", "before", "y"): Value(None, 1, 1)}  # fmt: skip
    assert Values(found, currency="EUR").added().found == {
        ("a", NOW, ALL): Value(7, 3, 1), ("b", NOW, ALL): Value(None, 5),
        ("b", "before", ALL): Value(2, 2, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "kinds", "columns"),
    [
        ("sum(x)", (True, False, True), {"x"}), ("count(*)", (True, True, False), set()),
        ("count(distinct x)", (True, False, False), {"x"}),
        ("avg(x)", (False, False, False), {"x"}),
    ],
)  # fmt: skip
def test_what_an_aggregate_is(expression: str, kinds: tuple[bool, ...], columns: set[str]) -> None:
    found = measure("k", expression, None)
    told = (found.is_additive, found.is_count, found.is_sum)
    assert told == kinds and found.columns == columns
    assert found.adds_up is (expression in ("sum(x)", "count(*)"))


ROWS = (
    "(values (date '2026-06-01', 1, 'a'), (date '2026-06-30', 2, 'b'), (date '2026-07-01', 4, 'a'),"
    " (null, 8, 'a'), (date '2026-06-15', null, 'a')) m(day, x, kind)"
)


def asked(shape: Shape, windows: tuple[str, ...] = ("now",), undated: bool = False) -> Any:
    """Run the query of a shape over five rows, in June and, where asked, July."""
    query = query_of("mart", (shape,), windows, undated).sql(dialect="duckdb")
    bounds = {"now_from": "2026-06-01", "now_to": "2026-07-01", "next_from": "2026-07-01",
              "next_to": "2026-08-01"}  # fmt: skip
    with duckdb.connect() as con:
        con.execute(f"create table mart as from {ROWS}")
        for name, day in bounds.items():
            query = query.replace(f"${name}", f"date '{day}'")
        answer = con.execute(query)
        names = [column[0] for column in answer.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return {row["window_name"]: read_value(0, shape, row) for row in rows}


def test_what_is_measured_in_which_window() -> None:
    total = Shape("k", "sum(x)", None, "day")
    assert asked(total) == {NOW: Value(3, 3, 1)}
    assert asked(total, ("now", "next")) == {NOW: Value(3, 3, 1), "next": Value(4, 1)}
    assert asked(total, undated=True) == {NOW: Value(3, 3, 1), UNDATED: Value(8, 1)}
    assert asked(Shape("k", "count(*)", "kind = 'a'", "day")) == {NOW: Value(2, 2)}
    assert asked(Shape("k", "avg(x)", None, "day")) == {NOW: Value(1.5, 3)}
    stock = Shape("k", "sum(x)", None, None, kept=(("kind", "a"),))
    assert asked(stock) == {NOW: Value(13, 4, 1)}
    assert in_window(None, "now") is None


def test_what_could_make_a_figure_is_its_filter_or_what_is_recorded() -> None:
    own = Shape("k", "sum(x)", "kind = 'a'", "day", "filter", (("stage", "s"),)).recordable
    assert own.condition is not None and "stage = 's'" in own.condition.sql()
    told = Shape("k", "sum(x)", "kind = 'a'", "day", "x > 1", (("stage", "s"),)).recordable
    assert told.condition is not None and told.condition.sql().strip("()") == "x > 1"
    assert Shape("k", "sum(x)", "kind = 'a'", "day").recordable.condition is None
    bounds = Shape("k", "count(*)", "day < $to", None, "filter").recordable
    assert bounds.condition is None and bounds.names_period


def test_values_are_numbers_and_a_division_by_nothing_is_none() -> None:
    counted, total, mean = (
        Shape("k", text, None, "day") for text in ("count(*)", "sum(x)", "avg(x)")
    )
    assert read_value(3, counted, {"value_3": 4}) == Value(4, 4)
    row = {"value_0": None, "n_0": 3, "filled_0": 3}
    assert read_value(0, total, row) == Value(0, 3) and read_value(0, mean, row) == Value(None, 3)
    assert read_value(0, total, row | {"filled_0": 1}) == Value(None, 3, 2)
    assert read_value(0, mean, row | {"value_0": float("inf")}) == Value(None, 3)
    for wrong in (True, "x"):
        with pytest.raises(QueryError, match="its value is no number but"):
            read_value(0, mean, row | {"value_0": wrong})
    names = [one.alias for one in outputs_of([counted.measure, total.measure], [2, 5])]
    assert names == ["value_2", "value_5", "n_5", "filled_5"]
    assert [one.alias for one in outputs_of([mean.measure])] == ["value_0", "n_0"]


def agreed(**formulas: str) -> Agreement:
    """An agreement whose KPIs are sums, but for those with a formula."""
    base = {"ratio": None, "formula": None, "fault": None, "filter": None, "kept": (),
            "expression": "sum(x)", "date_column": "day"}  # fmt: skip
    kpis = [SimpleNamespace(id=name, **base) for name in "abc"]
    kpis += [
        SimpleNamespace(id=name, **base | {"formula": text}) for name, text in formulas.items()
    ]
    known = {kpi.id: kpi for kpi in kpis}
    return cast("Agreement", SimpleNamespace(kpis=kpis, kpi=known.__getitem__))


@pytest.mark.parametrize(
    ("formula", "parts"),
    [
        ("a", Parts({"a": 1})), ("a - b", Parts({"a": 1, "b": -1})), ("-a", Parts({"a": -1})),
        ("2 * a + b / 4", Parts({"a": 2, "b": 0.25})), ("a + a * 3", Parts({"a": 4})),
        ("(a - b) / c", Parts({"a": 1, "b": -1}, {"c": 1})),
        ("a / c * 2", Parts({"a": 2}, {"c": 1})),
        ("a / c + b / c", Parts({"a": 1, "b": 1}, {"c": 1})),
        ("a / c - b / c", Parts({"a": 1, "b": -1}, {"c": 1})),
        ("a * b", None), ("a / b + c", None), ("a / (b / c)", None), ("(a / b) / c", None),
        ("a / b + b / a", None), ("horizon_months * 2", None), ("max(a, b)", None), ("a + 1", None),
    ],
)  # fmt: skip
def test_a_formula_is_one_sum_over_another_or_cannot_be_split(
    formula: str, parts: Parts | None
) -> None:
    agreement = agreed(f=formula)
    if parts is None:
        with pytest.raises(UsageError, match="The change of 'f' cannot be split"):
            parts_of(agreement, agreement.kpi("f"))
        return
    found = parts_of(agreement, agreement.kpi("f"))
    assert (found, found.ids) == (parts, tuple(dict.fromkeys((*parts.top, *(parts.bottom or ())))))


@pytest.mark.parametrize(
    ("formula", "value", "divides", "accrues"),
    [
        ("a + b - c", 5, None, True), ("-a", -6, None, True), ("a / b", 2, "b", False),
        ("a * 2 / b", 4, "b", False), ("2 * (a / b) * 3", 12, "b", False),
        ("a / (b + c)", 1.2, None, False),
        ("max(a, b) - min(b, c)", 4, None, False),
        ("a * b", 18, None, False), ("a + 1", 7, None, False),
        ("0 / -a", 0, None, False), ("a / z", None, "z", False), ("a + n", None, None, True),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out(
    formula: str, value: float | None, divides: str | None, accrues: bool
) -> None:
    known: dict[str, float | None] = {"a": 6, "b": 3, "c": 2 if "(b + c)" in formula else 4, "z": 0}
    known["c"] = 2 if "max" in formula or "(b + c)" in formula else 4
    assert evaluate(formula, known.get) == value
    assert (divided_by(formula), adds_up(formula, lambda _: True)) == (divides, accrues)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("a / z", "z is 0"), ("a / (z * b)", "z is 0"), ("a / (z + y)", "z is 0 and y is 0"),
        ("a / (b - e)", "e takes up b"), ("a / max(z, 0)", "z is 0"), ("a / b", ""),
        ("a / (b / a / z)", "z is 0"), ("a / (b + m)", "nothing to divide by: b + m is 0"),
    ],
)  # fmt: skip
def test_what_makes_a_formula_divide_by_nothing(formula: str, said: str) -> None:
    known: dict[str, float] = {"a": 6, "b": 3, "e": 3, "m": -3, "z": 0, "y": 0}
    told = why_nothing(
        formula, known.get, lambda n: f"{n} is 0", lambda whole, part: f"{part} takes up {whole}"
    )  # fmt: skip
    assert told == said


def test_what_a_period_says_itself() -> None:
    margins = {dt.date(2026, 6, 10): 0.7, dt.date(2026, 6, 30): 0.8, dt.date(2026, 6, 1): 0.6}
    agreement = cast("Agreement", SimpleNamespace(
        lifetime_value=SimpleNamespace(horizon_months=48),
        attribution=SimpleNamespace(margin_on=margins.get),
    ))  # fmt: skip
    told = [quantity("gross_margin", agreement, JUNE, dt.date(2026, *day)) for day in
            ((6, 10), (6, 30), (9, 1), (5, 1))]  # fmt: skip
    assert told == [0.7, 0.8, 0.8, 0.6], "of the last known day, or the first of the period"
    assert quantity("horizon_months", agreement, JUNE, dt.date(2026, 6, 1)) == 48
    half = quantity("elapsed_months", agreement, JUNE, dt.date(2026, 6, 15))
    assert half == pytest.approx(0.5) and quantity("elapsed_months", agreement, JUNE, dt.date(
        2027, 1, 1)) == 1  # fmt: skip


def test_the_share_of_a_target_that_is_due() -> None:
    calendar = SimpleNamespace(working_days=lambda start, end: [*range((end - start).days // 2)])
    agreement = cast("Agreement", SimpleNamespace(calendar=calendar))
    none = cast("Agreement", SimpleNamespace(calendar=SimpleNamespace(working_days=lambda *_: [])))

    def due(
        pace: Any, day: tuple[int, int], seasonal: float | None = None, by: Any = None
    ) -> float:
        target = Target(kpi="a", value=10, period="2026-06", pace=pace)
        return share_due(by or agreement, target, JUNE, dt.date(2026, *day), seasonal)

    assert [due("even", day) for day in ((5, 31), (6, 1), (6, 29), (6, 30))] == [
        0,
        1 / 30,
        29 / 30,
        1,
    ]
    assert due("working_days", (6, 15)) == 7 / 15 and due("seasonal", (6, 15)) == 7 / 15
    assert due("seasonal", (6, 15), 0.25) == 0.25 and due("even", (6, 15), 0.25) == 0.5
    assert due("working_days", (6, 15), by=none) == 0.5, "without a working day by its days"


def test_a_season_is_the_share_of_what_is_known_of_like_periods() -> None:
    values = Values({("a", "season_0_part", ALL): Value(2, 1), ("a", "season_0", ALL): Value(4, 1),
                     ("a", "season_1_part", ALL): Value(1, 1), ("a", "season_1", ALL): Value(8, 1),
                     ("a", "season_2", ALL): Value(9, 1)})  # fmt: skip
    assert season_share(values, "a") == 3 / 12
    assert season_share(values, "b") is None and season_share(values, "a", prefix="x") is None


@pytest.mark.parametrize(
    ("value", "share", "is_flow", "direction", "status", "expected"),
    [
        (5, 0.5, True, "up", "on track", 5), (5.6, 0.5, True, "up", "ahead", 5),
        (5.5, 0.5, True, "up", "on track", 5), (4.5, 0.5, True, "up", "on track", 5),
        (4.4, 0.5, True, "up", "at risk", 5), (4, 0.5, True, "up", "at risk", 5),
        (3.9, 0.5, True, "up", "behind", 5), (5.6, 0.5, True, "down", "at risk", 5),
        (4.4, 0.5, True, "down", "ahead", 5), (5.6, 0.5, True, "none", "at risk", 5),
        (10, 0.5, False, "up", "on track", 10), (None, 0.5, True, "up", None, 5),
        (5, 0, True, "up", None, None), (0, 0.5, True, "up", "behind", 5),
    ],
)  # fmt: skip
def test_a_value_stands_against_what_was_due(
    value: float | None, share: float, is_flow: bool, direction: str, status: str | None,
    expected: float | None,
) -> None:  # fmt: skip
    target = Target(kpi="a", value=10, period="2026-06", tolerance=0.1)
    found = standing(value, target, share=share, is_flow=is_flow, direction=direction)
    assert (found.status, found.expected, found.target, found.share_due) == (
        status,
        expected,
        10,
        share,
    )
