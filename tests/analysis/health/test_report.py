"""Data health: each finding on a handful of rows, the balances, the checks and an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import default_agreement, make_store
from health_kit import FILE, SOURCE, found, only, store

from smarketing.agreement import load_agreement
from smarketing.analysis.health.finding import FAULT, NOTE, WARNING, say
from smarketing.analysis.health.report import (
    FAIL,
    PASS,
    WARN,
    checks,
    data_health,
    joined,
    reached,
    records,
)
from smarketing.build.core.versions import REPEATED, SAME
from smarketing.engine import DuckDBEngine
from smarketing.errors import UsageError
from smarketing.store.balance import SOURCE_GONE


def test_an_empty_store_has_nothing_to_report_and_every_check_passes() -> None:
    engine = make_store({})
    health = data_health(engine, default_agreement())
    assert health.findings == health.sources == health.files == ()
    assert health.reading == "Nothing has been imported yet."
    assert {check.status for check in checks(engine, default_agreement())} == {PASS}


def test_a_source_older_than_the_limit_is_named_with_its_age() -> None:
    old = {"source": "crm", "as_of_at": "2026-06-20 12:00", "as_of_day": "2026-06-20"}
    engine = store(source_info=[{**SOURCE, "files": 1, "rows": 1}, {**old, "files": 1, "rows": 1}])
    finding = only(engine, "stale-crm")
    assert (finding.severity, finding.count) == (WARNING, 11)
    assert "crm ends on 20 Jun 2026, 11 days before the newest data" in finding.sentence
    health = data_health(engine, default_agreement())
    assert [s.source for s in health.sources if s.is_stale] == ["crm"]


def test_what_could_not_be_read_is_a_fault_that_lists_its_records() -> None:
    bad = {"source": "test", "file": "deals.csv", "table_name": "deal", "column_name": "amount"}
    rows = [
        {**bad, "row": 3, "value": "ten", "reason": "no number"},
        {**bad, "row": 9, "value": "tbd", "reason": "no number"},
    ]
    engine = store(quarantine=rows)
    finding = only(engine, "quarantine-deal")
    assert (finding.severity, finding.count) == (FAULT, 2)
    assert "deals.csv, line 3, amount (“ten”) no number" in finding.sentence
    assert records(engine, finding)["row"].tolist() == [3, 9]


def test_a_missing_rate_says_how_much_is_left_out_in_its_own_currency() -> None:
    deal = {"deal_id": "d", "currency": "CHF", "outcome": "won", "closed_at": "2026-06-01"}
    yen = {**deal, "deal_id": "y", "currency": "JPY", "amount": 5000}
    engine = store(deal=[{**deal, "amount": 12345}, yen])
    finding = only(engine, "rate-deal-chf")
    assert (finding.severity, finding.amount, finding.currency) == (FAULT, 123.45, "CHF")
    assert only(engine, "rate-deal-jpy").amount == 5000
    statuses = {check.name: check.status for check in checks(engine, default_agreement())}
    assert statuses["rate-deal-chf"] == FAIL


def test_amounts_without_a_currency_are_said_once_per_source() -> None:
    assumed = {"source": "crm", "currency": "EUR"}
    finding = only(
        store(
            currency_assumed=[
                {**assumed, "table_name": "deal", "records": 5},
                {**assumed, "table_name": "deal_stage_event", "records": 2},
            ]
        ),
        "currency-crm",
    )
    assert finding.sentence == (
        "7 amounts of crm (deal, deal stage event) came without a currency and were taken as EUR."
    )


def test_load_stamps_say_what_they_take_away() -> None:
    stamp = {"source": "test", "stamp": "2026-01-22 16:14:25", "records": 50, "share": 1.0}
    deal = {"deal_id": "d", "amount": 1, "created_at": "2026-01-22 16:14:25"}
    engine = store(
        load_stamp=[
            {**stamp, "table_name": "deal", "rule": "shared"},
            {**stamp, "table_name": "deal", "rule": "after_close", "records": 15},
        ],
        deal=[deal],
    )
    health = data_health(engine, default_agreement())
    shared, after = [f for f in health.findings if f.id.startswith("load-stamp")]
    assert (
        "50 deals of test (100%) share one creation stamp, 22 Jan 2026, 17:14:25 (Europe/Berlin)"
        in shared.sentence
    )
    assert "no sales cycle" in shared.sentence
    assert "15 deals of test (100%) carry a creation later than their own close" in after.sentence


def test_unmapped_and_missing_values_are_told_apart_and_the_raw_ones_listed() -> None:
    lead = {"person_id": "p", "created_at": "2026-06-01 10:00"}
    engine = store(
        lead=[
            {**lead, "lead_id": "1", "channel": "carrier pigeon"},
            {**lead, "lead_id": "2", "channel": "webinar"},
            {**lead, "lead_id": "3", "channel": None},
            {**lead, "lead_id": "4", "channel": "carrier pigeon"},
        ]
    )
    unmapped = only(engine, "unmapped-lead-channel")
    assert (unmapped.count, unmapped.severity) == (2, WARNING)
    assert "carrier pigeon" in unmapped.sentence
    raw = records(engine, unmapped).to_dict("records")
    assert [(r["raw_value"], r["records"]) for r in raw] == [("carrier pigeon", 2)]
    unknown = only(engine, "unknown-lead-channel")
    assert (unknown.count, unknown.severity) == (1, NOTE)


def test_links_that_point_nowhere_and_leads_known_by_hearsay_are_named() -> None:
    link = {"table_name": "deal", "source": "test", "column_name": "account_id"}
    engine = store(
        dangling=[{**link, "references_table": "account", "records": 3, "example": "test:a9"}],
        lead_stage_event=[{"lead_id": "ghost", "stage": "mql", "entered_at": "2026-06-01"}],
    )
    dangling = only(engine, "dangling-deal-account-id-test")
    assert "3 deals of test point to an account that no file holds" in dangling.sentence
    assert only(engine, "stub-test").count == 1


def test_touches_that_can_earn_no_credit_say_why() -> None:
    touch = {"kind": "campaign_member", "side": "marketing"}
    engine = store(
        touch=[
            {**touch, "touch_id": "1", "person_id": "p"},
            {**touch, "touch_id": "2", "occurred_at": "2026-06-01"},
            {**touch, "touch_id": "3", "person_id": "p", "occurred_at": "2026-09-01"},
            {**touch, "touch_id": "4", "person_id": "p", "occurred_at": "2026-06-01"},
        ],
        person=[{"person_id": "p"}],
    )
    findings = found(engine)
    assert findings["touch-no-time"].count == 1
    assert findings["touch-no-person-lead-deal-or-account"].count == 1
    assert findings["touch-after-the-as-of-date"].count == 1
    assert records(engine, findings["touch-no-time"])["touch_id"].tolist() == ["1"]


DEALS: list[tuple[dict[str, Any], str]] = [
    ({"outcome": "won", "amount": 100}, "deal-closed-without-a-close-date"),
    (
        {"outcome": "won", "amount": 100, "closed_at": "2026-08-01"},
        "deal-closed-after-the-as-of-date",
    ),
    (
        {"outcome": "lost", "amount": 1, "created_at": "2026-05-02", "closed_at": "2026-05-01"},
        "deal-created-after-the-close",
    ),
    ({"outcome": "open"}, "deal-without-an-amount"),
    ({"outcome": "open", "amount": -5}, "deal-of-a-negative-amount"),
]


@pytest.mark.parametrize(("deal", "finding_id"), DEALS, ids=[name for _, name in DEALS])
def test_a_deal_that_contradicts_itself_is_listed(deal: dict[str, Any], finding_id: str) -> None:
    engine = store(deal=[{"deal_id": "bad", **deal}, {"deal_id": "fine", "amount": 1}])
    finding = only(engine, finding_id)
    assert finding.count == 1
    assert records(engine, finding)["deal_id"].tolist() == ["bad"]


def test_two_primaries_on_one_deal_are_found_and_the_same_person_twice_is_not() -> None:
    contact = {"deal_id": "d", "is_primary": True}
    engine = store(
        deal=[{"deal_id": "d", "amount": 1}, {"deal_id": "e", "amount": 1}],
        person=[{"person_id": "p"}, {"person_id": "q"}],
        deal_contact=[
            {**contact, "person_id": "p"},
            {**contact, "person_id": "q"},
            {**contact, "deal_id": "e", "person_id": "p"},
        ],
    )
    finding = only(engine, "deal-with-several-primary-contacts")
    assert records(engine, finding)["deal_id"].tolist() == ["d"]


def test_stage_events_with_a_fault_are_counted_by_fault() -> None:
    lead = {"lead_id": "l", "created_at": "2026-06-01 10:00"}
    event = {"lead_id": "l", "entered_at": "2026-06-02 10:00"}
    engine = store(
        lead=[lead],
        lead_stage_event=[
            {**event, "stage": "qualified-ish"},
            {**event, "stage": "mql", "entered_at": "2026-05-02 10:00"},
        ],
    )
    assert only(engine, "stage-unknown-stage").severity == FAULT
    assert only(engine, "stage-before-the-lead-was-created").count == 1


def test_unknown_owners_and_campaigns_of_one_name_are_named() -> None:
    engine = store(
        lead=[{"lead_id": "l", "owner_id": "gone"}],
        deal=[{"deal_id": "d", "amount": 1, "owner_id": "known"}],
        member=[{"member_id": "known", "name": "Ann"}],
        campaign=[
            {"campaign_id": "c1", "name": "Home Loan"},
            {"campaign_id": "c2", "name": "home loan "},
        ],
    )
    assert "for example gone" in only(engine, "owners").sentence
    assert only(engine, "campaign-names").count == 2


def test_what_no_source_reads_any_more_is_a_fault() -> None:
    unused = {"source": "mycrm", "file": "a.csv", "reason": SOURCE_GONE, "rows": 2}
    finding = only(store(file_unused=[unused]), "unused-mycrm-its-source-no-longer-exists")
    assert (finding.severity, finding.count) == (FAULT, 2)
    assert "--source" in finding.next_step


def test_a_key_given_twice_is_a_warning() -> None:
    unused = {"source": "test", "file": "a.csv", "reason": REPEATED, "rows": 1}
    (finding,) = [f for f in found(store(file_unused=[unused])).values() if "key" in f.id]
    assert finding.severity == WARNING and "last one counts" in finding.next_step


def test_the_same_record_twice_is_a_warning_that_says_what_to_do() -> None:
    unused = {"source": "test", "file": "a.csv", "reason": SAME, "rows": 1}
    (finding,) = [f for f in found(store(file_unused=[unused])).values() if "same" in f.id]
    assert finding.severity == WARNING and "give each an id" in finding.next_step


def test_another_program_s_build_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = store()
    assert _status(engine, "program") == PASS
    monkeypatch.setattr(engine, "code_hash", "older")
    assert _status(engine, "program") == WARN


def test_unused_records_are_told_with_their_reason() -> None:
    unused = {"source": "test", "file": "a.csv", "reason": "total row", "rows": 2}
    finding = only(store(file_unused=[unused]), "unused-test-total-row")
    assert (finding.severity, finding.count) == (NOTE, 2)


def test_a_file_that_does_not_balance_fails_the_check() -> None:
    balanced = {**FILE, "used": 7, "unused": 2, "quarantined": 1}
    assert _status(store(file_info=[balanced]), "row balance") == PASS
    assert _status(store(file_info=[{**balanced, "used": 6}]), "row balance") == FAIL


def test_another_agreement_fails_the_check_and_says_what_to_do(tmp_path: Path) -> None:
    engine = store()
    path = tmp_path / "agreement.yaml"
    path.write_text("extends: default\nfreshness_limit_days: 99\n", encoding="utf-8")
    changed = load_agreement(path)
    (check,) = [c for c in checks(engine, changed) if c.name == "agreement"]
    assert (check.status, "smarketing build" in check.detail) == (FAIL, True)


def _status(engine: DuckDBEngine, name: str) -> str:
    (check,) = [c for c in checks(engine, default_agreement()) if c.name == name]
    return check.status


def test_warnings_warn_and_notes_are_not_listed() -> None:
    engine = store(
        touch=[{"touch_id": "1", "person_id": "p", "kind": "form"}], person=[{"person_id": "p"}]
    )
    by_name = {c.name: c.status for c in checks(engine, default_agreement())}
    assert by_name["touch-no-time"] == WARN
    assert "unknown-touch-channel" not in by_name


def test_joins_and_reach_are_counted_by_hand() -> None:
    engine = store(
        account=[{"account_id": "a", "name": "A"}, {"account_id": "b", "name": "B"}],
        person=[{"person_id": "p", "account_id": "a"}, {"person_id": "q"}],
        deal=[
            {
                "deal_id": "won",
                "account_id": "a",
                "amount": 700,
                "outcome": "won",
                "closed_at": "2026-06-01",
            },
            {"deal_id": "open", "account_id": "b", "amount": 5},
        ],
        touch=[
            {"touch_id": "t", "person_id": "p", "kind": "form", "side": "marketing"},
            {"touch_id": "u", "person_id": "q", "kind": "form", "side": "marketing"},
        ],
    )
    joins = {(j.table, j.joins_to): (j.joined, j.records) for j in joined(engine)}
    assert joins["person", "account"] == (1, 2)
    assert joins["touch", "account"] == (1, 2)
    assert joins["deal", "account"] == (2, 2)
    assert joins["deal", "lead"] == (0, 2)
    reach = {r.way: (r.reached, r.won_reached, r.won_amount) for r in reached(engine)}
    assert reach["anyone at the account"] == (1, 1, 7.0)
    assert reach["people on the deal"] == (0, 0, 0.0)


def test_the_reading_names_the_gravest_finding() -> None:
    bad = {"source": "test", "file": "x.csv", "row": 2, "table_name": "deal"}
    engine = store(
        quarantine=[{**bad, "column_name": "amount", "value": "x", "reason": "no number"}],
        file_info=[{**FILE, "used": 9, "unused": 0, "quarantined": 1}],
    )
    health = data_health(engine, default_agreement())
    assert health.reading.startswith("1 fault: 1 value for deal could not be read")
    assert health.findings[0].id == "quarantine-deal"
    assert health.files[0].lost == 0
    with pytest.raises(UsageError, match="quarantine-deal"):
        health.finding("quarantine-deals")


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [(1, "lead", "1 lead"), (1200, "touch", "1,200 touches"), (2, "person", "2 people")],
)
def test_counts_are_said_in_words(count: int, noun: str, said: str) -> None:
    assert say(count, noun) == said


def test_a_won_deal_nothing_explains_says_why() -> None:
    deal = {"outcome": "won", "amount": 100, "created_at": "2026-05-01", "closed_at": "2026-06-01"}
    touch = {"side": "marketing", "kind": "form"}
    engine = store(
        account=[
            {"account_id": name, "name": name} for name in ("silent", "listed", "sold", "old")
        ],
        person=[
            {"person_id": f"p-{name}", "account_id": name}
            for name in ("listed", "sold", "old", "ok")
        ],
        deal=[
            {**deal, "deal_id": name, "account_id": name}
            for name in ("silent", "listed", "sold", "old", "ok")
        ]
        + [{**deal, "deal_id": "nobody"}],
        touch=[
            {**touch, "touch_id": "1", "person_id": "p-listed"},
            {**touch, "touch_id": "2", "person_id": "p-sold", "side": "sales"}
            | {"occurred_at": "2026-05-02"},
            {**touch, "touch_id": "3", "person_id": "p-old", "occurred_at": "2024-01-01"},
            {**touch, "touch_id": "4", "person_id": "p-ok", "occurred_at": "2026-05-02"},
        ],
    )
    findings = [f for f in found(engine).values() if f.id.startswith("unattributed")]
    listed = {f.sentence: records(engine, f)["deal_id"].tolist() for f in findings}
    reasons = {
        deals[0]: sentence.split("model: ")[1] for sentence, deals in listed.items() if deals
    }
    assert sum(f.count for f in findings) == 5
    assert {f.amount for f in findings} == {1.0}
    assert reasons["silent"] == "nobody at the account has a recorded touch."
    assert reasons["nobody"] == "nobody is known on the deal, and it has no account."
    assert reasons["sold"] == "only sales was in touch with it."
    assert reasons["listed"].startswith("the touches have no response or no time")
    assert reasons["old"].startswith("the touches lie outside the lookback")
    assert "ok" not in reasons
