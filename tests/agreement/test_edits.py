"""Forms write what the file would: numbers at their place, targets by month and segment."""

from __future__ import annotations

import pytest

from smarketing.agreement import load_agreement, parse_agreement
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
from smarketing.agreement.outcomes import StageOutcome
from smarketing.agreement.told import told
from smarketing.errors import AgreementError, UsageError

OWN = (
    "extends: default\ntargets:\n"
    "  - {kpi: won_revenue, every: month, value: 100, pace: seasonal, tolerance: 0.1}\n"
    "  - {kpi: won_revenue, period: 2026-07, value: 150, segment: enterprise}\n"
)


def test_every_number_of_the_form_is_read_and_written_where_it_stands() -> None:
    before = load_agreement()
    for path, _, _ in NUMBERS:
        after = parse_agreement(with_numbers(before, {path: 9}))
        assert number_at(after, path) == 9 and len(told(before, after)) == 1, path
    hours = NUMBERS[0][0]
    assert number_at(parse_agreement(with_numbers(before, {hours: 1.5})), hours) == 1.5
    assert told(before, parse_agreement(with_numbers(before, {}))) == []
    with pytest.raises(AgreementError, match=r"lead_definition\.threshold: is missing"):
        with_numbers(before, {"lead_definition.threshold": None})
    with pytest.raises(UsageError, match=r"Did you mean 'lead_definition\.threshold'"):
        with_numbers(before, {"lead_definition.treshold": 9})
    with pytest.raises(AgreementError, match="within_business_hours"):
        with_numbers(before, {"service_levels.response.within_business_hours": -1})


def test_the_grid_shows_what_holds_and_writes_only_what_differs() -> None:
    agreement = parse_agreement(OWN)
    months = [agreement.parse_period(label) for label in ("2026-07", "2026-08")]
    grid = target_grid(agreement, months)
    assert [(r.kpi, r.segment, dict(r.values)) for r in grid] == [
        ("won_revenue", "", {"2026-07": 100.0, "2026-08": 100.0}),
        ("won_revenue", "enterprise", {"2026-07": 150.0, "2026-08": None}),
    ]
    assert told(agreement, parse_agreement(with_targets(agreement, grid, months))) == []
    rows = [
        TargetRow("won_revenue", "", {"2026-07": 100.0, "2026-08": 120.0}),
        TargetRow("won_revenue", "enterprise", {"2026-07": None}),
        TargetRow("new_leads", "", {"2026-07": 30.0}),
    ]
    after = parse_agreement(with_targets(agreement, rows, months))
    assert [(t.kpi, t.period, t.segment, t.value, t.pace) for t in after.targets] == [
        ("won_revenue", None, None, 100.0, "seasonal"),
        ("won_revenue", "2026-08", None, 120.0, "seasonal"),
        ("new_leads", "2026-07", None, 30.0, "working_days"),
    ]


def test_a_month_may_be_spread_otherwise_than_the_others() -> None:
    agreement = parse_agreement(OWN)
    months = [agreement.parse_period(label) for label in ("2026-07", "2026-08")]
    grid = target_grid(agreement, months)
    assert [row.pace for row in grid] == ["seasonal", "working_days"]
    rows = [
        TargetRow("won_revenue", "", {"2026-07": 100.0, "2026-08": None}, "even"),
        TargetRow("won_revenue", "enterprise", {"2026-07": 150.0}, "seasonal"),
        TargetRow("new_leads", "", {"2026-08": 9.0}, "even"),
    ]
    after = parse_agreement(with_targets(agreement, rows, months))
    assert [(t.kpi, t.period, t.segment, t.value, t.pace) for t in after.targets] == [
        ("won_revenue", None, None, 100.0, "seasonal"),
        ("won_revenue", "2026-07", "enterprise", 150.0, "seasonal"),
        ("won_revenue", "2026-07", None, 100.0, "even"),
        ("new_leads", "2026-08", None, 9.0, "even"),
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (TargetRow("new_lead", "", {}), "Did you mean 'new_leads'"),
        (TargetRow("new_leads", "enterprize", {}), "Did you mean 'enterprise'"),
        (TargetRow("new_leads", "", {"2026-07": -1}), "targets begin at 0"),
    ],
)
def test_a_row_that_cannot_be_is_one_sentence(row: TargetRow, message: str) -> None:
    agreement = parse_agreement(OWN)
    months = [agreement.parse_period("2026-07")]
    with pytest.raises(UsageError, match=message):
        with_targets(agreement, [row], months)
    twice = [TargetRow("new_leads", "", {}), TargetRow("new_leads", "", {})]
    with pytest.raises(UsageError, match="two rows"):
        with_targets(agreement, twice, months)


def test_what_an_import_brought_is_placed_by_rules_of_its_own() -> None:
    before = load_agreement()
    first = StageOutcome(stage="Kontrakt", outcome="open")
    text = with_outcomes(before, [first, StageOutcome(stage="kontrakt", outcome="won")])
    after = parse_agreement(text)
    assert [(one.stage, one.outcome) for one in after.deal_outcomes] == [("kontrakt", "won")]

    after = parse_agreement(with_channels(before, {"Brieftaube": "event"}))
    assert before.classification.channel_of("brieftaube") == "(unmapped)"
    assert after.classification.channel_of("brieftaube") == "event"

    after = parse_agreement(with_statuses(before, {"Neuland": "mql", "Weg": "rejected"}))
    assert before.classification.lead_status_of("Neuland") is None
    assert after.classification.lead_status_of("neuland") == ("mql", "entry")
    assert after.classification.lead_status_of("Weg") == ("rejected", "exit")
    for change, wrong in ((with_channels, "evnt"), (with_statuses, "mqll")):
        with pytest.raises(UsageError, match="Did you mean"):
            change(before, {"x": wrong})
