"""What analyses reckon of formulas, expressions and paths by hand, and what they refuse."""

# Each question is asked at once, with the values of its turn.
# ruff: noqa: B023

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pandas as pd
from small_agreements import agreement, other_agreement

from smarketing.agreement import Kpi
from smarketing.analysis import dimensions
from smarketing.analysis.attribution import asked, attribution, credit_paths
from smarketing.analysis.campaigns.together import checked
from smarketing.analysis.funnel import listing
from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import FunnelSettings, parse_at
from smarketing.analysis.funnel.time import deal_cycle, time_in_stage, time_to_convert
from smarketing.analysis.handoff.obligations import handoff_records
from smarketing.analysis.journeys.timeline import credit_model, journey
from smarketing.analysis.kpis import formulas
from smarketing.analysis.kpis.caveats import caveats
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.expressions import measure
from smarketing.analysis.kpis.parts import parts_of
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import SmarketingError
from smarketing.periods import parse_period, parse_window
from smarketing.workspace.records import Plan

Answer = Callable[[DuckDBEngine], Any]
ALL = parse_window("2025-07-01", "2026-07-02")
AHEAD = parse_window("2027-01-01", "2027-04-01")
_VALUES: Mapping[str, float | None] = {"a": 3.0, "b": 0.0, "c": -2.0, "d": None, "e": 3.0, "f": 0.0}
_FORMULAS = (
    "a + b",
    "a - c",
    "-a",
    "-(a - e)",
    "a * c",
    "a / b",
    "a / c",
    "b / a",
    "d + a",
    "a / (a - e)",
    "a / (b * c)",
    "c / (b / a)",
    "a / (b + f)",
    "a / (b - f)",
    "a / max(b, c)",
    "min(a, c, 1)",
    "max(b, 0)",
    "a / min(b, 5)",
    "a / (a / b)",
    "2 * a / 4",
    "100 * (a / e)",
    "a * 2 / c",
    "a / 2 / c",
    "1 - a",
    "0 * c",
    "a / (max(b, f) * 1)",
    "a / (e - a)",
    "a / (a - 3)",
    "3",
    "a + -c",
    "a / -b",
)
_EXPRESSIONS = (
    ("count(*)", None),
    ("count(*)", "comment is not null"),
    ("sum(won_amount)", "outcome = 'won'"),
    ("median(cycle_days)", None),
    ("median(cycle_days) / 2", "true"),
    ("avg(abs(a))", None),
    ("quantile(a, 0.9)", None),
    ("count(distinct account_id)", "kind = 'new'"),
    ("won_amount", None),
    ("count(distinct (a, b))", None),
    ("sum(a) / sum(b)", None),
    ("sum(a) + won_amount", None),
    ("sum(count(*))", None),
    ("max(lower(a))", None),
    ("sun(a)", None),
    ("my_own(a)", None),
    ("sum(t.a)", None),
    ("sum(a) filter (where b)", None),
    ("sum(a) over ()", None),
    ("", None),
    ("select 1", None),
    ("sum(a); drop table x", None),
    ("sum(a", None),
    ("sum($from)", None),
    ("count(*)", "$to > day"),
    ("count(*)", "$day > a"),
    ("count(*)", "sum(a) > 1"),
    ("count(*)", "a ="),
    ("count(*)", "a in (select 1)"),
    ("count(*)", "a like 'x%'"),
    ("count(*)", "regexp(a)"),
    ("count(*)", "a; b"),
    ("count(*)", "begin"),
    ("sum(case when a then b else 0 end)", "not c"),
    ("count(*) - count(a)", None),
    ("sum(coalesce(a, 0)) * 2", None),
    ("min(a)", "a between 1 and 2"),
    ("count(*)", "a is null or b"),
    ("sum(cast(a as double))", None),
    ("array_agg(a)", None),
)


def tried(ask: Callable[[], Any]) -> Any:
    """What comes of a question, or the sentence by which it is refused."""
    try:
        return ask()
    except SmarketingError as error:
        return f"refused: {error}".replace("\n", " / ")


def _said(ask: Callable[[], Any]) -> str:
    return f"{tried(ask)}"


def _formulas(_: DuckDBEngine) -> Iterator[str]:
    for text in _FORMULAS:
        found = _said(lambda: formulas.evaluate(text, _VALUES.get))
        why = _said(
            lambda: formulas.why_nothing(
                text, _VALUES.get, lambda n: f"{n} is 0", lambda a, b: f"{b} takes all of {a}"
            )
        )
        sums = [formulas.adds_up(text, lambda name: name in names) for names in ("ab", "abcdef")]
        yield f"{text} = {found}; {why}; {sums} over {formulas.divided_by(text)}"
    for window, day in product((parse_period("2026-06"), ALL, AHEAD), ("2026-06-10", "2026-12-31")):
        for name in ("horizon_months", "elapsed_months", "gross_margin"):
            known = formulas.quantity(name, agreement(), window, dt.date.fromisoformat(day))
            yield f"{name} of {window.label} on {day}: {known}"


def _expressions(_: DuckDBEngine) -> Iterator[str]:
    for text, condition in _EXPRESSIONS:
        for kept in ((), (("stage", "mql"),)):
            found = tried(lambda: measure("x", text, condition, kept))
            if isinstance(found, str):
                yield f"{text} | {condition}: {found}"
                continue
            flags = (
                found.is_additive,
                found.is_count,
                found.is_sum,
                found.names_period,
                found.adds_up,
            )
            yield f"{text} | {condition} {kept}: {sorted(found.columns)} {flags}"
            yield f"  {found.when(None).sql()} | {found.counted(None).sql()}"
            yield f"  {found.filled().sql()}"
            yield f"  {found.argument().sql()} | {found.beside_bounds().when(None).sql()}"


def _own(**of: Any) -> Kpi:
    owners = {"marketing": "head_of_demand", "sales": "head_of_sales_development"}
    given = {"label": "L", "question": "Q", "definition": "D", "unit": "count", "owners": owners}
    return Kpi.model_validate(given | {"id": "own"} | of)


def _parts(_: DuckDBEngine) -> Iterator[str]:
    agreed = agreement()
    for kpi in agreed.kpis:
        yield f"{kpi.id}: {_said(lambda: parts_of(agreed, kpi))} {caveats(agreed, kpi)}"
    for text in (
        "new_leads + 2 * new_mqls",
        "(new_leads - new_mqls * 3) / won_deals",
        "-new_leads / 4",
        "new_leads / new_mqls + won_deals / new_mqls",
        "new_leads / new_mqls + won_deals / new_leads",
        "new_leads * new_mqls",
        "new_leads / (won_deals / new_mqls)",
        "new_leads + 1",
        "max(new_leads, 1)",
        "gone + new_leads",
        "win_rate_closed * 100",
        "new_leads / won_deals * 7 - won_deals / won_deals",
        "new_leads - new_leads",
        "sales_cycle_days * 2",
        "open_pipeline + won_revenue",
    ):
        yield f"{text}: {_said(lambda: parts_of(agreed, _own(formula=text)))}"
    for kpi in other_agreement().kpis:
        yield f"{kpi.id}: {caveats(other_agreement(), kpi)}"


def _paths(_: DuckDBEngine) -> Iterator[str]:
    """Say what models make of paths written by hand with their days, and which are refused."""
    good = {
        "path": ["a > b > a", "b", "", "direct > a"],
        "won": [2, 1, 0, 1],
        "lost": [1, 0, 2, 0],
        "value": [20.0, 5.0, 0.0, 7.0],
        "days": ["9 > 2 > 0", "4", "", "3 > 1"],
    }
    frames: dict[str, dict[str, Any]] = {
        "good": good,
        "lists": good | {"days": [[9, 2, 0], [4], [], (3, 1)]},
        "numbers": good | {"path": ["a", "b", "", "c"], "days": [9, 4.5, None, 0]},
        "without days": {key: good[key] for key in ("path", "won")},
        "no path": {"won": [1]},
        "too few days": good | {"days": ["9 > 2", "4", "", "3 > 1"]},
        "days of words": good | {"days": ["x > 2 > 0", "4", "", "3 > 1"]},
        "days before": good | {"days": ["-9 > 2 > 0", "4", "", "3 > 1"]},
        "days of no end": good | {"days": [[float("inf"), 2, 0], [4], [], [3, 1]]},
        "won below 0": good | {"won": [2, -1, 0, 1]},
        "won of words": good | {"won": ["x", 1, 0, 1]},
        "value below 0": good | {"value": [-20.0, 5.0, 0.0, 7.0]},
        "won missing": good | {"won": [None, 1, 0, 1]},
        "nothing won": good | {"won": [0, 0, 0, 0]},
        "nobody": {"path": [], "won": [], "lost": []},
        "only empty": {"path": ["", " "], "won": [1, 2]},
    }
    for name, columns in frames.items():
        for model in (
            "linear",
            "time_decay",
            "last_non_direct",
            "position",
            "markov",
            "shapley",
            "shapley_rate",
            "nothing",
        ):
            found = tried(lambda: credit_paths(pd.DataFrame(columns), model))
            yield f"{name} {model}: {found if isinstance(found, str) else found.to_dict('list')}"
    frame = pd.DataFrame(good)
    for model, more in (
        ("markov", {"order": 0}),
        ("markov", {"order": 2}),
        ("markov", {"order": 9}),
        ("linear", {"x": 1}),
        ("time_decay", {"half_life_days": 0.5}),
        ("time_decay", {"half_life_days": 0}),
        ("last_non_direct", {"direct": "a"}),
        ("last_non_direct", {"direct": "none"}),
        ("position", {"first": 0.5, "last": 0.5}),
        ("shapley_rate", {"permutations": 50, "seed": 3}),
    ):
        found = tried(lambda: credit_paths(frame, model, **more))
        yield f"{model} {more}: {found if isinstance(found, str) else found.to_dict('list')}"


def _refusals(engine: DuckDBEngine) -> Iterator[str]:
    odd: Any = str
    agreed, no_window = agreement(), FunnelSettings("snapshot")
    plans: dict[str, Any] = {
        "name": "P",
        "starts_on": dt.date(2026, 1, 1),
        "ends_on": dt.date(2026, 2, 1),
        "marketing_owner": "Ann",
        "sales_owner": "Bob",
        "created_by": "Ann",
        "created_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    }
    other = Plan(**plans, id=7)

    def planned(**more: Any) -> Answer:
        return lambda _: checked(Plan(**(plans | more)), agreed, [other])

    asks: dict[str, Answer] = {
        "model": lambda e: attribution(e, agreed, window=ALL, model="linaer"),
        "dimension": lambda e: attribution(e, agreed, window=ALL, by="chanel"),
        "kind": lambda e: attribution(e, agreed, window=ALL, kinds=("webinar",)),
        "no kinds": lambda _: asked(agreed, ALL, kinds=()),
        "measure": lambda _: asked(agreed, ALL, measure="revenu"),
        "side": lambda _: asked(agreed, ALL, side="both sides"),
        "lookback": lambda _: asked(agreed, ALL, lookback_days=0),
        "long": lambda _: asked(agreed, ALL, lookback_days=731),
        "true": lambda _: asked(agreed, ALL, lookback_days=True),
        "longest": lambda _: asked(agreed, ALL, lookback_days=730).lookback_days,
        "order": lambda _: asked(agreed, ALL, order=0),
        "half-life": lambda _: asked(agreed, ALL, half_life_days=0),
        "filter": lambda e: attribution(e, agreed, window=ALL, filters=Filters.of(channel="x")),
        "touch cut": lambda e: attribution(
            e,
            agreed,
            window=ALL,
            by="campaign",
            model="markov",
            filters=Filters.of(channel="webinar"),
        ),
        "mode": lambda _: FunnelSettings(odd("cohorts"), window=ALL),
        "window": lambda _: FunnelSettings(),
        "instant": lambda _: FunnelSettings(window=ALL, at=dt.date(2026, 1, 1)),
        "skips": lambda _: FunnelSettings(skips=odd("all"), window=ALL),
        "stage": lambda e: funnel_records(e, FunnelSettings(window=ALL), "mqls"),
        "basis": lambda e: time_in_stage(e, FunnelSettings(window=ALL), basis=odd("lates")),
        "last stage": lambda e: time_to_convert(e, FunnelSettings(window=ALL), "customer"),
        "no stage": lambda e: time_to_convert(e, FunnelSettings(window=ALL), "custom"),
        "no window": lambda e: deal_cycle(e, no_window),
        "moves": lambda e: listing.move_records(e, no_window),
        "basis of handoff": lambda e: handoff_records(e, ALL, basis=odd("responses")),
        "credit model": lambda _: credit_model(agreed, "markov"),
        "journey": lambda e: journey(e, agreed, "d12", model="shapley"),
        "change": lambda e: explain_change(
            e,
            agreed,
            "sales_cycle_days",
            parse_period("2026-Q2"),
            parse_period("2026-Q1"),
            "channel",
        ),
        "member": lambda e: dimensions.check_values(e, agreed, Filters.of(owner="nobody")),
        "segment": lambda e: dimensions.check_values(e, agreed, Filters.of(segment="smal")),
        "unknown segment": lambda e: dimensions.check_values(
            e, agreed, Filters.of(segment="(unknown)")
        ),
        "planned": planned(name="Q"),
        "twice": planned(),
        "itself": planned(id=7),
        "nameless": planned(name=" "),
        "turned": planned(name="Q", ends_on=dt.date(2025, 12, 31)),
        "a day": planned(name="Q", ends_on=dt.date(2026, 1, 1)),
        "no owner": planned(name="Q", sales_owner=" "),
        "no marketer": planned(name="Q", marketing_owner=""),
        "promised late": planned(name="Q", promised_by=dt.date(2025, 12, 31)),
        "promised": planned(name="Q", promised_by=dt.date(2026, 1, 1)),
        "channel": planned(name="Q", channel="tv"),
        "a channel": planned(name="Q", channel="webinar"),
    }
    for text in ("2026-03-10", "2026-03-10T09:00", "2026-03-10 09:00:00+02:00", "2026-3-10", "x",
                 "1969-01-01", "2200-01-01", " 2026-03-10 "):  # fmt: skip
        yield f"at {text}: {tried(lambda: parse_at(text))!r}"
    for name, ask in asks.items():
        yield f"{name}: {_said(lambda: ask(engine))[:400]}"


BY_HAND: dict[str, Answer] = {
    "formulas": _formulas,
    "expressions": _expressions,
    "parts and caveats": _parts,
    "paths by hand": _paths,
    "refusals": _refusals,
}
