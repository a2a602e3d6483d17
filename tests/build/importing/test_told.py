"""The sentences an import says beyond its balances."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from smarketing.build.core.stages import NO_STAGE
from smarketing.build.core.versions import REPEATED, SAME
from smarketing.build.importing.report import (
    Assumed,
    ImportReport,
    Overlap,
    TableBalance,
    Teamless,
    Unmapped,
    Unplaced,
    Unread,
    Unruled,
)
from smarketing.build.importing.told import told
from smarketing.build.spend.settle import ELSEWHERE
from smarketing.store.balance import FileBalance

JANUARY, MARCH = date(2026, 1, 5), date(2026, 3, 7)


def report(*files: FileBalance, **said: object) -> ImportReport:
    return replace(ImportReport("i1", "b1", files, ()), **said)


def balance(name: str, quarantined: int = 0, records: int = 9, **said: object) -> FileBalance:
    return FileBalance(
        name, "sha", records, records - quarantined, 0, quarantined, records=records, **said
    )


def unread(name: str, reason: str = "is no day") -> Unread:
    return Unread(name, 3, "closed_at", "soon", reason, 1)


def test_nothing_is_said_of_an_import_all_of_which_is_used() -> None:
    assert list(told(report(balance("a.csv")), "add")) == []


def test_a_record_that_is_gone_may_have_been_deleted() -> None:
    gone = (TableBalance("deal", 1, 0, 0, 1, 0, 1), TableBalance("lead", 1, 1, 0, 0, 0))
    [said] = told(ImportReport("i1", "b1", (), gone), "add")
    assert said == (
        "records of earlier imports do no longer count, since the new files hold the same, or say "
        "that they were deleted or merged: 1 of deal."
    )
    [said] = told(ImportReport("i1", "b1", (), gone, dry_run=True), "add")
    assert said.startswith("records of earlier imports would no longer count")
    [said] = told(ImportReport("i1", "b1", (), gone), "full")
    assert said.startswith("--mode full took records out of the store")
    [said] = told(ImportReport("i1", "b1", (), gone, dry_run=True), "full")
    assert said.startswith("--mode full would take records") and said.endswith(": 1 of deal.")


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Unread("a.csv", 3, "day", "soon", "is no day", 1), "a.csv, line 3: day 'soon' is no day"),
        (Unread("a.csv", 3, "day", "", "is no day", 2),
         "a.csv, line 3: day '' is no day (and 1 more)"),
        (Unread("a.csv", 3, None, None, "is cut off", 3),
         "a.csv, line 3: is cut off (and 2 more)"),
        (Unplaced("crm", None, "Won?", 1, 1500.0, "EUR"), "“Won?” (1 deal, €1,500.00)"),
        (Unplaced("crm", "New", None, 2000, None, None), "no stage of “New” (2,000 deals)"),
        (Unplaced("crm", None, "Won?", 2, 0.0, "EUR"), "“Won?” (2 deals)"),
        (Unmapped("hot", 1), "“hot” (1 lead)"),
        (Unmapped("hot", 2000), "“hot” (2,000 leads)"),
        (Unruled("tv", 1), "“tv” (1 record)"),
        (Unruled("tv", 2000), "“tv” (2,000 records)"),
        (Teamless(1, 20.0, "EUR"), "1 cost worth €20.00 names no team"),
        (Teamless(2, None, None), "2 costs name no team"),
        (Assumed("ads", "cost", 1, "EUR"),
         "1 amount of ads (cost) came without a currency and was taken as EUR"),
        (Assumed("crm", "deal_line_item", 2000, "EUR"),
         "2,000 amounts of crm (deal line item) came without a currency and were taken as EUR"),
        (Overlap("a", "b", 1, JANUARY, JANUARY, 20.0, "EUR"),
         "1 cost of a worth €20.00, on 5 Jan 2026, beside b"),
        (Overlap("a", "b", 2, JANUARY, MARCH, 20.0, "EUR"),
         "2 costs of a worth €20.00, on 5 Jan 2026 to 7 Mar 2026, beside b"),
    ],
)  # fmt: skip
def test_what_was_found_is_counted_in_words(one: object, said: str) -> None:
    assert str(one) == said


@pytest.mark.parametrize("quarantined", [1, 2])
def test_rows_in_quarantine_are_those_of_files_that_are_otherwise_used(quarantined: int) -> None:
    files = balance("a.csv", quarantined), balance("lost.csv", 9), balance("b.csv")
    found = report(*files, unread=(unread("lost.csv"), unread("a.csv", NO_STAGE)))
    [said] = told(found, "add")
    many = "1 row went to quarantine and is" if quarantined == 1 else "2 rows went to quarantine"
    assert said.startswith(many) and "lost.csv" not in said
    assert said.endswith(" Then import again.")
    [said] = told(replace(found, unread=(unread("a.csv"), unread("a.csv", NO_STAGE))), "add")
    assert f" Correct {'it' if quarantined == 1 else 'them'} in the source and import" in said
    assert list(told(report(balance("lost.csv", 9)), "add")) == []


@pytest.mark.parametrize(
    ("name", "what", "shown"),
    [
        ("unread", [Unread("a.csv", n, None, None, "w", 1) for n in range(12)], 3),
        ("overlaps", [Overlap("a", f"b{n}", 1, JANUARY, JANUARY, 1.0, "EUR")
                      for n in range(12)], 3),
        ("unplaced", [Unplaced("crm", None, f"s{n}", 1, None, None) for n in range(12)], 10),
        ("unmapped", [Unmapped(f"s{n}", 1) for n in range(12)], 10),
        ("unruled", [Unruled(f"s{n}", 1) for n in range(12)], 10),
    ],
)  # fmt: skip
def test_of_many_the_first_are_named(name: str, what: list[object], shown: int) -> None:
    files = [balance("a.csv", 1)] if name == "unread" else []
    for count in (shown, shown + 1):
        [said] = told(report(*files, **{name: tuple(what[:count])}), "add")
        first = "; ".join(map(str, what[:shown]))
        assert first + ("; …" if count > shown else "") + "." in said
        assert ("…" in said) == (count > shown)


def test_currencies_are_told_that_no_earlier_import_has_told() -> None:
    one = Assumed("crm", "deal", 2, "EUR")
    others = [Assumed("ads", "cost", n, "USD") for n in range(2, 5)]
    [said] = told(report(assumed=(replace(one, was_told=True), *others, one)), "add")
    assert said.startswith("; ".join(map(str, others)) + ". If that is wrong")
    assert "crm" not in said
    assert list(told(report(assumed=(replace(one, was_told=True),)), "add")) == []


def test_each_currency_of_costs_without_a_team_is_told() -> None:
    found = Teamless(2, 20.0, "EUR"), Teamless(1, 5.0, "USD")
    said = list(told(report(teamless=found), "add"))
    assert [one.partition(":")[0] for one in said] == [str(one) for one in found]


def test_documents_are_named_and_those_after_the_tenth_counted() -> None:
    names = tuple(f"{n}.pdf" for n in range(11))
    [said] = told(report(passed_over=names[:10]), "add")
    assert said.endswith(", 9.pdf.") and "more" not in said
    [said] = told(report(passed_over=names), "add")
    assert said.endswith(", 9.pdf and 1 more.")


def test_rows_that_do_not_count_are_told_by_their_reason() -> None:
    why = f"{ELSEWHERE[-1]} b.csv"
    reasons = ((REPEATED, 2), (SAME, 3), (why, 4), ("no money in it", 5))
    found = report(balance("a.csv", unused_reasons=reasons), balance("b.csv"))
    assert (found.repeated, found.alike) == ({"a.csv": 2}, {"a.csv": 3})
    assert found.counted_elsewhere == [("a.csv", 4, why)]
    elsewhere, repeated, alike = told(found, "add")
    assert f": 4 of a.csv: {why}." in elsewhere
    assert repeated.endswith("counts: 2 of a.csv.") and "once: 3 of a.csv." in alike


def test_notes_are_told_file_by_file_and_of_files_not_read_those_of_ten() -> None:
    others = [balance(f"{n}.csv", notes=("it is odd",)) for n in range(12)]
    used = balance("z.csv", notes=("one", "two"), read_as="crm deal")
    said = list(told(report(*others[:10], used), "add"))
    assert said == [*(f"{n}.csv: it is odd." for n in range(10)), "z.csv: one.", "z.csv: two."]
    said = list(told(report(balance("quiet.csv"), *others, used), "add"))
    assert said[9:12] == ["9.csv: it is odd.", "z.csv: one.", "z.csv: two."]
    assert said[12].startswith("2 more files") and len(said) == 13


def test_a_file_of_which_no_record_can_be_read_is_refused_by_its_first_fault() -> None:
    lost = balance("lost.csv", 9)
    assert (report(lost, balance("a.csv", 8)).unreadable, report().refusal) == ((lost,), "")
    other = replace(unread("lost.csv"), line=9)
    said = report(lost, unread=(unread("a.csv"), unread("lost.csv"), other)).refusal
    assert said == (
        "No record of lost.csv could be read, all 9 went to quarantine: "
        f"{unread('lost.csv')}; correct the file and import it again."
    )
    agreed = unread("lost.csv", NO_STAGE)
    assert report(lost, unread=(agreed,)).refusal.endswith("; then import it again.")
    assert report(lost, unread=(agreed, unread("lost.csv"))).refusal.endswith(
        "; correct the file and import it again."
    )
    assert "quarantine; correct the file and" in report(lost).refusal
    assert not balance("empty.csv", 0, records=0).is_unreadable


def test_as_json_each_kind_stands_under_its_own_name() -> None:
    kinds = {
        "unplaced_stages": Unplaced("crm", None, "s", 1, None, None),
        "unmapped_statuses": Unmapped("hot", 1),
        "unmapped_channels": Unruled("tv", 1),
        "costs_without_team": Teamless(1, None, None),
        "costs_that_may_count_twice": Overlap("a", "b", 1, JANUARY, MARCH, 1.0, "EUR"),
        "currencies_assumed": Assumed("crm", "deal", 1, "EUR"),
        "unread": unread("a.csv"),
    }
    names = ("unplaced", "unmapped", "unruled", "teamless", "overlaps", "assumed", "unread")
    found = report(
        **{name: (one,) for name, one in zip(names, kinds.values(), strict=True)},
        refused=("no",), passed_over=("a.pdf",), as_of=MARCH, dry_run=True,
    ).as_dict()  # fmt: skip
    assert {name: found[name] for name in kinds} == {
        name: [vars(one)] for name, one in kinds.items()
    }
    assert (found["refused"], found["passed_over"]) == (["no"], ["a.pdf"])
    assert (found["import_id"], found["build_id"]) == ("i1", "b1")
    assert (found["as_of"], found["dry_run"]) == (MARCH, True)
