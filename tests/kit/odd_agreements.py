"""Agreements as people write them, each odd in one thing: what comes of each is kept.

Accepted, it is said in words what differs from the packaged one; refused, why, with its lines. So
are changes by forms, and what the agreed rules say of raw values. Right and refused alike are kept:
the cases by hand say which of them is right.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml
from agreed_besides import BESIDES
from small_agreements import agreement, other_agreement

from smarketing.agreement import Agreement, load_agreement, parse_agreement
from smarketing.agreement.canonical import diff_content
from smarketing.agreement.clock import Clock
from smarketing.agreement.combining import combined
from smarketing.agreement.edits import (
    NUMBERS,
    TargetRow,
    number_at,
    target_grid,
    with_channels,
    with_numbers,
    with_outcomes,
    with_statuses,
    with_targets,
)
from smarketing.agreement.entries import WORDS as FORMS
from smarketing.agreement.entries import entries, kpi_fields, with_entries, with_kpi
from smarketing.agreement.loading import agreement_content, merge
from smarketing.agreement.outcomes import StageOutcome, outcome_of
from smarketing.agreement.plain_outcomes import status_outcome
from smarketing.agreement.teams import team_names, team_of
from smarketing.agreement.told import told
from smarketing.errors import AgreementError, UsageError

JUDGED = Path(__file__).parents[1] / "agreement" / "judged.txt"
ODD = Path(__file__).with_name("odd_agreements.yaml")

_KPIS = ("new_leads", "new_mqls", "won_revenue", "won_deals", "closed_deals", "win_rate_closed")
_CHANNELS = ("display", "event", "partner", "direct")
_STAGES = (
    "Closed Won", "closed_lost", "Won/Lost", "won?", "almost won", "Lost - no budget", "not lost",
    "Abgeschlossen und gewonnen", "Ganado 100%", "100%", "0% lost", "50% won", "Lost to competitor",
    "lost to", "closed", "geschlossen", "Deal closed 2026", "in progress", "Won - no discount",
    "pagaende", "pågående", "受注", "Verloren wegen Preis", "Deal", "", "won back", "Open | Won",
    "сделка успешна", "lost lost", "Gagnée / gagné", "closed - pending",
)  # fmt: skip
_RAW = (
    ("Paid-Social", None, None, None), (None, "LinkedIn", "CPC", None),
    (None, "linkedin", "", None), (None, None, None, "webinar_attended"),
    ("webinar replay", None, None, "call"),
    ("nonsense", None, None, "webinar"), (None, None, None, "call"), (None, None, None, None),
    (float("nan"), "newsletter", None, None), ("email blast", None, None, None),
    ("partnership", None, None, None), ("our partners!", "x", "y", None), (None, "x", "y", None),
)  # fmt: skip
_TITLES = ("CFO", "Chief it-officer", "AP Manager EMEA", "Italian teacher", "IT", None, "  ", "7")
_COUNTRIES = ("de", "Germany", "NO", "no", "Kosovo", "XK", "U.S.A.", "USA", "Atlantis", "", None)
_STATUSES = ("New", "OPEN_NOT-CONTACTED", "sql", "junk", "Nurture", "maybe", None, "  Won ")
_SOURCES = ("Inbound", "Our partner", "SDR cold call", "renewals", "Free-Trial", "", None, "x")
_SIZES = (None, float("nan"), -1, 0, 49, 49.5, 50, 199, 200, 999, 1000, 10**7)


@cache
def few() -> Agreement:
    """Return the packaged agreement with few entries in each of its lists: it is soon written."""
    content = agreement_content(load_agreement())
    content["kpis"] = [kpi for kpi in content["kpis"] if kpi["id"] in _KPIS]
    content["targets"] = content["targets"][-1:]
    content["meeting"] |= {"customers": [], "put_in": ["new_leads"], "came_out": ["won_deals"]}
    kinds = content["classification"]
    kinds["channels"] = [one for one in kinds["channels"] if one["id"] in _CHANNELS]
    kinds["personas"], kinds["regions"] = kinds["personas"][:2], kinds["regions"][:2]
    kinds["lead_statuses"] = [
        {**rule, "status": {"equals": rule["status"]["equals"][:2]}}
        for rule in kinds["lead_statuses"]
    ]
    content["target_market"] |= {"personas": ["finance"], "regions": ["dach"]}
    lead = content["lead_definition"]
    lead["fit"], lead["behaviour"] = lead["fit"][:2], lead["behaviour"][:2]
    return Agreement.model_validate(content)


def _texts() -> Iterator[tuple[str, str]]:
    """Yield what is odd and the text: of the file, each is laid over the packaged agreement."""
    for name, text in yaml.load(ODD.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
        yield name, text if text.startswith("#") else f"extends: default\n{text}"
    for path in _LEFT_OUT:
        content = agreement_content(few())
        *steps, last = path.split(".")
        place: Any = content
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        del place[int(last) if last.isdigit() else last]
        yield f"without {path}", "#\n" + json.dumps(content)


_LEFT_OUT = (
    "deal_won", "deal_lost", "teams", "stages", "stages.4", "stages.0.label", "exits.3", "kpis",
    "kpis.3", "roles", "roles.0", "classification.channels.2", "service_levels",
    "service_levels.rejected_exits", "service_levels.from_stage", "attribution",
    "attribution.originator", "attribution.direct_channel", "attribution.cac", "glossary",
)  # fmt: skip


def _outcome(text: str) -> str:
    base = few() if text.startswith("#\n{") else load_agreement()
    try:
        made = parse_agreement(text)
    except AgreementError as error:
        return f"refused: {error}".replace("\n", " / ")
    return _said(told(base, made))


def _said(sentences: list[str]) -> str:
    return _in_short(" / ".join(sentences) or "nothing differs")


def _in_short(text: str) -> str:
    """Of a long answer its beginning, and a checksum of all of it."""
    return text if len(text) <= 300 else f"{text[:200]}… {zlib.crc32(text.encode()):08x}"


def _tried(change: Callable[[], Any]) -> str:
    try:
        found = change()
        if isinstance(found, str):
            made = parse_agreement(found)
            return _said(told(few(), made))
    except (AgreementError, UsageError) as error:
        return f"refused: {error}".replace("\n", " / ")
    return _in_short(repr(found))


def _forms() -> Iterator[tuple[str, Callable[[], Any]]]:
    ours = few()
    yield "numbers", lambda: [number_at(ours, path) for path, _, _ in NUMBERS]
    for path, _, _ in NUMBERS:
        yield f"{path} 7", partial(with_numbers, ours, {path: 7.0})
        yield f"{path} 2.5", partial(with_numbers, ours, {path: 2.5})
        yield f"{path} none", partial(with_numbers, ours, {path: None})
    yield "an unknown number", lambda: with_numbers(ours, {"attribution.lookback": 3})
    yield from _grids()
    yield from _entries()
    yield "outcomes", lambda: with_outcomes(ours, [
        StageOutcome(stage="Signed", outcome="won"),
        StageOutcome(stage="signed ", outcome="lost"),
        StageOutcome(stage="Signed", outcome="open", pipeline="Renewals"),
    ])  # fmt: skip
    yield "channels", lambda: with_channels(ours, {"Billboard": "display", "Fair talk": "event"})
    yield "no channel", lambda: with_channels(ours, {"Billboard": "displays"})
    yield "statuses", lambda: with_statuses(ours, {"Hot": "sql", "new": "mql", "Cold": "recycled"})
    yield "no status", lambda: with_statuses(ours, {"Hot": "mqls"})
    yield from _combined()


def _combined() -> Iterator[tuple[str, Callable[[], Any]]]:
    ours = few()
    one, other = (
        Agreement.model_validate(merge(agreement_content(ours), change))
        for change in (
            {"company": "Ours", "freshness_limit_days": 3, "currency": "USD",
             "glossary": [{"term": "ARR", "definition": "A"}, {"term": "MRR", "definition": "M"}],
             "targets": [{"kpi": "new_leads", "every": "month", "value": 5.0}],
             "stages": [{"id": "lead", "label": "Inquiry"}],
             "attribution": {"models": ["first", "last", "time_decay"]}},
            {"company": "Theirs", "freshness_limit_days": 3, "timezone": "Asia/Tokyo",
             "glossary": [{"term": "MRR", "definition": "M, anew"}],
             "targets": [{"kpi": "new_leads", "every": "month", "value": 6.0},
                         {"kpi": "new_mqls", "every": "month", "value": 3.0}],
             "stages": [{"id": "mql", "label": "Ready"}],
             "attribution": {"models": ["linear", "first", "last"]}},
        )
    )  # fmt: skip
    for name, three in {
        "one with the other": (ours, one, other), "the other with one": (ours, other, one),
        "what one took back": (one, ours, other), "both the same": (ours, one, one),
    }.items():  # fmt: skip
        yield f"combined, {name}", partial(combined, *three)


def _grids() -> Iterator[tuple[str, Callable[[], Any]]]:
    targets = [
        {"kpi": "new_leads", "every": "month", "value": 40, "pace": "even"},
        {
            "kpi": "new_leads",
            "period": "2026-02",
            "value": 50,
            "pace": "seasonal",
            "tolerance": 0.2,
        },
        {"kpi": "new_leads", "period": "2026-03", "value": 60, "segment": "small"},
        {"kpi": "won_revenue", "period": "2026-Q1", "value": 900},
    ]
    ours = Agreement.model_validate({**agreement_content(few()), "targets": targets})
    months = [ours.parse_period(f"2026-0{month}") for month in (1, 2, 3)]
    yield "grid", lambda: target_grid(ours, months)
    yield "grid of no month", lambda: target_grid(ours, [])
    rows = {
        "the usual again": TargetRow("new_leads", "", {"2026-01": 40, "2026-02": 40}),
        "usual, spread otherwise": TargetRow("new_leads", "", {"2026-01": 40}, "seasonal"),
        "of a segment": TargetRow("new_leads", "small", {"2026-01": 0, "2026-03": 61}),
        "of another KPI": TargetRow("won_revenue", "", {"2026-02": 12.5}),
        "new altogether": TargetRow("new_mqls", "enterprise", {"2026-03": 3}, "even"),
        "own again": TargetRow("new_leads", "", {"2026-02": 50}),
        "emptied": TargetRow("new_leads", "", {"2026-02": None}),
        "below zero": TargetRow("new_leads", "", {"2026-02": -1}),
        "no KPI": TargetRow("new_lead", "", {}),
        "no segment": TargetRow("new_leads", "smal", {}),
    }
    for name, row in rows.items():
        yield f"grid, {name}", partial(with_targets, ours, [row], months)
    twice = [rows["own again"], rows["emptied"]]
    yield "grid, twice", lambda: with_targets(ours, twice, months)
    both = [rows["own again"], rows["of a segment"], rows["new altogether"]]
    yield "grid, three", lambda: with_targets(ours, both, months[:2])


def _entries() -> Iterator[tuple[str, Callable[[], Any]]]:
    ours = few()
    for part in FORMS:
        rows = entries(ours, part)
        yield f"{part} as they are", partial(with_entries, ours, part, rows)
        yield f"{part} turned", partial(with_entries, ours, part, rows[::-1])
        yield f"{part} less one", partial(with_entries, ours, part, rows[1:])
        yield f"{part} twice", partial(with_entries, ours, part, [*rows, rows[0]])
        named = [{**rows[0], "definition": " Said anew  so "}, *rows[1:]]
        yield f"{part} reworded", partial(with_entries, ours, part, named)
        blank = [{**rows[0], "definition": "  "}, *rows[1:]]
        yield f"{part} blank", partial(with_entries, ours, part, blank)
    yield "no part", lambda: entries(ours, "stage")
    yield "fields of a KPI", lambda: kpi_fields(ours, "win_rate_closed")
    yield "fields of none", lambda: kpi_fields(ours, "win_rate")
    changed = {"id": " new_leads ", "label": "Leads", "caveats": [], "headline": False, "stage": ""}
    yield "KPI changed", lambda: with_kpi(ours, changed)
    own = {"label": "Ours", "question": "Which?", "definition": "Ours.", "unit": "rate",
           "owners": {"marketing": "head_of_demand", "sales": "head_of_sales_development"},
           "ratio": {"numerator": "won_deals", "denominator": "new_leads"}}  # fmt: skip
    yield "KPI added", lambda: with_kpi(ours, {"id": "ours", **own})
    yield "KPI without a name", lambda: with_kpi(ours, own)
    yield "KPI both ways", lambda: with_kpi(ours, {"id": "ours", **own, "formula": "new_leads + 1"})
    yield (
        "KPI of itself",
        lambda: with_kpi(
            ours, {"id": "ours", **own, "ratio": {"numerator": "ours", "denominator": "new_leads"}}
        ),
    )
    lists: Any = (
        [1, 2], [2, 1], [{"id": "a", "x": 1}, {"id": "b"}], [{"id": "b"}, {"id": "a", "x": 2}],
        [{"x": 1}, {"x": 2}], [{"x": 2}, {"x": 1}], [{"x": 3}], [],
    )  # fmt: skip
    yield (
        "differences",
        lambda: [
            [(c.path, c.before, c.after) for c in diff_content({"l": one}, {"l": other})]
            for one in lists
            for other in lists
        ],
    )


def _classified() -> Iterator[str]:
    agreed = load_agreement()
    kinds, origin = agreed.classification, agreed.attribution.originator
    for raw, source, medium, kind in _RAW:
        found = kinds.channel_of(raw, kind=kind, utm_source=source, utm_medium=medium)
        yield f"{raw} {source} {medium} {kind}: {found}"
    yield f"segments: {[kinds.segment_of(size) for size in _SIZES]}"
    yield f"personas: {[kinds.persona_of(title) for title in _TITLES]}"
    yield f"regions: {[kinds.region_of(country) for country in _COUNTRIES]}"
    yield f"statuses: {[kinds.lead_status_of(status) for status in _STATUSES]}"
    yield f"lead sources: {[origin.of_lead_source(raw) for raw in _SOURCES]}"
    names = team_names(agreed.teams)
    yield f"teams: {[team_of(names, raw) for raw in ('Sales', 'SALES-Development', 'x', '')]}"
    for stage in _STAGES:
        yield f"'{stage}': {status_outcome(stage)}"
    placed = (
        StageOutcome(stage="Signed", outcome="won"),
        StageOutcome(stage="Signed", outcome="open", pipeline="Renewals"),
    )
    asked = (("signed", None), ("Signed", "renewals"), ("Signed", "New"), ("Sign", "Renewals"))
    yield f"placed: {[outcome_of(placed, *each) for each in asked]}"


def _days() -> Iterator[str]:
    ours, other = agreement(), other_agreement()
    for text in ("2026-02", "2026-W01", "2026-Q1..2026-Q2", "2026-03..2026-01", "2026-13", "x..y"):
        yield f"{text}: {_tried(partial(ours.read_window, text))}"
        yield f"{text} from Sunday: {_tried(partial(other.read_window, text))}"
    begun = [dt.datetime(2026, 3, day, hour, 30) for day in (27, 28, 30) for hour in (6, 8, 15, 23)]
    for agreed in (ours, other):
        calendar = agreed.calendar
        yield f"open minutes: {[float(m) for m in calendar.open_minutes(begun) % 100_000]}"
        for minutes in (0, 1, 240, 481):
            yield f"after {minutes} minutes: {_instants(calendar.after_minutes(begun, minutes))}"
        for days in (1, 3):
            yield f"after {days} days: {_instants(calendar.after_days(begun, days))}"
        span = calendar.working_days(dt.date(2026, 4, 30), dt.date(2026, 5, 6))
        yield f"working days: {[str(day) for day in span]}"
    two = Clock("UTC", [(540, 720), (780, 1440)], [dt.date(2026, 1, 5), dt.date(2026, 1, 7)])
    at = [dt.datetime(2026, 1, day, hour) for day in (4, 5, 6, 7, 8) for hour in (0, 9, 12, 13, 23)]
    yield f"two stretches: {[float(m) for m in two.open_minutes(at)]}"
    yield f"two stretches, after an hour: {_instants(two.after_minutes(at, 60))}"
    yield f"two stretches, next close: {_instants(two.after_days(at, 1))}"


def _instants(found: Any) -> list[str]:
    return [str(one)[5:16] for one in found]


KINDS: dict[str, Callable[[], Iterator[str]]] = {
    "files": lambda: (f"{name}: {_outcome(text)}" for name, text in _texts()),
    "forms": lambda: (f"{name}: {_tried(change)}" for name, change in _forms()),
    "raw values": _classified,
    "periods and days": _days,
    **BESIDES,
}
