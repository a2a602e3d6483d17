"""What a review says of the small company, under the one agreement and under the other."""

from __future__ import annotations

import datetime as dt
import random
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pandas as pd
from builders import make_store
from small_agreements import agreement, other_agreement
from small_company import AS_OF, other_company, tables

from smarketing.analysis.attribution import credit_paths
from smarketing.analysis.journeys.find import named, resolve
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.limits import limits_of, signals
from smarketing.analysis.review.lineage import _columns, columns_under, tables_under
from smarketing.analysis.review.proposal import Under, effects, last_quarter
from smarketing.analysis.review.restated import restated
from smarketing.analysis.review.resting import settings_of
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.attribution_models import MODELS
from smarketing.build.marts.statements import statements
from smarketing.engine import DuckDBEngine
from smarketing.errors import UsageError
from smarketing.periods import parse_period
from smarketing.workspace.records import Reported

_KPIS = ("new_leads", "new_mqls", "won_revenue", "win_rate_closed", "open_pipeline",
         "cost_per_lead", "sales_cycle_days")  # fmt: skip
_NAMED = (
    ("d12", None), ("d12", "deal"), ("d12", "lead"), ("company 3", None), ("company 3", "account"),
    ("Deal 7", None), ("a7.example", None), ("p3", None), ("p3@a3.example", None), ("l8", "lead"),
    ("l8 ", None), ("tied deal", None), ("compan", None), ("nobody at all", "person"), ("", None),
)  # fmt: skip


def _effects(engine: DuckDBEngine) -> Any:
    before, after = Under(engine, agreement()), Under(other_company(), other_agreement())
    found = effects(before, after, last_quarter(before))
    return [f"{one.id} {one.unit} {one.is_other} {_value(one.before)} {_value(one.after)}"
            for one in found]  # fmt: skip


def _value(result: Any) -> str:
    return "none" if result is None else f"{result.value} {result.n} {result.status}"


def _settings(engine: DuckDBEngine) -> Any:
    found = settings_of(engine, agreement(), other_company(), other_agreement())
    return {
        "moved": sorted(found.moved),
        "entries": [line for kpi in _KPIS for line in (f"of {kpi}", *found.of_entries(kpi))],
        "under": [line for kpi in _KPIS for line in (
            f"of {kpi}", *found.under(kpi, [("fct_deal", "won_amount"), ("dim_lead", "channel")])
        )],
    }  # fmt: skip


def _restated(before: Seen, after: Seen) -> Any:
    """What was reported of the one, looked at again by the other."""
    shown = six_and_twelve(before.engine, before.agreement, _KPIS)
    reported = [
        Reported(meeting_id=1, kpi=one.id, period=label, value=total.value)
        for one in shown for label, total in list(one.totals().items())[-8:]
    ]  # fmt: skip
    return restated(before, after, reported)


@cache
def later_company() -> DuckDBEngine:
    """Return the company three weeks on: some records say another thing, some are gone."""
    rng, rows = random.Random(6), {name: [dict(row) for row in some]
                                   for name, some in tables().items()}  # fmt: skip
    changed = {
        "deal": ("amount", (1_000_00, 77_00, None)), "lead": ("channel", ("Webinar", "Fair")),
        "cost": ("amount", (5_00, 9_000_00)), "account": ("employees", (7, 4000)),
        "lead_stage_event": ("entered_at", ("2026-03-03 09:00:00", "2026-05-20 10:00:00")),
    }  # fmt: skip
    for name, (column, values) in changed.items():
        rows[name] = [row for row in rows[name] if rng.random() > 0.03]
        for row in rng.sample(rows[name], len(rows[name]) // 8):
            row |= {column: rng.choice(values)}
    rows["member"] = []
    return make_store(rows, agreement(), "2026-07-22 13:00")


def _later(engine: DuckDBEngine) -> Any:
    return _restated(Seen(engine, agreement()), Seen(later_company(), agreement()))


def _there(engine: DuckDBEngine) -> Any:
    return _restated(Seen(engine, agreement()), Seen(other_company(), other_agreement()))


def _back(engine: DuckDBEngine) -> Any:
    return _restated(Seen(other_company(), other_agreement()), Seen(engine, agreement()))


def _intervals(engine: DuckDBEngine) -> Any:
    found = kpis(engine, agreement(), None, parse_period("2026-Q2"), by="channel")
    return [f"{one.id} {one.key} {one.low} {one.high}" for one in found if one.unit == "rate"]


def _signals(_: DuckDBEngine) -> Any:
    """The limits of series that wander, stand still and have gaps, and what falls outside them."""
    rng, found = random.Random(5), {}
    for number in range(24):
        level = rng.choice((0.0, 0.5, 40.0))
        series = [level if number % 6 == 0 else rng.gauss(level, 1 + level / 9) for _ in range(30)]
        series[20:] = [one + rng.choice((0, 1, -2)) * (1 + level / 9) for one in series[20:]]
        most = 1.0 if level == 0.5 else None
        limits = limits_of(series[: 8 + number], basis=("mean", "median")[number % 2], at_most=most)
        gaps = [None if rng.random() < 0.03 else one for one in series]
        said = "no limits" if limits is None else f"{limits} {signals(gaps, limits)}"
        found[f"series {number}"] = said
    return found


def _resolved(engine: DuckDBEngine) -> Any:
    return [_one(engine, text, kind) for text, kind in _NAMED]


def _one(engine: DuckDBEngine, text: str, kind: str | None) -> str:
    try:
        found = resolve(engine, text, kind)
    except UsageError as error:
        return f"{text} {kind} refused: {error}"
    return f"{text} {kind}: {found} {named(engine, found.unit_kind, found.unit_id)}"


def _credit(_: DuckDBEngine) -> Any:
    """What each model makes of paths that were written by hand, of no store."""
    paths = {
        "A > B > C": (3, 2), "A": (1, 4), "B > B > A": (2, 0), "direct > C": (1, 1), "": (1, 2),
        "C > direct": (2, 1), "direct": (1, 0), "A > C > A > B": (0, 3), "D > A": (1.5, 0.5),
    }  # fmt: skip
    rows = [(path, won, lost, won * (7 + len(path))) for path, (won, lost) in paths.items()]
    frame = pd.DataFrame(rows, columns=["path", "won", "lost", "value"])
    found: dict[str, Any] = {}
    for model in MODELS:
        for more in ({}, {"order": 2}, {"order": 3}) if model.startswith("markov") else ({},):
            try:
                found[f"{model} {more or ''}".strip()] = credit_paths(frame, model, **more)
            except UsageError as error:
                found[model] = f"refused: {error}"
    return found


def _under(_: DuckDBEngine) -> Iterator[str]:
    """Of every mart, what its rows rest on, and a checksum of what each of its columns does."""
    for mart in sorted(statements()):
        rows = columns_under([(mart, "")])
        each = [
            (name, sorted((table, *sorted(of)) for table, of in found.items()), sorted(passed))
            for name in _columns(mart)
            for found, passed in [(columns_under([(mart, name)]), tables_under([(mart, name)]))]
        ]
        yield f"rows of {mart}: {', '.join(f'{of} {len(rows[of])}' for of in sorted(rows))}"
        yield f"{len(each)} columns of {mart}: {zlib.crc32(repr(each).encode()):08x}"


REVIEWED: dict[str, Callable[[DuckDBEngine], Any]] = {
    "effects of the other agreement": _effects,
    "settings of the other agreement": _settings,
    "restated under the other agreement": _there,
    "restated back again": _back,
    "restated three weeks on": _later,
    "plan under the other agreement": lambda _: plan(
        other_company(), other_agreement(), 50_000.0, dt.date(2026, 12, 15)
    ),
    "plan without members": lambda _: plan(
        later_company(), agreement(), 50_000.0, dt.date(2026, 12, 15)
    ),
    "plan of nobody": lambda _: plan(
        make_store({}, agreement(), AS_OF), agreement(), 50_000.0, dt.date(2026, 12, 15)
    ),
    "intervals": _intervals,
    "signals": _signals,
    "resolved": _resolved,
    "credit of paths": _credit,
    "what marts rest on": _under,
}
