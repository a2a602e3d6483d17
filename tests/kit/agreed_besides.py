"""What else an agreement answers: periods, sides and teams, and files of a home or of old."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from small_agreements import agreement, other_agreement

from smarketing import periods
from smarketing.agreement import Agreement, load_agreement, parse_agreement
from smarketing.agreement.countries import country_code
from smarketing.agreement.loading import FILE_NAME, agreement_content, load_home_agreement
from smarketing.agreement.older import completed
from smarketing.errors import SmarketingError

_PERIODS = (
    "2026-06-09", "2026-02-30", "2026-6-9", "2026-W01", "2026-W53", "2020-W53", "2026-w7",
    "2026-W00",
    "2026-06", "2026-00", "2026-13", "2026-12", "2026-Q2", "2026Q4", "2026/Q1", "2026-Q0",
    "2026-Q5",
    "Q2 2026", "q3-fy 2026", "2026", "1969", "1970", "2199", "2200",
    "FY2026", "FY 2026-Q1",
    "fy2026q4",
    "FY2026-Q5", "", "June 2026", "2026-W54", " 2026 ", "2024-02-29",
)  # fmt: skip
_DAYS = tuple(map(dt.date.fromisoformat, (
    "2026-06-09", "2026-01-01", "2025-12-31", "2024-02-29", "2027-01-03", "2020-12-31",
    "2026-03-29",
    "2026-10-25", "2026-07-01", "2026-04-30",
)))  # fmt: skip
_COUNTRIES = (
    "de", "DE", "DEU", "Germany", "the Netherlands", "The Gambia", "U.K.", "U.S.A.", "the U.S.A.",
    "",
    "Atlantis", " France ", "Türkiye", "Korea", "the", "Deutschland", "XK", "uk",
)  # fmt: skip
_KINDS = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "range")
#: Weekday on which weeks start, and month in which fiscal years do.
_SETTINGS = ((1, 1), (7, 4), (3, 12))


def tried(ask: Callable[[], Any]) -> str:
    """What comes of a question, or the sentence by which it is refused."""
    try:
        return f"{ask()}"
    except SmarketingError as error:
        return f"refused: {error}".replace("\n", " / ")


def _told(period: periods.Period) -> str:
    return f"{period.kind} {period.label} {period.start} {period.end}"


def _periods() -> Iterator[str]:
    for (week, month), text in product(_SETTINGS, _PERIODS):
        said = {"week_start": week, "fiscal_year_start_month": month}
        found = tried(lambda: _whole(periods.parse_period(text, **said)))  # noqa: B023
        yield f"'{text}' {week} {month}: {found}"
    for (week, month), kind, day in product(_SETTINGS, _KINDS, _DAYS):
        said = {"week_start": week, "fiscal_year_start_month": month}
        found = tried(lambda: _whole(periods.period_of(day, kind, **said)))  # noqa: B023
        yield f"{kind} of {day} {week} {month}: {found}"
    for week, month in ((0, 1), (8, 1), (1, 0), (1, 13)):
        yield tried(lambda: periods.period_of(_DAYS[0], "week", week_start=week,  # noqa: B023
                                              fiscal_year_start_month=month))  # noqa: B023  # fmt: skip
    for start, end in product(
        (*map(str, _DAYS[:4]), "2026-6-1", "2026-02-30"), ("2026-01-01", _DAYS[0])
    ):
        found = tried(lambda: _whole(periods.parse_window(f"{start}", f"{end}")))  # noqa: B023
        yield f"from {start} to {end}: {found}"


def _whole(period: periods.Period) -> str:
    """Say of a period what stands before it, a year ago, and which other one has its days."""
    near = (period, period.previous(), period.same_last_year(), *period.earlier(2))
    same = [one.label for one in periods.of_the_same_days(period)]
    day = period.start
    counts = [
        period.contains(day - dt.timedelta(1)),
        period.contains(day),
        period.contains(period.end),
    ]
    return f"{' | '.join(map(_told, near))} {same} {period.length_days} {period.last_day} {counts}"


def _instants() -> Iterator[str]:
    yield f"{[country_code(text) for text in _COUNTRIES]}"
    for zone, day in product(("Europe/Berlin", "America/New_York", "Asia/Kolkata"), _DAYS[-4:]):
        begun = periods.local_midnight(day, zone)
        at = begun + dt.timedelta(hours=2, minutes=30)
        days = [periods.local_day(begun + dt.timedelta(minutes=m), zone) for m in (-1, 0)]
        known = periods.local_instant(at.replace(tzinfo=dt.UTC), zone)
        there = periods.local_instant(at, zone)
        yield f"{zone} {day}: {begun} {there} {known} {[str(d) for d in days]}"
        yield f"  {periods.moment_words(at)} {periods.day_words(day)} {periods.day_words(at)}"
    for day, months in product(_DAYS, (-13, -1, 0, 1, 12, 25)):
        yield f"{day} {months:+}: {periods.add_months(day, months)}"
    for one, other in product(_DAYS, _DAYS):
        yield f"from {one} to {other}: {periods.months_between(one, other):.9g}"
    for kind, (week, month) in product(_KINDS[:-1], _SETTINGS):
        for end in (_DAYS[1], _DAYS[0]):
            found = periods.periods_between(
                dt.date(2025, 12, 30), end, kind, week_start=week, fiscal_year_start_month=month
            )
            yield f"{kind} {week} {month} to {end}: {len(found)} {[p.label for p in found][-3:]}"


def _answers() -> Iterator[str]:
    for name, agreed in (("ours", agreement()), ("other", other_agreement()), ("odd", _odd())):
        for kpi in agreed.kpis:
            side, most = tried(lambda: agreed.side_of(kpi)), agreed.at_most(kpi)  # noqa: B023
            yield f"{name} {kpi.id}: {side} {most} {kpi.kept} {kpi.condition!r}"
        yield f"{name}: {[team.id for team in agreed.cac_teams]} {agreed.attribution.cac}"
        for lagged in (False, True):
            yield f"{name}: {agreed.attribution.cac.words(['A', 'B'], lagged=lagged)}"
        for day in (*_DAYS, dt.date(2025, 9, 1), dt.date(2025, 8, 31), dt.date(2026, 1, 5)):
            yield f"{name} margin of {day}: {agreed.attribution.margin_on(day)}"
        for model in ("linear", "own", "another", "gone", "markov"):
            yield f"{name} {model}: {agreed.attribution.model_label(model)}"
        for word in ("sales", "sale", "marketing", ""):
            yield f"{name} team '{word}': {tried(lambda: agreed.team(word).side)}"  # noqa: B023
            yield f"{name} KPI '{word}': {tried(lambda: agreed.kpi(word))}"  # noqa: B023
        for stage in ("lead", "customer", "customers", "MQL"):
            yield f"{name} stage '{stage}': {tried(lambda: agreed.stage_number(stage))}"  # noqa: B023
        zones = (None, "Asia/Tokyo", agreed.timezone)
        for member, zone in product((None, "ann", "crm:ann", "crm:Ann", "x:dora"), zones):
            calendar = agreed.calendar_of(member, zone)
            at = [dt.datetime(2026, 6, 30, hour) for hour in (0, 6, 12, 18)]
            minutes = [float(m) for m in calendar.open_minutes(at) % 100_000]
            yield f"{name} {member} {zone}: {calendar.timezone} {minutes}"
        yield f"{name}: {agreed.week_start} {agreed.service_levels.committed_stage}"
        span = (dt.datetime(2026, 6, 29, 7), dt.datetime(2026, 7, 1, 15, 20))
        yield f"{name}: {agreed.calendar.business_minutes(*span)}"
        ends = [dt.datetime(year, 12, 30, 12) for year in (1969, 1970, 2198, 2199)]
        yield f"{name}: {[float(m) for m in agreed.calendar.open_minutes(ends)]}"
        yield tried(lambda: agreed.calendar.after_days([span[0]], 0))  # noqa: B023


def _odd() -> Agreement:
    """Return an agreement of members with hours of their own, and of KPIs of every kind."""
    content = agreement().model_dump(mode="python")
    hours = content["working_time"]
    content["member_calendars"] = [
        {"member": "ann", "timezone": "America/New_York", "working_time": hours},
        {"member": "x:dora", "timezone": "UTC", "working_time": {**hours, "holiday_country": None}},
    ]
    content["service_levels"]["commitment"] |= {"stage": "sql"}
    content["attribution"]["cac"] |= {
        "teams": ["sales"],
        "categories": ["media"],
        "lag_by_cycle": True,
    }
    return Agreement.model_validate(content)


def _few(**changes: Any) -> dict[str, Any]:
    content = agreement_content(load_agreement())
    content["kpis"] = [kpi for kpi in content["kpis"] if kpi["id"] in ("new_leads", "won_revenue")]
    content["targets"] = content["targets"][-1:] if changes.pop("has_targets", False) else []
    content["meeting"] |= {"customers": [], "put_in": ["new_leads"], "came_out": []}
    return content | changes


def _kpi(**changes: Any) -> dict[str, Any]:
    return {**_few()["kpis"][0], **changes}


#: Files of a home whose KPIs are wrong in one way each, or that are wrong elsewhere as well.
def _homes() -> Mapping[str, Any]:
    good = _few()["kpis"]
    return {
        "nothing wrong": _few(),
        "a mart of none": _few(kpis=[*good, _kpi(id="x", mart="fct_leads")]),
        "no words": _few(kpis=[*good, {"id": "x", "label": " ", "question": 3, "unit": "pieces"}]),
        "half the owners": _few(
            kpis=[
                *good,
                _kpi(
                    id="x",
                    unit="rates",
                    owners={"marketing": "nobody", "sales": good[0]["owners"]["sales"]},
                    headline="yes",
                    listed=False,
                ),
            ]
        ),
        "owners of text": _few(kpis=[*good, _kpi(id="x", owners="all", headline=True, unit="x")]),
        "two wrong": _few(
            kpis=[_kpi(id="x", unit="x"), *good, _kpi(id="y", formula="a +", mart=None)]
        ),
        "of each other": _few(
            kpis=[
                *good,
                *(
                    {**_kpi(id=one), "expression": None, "mart": None, "formula": f"{other} * 2"}
                    for one, other in (("x", "y"), ("y", "x"))
                ),
            ]
        ),
        "no id": _few(kpis=[*good, {"label": "x"}]),
        "an odd id": _few(kpis=[*good, _kpi(id="X y")]),
        "no mapping": _few(kpis=[*good, "x"]),
        "twice": _few(kpis=[*good, good[0]]),
        "a fault of its own": _few(kpis=[*good, _kpi(id="x", fault="Said.", unit="x")]),
        "wrong elsewhere": _few(kpis=[*good, _kpi(id="x", unit="x")], timezone="Mars"),
        "a target of one": _few(
            kpis=[*good, _kpi(id="x", unit="x")],
            targets=[{"kpi": "x", "period": "2026", "value": 1}],
        ),
        "stage and step": _few(
            kpis=[*good, _kpi(id="x", stage="mql", step={"stage": "lead", "next_stage": "mql"})]
        ),
        "half of it": _few(kpis=[*good, {k: v for k, v in _kpi(id="x").items() if k != "mart"}]),
        "a list": [1],
        "nothing": None,
    }


def _with_faults() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        yield f"no file: {load_home_agreement(home).hash == load_agreement().hash}"
        file = home / FILE_NAME
        for name, content in _homes().items():
            text = json.dumps(content)
            file.write_text(text, encoding="utf-8")
            for of, ask in (
                ("home", partial(load_home_agreement, home)),
                ("file", partial(load_agreement, file)),
                ("kept", partial(parse_agreement, text, is_kept=True)),
            ):
                said = tried(lambda: _faults(ask())).replace(str(home), "home")  # noqa: B023
                yield f"{name}, {of}: {said}"
        file.write_bytes(b"\xff")
        yield tried(lambda: load_agreement(file)).replace(str(home), "home")
        file.unlink()
        yield tried(lambda: load_agreement(file)).replace(str(home), "home")
        yield tried(lambda: load_agreement(home)).replace(str(home), "home")
        ten = ("a", "b", "c", "d", "e", "f")
        bomb = [f"{of}: &{of} [{', '.join([f'*{part}'] * 10)}]" for part, of in pairwise(ten)]
        for text in ("a: " + "[" * 200, "\n".join(["a: &a [x, x]", *bomb]), "a: \x00",
                     "a: [\n", "a: b: c"):  # fmt: skip
            yield tried(lambda: parse_agreement(text))  # noqa: B023


def _faults(agreed: Agreement) -> Any:
    return [
        (kpi.id, kpi.label, kpi.question, kpi.unit, kpi.owners.marketing, kpi.owners.sales,
         kpi.headline, kpi.listed, kpi.fault)
        for kpi in agreed.kpis if kpi.fault or kpi.id in ("x", "y")
    ]  # fmt: skip


def _older() -> Iterator[str]:
    """Say what an agreement of an earlier version gains, which said stages within filters."""
    base = agreement_content(load_agreement())
    for kpi in base["kpis"]:
        held = kpi.get("step") or ({"stage": kpi["stage"]} if "stage" in kpi else {})
        tests = [f"{column} = '{value}'" for column, value in held.items()]
        tests += [kpi["filter"]] if kpi.get("filter") else []
        own = {
            key: value
            for key, value in kpi.items()
            if key not in ("stage", "step", "team", "rests_on")
        }
        own |= {"filter": " and ".join(tests)} if tests else {}
        for name, given in (("before", own), ("other", own | {"filter": "amount > 1"}),
                            ("reworded", own | {"label": "Ours"}), ("as it is", kpi)):  # fmt: skip
            for stages in (base["stages"], base["stages"][:1]):
                (now,) = completed({"stages": stages, "kpis": [given]}, base)["kpis"]
                gained = {
                    key: now.get(key) for key in {*now, *given} if now.get(key) != given.get(key)
                }
                if gained:
                    yield f"{kpi['id']} {name} {len(stages)}: {sorted(gained.items())}"
    for left in base:
        whole = completed({key: value for key, value in base.items() if key != left}, base)
        yield f"without {left}: {left in whole}"
    for path in (
        ("attribution", "originator"),
        ("attribution", "cac"),
        ("service_levels", "commitment"),
        ("classification", "lead_statuses"),
    ):
        part = {key: value for key, value in base[path[0]].items() if key != path[1]}
        for stages in (base["stages"], base["stages"][:2], "x"):
            whole = completed(base | {path[0]: part, "stages": stages, "kpis": "none"}, base)
            held = json.dumps(whole[path[0]].get(path[1]))
            yield f"without {path} of {len(stages)}: {held[:300]}"


BESIDES: dict[str, Callable[[], Iterator[str]]] = {
    "periods": _periods,
    "instants and months": _instants,
    "answers of an agreement": _answers,
    "files of a home": _with_faults,
    "earlier versions": _older,
}
