"""Records without a date are named by the check, with how many and what they are not in."""

from __future__ import annotations

from health_kit import only, store

from smarketing.analysis.health.finding import WARNING
from smarketing.analysis.health.report import records


def test_leads_without_any_date_are_counted_and_listed() -> None:
    engine = store(
        lead=[
            {"lead_id": "dated", "created_at": "2026-05-04"},
            {"lead_id": "begun", "status": "mql"},
            {"lead_id": "later", "status": "mql"},
            {"lead_id": "bare", "status": "new"},
        ],
        lead_stage_event=[
            {"lead_id": "begun", "stage": "lead", "entered_at": "2026-05-05 10:00"},
            {"lead_id": "later", "stage": "mql", "entered_at": "2026-05-06 10:00"},
        ],
    )
    finding = only(engine, "undated-lead-test")
    assert (finding.severity, finding.count) == (WARNING, 2)
    assert finding.sentence == (
        "2 leads of test have no creation date, nor a dated entry into the first stage: in no "
        "count of new leads, no cohort and no duration (for example bare)."
    )
    assert records(engine, finding)["record_id"].tolist() == ["bare", "later"]


def test_deals_answers_and_contracts_without_a_date_are_counted_by_source() -> None:
    engine = store(
        deal=[
            {"deal_id": "d1", "outcome": "won", "closed_at": "2026-05-04", "amount": 100},
            {"deal_id": "d2", "created_at": "2026-05-04", "outcome": "open", "amount": 100},
            {"deal_id": "d3", "outcome": "open", "amount": 100, "source": "crm"},
        ],
        feedback=[{"feedback_id": "f1", "kind": "nps", "score": 9.0}],
        contract=[
            {"contract_id": "c1", "account_id": "a", "recurring_amount": 100},
            {"contract_id": "c2", "account_id": "a", "starts_on": "2026-01-01"},
        ],
    )
    assert only(engine, "undated-deal-test").sentence == (
        "1 deal of test has no creation date: in no pipeline of a period and in no sales cycle "
        "(for example d1)."
    )
    assert only(engine, "undated-deal-crm").count == 1
    assert "1 feedback of test has no date" in only(engine, "undated-feedback-test").sentence
    assert only(engine, "undated-contract-test").count == 1
