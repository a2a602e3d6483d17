"""What each finder makes of the rows of its query: severity, sentence, singular and plural."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from told_engine import Rows, told

from smarketing.analysis.health.finding import Finding, finding_id, portion, say
from smarketing.analysis.health.input import input_findings
from smarketing.analysis.health.outcomes import outcome_findings
from smarketing.analysis.health.owners import owner_findings
from smarketing.analysis.health.records import record_findings
from smarketing.analysis.health.undated import undated_findings
from smarketing.build.core.versions import REPEATED
from smarketing.store.balance import SOURCE_GONE


def of_input(**answers: Rows) -> list[Finding]:
    return list(input_findings(told(**answers), {}))


def of_records(**answers: Rows) -> list[Finding]:
    return list(record_findings(told(**answers)))


def of_owners(**answers: Rows) -> list[Finding]:
    early = {"health__early_responses": [{"records": 0, "example": None}]}
    return list(owner_findings(told(**early | answers)))


def unread(table: str, records: int, *values: str) -> Rows:
    counts = [records - len(values) + 1, *(1 for _ in values[1:])]
    return [
        {"table_name": table, "records": n, "file": "a.csv", "line": line, "example": value,
         "column_name": "" if table == "record" else "amount", "reason": "no number"}
        for line, (n, value) in enumerate(zip(counts, values, strict=True), start=2)
    ]  # fmt: skip


def test_a_source_is_old_when_it_is_more_days_behind_than_agreed() -> None:
    ages = {"crm": ("2026-06-01", 7, 7), "ads": ("2026-05-31", 8, 7)}
    [found] = input_findings(told(), ages)
    assert (found.id, found.severity, found.count) == ("stale-ads", "warning", 8)
    assert found.sentence == (
        "ads ends on 31 May 2026, 8 days before the newest data; figures that rest on it stop "
        "there (the agreement allows 7 days)."
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (
            unread("deal", 1, "x"),
            "1 value for deal could not be read and is left out of every figure: a.csv, line 2, "
            "amount (“x”) no number.",
        ),
        (
            unread("record", 3, "x", "", "z"),
            "3 records could not be read and are left out of every figure: a.csv, line 2 (“x”) no "
            "number; a.csv, line 3 no number; a.csv, line 4 (“z”) no number.",
        ),
        (
            unread("deal", 9, "x", "y", "z", "w"),
            "9 values for deal could not be read and are left out of every figure: a.csv, line 2, "
            "amount (“x”) no number; a.csv, line 3, amount (“y”) no number; a.csv, line 4, amount "
            "(“z”) no number; ….",
        ),
    ],
)
def test_three_of_the_values_that_were_not_read_are_named(rows: Rows, sentence: str) -> None:
    [found] = of_input(health__quarantine=rows)
    assert found.severity == "fault"
    assert found.sentence == sentence


@pytest.mark.parametrize(
    ("believed", "effect"),
    [
        (True, "the as-of, and with it every period of today, rests on it"),
        (False, "left out of the as-of, which stays 30 Jun 2026"),
    ],
)
def test_dates_ahead_say_what_rests_on_them(believed: bool, effect: str) -> None:
    row = {"records": 1, "source": "crm", "is_believed": believed, "file": "a.csv", "row": 4,
           "column_name": "closed_at", "table_name": "deal_stage_event", "record": "d1",
           "day": "2027-01-01"}  # fmt: skip
    [found] = of_input(health__future=[row])
    assert found.sentence == (
        "1 date of crm is later than the import of the file, the latest in a.csv, line 4: "
        f"closed_at of deal stage event d1 is 2027-01-01; {effect}."
    )


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (1, "1 cost worth €5.00 is left out of every total: there is no rate from USD to EUR for "
            "its day or"),
        (2, "2 costs worth €5.00 are left out of every total: there is no rate from USD to EUR for "
            "their days or"),
    ],
)  # fmt: skip
def test_amounts_without_a_rate_are_a_fault(records: int, says: str) -> None:
    row = {"amount": 500, "digits": 2, "records": records, "table_name": "cost", "currency": "USD"}
    [found] = of_input(health__rates=[row])
    assert (found.severity, found.amount, found.currency) == ("fault", 5.0, "USD")
    assert found.sentence.replace("$", "€").startswith(says)


def test_quotas_of_no_period_name_the_first() -> None:
    rows = [{"period": "Q9"}, {"period": "soon"}]
    [found] = of_input(health__quotas=rows)
    assert (found.count, found.severity) == (2, "fault")
    assert found.sentence == (
        "2 quotas are left out: the period (“Q9”) is none that a calendar knows."
    )


def test_amounts_without_a_currency_say_which_was_taken() -> None:
    row = {"source": "crm", "table_name": "deal", "records": 1, "currency": "EUR"}
    [one] = of_input(health__currencies=[row])
    assert one.sentence == ("1 amount of crm (deal) came without a currency and was taken as EUR.")
    [two] = of_input(
        health__currencies=[row, row, {**row, "table_name": "fx_rate", "currency": "USD"}]
    )
    assert two.sentence == (
        "3 amounts of crm (deal, fx rate) came without a currency and were taken as EUR."
    )


@pytest.mark.parametrize(
    ("count", "value", "severity", "sentence"),
    [
        (5, "(unmapped)", "warning", "5 leads of 100 (5%) have a channel that no rule of the "
         "agreement maps (“Pigeon”); shown as (unmapped)."),
        (4, "(unmapped)", "note", "4 leads of 100 (4%) have a channel that no rule of the "
         "agreement maps (“Pigeon”); shown as (unmapped)."),
        (1, "(unknown)", "note", "1 lead of 100 (1%) has no channel; shown as (unknown), never "
         "guessed."),
    ],
)  # fmt: skip
def test_from_one_in_twenty_what_no_rule_maps_is_a_warning(
    count: int, value: str, severity: str, sentence: str
) -> None:
    row = {"records": count, "total": 100, "table_name": "lead", "column_name": "channel",
           "value": value, "example": "Pigeon"}  # fmt: skip
    [found] = of_input(health__unmapped=[row])
    assert (found.severity, found.sentence) == (severity, sentence)


@pytest.mark.parametrize(
    ("deals", "severity", "amount", "says"),
    [(0, "note", None, "0 won deals; shown"), (1, "warning", 9.0, "1 won deal worth €9.00; shown")],
)
def test_links_to_no_campaign_matter_where_a_deal_was_won(
    deals: int, severity: str, amount: float | None, says: str
) -> None:
    row = {"touches": 2, "deals": deals, "amount": 900, "digits": 2, "example": "x"}
    [found] = of_input(health__campaigns_unmapped=[row])
    assert (found.severity, found.amount) == (severity, amount)
    assert found.currency == ("EUR" if amount else None)
    assert says in found.sentence


@pytest.mark.parametrize(
    ("reason", "severity", "step"),
    [
        (SOURCE_GONE, "fault", "Import the files again with --source"),
        (REPEATED, "warning", "Find out which of them is right"),
        ("a test record", "note", "Nothing, if the reason is right."),
    ],
)
def test_unused_records_are_as_grave_as_the_reason(reason: str, severity: str, step: str) -> None:
    row = {"records": 1, "reason": reason, "source": "crm"}
    [found] = of_input(health__unused=[row])
    assert (found.severity, found.sentence) == (
        severity, f"1 record of crm is not used: {reason}."
    )  # fmt: skip
    assert found.next_step.startswith(step)


def stamp(table: str, rule: str = "shared") -> dict[str, Any]:
    return {"table_name": table, "source": "crm", "records": 30, "rule": rule, "share": 0.125,
            "stamp": dt.datetime(2026, 6, 1, 10)}  # fmt: skip


def test_load_stamps_matter_where_a_figure_rests_on_the_creation() -> None:
    rows = [stamp("lead"), stamp("touch"), stamp("account"), stamp("deal", "after close")]
    found = of_records(health__load_stamps=rows)
    assert [(f.id, f.severity, f.query) for f in found] == [
        ("load-stamp-1-lead-crm", "warning", "health/load_stamp_records"),
        ("load-stamp-2-touch-crm", "warning", "health/load_stamps"),
        ("load-stamp-3-account-crm", "note", "health/load_stamps"),
        ("load-stamp-4-deal-crm", "warning", "health/load_stamp_records"),
    ]
    assert found[0].sentence == (
        "30 leads of crm (12%) share one creation stamp, 1 Jun 2026, 12:00:00 (Europe/Berlin), "
        "which says when they were loaded, not when they began: their creation is unknown, so they "
        "are in no cohort and in no duration."
    )
    assert found[2].sentence.endswith("not when they began: no figure rests on it.")
    assert " carry a creation later than their own close: " in found[3].sentence
    assert [f.params for f in found] == [
        {"table_name": "lead"}, {}, {}, {"table_name": "deal"}
    ]  # fmt: skip


def test_links_to_what_no_file_holds_are_named_but_not_those_to_members() -> None:
    row = {"references_table": "account", "records": 1, "table_name": "deal", "source": "crm",
           "column_name": "account_id", "example": "a9"}  # fmt: skip
    rows = [{**row, "references_table": "member"}, row, {**row, "references_table": "person",
                                                          "records": 2}]  # fmt: skip
    one, two = of_records(health__dangling=rows)
    assert one.sentence == (
        "1 deal of crm points to an account that no file holds (account_id, for example a9); they "
        "are counted, but cannot be followed there."
    )
    assert two.sentence.startswith("2 deals of crm point to a person that no file holds")


@pytest.mark.parametrize(("count", "says"), [(1, "1 lead of crm is"), (2, "2 leads of crm are")])
def test_leads_that_only_events_mention(count: int, says: str) -> None:
    [found] = of_records(health__stubs=[{"records": count, "source": "crm", "example": "l9"}])
    them = "it" if count == 1 else "them"
    assert found.sentence == (
        f"{says} known only because an event or a touch mentions {them} (for example l9)."
    )


def test_touches_that_earn_nothing_name_their_first_kinds() -> None:
    kinds = ("call", "webinar", "call", "email_click")
    rows = [{"reason": "no time", "records": 2, "kind": kind} for kind in kinds]
    [found] = of_records(health__touches=rows)
    assert found.sentence == "8 touches can earn no credit: no time (call, webinar)."
    assert found.next_step.startswith("Record when people responded")


def test_deals_at_fault_say_what_they_are_worth_where_it_is_known() -> None:
    row = {"records": 1, "fault": "without an amount", "deal_amount": None, "unvalued": 1}
    none, some = of_records(
        health__deals=[
            row,
            {"records": 2, "fault": "of a negative amount", "deal_amount": -500, "unvalued": 0},
        ]
    )
    assert (none.amount, some.amount) == (None, -5.0)
    assert none.sentence == (
        "1 deal is without an amount: counted as deals, adding nothing to any amount."
    )
    assert some.sentence.startswith("2 deals, worth −€5.00, are of a negative amount: ")
    [lost] = of_records(health__unattributed=[{"records": 1, "reason": "r", "won_amount": None}])
    assert lost.sentence == "1 won deal is (unattributed) under every model: r."
    assert lost.amount == 0


def test_campaigns_of_one_name_are_counted_with_their_names() -> None:
    [found] = of_records(
        health__names=[{"name": "Fair", "campaigns": 3}, {"name": "X", "campaigns": 2}]
    )
    assert (found.count, found.sentence) == (
        5, "5 campaigns share 2 names (for example “Fair”); they stay apart, by id."
    )  # fmt: skip


def test_owners_that_nobody_knows_and_those_who_had_left() -> None:
    rows = [{"owner_id": "u1", "records": 3, "leads": 1, "deals": 2},
            {"owner_id": "u2", "records": 4, "leads": 4, "deals": 0}]  # fmt: skip
    [found] = of_owners(health__owners=rows)
    assert (found.count, found.sentence) == (
        7, "2 owners of 5 leads and 2 deals are no known member of a team (for example u1); "
        "figures by team leave them out.",
    )  # fmt: skip
    left = {"records": 1, "table_name": "lead", "fault": "created", "example": "Bob", "owners": 1}
    alone, more = of_owners(
        health__owner_left=[left, {**left, "records": 2, "fault": "open", "owners": 3}]
    )
    assert alone.sentence == "1 lead was created after their owner had left (Bob)."
    assert more.sentence == "2 leads are open, and their owner has left (Bob and 2 others)."


def test_answers_before_there_was_an_owner_are_a_note() -> None:
    [found] = of_owners(health__early_responses=[{"records": 2, "example": "l1"}])
    assert (found.severity, found.count) == ("note", 2)
    assert found.sentence.startswith("2 handovers were answered before the lead was assigned (for")


def test_stages_that_say_nothing_of_the_outcome() -> None:
    row = {
        "records": 1,
        "deal_amount": 250,
        "unvalued": 0,
        "source": "crm",
        "pipeline": "Main",
        "stage": "Odd",
    }
    blank = {
        "deal_amount": None,
        "pipeline": "(unknown)",
        "stage": "(unknown)",
        "records": 2,
        "unvalued": 2,
    }
    named, unnamed = outcome_findings(told(health__outcomes=[row, {**row, **blank}]))
    assert (named.id, unnamed.id) == ("outcome-crm-1", "outcome-crm-2")
    assert (named.amount, unnamed.amount) == (2.5, None)
    assert named.sentence.startswith(
        "1 deal, worth €2.50, is in the stage “Odd” of the pipeline “Main”, and nothing says"
    )
    assert unnamed.sentence.startswith("2 deals are in no stage, and nothing says")
    assert unnamed.next_step.startswith("Export the stage, or the closed and won flags, from crm")


def test_records_without_a_date_say_what_they_are_missing_from() -> None:
    row = {"table_name": "lead", "source": "crm", "records": 1, "example": "l1"}
    [found] = undated_findings(told(health__undated=[row]))
    assert found.sentence == (
        "1 lead of crm has no creation date, nor a dated entry into the first stage: in no count "
        "of new leads, no cohort and no duration (for example l1)."
    )


def test_the_words_of_findings() -> None:
    shares = [portion(n, 1000) for n in (0, 1, 500, 999, 1000)]
    assert shares == ["0%", "<1%", "50%", ">99%", "100%"]
    assert [say(1, "fx_rate"), say(2, "person"), say(3, "touch"), say(1200, "loss")] == [
        "1 fx rate", "2 people", "3 touches", "1,200 losses",
    ]  # fmt: skip
    assert finding_id("A b", "c-d e f g h i j k l") == "a-b-c-d-e-f-g-h-i-j"


def test_won_deals_of_no_company_are_said_to_be_customers_of_their_own() -> None:
    fault = "of no company, and won"
    row = {"records": 2, "fault": fault, "deal_amount": 500, "unvalued": 0}
    (found,) = of_records(health__deals=[row])
    assert (found.severity, found.count) == ("warning", 2)
    assert "each counts as a new customer of its own" in found.sentence
    assert found.params["fault"] == fault
