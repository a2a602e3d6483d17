"""A meeting stays what it was: frozen numbers, and for every other number what made it so."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from smarketing.agreement.loading import load_home_agreement
from smarketing.analysis.review import meeting as rooms
from smarketing.analysis.review.campaigns import plans_of
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.restated import Restated, restated
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.build import build, import_files
from smarketing.build.again import replay as replaying
from smarketing.build.importing.undo import undo
from smarketing.build.marts.order import build_marts
from smarketing.build.marts.statements import mart_sql
from smarketing.charts.minutes import minutes
from smarketing.engine import open_engine
from smarketing.errors import StoreError, UsageError
from smarketing.export.document import to_markdown
from smarketing.store.builds import list_builds
from smarketing.workspace import open_workspace
from smarketing.workspace.records import (
    Annotation,
    Attendance,
    Audit,
    Decision,
    Meeting,
    Note,
    Plan,
    Reported,
    Signature,
)
from smarketing.workspace.records import Limits as AgreedLimits
from smarketing.workspace.store import now

HEAD = "deal_id,account_id,name,amount,currency,created_at,closed_at,outcome\n"
FIRST = "d1,a1,One,100,EUR,2026-05-01,2026-06-02,won\nd2,a2,Two,50,EUR,2026-05-01,2026-06-03,won\n"
OWN = "extends: default\nworking_time: {holiday_country: null}\n"


def take(
    home: Path,
    name: str,
    rows: str,
    as_of: str = "2026-06-14",
    *,
    mode: Literal["add", "full"] = "add",
    head: str = HEAD,
) -> None:
    """Import one file of deals."""
    file = home.parent / name / "deal.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_text(head + rows)
    import_files(home, [file], source="generic", as_of=as_of, by="tests", mode=mode)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two deals won in the week of the first of June 2026, 150 euros; only copied."""
    home = tmp_path_factory.mktemp("meeting") / "home"
    home.mkdir()
    (home / "agreement.yaml").write_text(OWN)
    take(home, "first", FIRST)
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    """Such a home of a test's own."""
    return shutil.copytree(made, tmp_path / "home")


@pytest.fixture(scope="module")
def opened_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the meeting of the 24th week opened by Anna; only copied."""
    home = shutil.copytree(made, tmp_path_factory.mktemp("opened") / "home")
    rooms.open_meeting(home, "Anna")
    return home


@pytest.fixture
def met(opened_once: Path, tmp_path: Path) -> Path:
    """Such a home in which one has met, of a test's own."""
    return shutil.copytree(opened_once, tmp_path / "home")


def told_of(home: Path, kpi: str, period: str) -> Restated:
    """Return what the build that is current makes of one number that the last meeting reported."""
    met = rooms.enter(home, rooms.find_meeting(home))
    reported = met.workspace.of(Reported).all(meeting_id=met.meeting.id, kpi=kpi)
    [one] = restated(met.seen, seen(home), [each for each in reported if each.period == period])
    assert one.causes, "a restated number has a cause"
    return one


def told_since(first: Seen, home: Path, kpi: str, period: str) -> Restated:
    """Return what the current build makes of one number that a meeting on `first` would report."""
    numbers = six_and_twelve(first.engine, first.agreement, [kpi])
    reported = [each for each in rooms._values(1, numbers) if each.period == period]
    [one] = restated(first, seen(home), reported)
    assert one.causes, "a restated number has a cause"
    return one


def told_among_all(home: Path) -> dict[tuple[str, str], Restated]:
    """Open the next meeting and return all that it restates, by KPI and period."""
    numbers: list[SixAndTwelve] = []

    def ask(seen: Seen, limits: rooms.AgreedLimitsBy) -> list[SixAndTwelve]:
        numbers.extend(rooms.numbers_of(seen, limits))
        return numbers

    entered = rooms.enter(home, rooms.open_meeting(home, "Ben", "2026-W25", ask))
    found = rooms.restated_since(entered, numbers)
    assert all(one.causes for one in found), "every restated number has a cause"
    told = {(one.kpi, one.period.label): one for one in found}
    assert len(told) == len(found), "each number is restated once"
    return told


def test_a_corrected_export_is_named_with_file_row_and_record(met: Path) -> None:
    take(met, "corrected", "d2,a2,Two,80,EUR,2026-05-01,2026-06-03,won\n", "2026-06-21")
    one = told_among_all(met)["won_revenue", "2026-W23"]
    assert (one.before, one.after) == (150.0, 180.0)
    (cause,) = one.causes
    assert (cause.kind, cause.file, cause.rows) == ("file", "deal.csv", (2,))
    assert cause.records == ("generic:d2",) and cause.import_id.startswith("i00002")


def test_a_late_file_is_named_with_the_records_it_brought(met: Path) -> None:
    take(met, "late", "d3,a3,Late,7,EUR,2026-05-01,2026-06-05,won\n", "2026-06-21")
    told = told_among_all(met)
    one = told["won_revenue", "2026-W23"]
    assert (one.before, one.after) == (150.0, 157.0)
    assert [(c.kind, c.records) for c in one.causes] == [("file", ("generic:d3",))]
    rate = told["win_rate_closed", "2026-W23"]
    assert (rate.before, rate.after) == (1.0, 1.0), "the same rate, of other counts"
    assert (rate.few_before, rate.few_after, rate.causes) == ((2, 2), (3, 3), one.causes)
    entered = rooms.enter(met, rooms.find_meeting(met))
    assert rooms.restated_since(entered) == [*told.values()], "with numbers known or asked"


def test_a_rate_of_few_is_counts_in_the_record_the_restatement_and_the_minutes(met: Path) -> None:
    take(met, "corrected", "d2,a2,Two,50,EUR,2026-05-01,2026-06-03,lost\n", "2026-06-21")
    one = told_among_all(met)["win_rate_closed", "2026-W23"]
    assert (one.before, one.few_before) == (1.0, (2, 2))
    assert (one.after, one.few_after) == (0.5, (1, 2))
    first, second = (rooms.enter(met, rooms.find_meeting(met, f"2026-W{n}")) for n in (24, 25))
    held = first.workspace.of(Reported).all(meeting_id=first.meeting.id, kpi="win_rate_closed")
    assert {r.n for r in held if r.value is not None} == {2}
    assert {r.n for r in held if r.value is None} == {None}
    written = to_markdown(minutes(second))
    assert "| 2 of 2 | 1 of 2 | deal" in written
    (row,) = (r for r in to_markdown(minutes(first)).splitlines() if r.startswith("| Win rate"))
    assert row.count("2 of 2") == 3 and "%" not in row


def test_of_two_who_close_a_meeting_the_second_finds_it_closed(met: Path) -> None:
    opened = rooms.find_meeting(met)
    closed = rooms.close_meeting(met, opened)
    assert closed.closed_at is not None and rooms.close_meeting(met, opened) == closed


def test_a_changed_agreement_is_named_with_what_it_says_now(met: Path) -> None:
    (met / "agreement.yaml").write_text(
        OWN + "kpis: [{id: won_revenue, filter: outcome = 'won' and won_amount > 6000}]\n"
    )
    build(met)
    one = told_among_all(met)["won_revenue", "2026-W23"]
    assert (one.before, one.after) == (150.0, 100.0)
    (cause,) = one.causes
    assert cause.kind == "agreement" and "“Won revenue”" in cause.text


def test_a_new_version_of_the_program_is_named(met: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_program(monkeypatch)
    build(met)
    one = told_among_all(met)["won_revenue", "2026-W23"]
    assert (one.before, one.after) == (150.0, 300.0)
    assert [cause.kind for cause in one.causes] == ["program"]


def another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have builds made by a version that doubles what was won."""
    monkeypatch.setattr("smarketing.build.assemble.code_hash", lambda: "another version")
    monkeypatch.setattr("smarketing.build.again.fingerprint.code_hash", lambda: "another version")

    def doubled(name: str, params: Mapping[str, Any]) -> str:
        sql = mart_sql(name, params)
        return (
            f"select * replace (2 * won_amount as won_amount) from ({sql})"
            if name == "fct_deal"
            else sql
        )

    monkeypatch.setattr("smarketing.build.marts.order.mart_sql", doubled)


@pytest.mark.parametrize("mode", ["add", "full"])
def test_a_file_that_repeats_what_was_known_is_no_cause(
    met: Path, mode: Literal["add", "full"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it downloaded again, renamed records too, while something else made the number so."""
    with monkeypatch.context() as patched:
        another_program(patched)
        take(met, "all", FIRST.replace("One", "One again"), "2026-06-21", mode=mode)
        one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 300.0)
    assert [c.kind for c in one.causes] == ["program"], "no record counts otherwise at that date"


@pytest.mark.parametrize("mode", ["add", "full"])
@pytest.mark.parametrize("is_later", [True, False])
def test_of_two_files_the_one_that_corrects_is_named(
    met: Path, mode: Literal["add", "full"], is_later: bool
) -> None:
    corrected = "d2,a2,Two,80,EUR,2026-05-01,2026-06-03,won\n"
    everything = FIRST.splitlines(keepends=True)[0] + corrected
    if is_later:
        take(met, "all", FIRST, "2026-06-20", mode=mode)
        take(met, "corrected", corrected, "2026-06-21")
    else:
        take(met, "corrected", corrected, "2026-06-20")
        take(met, "all", everything, "2026-06-21", mode=mode)
    one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 180.0)
    [cause] = one.causes
    assert (cause.kind, cause.records) == ("file", ("generic:d2",))
    # Of an import in mode full nothing else is in force: it is what says so now.
    assert cause.rows == ((3,) if mode == "full" and not is_later else (2,))


def test_of_files_that_say_one_thing_the_first_is_named_unless_another_came_between(
    met: Path,
) -> None:
    row = "d2,a2,Two,{},EUR,2026-05-01,2026-06-03,won\n{},a9,Open,1,EUR,2026-05-01,,open\n"
    first = rooms.enter(met, rooms.find_meeting(met)).seen
    reported = [Reported(meeting_id=1, kpi="won_revenue", period="2026-W23", value=150.0)]
    for amounts, named in (((80, 80, 80), "i00002"), ((70, 80, 80), "i00006")):
        for number, amount in enumerate(amounts):
            name = f"{named}-{number}"
            take(met, name, row.format(amount, name), "2026-06-20")
        [one] = restated(first, seen(met), reported)
        assert [c.import_id[:6] for c in one.causes] == [named]


def test_a_changed_agreement_is_the_cause_not_the_file_that_repeats(met: Path) -> None:
    (met / "agreement.yaml").write_text(
        OWN + "kpis: [{id: won_revenue, filter: outcome = 'won' and won_amount > 6000}]\n"
    )
    take(met, "all", FIRST, "2026-06-21", mode="full")
    one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 100.0)
    [cause] = one.causes
    assert cause.kind == "agreement" and "“Won revenue”" in cause.text


def test_a_setting_that_no_figure_of_deals_rests_on_is_no_cause(met: Path) -> None:
    """Both changed at once: a deal, and settings that do not reach what was won."""
    (met / "agreement.yaml").write_text(
        OWN + "attribution: {half_life_days: 14, lookback_days: 90}\nfreshness_limit_days: 3\n"
        "lead_definition: {threshold: 77}\n"
    )
    take(met, "all", FIRST.replace("d2,a2,Two,50", "d2,a2,Two,80"), "2026-06-21", mode="full")
    one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 180.0)
    assert [(c.kind, c.records) for c in one.causes] == [("file", ("generic:d2",))]


def test_a_record_that_an_export_no_longer_has_is_named_with_that_export(met: Path) -> None:
    take(met, "all", FIRST.splitlines(keepends=True)[0], "2026-06-21", mode="full")
    one = told_among_all(met)["won_revenue", "2026-W23"]
    assert (one.before, one.after) == (150.0, 100.0)
    [cause] = one.causes
    assert (cause.rows, cause.records) == ((3,), ("generic:d2",))
    assert "no longer in the export of i00002" in cause.text


def test_a_contract_whose_amount_is_that_of_its_deal_names_the_file_of_the_deal(
    home: Path,
) -> None:
    (home / "agreement.yaml").write_text(OWN + RECURRING)
    folder = home.parent / "bundle"
    folder.mkdir()
    tables = {
        "leads": "lead_id,contact_id,lead_created_at,lead_source\nl1,p1,2026-05-01,web\n",
        "customers": "customer_id,opportunity_id,account_id,customer_start_at\n"
        "k1,o1,a1,2026-06-02\n",
        "subscriptions": "subscription_id,customer_id,subscription_start_at\ns1,k1,2026-06-02\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    subscribed = [folder / f"{name}.csv" for name in tables]
    worth = "opportunity_id,lead_id,stage,estimated_acv\no1,l1,closed_won,{}\n"

    def take_bundle(amount: int, day: str) -> None:
        deals = folder / "opportunities.csv"
        deals.write_text(worth.format(amount))
        import_files(home, [*subscribed, deals], source="leadforge", as_of=day, by="tests")

    take_bundle(1200, "2026-06-14")
    first = seen(home)
    take_bundle(3600, "2026-06-21")
    one = told_since(first, home, "recurring", "2026-W23")
    assert (one.before, one.after) == (1200.0, 3600.0)
    assert [(c.kind, c.file, c.rows, c.records) for c in one.causes] == [
        ("file", "opportunities.csv", (2,), ("leadforge:o1",))
    ]


RECURRING = """kpis:
- id: recurring
  label: Recurring
  question: What do new contracts bring a year?
  definition: The yearly amount of contracts that start.
  mart: fct_contract
  date_column: starts_on
  expression: sum(recurring_amount)
  unit: money
  owners: {marketing: head_of_marketing, sales: head_of_sales}
"""


def take_rated(
    home: Path,
    deals: str,
    rates: str,
    as_of: str,
    *,
    mode: Literal["add", "full"] = "full",
    **others: str,
) -> None:
    """Import deals with rates of exchange, and other tables by name."""
    folder = home.parent / as_of
    folder.mkdir(exist_ok=True)
    head = "deal_id,account_id,amount,currency,created_at,closed_at,outcome,lead_source,owner_id\n"
    texts = {"deal": head + deals, "fx_rate": f"currency,rate_on,rate\n{rates}", **others}
    files = [folder / f"{name}.csv" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    import_files(home, files, source="generic", as_of=as_of, by="tests", mode=mode)


def test_a_corrected_rate_is_named_not_a_deal_that_says_another_thing_of_what_no_figure_reads(
    home: Path,
) -> None:
    """Converted at its close, a deal is another one in the month it was created in too."""
    deal = "u1,a1,100,USD,2026-05-01,2026-06-02,won,{0},{0}\n"
    take_rated(home, deal.format("old"), "USD,2026-06-01,0.5\nUSD,2026-05-01,1\n", "2026-06-14")
    rooms.open_meeting(home, "Anna")
    take_rated(home, deal.format("new"), "USD,2026-06-01,0.8\nUSD,2026-05-01,1\n", "2026-06-15")
    told = told_among_all(home)
    for number in (("won_revenue", "2026-W23"), ("pipeline_created", "2026-05")):
        one = told[number]
        assert (one.before, one.after) == (50.0, 80.0)
        assert [(c.kind, c.file, c.rows) for c in one.causes] == [("file", "fx_rate.csv", (2,))]


@pytest.mark.parametrize(
    ("rates", "after", "said"),
    [
        ("USD,2026-06-12,0.8\n", 80.0, "fx_rate.csv of import"),
        ("USD,2026-06-01,0.8\n", None, "no exchange rate of USD for 2026-06-14"),
    ],
)
def test_what_a_deal_was_worth_at_the_qualifying_stage_is_converted_by_its_own_rate(
    home: Path, rates: str, after: float | None, said: str
) -> None:
    """The deal is 900 euros now and was 100 dollars when it entered: 50 euros, then 80, or none."""
    (home / "agreement.yaml").write_text(OWN + "attribution: {qualifying_stages: [Proposal]}\n")
    deal = "u1,a1,900,EUR,2026-05-01,,open,,\n"
    event = "deal_id,stage,entered_at,amount,currency\nu1,Proposal,2026-05-03 10:00,100,USD\n"
    for each in ("USD,2026-06-12,0.5\n", rates):
        take_rated(home, deal, each, "2026-06-14", deal_stage_event=event)
        if each != rates:
            first = seen(home)
    one = told_since(first, home, "pipeline_created", "2026-05")
    assert (one.before, one.after) == (50.0, after)
    files = {cause.file for cause in one.causes if cause.kind == "file"}
    assert files == {"fx_rate.csv"}, "where there is none any more: the row that went"
    assert any(cause.text.startswith(said) for cause in one.causes)


def test_a_rate_of_exchange_is_no_cause_of_what_counts_no_money(home: Path) -> None:
    """A deal was lost rather than won, and its rate is another: the win rate knows of the deal."""
    deal = "u1,a1,100,USD,2026-05-01,2026-06-02,{},,\n"
    take_rated(home, deal.format("won"), "USD,2026-06-01,0.5\n", "2026-06-14")
    first = seen(home)
    take_rated(home, deal.format("lost"), "USD,2026-06-01,0.8\n", "2026-06-15")
    one = told_since(first, home, "win_rate_closed", "2026-W23")
    assert (one.few_before, one.few_after) == ((1, 1), (0, 1))
    assert [cause.file for cause in one.causes] == ["deal.csv"]


def test_of_a_deal_and_a_rate_that_changed_at_once_both_are_named(home: Path) -> None:
    deal = "u1,a1,{},USD,2026-05-01,2026-06-02,won,,\n"
    take_rated(home, deal.format(100), "USD,2026-06-01,0.5\n", "2026-06-14")
    first = seen(home)
    take_rated(home, deal.format(200), "USD,2026-06-01,0.8\n", "2026-06-15")
    one = told_since(first, home, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (50.0, 160.0)
    assert [c.file for c in one.causes] == ["deal.csv", "fx_rate.csv"]


def test_an_open_deal_that_lost_its_rate_as_time_went_on_says_so(home: Path) -> None:
    deal = "u1,a1,100,USD,2026-05-01,,open,,\n"
    take_rated(home, deal, "USD,2026-06-12,0.5\n", "2026-06-14")
    first = seen(home)
    take(home, "later", "d9,a9,New,7,EUR,2026-06-21,,open\n", "2026-06-21")
    one = told_since(first, home, "pipeline_created", "2026-05")
    assert one.before == 50.0 and not one.after and not one.is_by_time
    assert [(c.kind, c.text) for c in one.causes] == [
        ("rate", "no exchange rate of USD for 2026-06-21: 1 deal left out")
    ]


def test_what_made_the_sales_cycle_another_one_is_named_for_what_it_moved(home: Path) -> None:
    """A cost of April counts 32 days later; with a deal of 4 days won too it does 18 days later."""
    head = "deal_id,account_id,kind,amount,currency,created_at,closed_at,outcome\n"
    won = "d1,a1,new,100,EUR,2026-05-01,2026-06-02,won\n"
    cost = home.parent / "cost.csv"
    cost.write_text("cost_id,incurred_on,team,amount,currency\nk1,2026-05-01,Marketing,60,EUR\n")
    import_files(home, [cost], source="generic", as_of="2026-06-14", by="tests")
    other = "d2,a2,new,{},EUR,2026-05-24,2026-05-28,{}\n"
    take(home, "one", won + other.format(50, "lost"), head=head)
    first = seen(home)
    take(home, "two", won + other.format(50, "won"), "2026-06-21", head=head)
    one = told_since(first, home, "cac_lagged", "2026-W23")
    assert one.before == 60.0 and not one.after
    assert [(c.kind, c.records) for c in one.causes] == [("file", ("generic:d2",))]


PER_CUSTOMER, A_CONTRACT = (
    "recurring_revenue_per_customer",
    ("contract_id,account_id,starts_on,recurring_amount,currency\nk1,a1,2026-01-01,100,USD\n"),
)
A_DEAL = "d1,a1,7,EUR,2026-05-01,2026-06-02,won,,\n"


def test_a_contract_names_the_rate_of_the_day_that_the_data_went_to(home: Path) -> None:
    """The rate of the twelfth stands for the fourteenth and for the eighteenth of June."""
    for day, rates in (
        ("2026-06-14", "USD,2026-05-04,0.5\nUSD,2026-06-12,0.5\n"),
        ("2026-06-18", "USD,2026-05-04,0.8\nUSD,2026-06-12,0.8\n"),
    ):
        take_rated(home, A_DEAL, rates, day, contract=A_CONTRACT)
        if day == "2026-06-14":
            rooms.open_meeting(home, "Anna")
    one = told_among_all(home)[PER_CUSTOMER, "2026-05"]
    assert (one.before, one.after, one.is_by_time) == (50.0, 80.0, False)
    assert [(c.kind, c.file, c.rows) for c in one.causes] == [("file", "fx_rate.csv", (3,))]


@pytest.mark.parametrize("is_known", [True, False])
def test_only_time_made_it_so_where_the_earlier_records_say_so_of_the_later_day(
    home: Path, is_known: bool
) -> None:
    """The rate of the eighteenth of June stood in the first file already, or came with another.

    In either case nothing was corrected.
    """
    early, late = "USD,2026-06-12,0.5\n", "USD,2026-06-18,0.8\n"
    take_rated(home, A_DEAL, early + late * is_known, "2026-06-14", contract=A_CONTRACT)
    first = seen(home)
    take_rated(home, A_DEAL, early + late, "2026-06-18", contract=A_CONTRACT)
    one = told_since(first, home, PER_CUSTOMER, "2026-05")
    assert (one.before, one.after, one.is_by_time) == (50.0, 80.0, True)
    [cause] = one.causes
    went_on = "14 Jun 2026: rates of exchange are those of that day"
    if is_known:
        assert cause.text.endswith(went_on)
    else:
        assert (cause.file, cause.rows) == ("fx_rate.csv", (3,))
        assert f"{went_on}, fx_rate.csv of import i00003" in cause.text


def test_a_corrected_rate_that_converts_nothing_any_more_is_no_cause(home: Path) -> None:
    """That of the twelfth was corrected, and the one of the eighteenth stands at the later date."""
    take_rated(home, A_DEAL, "USD,2026-06-12,0.5\n", "2026-06-14", contract=A_CONTRACT)
    first = seen(home)
    rates = "USD,2026-06-12,0.6\nUSD,2026-06-18,0.8\n"
    take_rated(home, A_DEAL, rates, "2026-06-18", contract=A_CONTRACT)
    one = told_since(first, home, PER_CUSTOMER, "2026-05")
    assert (one.before, one.after, one.is_by_time) == (50.0, 80.0, True)
    assert [(c.file, c.rows) for c in one.causes] == [("fx_rate.csv", (3,))]


def test_a_corrected_deal_beside_a_lead_that_time_made_old_enough_is_no_cause(home: Path) -> None:
    """The lead of the fourteenth came from the deal's account, and says what it said."""
    leads = "l0,a2,2026-05-20\nl1,a1,2026-06-02\nl2,a1,2026-06-14\n"
    tables = {
        "lead": f"lead_id,account_id,created_at\n{leads}",
        "lead_stage_event": "lead_id,stage,entered_at\nl1,mql,2026-06-04\n",
    }
    head = "deal_id,account_id,lead_id,amount,currency,created_at,closed_at,outcome\n"
    for day, as_of in ((6, "2026-06-14"), (7, "2026-06-21")):
        deal = f"{head}d1,a1,l1,100,EUR,2026-06-05,2026-06-0{day},won\n"
        folder = home.parent / as_of
        folder.mkdir()
        for name, text in {**tables, "deal": deal}.items():
            (folder / f"{name}.csv").write_text(text)
        import_files(home, [folder], source="generic", as_of=as_of, by="tests", mode="full")
        if as_of == "2026-06-14":
            first = seen(home)
    one = told_since(first, home, "lead_to_mql_rate", "2026-W24")
    assert (one.before, one.few_after, one.is_by_time) == (None, (0, 1), True)
    assert [cause.kind for cause in one.causes] == ["date"]


def test_what_a_later_hour_of_one_day_made_old_enough_is_by_time_whatever_changed_beside_it(
    home: Path,
) -> None:
    """The lead of the last of May is two weeks old at noon, and its account moves to France."""
    step = "step_windows: [{stage: lead, next_stage: mql, window_days: 14}]\n"
    (home / "agreement.yaml").write_text(OWN + step)
    for hour, country in ((9, "DE"), (18, "FR")):
        folder = home.parent / f"h{hour}"
        folder.mkdir()
        (folder / "account.csv").write_text(f"account_id,country\na1,{country}\n")
        leads = "l0,a2,2026-04-01T10:00Z\nl1,a1,2026-05-31T10:00Z\n"
        (folder / "lead.csv").write_text(f"lead_id,account_id,created_at\n{leads}")
        events = "lead_id,stage,entered_at\nl0,mql,2026-04-02T10:00Z\n"
        (folder / "lead_stage_event.csv").write_text(events)
        as_of = f"2026-06-14T{hour:02d}:00Z"
        import_files(home, [folder], source="generic", as_of=as_of, by="tests", mode="full")
        if hour == 9:
            first = seen(home)
    one = told_since(first, home, "lead_to_mql_rate", "2026-W22")
    assert (one.before, one.few_after, one.is_by_time) == (None, (0, 1), True)
    [cause] = one.causes
    went_on = "the data go to 14 Jun 2026, 20:00:00, no longer to 11:00:00: "
    assert cause.text == went_on + "what was too young then counts now"
    # Taken back, the data go less far.
    later = seen(home)
    undo(home, by="tests")
    reported = Reported(meeting_id=1, kpi="lead_to_mql_rate", period="2026-W22", value=0.0)
    [one] = restated(later, seen(home), [reported])
    [cause] = one.causes
    assert (one.after, cause.kind) == (None, "date")
    assert cause.text.endswith("20:00:00: what counted then is too young now")


def test_leads_that_were_merged_are_not_named_for_others_that_grew_old_enough(home: Path) -> None:
    """One lead is old enough a week later, another became an MQL; two of April are merged."""
    step = "step_windows: [{stage: lead, next_stage: mql, window_days: 14}]\n"
    (home / "agreement.yaml").write_text(OWN + step)
    folder = home.parent / "leads"
    folder.mkdir()
    leads = "x1,2026-04-01\nx2,2026-04-02\nold,2026-06-02\nyoung,2026-06-02\n"
    (folder / "lead.csv").write_text(f"lead_id,created_at\n{leads}")
    events = folder / "lead_stage_event.csv"
    events.write_text("lead_id,stage,entered_at\nx1,mql,2026-04-02\n")
    import_files(home, [folder], source="generic", as_of="2026-06-14", by="tests")
    rooms.open_meeting(home, "Anna")
    events.write_text("lead_id,stage,entered_at\nyoung,mql,2026-06-11\n")
    merged = folder.with_name("record_alias.csv")
    merged.write_text("table,alias_id,id\nlead,x1,x2\n")
    import_files(home, [events, merged], source="generic", as_of="2026-06-21", by="tests")
    one = told_among_all(home)["lead_to_mql_rate", "2026-W23"]
    assert (one.before, one.few_after) == (None, (1, 2))
    assert sorted((c.kind, c.file) for c in one.causes) == [
        ("date", ""), ("file", "lead_stage_event.csv")
    ]  # fmt: skip


def test_a_late_file_that_makes_the_window_of_a_step_another_one_is_named_for_what_it_moved(
    home: Path,
) -> None:
    """MQLs took a day; with late ones of forty days a lead of two weeks is too young to judge."""
    folder = home.parent / "leads"
    folder.mkdir()
    leads = [(f"l{n}", "2026-01-05") for n in range(10)] + [("young", "2026-05-27")]
    rows = "".join(f"{lead},{day}T10:00Z\n" for lead, day in leads)
    (folder / "lead.csv").write_text(f"lead_id,created_at\n{rows}")
    head, late = "lead_id,stage,entered_at\n", folder.with_name("late") / "lead_stage_event.csv"
    events = "".join(f"l{n},mql,2026-01-06T10:00Z\n" for n in range(5))
    (folder / "lead_stage_event.csv").write_text(head + events)
    import_files(home, [folder], source="generic", as_of="2026-06-14", by="tests")
    first = seen(home)
    late.parent.mkdir()
    late.write_text(head + "".join(f"l{n},mql,2026-02-14T10:00Z\n" for n in range(5, 8)))
    import_files(home, [late], source="generic", as_of="2026-06-14", by="tests")
    one = told_since(first, home, "lead_to_mql_rate", "2026-W22")
    assert (one.few_before, one.after) == ((0, 1), None)
    [cause] = one.causes
    assert (cause.kind, cause.import_id[:6], cause.rows) == ("file", "i00003", (2, 3, 4))


def test_deals_are_judged_at_an_age_that_the_windows_before_their_opening_do_not_make(
    home: Path,
) -> None:
    """Late MQLs make that step's window longer; a deal of March is lost, another old enough."""
    folder = home.parent / "leads"
    folder.mkdir()
    rows = "".join(f"l{n},2026-01-05\n" for n in range(10))
    (folder / "lead.csv").write_text(f"lead_id,created_at\n{rows}")
    head = "lead_id,stage,entered_at\n"
    events = folder / "lead_stage_event.csv"
    events.write_text(head + "".join(f"l{n},mql,2026-01-06\n" for n in range(5)))
    import_files(home, [folder], source="generic", as_of="2026-06-14", by="tests")
    march = "d8,a8,Eight,10,EUR,2026-03-05,2026-03-09,{}\n"
    nine = "d9,a9,Nine,10,EUR,2026-03-20,2026-03-29,won\n"
    take(home, "march", march.format("won") + nine)
    first = seen(home)
    events.write_text(head + "".join(f"l{n},mql,2026-02-14\n" for n in range(5, 8)))
    import_files(home, [events], source="generic", as_of="2026-06-21", by="tests")
    take(home, "lost", march.format("lost"), "2026-06-21")
    reported = Reported(meeting_id=1, kpi="win_rate_created", period="2026-03", value=1.0, n=1)
    [one] = restated(first, seen(home), [reported])
    assert one.few_after == (1, 2)
    assert sorted((c.kind, c.file) for c in one.causes) == [("date", ""), ("file", "deal.csv")]


def test_an_answer_of_a_customer_names_its_row_and_the_export_that_no_longer_has_any(
    met: Path,
) -> None:
    head = "feedback_id,account_id,asked_at,kind,score\n"
    said = "f1,a1,2026-06-02,nps,10\nf2,a2,2026-06-03,nps,{}\n"
    file = met.parent / "feedback.csv"

    def answered(score: int, day: str) -> None:
        file.write_text(head + said.format(score))
        import_files(met, [file], source="generic", as_of=day, by="tests")

    answered(7, "2026-06-14")
    first = seen(met)
    answered(1, "2026-06-21")
    reported = Reported(meeting_id=1, kpi="nps", period="2026-W23", value=50.0)
    [one] = restated(first, seen(met), [reported])
    assert one.after == 0.0
    assert [(c.file, c.rows, c.records) for c in one.causes] == [
        ("feedback.csv", (3,), ("generic:f2",))
    ]
    take(met, "all", FIRST, "2026-06-21", mode="full")
    [one] = restated(first, seen(met), [reported])
    assert one.after is None
    assert [(c.kind, c.file, c.rows) for c in one.causes] == [("file", "feedback.csv", (2, 3))]


def test_a_file_without_which_nothing_is_recorded_is_named_for_a_zero_that_is_not_known_now(
    home: Path,
) -> None:
    """Nothing was spent in the week; of an export without costs nobody knows."""
    file = home.parent / "cost.csv"
    file.write_text("cost_id,incurred_on,team,amount,currency\nk1,2026-05-01,Marketing,60,EUR\n")
    import_files(home, [file], source="generic", as_of="2026-06-14", by="tests")
    first, zero = seen(home), Reported(meeting_id=1, kpi="marketing_cost", period="2026-W23")
    take(home, "all", FIRST, mode="full")
    [one] = restated(first, seen(home), [replace(zero, value=0.0)])
    [cause] = one.causes
    assert (one.after, cause.kind, cause.file) == (None, "file", "cost.csv")
    assert "no longer in the export of i00003" in cause.text
    file.write_text(file.read_text() + "k2,2026-05-02,Marketing,7,EUR\n")
    first = seen(home)
    import_files(home, [file], source="generic", as_of="2026-06-14", by="tests")
    [one] = restated(first, seen(home), [zero])
    assert (one.after, [c.import_id[:6] for c in one.causes]) == (0.0, ["i00004"])


def seen(home: Path) -> Seen:
    """The build that is current, under its agreement."""
    return Seen(open_engine(home), load_home_agreement(home))


def two_rates(home: Path) -> None:
    """Meet, and let the data go on to a day whose rate of exchange was known already."""
    rates = "USD,2026-06-12,0.5\nUSD,2026-06-18,0.8\n"
    take_rated(home, A_DEAL, rates, "2026-06-14", contract=A_CONTRACT)
    rooms.open_meeting(home, "Anna")
    take_rated(home, A_DEAL, rates, "2026-06-18", contract=A_CONTRACT)


def test_what_the_earlier_records_make_is_asked_once_of_two_builds(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_rates(home)
    first = told_of(home, PER_CUSTOMER, "2026-05")
    assert first.is_by_time
    monkeypatch.setattr(replaying.Replay, "on", lambda *_: pytest.fail("asked again"))
    assert told_of(home, PER_CUSTOMER, "2026-05") == first
    # What was answered holds of that build, under that agreement, by this version alone.
    [frozen] = [b for b in list_builds(home) if b.is_frozen and not b.is_current]
    os.utime(frozen.path, (1, 1))
    with pytest.raises(pytest.fail.Exception, match="asked again"):
        told_of(home, PER_CUSTOMER, "2026-05")


def test_of_too_many_rows_to_be_made_again_it_says_what_is_not_known(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST_ROWS", 0)
    two_rates(home)
    [cause] = told_of(home, PER_CUSTOMER, "2026-05").causes
    assert cause.kind == "unknown"
    assert cause.text.startswith(
        "whether the data's later date (18 Jun 2026, no longer 14 Jun 2026) did it is not known: "
        "build b"
    )
    assert cause.text.endswith(" has too many rows to be made again for this")


def test_what_nothing_explains_is_not_known_and_no_new_version_stands_for_it(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Doubled by a build of another version, while this one makes of the records what was said."""
    with monkeypatch.context() as patched:
        another_program(patched)
        build(met)
    one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 300.0)
    assert [cause.kind for cause in one.causes] == ["unknown"]


def test_a_row_that_a_new_version_reads_otherwise_is_named(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version that makes the later build reads 80 euros of the second deal for 50."""

    def reads_otherwise(connection: Any, *rest: Any) -> list[str]:
        connection.execute("update deal set amount = 8000 where deal_id = 'generic:d2'")
        return build_marts(connection, *rest)

    with monkeypatch.context() as patched:
        patched.setattr("smarketing.build.assemble.code_hash", lambda: "another version")
        patched.setattr("smarketing.build.again.fingerprint.code_hash", lambda: "another version")
        patched.setattr("smarketing.build.assemble.build_marts", reads_otherwise)
        build(met)
    one = told_of(met, "won_revenue", "2026-W23")
    assert (one.before, one.after) == (150.0, 180.0)
    [cause] = one.causes
    assert (cause.kind, cause.file, cause.rows, cause.records) == (
        "program", "deal.csv", (3,), ("generic:d2",)
    )  # fmt: skip
    assert cause.text.startswith("a new version of Smarketing reads otherwise: deal.csv of import ")


def test_a_running_period_is_restated_where_the_data_go_to_the_same_day(met: Path) -> None:
    take(met, "corrected", "d2,a2,Two,80,EUR,2026-05-01,2026-06-03,won\n")
    one = told_of(met, "won_revenue", "2026-06")
    assert (one.before, one.after) == (150.0, 180.0)
    assert [(c.kind, c.records) for c in one.causes] == [("file", ("generic:d2",))]


def test_a_late_file_that_merges_two_records_is_named_not_the_rows_that_went(met: Path) -> None:
    file = met.parent / "record_alias.csv"
    file.write_text("table,alias_id,id\ndeal,d2,d1\n")
    import_files(met, [file], source="generic", as_of="2026-06-21", by="tests")
    one = told_of(met, "won_revenue", "2026-W23")
    assert one.before == 150.0 and one.after in (50.0, 100.0)
    assert [(c.kind, c.file, c.rows) for c in one.causes] == [("file", "record_alias.csv", (2,))]


def test_a_new_version_is_named_beside_a_file_only_where_it_asks_another_thing(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rooms.enter(met, rooms.find_meeting(met))
    for place in ("assemble", "again.fingerprint"):
        monkeypatch.setattr(f"smarketing.build.{place}.code_hash", lambda: "another version")
    take(met, "corrected", "d2,a2,Two,80,EUR,2026-05-01,2026-06-03,won\n", "2026-06-21")
    after = rooms.enter(met, rooms.open_meeting(met, "Ben", "2026-W25")).seen
    for was, kinds in ((150.0, ["file"]), (149.0, ["file", "program"])):
        reported = [Reported(meeting_id=1, kpi="won_revenue", period="2026-W23", value=was)]
        [one] = restated(first.seen, after, reported)
        assert (one.after, [c.kind for c in one.causes]) == (180.0, kinds)


def test_a_week_that_goes_on_is_not_restated(met: Path) -> None:
    opened = rooms.find_meeting(met)
    assert opened.week == "2026-W24"
    take(met, "more", "d3,a3,New,7,EUR,2026-06-15,2026-06-16,won\n", "2026-06-21")
    later = rooms.enter(met, rooms.open_meeting(met, "Ben", "2026-W25"))
    assert [(r.kpi, r.period.label) for r in rooms.restated_since(later)] == []


def test_minutes_show_the_frozen_numbers_after_later_imports(
    met: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As after any number of imports: the build of each one drops that of the one before.
    monkeypatch.setenv("SMARKETING_KEEP_BUILDS", "1")
    opened = rooms.find_meeting(met)
    workspace = open_workspace(met)
    number = opened.id or 0
    workspace.of(Attendance).add(
        Attendance(meeting_id=number, name="<b>Anna</b>", team="marketing", rating=8)
    )
    workspace.of(Decision).add(
        Decision(meeting_id=number, text="Call within *two* hours", decided_by="both",
                 decided_at=now())
    )  # fmt: skip
    workspace.of(Note).add(
        Note(figure="won_revenue", meeting_id=number, text="one deal", author="Ben",
             written_at=now())
    )  # fmt: skip
    workspace.of(Annotation).add(
        Annotation(starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 6, 3), text="Fair",
                   author="Ben", written_at=now())
    )  # fmt: skip
    before = to_markdown(minutes(rooms.enter(met, opened)))
    assert "1 Jun 2026 to 3 Jun 2026" in before and "Fair" in before
    rates = next(line for line in before.splitlines() if line.startswith("| Win rate"))
    assert "2 of 2" in rates and "%" not in rates, "of two deals a rate is counts"
    assert "€150" in before and r"Call within \*two\* hours" in before
    assert r"\<b\>Anna\<" in before and "8 of 10" in before
    for number in range(3):
        amount = 1000 + number
        take(met, f"later{number}", f"d1,a1,One,{amount},EUR,2026-05-01,2026-06-02,won\n",
             f"2026-06-{16 + number}")  # fmt: skip
    held = list_builds(met)
    assert len(held) == 2
    assert opened.build_id in {b.build_id for b in held if b.is_frozen}
    assert to_markdown(minutes(rooms.enter(met, rooms.find_meeting(met, opened.week)))) == before


def test_who_signed_in_is_at_a_meeting_by_the_address(tmp_path: Path) -> None:
    """Two of one name are two; who is called otherwise meanwhile is still the one."""
    meeting = (
        open_workspace(tmp_path)
        .of(Meeting)
        .add(
            Meeting(
                week="2026-W26", build_id="b", agreement_hash="h", opened_by="A", opened_at=now()
            )
        )
    )

    def attend(name: str, email: str = "") -> int | None:
        return rooms.attend(tmp_path, meeting, name, "sales", email).id

    beside, first = attend("Ben"), attend("Ben", "ben@acme.com")
    assert beside == first == attend("Ben") == attend("Benjamin", "ben@acme.com")
    assert attend("Ben", "b@acme.com") != first
    found = open_workspace(tmp_path).of(Attendance).all()
    assert [(one.name, one.email) for one in found] == [
        ("Ben", "ben@acme.com"),
        ("Ben (b@acme.com)", "b@acme.com"),
    ]


def test_who_is_there_is_in_the_minutes_rated_or_not_until_it_is_closed(met: Path) -> None:
    opened = rooms.find_meeting(met)
    assert "Nobody has said to be there yet." in to_markdown(minutes(rooms.enter(met, opened)))
    for _ in range(2):
        rooms.attend(met, opened, "Anna", "marketing")
    rooms.attend(met, opened, "Ben", "sales")
    said = to_markdown(minutes(rooms.enter(met, opened)))
    assert "Nobody has rated the meeting yet." in said
    assert said.count("Anna | marketing |") == 1 and "Ben | sales |" in said
    rooms.close_meeting(met, opened)
    with pytest.raises(UsageError, match="was closed"):
        rooms.attend(met, opened, "Carl", "sales")


def test_what_is_not_available_in_the_minutes_says_why(met: Path) -> None:
    said = to_markdown(minutes(rooms.enter(met, rooms.find_meeting(met))))
    assert "n/a" in said
    for line in said.splitlines():
        if line.startswith("|") and "n/a" in line:
            assert line.split("|")[-2].strip(), line


def test_limits_agreed_later_judge_no_meeting_that_was_over(met: Path) -> None:
    opened = rooms.find_meeting(met)
    workspace = open_workspace(met)

    def agree(high: float, at: dt.datetime) -> None:
        day = dt.date(2026, 6, 1)
        workspace.of(AgreedLimits).add(
            AgreedLimits(kpi="won_revenue", grain="week", mean=5.0, low=0.0, high=high,
                         based_from=day, based_to=day, reason="new", decided_by="both",
                         decided_at=at)
        )  # fmt: skip

    def high() -> float:
        room = rooms.enter(met, rooms.find_meeting(met, opened.week))
        return rooms.limits_in(room)["won_revenue", "week"].upper

    agree(10.0, opened.opened_at)
    assert high() == 10
    closed = rooms.close_meeting(met, opened).closed_at
    assert closed is not None
    agree(90.0, closed + dt.timedelta(minutes=1))
    assert high() == 10
    assert rooms.agreed_limits(workspace)["won_revenue", "week"].upper == 90


def test_of_two_who_open_it_at_once_both_get_one_meeting(home: Path) -> None:
    found: list[Meeting] = []
    people = [
        threading.Thread(target=lambda who=who: found.append(rooms.open_meeting(home, who)))
        for who in ("Anna", "Ben")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len({meeting.id for meeting in found}) == 1
    assert len(open_workspace(home).of(Meeting).all()) == 1


def test_what_cannot_be_is_one_clear_sentence(home: Path) -> None:
    with pytest.raises(UsageError, match="No meeting was opened yet"):
        rooms.find_meeting(home)
    with pytest.raises(UsageError, match="needs the name"):
        rooms.open_meeting(home, " ")
    for week, said in (
        ("2026-06", "'2026-06' is not a week; write it as 2026-W24"),
        ("2026-W60", "2026 has weeks 1 to 53"),
        ("2027-W01", r"The data go to 14 Jun 2026, .* in 2026-W24: .* not for 2027-W01\."),
        ("2026-W26", "not for 2026-W26"),
        ("2026-W22", "not for 2026-W22"),
        ("1999-W01", "not for 1999-W01"),
    ):
        with pytest.raises(UsageError, match=said):
            rooms.open_meeting(home, "Anna", week)
    opened = rooms.open_meeting(home, "Anna", email="anna@acme.example")
    (logged,) = open_workspace(home).of(Audit).all()
    assert (opened.opened_by, logged.who) == ("Anna", "anna@acme.example")
    with pytest.raises(UsageError, match=r"There was no meeting in 2026-W01\. There were"):
        rooms.find_meeting(home, "2026-W01")
    (home / "agreement.yaml").write_text(OWN + "company: Other\n")
    with pytest.raises(UsageError, match="run: smarketing build"):
        rooms.open_meeting(home, "Anna", "2026-W25")
    for kept in (home / "builds").glob(f"{opened.build_id}.*"):
        kept.unlink()
    with pytest.raises(StoreError, match="a backup holds no builds; copy"):
        rooms.enter(home, opened)


def test_a_week_is_known_however_it_is_written_and_none_is_opened_after_a_later_one(
    home: Path,
) -> None:
    opened = rooms.open_meeting(home, "Anna", " 2026-w24 ")
    assert opened.week == "2026-W24"
    assert rooms.open_meeting(home, "Ben").id == opened.id
    assert rooms.find_meeting(home, "2026-w24 ").id == opened.id
    with pytest.raises(UsageError, match=r"2026-W24 was opened already, so that of 2026-W23"):
        rooms.open_meeting(home, "Ben", "2026-W23")
    assert rooms.open_meeting(home, "Ben", "2026-W25").week == "2026-W25"
    assert rooms.open_meeting(home, "Ben", "2026-W24").id == opened.id


def test_signatures_and_plans_are_those_there_were_when_a_meeting_was_over(met: Path) -> None:
    opened = rooms.find_meeting(met)
    workspace = open_workspace(met)

    def room() -> rooms.Room:
        return rooms.enter(met, rooms.find_meeting(met, opened.week))

    workspace.sign("marketing", "Anna", opened.agreement_hash)
    assert rooms.signed_in(room()) == ("marketing",)
    closed = rooms.close_meeting(met, opened).closed_at
    assert closed is not None
    hour = dt.timedelta(hours=1)
    late = workspace.sign("sales", "Ben", opened.agreement_hash)
    workspace.of(Signature).change(replace(late, signed_at=closed + hour))
    for name, at in (("then", closed - hour), ("later", closed + hour)):
        workspace.of(Plan).add(
            Plan(name=name, starts_on=dt.date(2026, 7, 1), ends_on=dt.date(2026, 7, 9),
                 marketing_owner="Anna", sales_owner="Ben", created_by="Anna", created_at=at)
        )  # fmt: skip
    assert rooms.signed_in(room()) == ("marketing",)
    assert [plan.name for plan in plans_of(room())] == ["then"]
    said = to_markdown(minutes(room()))
    assert "None has ended since 17 May 2026" in said and "Ahead: then, from 1 Jul 2026" in said


def test_minutes_take_the_notes_since_the_meeting_before_was_over(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)

    def hour(at: int) -> dt.datetime:
        return dt.datetime(2026, 6, 15, at)

    first, second = (
        workspace.of(Meeting).add(
            Meeting(week=week, build_id="b", agreement_hash="h", opened_by="Anna",
                    opened_at=hour(opened))
        )
        for week, opened in (("2026-W24", 9), ("2026-W25", 12))
    )  # fmt: skip
    for at, meeting in ((8, None), (9, None), (10, None), (11, None), (13, None), (14, first.id)):
        workspace.of(Note).add(
            Note(figure="f", text=f"at {at}", author="Ben", written_at=hour(at),
                 meeting_id=meeting)
        )  # fmt: skip
    first = workspace.of(Meeting).change(replace(first, closed_at=hour(10)))
    told = [
        [note.text for note in rooms.notes_of(rooms.Room(tmp_path, one, seen=None))]
        for one in (first, second)
    ]
    assert told == [["at 8", "at 9", "at 10", "at 14"], ["at 11", "at 13"]]
    for at, day in ((11, 3), (13, 1)):
        workspace.of(Annotation).add(
            Annotation(starts_on=dt.date(2026, 6, day), text=f"at {at}", author="Ben",
                       written_at=hour(at))
        )  # fmt: skip
    happened = [
        [one.text for one in rooms.happened_of(rooms.Room(tmp_path, one, seen=None))]
        for one in (first, second)
    ]
    assert happened == [[], ["at 13", "at 11"]], "by their days"


def test_of_meetings_the_newest_is_meant_and_the_last_six_are_named(tmp_path: Path) -> None:
    held = open_workspace(tmp_path).of(Meeting)
    for week in (*range(10, 18), 9):
        held.add(Meeting(week=f"2026-W{week:02}", build_id="b", agreement_hash="h",
                         opened_by="Anna", opened_at=dt.datetime(2026, 6, 1)))  # fmt: skip
    assert rooms.find_meeting(tmp_path).week == "2026-W17"
    assert rooms.find_meeting(tmp_path, "2026-W09").week == "2026-W09"
    named = ", ".join(f"2026-W{week}" for week in range(12, 18))
    with pytest.raises(UsageError, match=rf"no meeting in 2026-W40\. .* in: {named}\.$"):
        rooms.find_meeting(tmp_path, "2026-W40")
