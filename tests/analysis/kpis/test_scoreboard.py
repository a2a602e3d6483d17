"""KPIs by hand: values, parts, comparisons, cuts, small numbers, and the records that add up."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builders import default_agreement, make_store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing.agreement import Agreement, load_home_agreement, parse_agreement
from smarketing.analysis.handoff.obligations import decisions
from smarketing.analysis.kpis.expressions import measure
from smarketing.analysis.kpis.formulas import evaluate
from smarketing.analysis.kpis.records import records
from smarketing.analysis.kpis.scoreboard import KpiResult, kpi_problems, kpi_sql, kpis
from smarketing.analysis.rates import wilson
from smarketing.analysis.review.agenda import why_exception
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.engine import NO_FILTERS, DuckDBEngine, Filters
from smarketing.engine.compile import parse
from smarketing.errors import QueryError, UsageError

JUNE = "2026-06"


def deal(deal_id: str, outcome: str, closed: str | None, **columns: Any) -> dict[str, Any]:
    given = {"deal_id": deal_id, "outcome": outcome, "closed_at": closed, "amount": 100_00}
    return given | {"created_at": "2026-04-01 10:00"} | columns


@cache
def store() -> DuckDBEngine:
    """Two accounts, six deals: in June two won (150.50), one lost; in May one won (70)."""
    return make_store(
        {
            "account": [
                {"account_id": "big", "employees": 5000},
                {"account_id": "small", "employees": 3},
            ],
            "deal": [
                deal("d1", "won", "2026-06-01", account_id="big"),
                deal("d2", "won", "2026-06-30", account_id="small", amount=50_50),
                deal("d3", "lost", "2026-06-10", account_id="big", amount=999_00),
                deal("d4", "won", "2026-05-31", account_id="big", amount=70_00),
                deal("d5", "won", "2025-06-15", account_id="small", created_at=None),
                deal("d6", "open", None, account_id="small", created_at="2026-06-05 10:00"),
            ],
        }
    )


def ask(
    kpi_id: str,
    period: str = JUNE,
    agreement: Agreement | None = None,
    engine: DuckDBEngine | None = None,
    **options: Any,
) -> KpiResult:
    agreement = agreement or default_agreement()
    window = agreement.parse_period(period)
    [result] = kpis(engine or store(), agreement, [kpi_id], window, **options)
    return result


def test_a_sum_is_in_major_units_with_both_comparisons() -> None:
    result = ask("won_revenue")
    assert (result.value, result.n) == (150.50, 2)
    assert (result.previous, result.last_year) == (70.0, 100.0)
    assert result.numerator is None


def test_the_json_keys_are_the_documented_ones() -> None:
    found = ask("win_rate_closed", by="segment").as_dict()
    assert list(found) == [
        "id", "label", "unit", "value", "reason", "numerator", "denominator", "n", "undated",
        "previous", "previous_reason", "target", "status", "note", "by",
    ]  # fmt: skip
    assert (found["numerator"], found["denominator"], found["n"]) == (2, 3, 3)
    assert found["value"] == pytest.approx(2 / 3)
    assert {group["key"]: group["value"] for group in found["by"]} == {
        "enterprise": 0.5,
        "micro": 1.0,
    }
    assert ask("won_deals").as_dict()["by"] is None


def test_a_ratio_of_money_divides_sums_last() -> None:
    result = ask("average_deal_size")
    assert (result.value, result.numerator, result.denominator) == (75.25, 150.50, 2)


def test_a_zero_denominator_is_not_available_and_an_empty_sum_is_zero() -> None:
    assert ask("win_rate_closed", "2024-01").value is None
    assert ask("average_deal_size", "2024-01").value is None
    assert ask("won_revenue", "2026-04").value == 0
    assert ask("sales_cycle_days", "2026-04").value is None


def test_a_stock_is_read_as_of_the_data_whatever_the_period() -> None:
    for period in (JUNE, "2020-01"):
        result = ask("open_pipeline", period)
        assert (result.value, result.previous, result.n) == (100.0, None, 1)


def test_a_formula_needs_all_its_parts() -> None:
    # one open deal x 2/3 won x 75.25 / cycle of 61 and 90 days: median 75.5
    assert ask("pipeline_velocity").value == pytest.approx(1 * 2 / 3 * 75.25 / 75.5)
    assert ask("pipeline_velocity", "2024-01").value is None
    assert evaluate("2 * (a - b) / -c", {"a": 5, "b": 2, "c": 3}.get) == -2
    assert evaluate("a / b", {"a": 5, "b": 0}.get) is None
    assert evaluate("a + b", {"a": 5}.get) is None


def test_filters_and_members_agree() -> None:
    whole = ask("won_revenue", by="segment")
    assert whole.by is not None
    for group in whole.by:
        alone = ask("won_revenue", filters=Filters.of(segment=[group.key]))
        assert (alone.value, alone.n) == (group.value, group.n)
    assert sum(float(group.value or 0) for group in whole.by) == whole.value


def test_what_cannot_be_cut_says_so_instead_of_showing_the_whole() -> None:
    engine = make_store(
        {"cost": [{"cost_id": "k", "incurred_on": "2026-06-01", "amount": 5, "team": "marketing"}]}
    )
    filtered = ask("marketing_cost", engine=engine, filters=Filters.of(segment="x"))
    assert filtered.value is None
    assert "cannot be cut by segment" in str(filtered.note)
    cut = ask("marketing_cost", engine=engine, by="segment")
    assert (cut.value, cut.by) == (0.05, ())


def test_without_any_records_a_kpi_is_not_available_and_says_why() -> None:
    result = ask("marketing_cost")
    assert result.value is None
    assert result.reason == (
        "no source gives costs; import reports of the ad platforms, or a sheet of costs"
    )
    assert ask("cac").value is None


def test_small_numbers_withhold_the_status_and_show_the_interval() -> None:
    result = ask("win_rate_closed", "2026-Q2")  # 3 won of 4: fewer than 30, target 25 % a quarter
    assert result.target == 0.25
    assert result.status is None
    assert result.is_small
    assert result.shown_as_counts
    assert result.low is not None
    assert (result.low, result.high) == wilson(3, 4)
    many = [deal(f"w{n}", "won", "2026-06-01") for n in range(20)]
    many += [deal(f"l{n}", "lost", "2026-06-01") for n in range(20)]
    large = ask("win_rate_closed", "2026-Q2", engine=make_store({"deal": many}))
    assert (large.status, large.is_small, large.shown_as_counts) == ("ahead", False, False)


def test_what_was_a_rate_of_few_before_is_known() -> None:
    deals = [deal(f"w{n}", "won", "2026-06-01") for n in range(20)]
    deals += [deal(f"l{n}", "lost", "2026-06-01") for n in range(20)]
    deals += [deal("earlier", "won", "2026-02-01"), deal("early", "lost", "2026-02-01")]
    deals += [deal(f"w25{n}", "won", "2025-06-01") for n in range(5)]
    deals += [deal(f"l25{n}", "lost", "2025-06-01") for n in range(5)]
    found = ask("win_rate_closed", "2026-Q2", engine=make_store({"deal": deals}))
    assert (found.previous, found.last_year) == (0.5, 0.5)
    assert found.few_before == (True, False)
    assert words.change(found) is None
    assert words.change(found, last_year=True) == fmt.points(0.0)


def test_wilson_by_hand() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(5, 10) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)
    assert (wilson(0, 10) or (1, 1))[0] == 0
    assert (wilson(10, 10) or (0, 0))[1] == 1


def test_unknown_names_are_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean 'won_revenue'"):
        ask("won_revenu")
    with pytest.raises(UsageError, match="Did you mean 'segment'"):
        ask("won_revenue", by="segmet")


def own(**fields: str) -> Agreement:
    fields = {"unit": "money", **fields}
    lines = "".join(f"    {name}: {value}\n" for name, value in fields.items())
    return parse_agreement(
        "extends: default\nkpis:\n  - id: own\n    label: Own\n    question: Which?\n"
        "    definition: Ours.\n"
        "    owners: {marketing: head_of_marketing, sales: head_of_sales}\n" + lines
    )


def test_a_kpi_of_the_agreement_needs_no_code() -> None:
    agreement = own(
        mart="fct_deal",
        date_column="closed_day",
        expression="sum(won_amount) / nullif(count(distinct account_id), 0)",
        filter="kind = 'new'",
    )
    assert ask("own", agreement=agreement).value == 75.25
    nothing = own(mart="fct_deal", date_column="closed_day", expression="sum(won_amount) / 0")
    found = ask("own", agreement=nothing)
    assert found.value is None and "a division by 0" in str(found.note)
    lasting = own(mart="fct_deal", expression="quantile(cycle_days, 0.9)", unit="days")
    # cycles of 60 (to 31 May), 61, 70 and 90 days: the 0.9 quantile lies at 70 + 0.7 x 20
    assert ask("own", agreement=lasting).value == pytest.approx(84)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("sum(won_amout)", "unknown column 'won_amout' of fct_deal. Did you mean 'won_amount'"),
        ("summ(won_amount)", "unknown function 'summ'. Did you mean 'sum'"),
        ("won_amount", "must aggregate"),
        ("sum(won_amount) + won_amount", "outside an aggregate"),
        ("sum(avg(won_amount))", "aggregates an aggregate"),
        ("sum((select 1))", "may not use"),
        ("sum(won_amount) over ()", "may not use"),
        ("read_csv('/etc/passwd')", "unknown function 'read_csv'|may not use"),
        ("sum(won_amount", "is not SQL"),
        ("sum(won_amount); attach 'x.db'", "must be one expression"),
        ("sum(won_amount); select 1", "must be one expression"),
        ("attach 'x.db'", "may not use attach"),
        ("copy fct_deal to 'x.csv'", "may not use copy"),
        ("sum((select content from read_text('/etc/passwd')))", "may not use"),
        ("count(*) + (select count(*) from glob('/*'))", "may not use"),
        ("max(getenv('HOME'))", "unknown function 'getenv'"),
        ("max(current_setting('threads'))", "unknown function 'current_setting'"),
        ("sum(case when exists (select 1 from 'x.csv') then won_amount end)", "may not use"),
        ("sum(case when deal_id in (select x from y) then won_amount end)", "may not use"),
        ("sum(won_amount) from fct_deal", "is not SQL|may not use"),
        ("sum(person.email)", "names person.email"),
    ],
)
def test_a_wrong_expression_is_refused_in_one_sentence(expression: str, said: str) -> None:
    agreement = own(mart="fct_deal", date_column="closed_day", expression=f"'{quoted(expression)}'")
    result = ask("own", agreement=agreement)
    assert result.value is None
    assert re.search(said.replace("(", r"\("), str(result.reason))


def test_a_build_of_before_a_column_says_to_build_again() -> None:
    connection = duckdb.connect()
    connection.execute("create table fct_deal as select 1 as deal_id, current_date as closed_day")
    connection.execute(
        "create table build_info as select 'b' as build_id, timestamp '2026-07-01' as as_of_at, "
        "current_date as as_of_day, 'EUR' as currency, 2 as minor_digits, 'UTC' as timezone, "
        "'' as agreement_hash, '1' as version, '' as code_hash"
    )
    before = DuckDBEngine(connection)
    said = "This build was made by another version of Smarketing, whose fct_deal has no '{}'. Run"
    assert str(ask("won_revenue", engine=before).reason).startswith(said.format("outcome"))
    cut = ask("won_revenue", engine=before, filters=Filters.of(region="north"))
    assert str(cut.reason).startswith(said.format("region"))
    slip = own(mart="fct_deal", date_column="closed_day", expression="sum(won_amout)")
    reason = str(ask("own", agreement=slip, engine=before).reason)
    assert "unknown column 'won_amout' of fct_deal" in reason


def test_among_all_kpis_a_wrong_one_gets_a_note_and_hides_no_other() -> None:
    agreement = own(mart="fct_deal", date_column="closed_day", expression="sum(won_amout)")
    window = agreement.parse_period(JUNE)
    found = {result.id: result for result in kpis(store(), agreement, None, window)}
    assert found["own"].value is None
    assert "Did you mean 'won_amount'" in str(found["own"].note)
    assert found["won_revenue"].value == 150.50
    assert list(kpi_problems(store(), agreement)) == ["own"]
    assert kpi_problems(store(), default_agreement()) == {}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expression": "sum(deal_id)"}, "No function matches"),
        ({"expression": "sum(cast(deal_id as integer))"}, "Could not convert string"),
        ({"expression": "min(deal_id)"}, "its value is no number but d4"),
        ({"expression": "max(closed_day)"}, "its value is no number but 2026"),
        ({"expression": "count(*)", "date_column": "deal_id"}, "Cannot compare"),
        ({"expression": "count(*)", "filter": "deal_id > 3"}, "Cannot compare values"),
    ],
)
def test_what_only_the_build_refuses_hides_no_other_number(
    fields: dict[str, str], said: str
) -> None:
    agreement = own(**{"mart": "fct_deal", "date_column": "closed_day", **fields})
    window, both = agreement.parse_period(JUNE), ["own", "won_revenue"]
    found = {result.id: result for result in kpis(store(), agreement, both, window)}
    assert (found["own"].value, found["won_revenue"].value) == (None, 150.50)
    assert found["own"].reason is not None
    assert found["own"].reason.startswith("The KPI 'own' cannot be asked for: ")
    assert said in found["own"].reason
    numbers = {number.id: number for number in six_and_twelve(store(), agreement, both)}
    assert {point.value for point in numbers["own"].months.points} == {None}
    assert numbers["won_revenue"].months.points[-2].value == 150.50


def test_a_wrong_entry_has_no_value_and_is_among_the_problems(tmp_path: Path) -> None:
    (tmp_path / "agreement.yaml").write_text(
        "extends: default\nkpis:\n- {id: won_revenue, unit: euro}\n"
    )
    agreement = load_home_agreement(tmp_path)
    window = agreement.parse_period(JUNE)
    found = {result.id: result for result in kpis(store(), agreement, None, window)}
    said = "The KPI 'won_revenue' is wrong in the agreement: unit: 'euro' is not valid."
    assert (found["won_revenue"].value, found["new_business_revenue"].value) == (None, 150.50)
    assert str(found["won_revenue"].reason).startswith(said)
    assert str(found["average_deal_size"].reason).startswith(said)
    assert kpi_problems(store(), agreement)["won_revenue"].startswith(said)
    [number] = six_and_twelve(store(), agreement, ["won_revenue"])
    assert {point.value for point in number.months.points} == {None}
    assert why_exception(number)[0].startswith(said)
    with pytest.raises(QueryError, match="is wrong in the agreement"):
        records(store(), agreement, "won_revenue", window)


def quoted(text: str) -> str:
    return text.replace("'", "''")


def test_a_filter_must_not_aggregate() -> None:
    with pytest.raises(QueryError, match="must not aggregate"):
        measure("own", "count(*)", "sum(x) > 1")


def test_the_shown_sql_gives_the_value() -> None:
    agreement = default_agreement()
    text = kpi_sql(store(), agreement, "won_revenue", agreement.parse_period(JUNE))
    assert "$" not in text
    [row] = store().rows(parse(text, "shown"))
    assert row["value_0"] == 150_50


@pytest.mark.parametrize(
    "kpi_id", ["won_revenue", "win_rate_closed", "new_opportunities", "open_deals"]
)
def test_records_add_up_to_the_figure(kpi_id: str) -> None:
    agreement = default_agreement()
    window = agreement.parse_period(JUNE)
    result = ask(kpi_id)
    sums = records(store(), agreement, kpi_id, window).groupby("part")["value"].sum()
    if result.numerator is None:
        assert sums.to_dict() == {kpi_id: result.value}
    else:
        assert sorted(sums) == sorted([result.numerator, result.denominator])


def test_records_of_a_member_and_of_nothing() -> None:
    agreement = default_agreement()
    window = agreement.parse_period(JUNE)
    found = records(store(), agreement, "won_revenue", window, by="segment", key="micro")
    assert found["deal_id"].tolist() == ["d2"]
    assert found["value"].tolist() == [50.5]
    empty = records(store(), agreement, "won_revenue", agreement.parse_period("2024-01"))
    assert empty.empty
    assert "value" in empty
    with pytest.raises(QueryError, match="cannot be cut by hour"):
        records(store(), agreement, "won_revenue", window, by="hour", key="1")


def test_a_distinct_count_counts_each_once_in_its_records() -> None:
    agreement = own(
        mart="fct_deal", date_column="closed_day", expression="count(distinct account_id)",
        unit="count",
    )  # fmt: skip
    window = agreement.parse_period("2026")
    result = ask("own", "2026", agreement)
    found = records(store(), agreement, "own", window)
    assert (result.value, len(found)) == (2, 4)
    assert found["value"].sum() == 2


amounts = st.lists(
    st.tuples(
        st.integers(0, 10**7),
        st.sampled_from(["won", "lost", "open"]),
        st.sampled_from(["2026-06-01", "2026-05-31", "2026-06-30 21:59", "2026-06-30 22:00"]),
        st.sampled_from([5, 500, 50000, None]),
    ),
    max_size=12,
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(amounts)
def test_parts_add_up_doubling_doubles_and_order_does_not_matter(
    rows: list[tuple[int, str, str, int | None]],
) -> None:
    def build(factor: int, turned: bool) -> DuckDBEngine:
        deals = [
            deal(f"d{n}", outcome, None if outcome == "open" else closed, amount=amount * factor)
            | {"account_id": f"a{n}"}
            for n, (amount, outcome, closed, _) in enumerate(rows)
        ]
        accounts = [{"account_id": f"a{n}", "employees": row[3]} for n, row in enumerate(rows)]
        return make_store({"deal": deals[::-1] if turned else deals, "account": accounts})

    names = ["won_revenue", "win_rate_closed", "average_deal_size"]
    agreement = default_agreement()
    window = agreement.parse_period(JUNE)
    once, twice = build(1, False), build(2, True)
    first = kpis(once, agreement, names, window, NO_FILTERS, "segment")
    second = kpis(twice, agreement, names, window, NO_FILTERS, "segment")
    revenue, rate, size = first
    inside = [
        row for row in rows if row[1] == "won" and row[2] not in ("2026-05-31", "2026-06-30 22:00")
    ]
    if rows:
        assert revenue.value is not None
        assert revenue.value == pytest.approx(sum(row[0] for row in inside) / 100)
        assert sum(float(g.value or 0) for g in revenue.by or ()) == pytest.approx(revenue.value)
        assert second[0].value == pytest.approx(2 * float(revenue.value or 0))
    assert second[1].value == rate.value
    if size.value is not None:
        assert second[2].value == pytest.approx(2 * float(size.value))


def test_acceptance_is_that_of_the_handoff_page() -> None:
    """Of four handovers one is accepted, one rejected, one overdue; one was recycled, too late."""
    leads = ("accepted", "rejected", "overdue", "recycled")
    events = [
        {"lead_id": lead, "stage": "mql", "kind": "entry", "entered_at": "2026-06-01 08:00"}
        for lead in leads
    ]
    events += [
        {"lead_id": lead, "stage": stage, "kind": kind, "entered_at": at, "reason": "timing"}
        for lead, stage, kind, at in (
            ("accepted", "sal", "entry", "2026-06-02 08:00"),
            ("rejected", "rejected", "exit", "2026-06-02 08:00"),
            ("recycled", "recycled", "exit", "2026-06-25 08:00"),
        )
    ]
    engine = make_store({"lead_stage_event": events})
    rate = ask("acceptance_rate", engine=engine)
    assert (rate.numerator, rate.denominator) == (1, 3)
    first = decisions(engine, default_agreement().parse_period(JUNE))[0]
    assert (first.accepted, first.rejected, first.overdue, first.other) == (1, 1, 1, 1)
