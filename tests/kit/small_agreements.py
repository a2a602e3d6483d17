"""What the small company agreed: the packaged agreement, and one that chooses otherwise."""

from __future__ import annotations

import datetime as dt
from functools import cache

from builders import default_agreement

from smarketing.agreement import Agreement

#: Days on which periods begin and end here, so that much falls on them.
EDGES = (dt.date(2025, 9, 1), dt.date(2026, 1, 5), dt.date(2026, 3, 1))
_OWN_MODEL = {"id": "own", "label": "Own", "weights": {
    "first": 0.3, "lead_creation": 0.2, "deal_creation": 0.1, "last": 0.2, "middle": 0.2,
}}  # fmt: skip
#: The first by name of the two, with nothing for either end.
_LATE_MODEL = {"id": "another", "label": "Another", "weights": {
    "lead_creation": 0.7, "middle": 0.3,
}}  # fmt: skip
_MARGINS = ((EDGES[0], 0.7), (EDGES[1], 0.8), (EDGES[2], 0.75))

_EXEMPTIONS = [
    {"id": "met", "label": "Met", "rule": "meeting_booked", "within_days": 30},
    {"id": "demo", "label": "Demo", "rule": "lead_type", "values": ["Demo"]},
    {"id": "talked", "label": "Talked", "rule": "open_conversation", "within_days": 5},
    {"id": "poor", "label": "Poor", "rule": "exit_reason", "values": ["no budget", "content"]},
    {"id": "alone", "label": "Alone", "rule": "self_serve", "values": ["direct", "Bad timing"]},
]
_FIT = [
    {"id": f"fit_{attribute}_{number}", "label": attribute, "points": 3 + number,
     "attribute": attribute} | asked
    for number, (attribute, asked) in enumerate((
        ("employees", {"at_least": 50}), ("employees", {"at_most": 199}),
        ("employees", {"at_least": 200, "at_most": 1000}), ("industry", {"values": ["RETAIL"]}),
        ("seniority", {"values": ["vp"]}), ("country", {"values": ["DE", "gb"]}),
        ("lead_type", {"values": ["demo"]}), ("channel", {"values": ["webinar", "Partner"]}),
    ))
]  # fmt: skip


@cache
def agreement() -> Agreement:
    """Return the packaged agreement with all that it leaves to a company to agree."""
    content = default_agreement().model_dump(mode="python")
    content["lead_definition"]["fit"] = [*content["lead_definition"]["fit"], *_FIT]
    content["service_levels"]["commitment"] |= {"count": 6, "value": 1500.0}
    content["attribution"] |= {
        "custom_models": [_OWN_MODEL],
        "gross_margin": [{"starts_on": day, "margin": margin} for day, margin in _MARGINS],
    }
    return Agreement.model_validate(content)


@cache
def other_agreement() -> Agreement:
    """Return one that chooses otherwise wherever a mart follows a choice."""
    content = agreement().model_dump(mode="python")
    content["timezone"], content["week_starts_on"] = "America/New_York", "sun"
    content["attribution"] |= {
        "default_model": "last_non_direct", "lookback_days": 90, "side": "both",
        "kind_priority": [{"kind": "call", "priority": 1}, {"kind": "page_view", "priority": 2}],
        "qualifying_stages": ["Demo", "Offer"], "people": "account", "half_life_days": 30,
        "custom_models": [_OWN_MODEL, _LATE_MODEL],
        "cac": {"teams": ["sales"], "categories": ["media", "salary"], "lag_by_cycle": True},
    }  # fmt: skip
    content["attribution"]["originator"]["test"] = "before_sales"
    content["cost_without_team"] = "sales"
    content["service_levels"]["exemptions"] = _EXEMPTIONS
    content["step_windows"] = [
        {"stage": "mql", "next_stage": "sal", "window_days": 21},
        {"stage": "lead", "next_stage": "mql", "window_days": 20},
        {"stage": "lead", "next_stage": "sql", "window_days": 30},
    ]
    return Agreement.model_validate(content)
