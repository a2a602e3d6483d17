"""The profiles on real exports: what an import of each folder must come to, figure by figure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from profile_views import write_source_by_date_added

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.analysis.attribution import Attribution, asked, attributions
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.health.report import DataHealth, data_health, reached
from smarketing.build import ImportReport, import_files
from smarketing.engine import DuckDBEngine, open_engine
from smarketing.engine.compile import parse
from smarketing.periods import parse_window

pytestmark = [pytest.mark.real, pytest.mark.slow]
EVER = parse_window("2015-01-01", "2030-01-01")


@dataclass(frozen=True)
class Imported:
    """A home into which one folder of exports was imported."""

    home: Path
    report: ImportReport
    engine: DuckDBEngine
    agreement: Agreement

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        frame = self.engine.run(parse(sql, "this test"))
        cells = frame.astype(object).where(frame.notna(), None)
        return [tuple(row) for row in cells.itertuples(index=False)]

    def one(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def health(self) -> DataHealth:
        return data_health(self.engine, self.agreement)

    def credit(self, by: str, model: str = "all", **settings: Any) -> tuple[Attribution, ...]:
        question = asked(self.agreement, EVER, **settings)
        return attributions(
            self.engine, self.agreement, question, model=model, by=by, intervals=False
        )


def take(home: Path, *paths: Path, source: Path | None = None) -> Imported:
    report = import_files(home, list(paths), source=source)
    return Imported(home, report, open_engine(home), load_home_agreement(home))


# ------------------------------------------------------------------------------------ Salesforce


@pytest.fixture(scope="module")
def salesforce(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return take(tmp_path_factory.mktemp("sf") / "home", real_data / "data" / "salesforce")


def test_salesforce_has_its_records_each_once(salesforce: Imported) -> None:
    counts = {
        table: salesforce.one(f"select count(*) from {table}")
        for table in ("dim_account", "dim_person", "dim_lead", "dim_campaign", "fct_deal")
    }
    assert counts == {
        "dim_account": 22,
        "dim_person": 162,
        "dim_lead": 60,
        "dim_campaign": 8,
        "fct_deal": 50,
    }
    assert salesforce.one("select count(distinct name) from dim_campaign") == 7
    assert salesforce.rows(
        "select outcome, count(*), sum(won_amount) from fct_deal group by 1 order by 1"
    ) == [("lost", 3, None), ("open", 35, None), ("won", 12, 1_054_256_298)]


def test_salesforce_reaches_deals_through_contact_and_account(salesforce: Imported) -> None:
    reach = {row.way: row for row in reached(salesforce.engine)}["anyone at the account"]
    assert (reach.deals, reach.reached, reach.won_reached) == (50, 25, 6)


def test_salesforce_load_stamps_are_named_and_cohorts_say_why_they_are_empty(
    salesforce: Imported,
) -> None:
    stamps = {
        (finding.count, finding.sentence.split(" of ")[0])
        for finding in salesforce.health().findings
        if finding.id.startswith("load-stamp") and finding.severity == "warning"
    }
    assert stamps == {(60, "60 leads"), (50, "50 deals"), (68, "68 touches")}
    assert salesforce.health().finding("deal-created-after-the-close").count == 15
    cohort = funnel(salesforce.engine, FunnelSettings(window=EVER))
    assert cohort.stages[0].count == 0
    assert (cohort.leads, cohort.start_unknown) == (60, 60)
    assert salesforce.one("select count(*) from fct_deal where cycle_days is not null") == 0
    standing = funnel(salesforce.engine, FunnelSettings(mode="snapshot"))
    assert sum(stage.count for stage in standing.stages) + (standing.exited or 0) == 60


def test_salesforce_open_deals_do_not_move_the_as_of(salesforce: Imported) -> None:
    assert salesforce.engine.as_of_day == dt.date(2024, 1, 23)


def test_salesforce_without_a_response_nothing_is_attributed_under_any_model(
    salesforce: Imported,
) -> None:
    for people in ("default", "account"):
        for answer in salesforce.credit("channel", people=people):
            assert (answer.total, answer.unattributed) == (1_054_256_298, 1_054_256_298)
            assert [row.key for row in answer.rows] == ["(unattributed)"], answer.model
    reasons = [f for f in salesforce.health().findings if f.id.startswith("unattributed")]
    assert sum(finding.count for finding in reasons) == 12
    assert any("no response" in finding.sentence for finding in reasons)


def test_salesforce_again_changes_nothing(salesforce: Imported, real_data: Path) -> None:
    before = salesforce.rows("select deal_id, won_amount, created_known from fct_deal order by 1")
    again = take(salesforce.home, real_data / "data" / "salesforce")
    assert all(table.new == table.changed == 0 for table in again.report.tables)
    assert [t.unchanged for t in again.report.tables if t.table == "deal"] == [50]
    after = again.rows("select deal_id, won_amount, created_known from fct_deal order by 1")
    assert after == before


def test_salesforce_with_memberships_by_date_added(real_data: Path, tmp_path: Path) -> None:
    ours = write_source_by_date_added(tmp_path / "ours")
    imported = take(tmp_path / "home", real_data / "data" / "salesforce", source=ours)
    assert imported.one("select count(*) from fct_touch where is_usable") == 68
    for answer in imported.credit("campaign", people="account"):
        credited = sum(row.credit for row in answer.rows if row.key != "(unattributed)")
        assert (answer.model, answer.unattributed) == (answer.model, 800_586_714)
        assert (answer.model, credited) == (answer.model, 253_669_584)
    (linear,) = imported.credit("deal", "linear", people="account")
    assert sum(row.key != "(unattributed)" for row in linear.rows) == 3


# ------------------------------------------------------------------------------------- leadforge


@pytest.fixture(scope="module")
def leadforge(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return take(tmp_path_factory.mktemp("lf") / "home", real_data / "data" / "leadforge")


def table_of(facts: Path, heading: str) -> Iterator[dict[str, str]]:
    """Give the rows of the table under a heading of a facts file."""
    text = facts.read_text(encoding="utf-8").split(f"## {heading} ")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in cells[2:]:
        yield dict(zip(cells[0], row, strict=True))


def cents(amount: str) -> int:
    return round(float(amount) * 100)


def test_leadforge_has_its_leads_people_and_wins(leadforge: Imported) -> None:
    assert leadforge.rows("select count(*), count(distinct person_id) from dim_lead") == [
        (5000, 2889)
    ]
    won = leadforge.rows("select count(*), sum(won_amount) from fct_deal where outcome = 'won'")
    assert won == [(1049, 6_421_471_100)]
    kinds = {
        kind
        for (kind,) in leadforge.rows("select distinct kind from fct_touch where side = 'sales'")
    }
    assert {kind for kind in kinds if kind.startswith("sales_")} == {
        "sales_call",
        "sales_email",
        "sales_meeting",
        "sales_demo",
    }


def test_leadforge_funnel_by_raw_channel_is_l6(leadforge: Imported, real_data: Path) -> None:
    facts = real_data / "data" / "leadforge" / "facts.md"
    result = funnel(leadforge.engine, FunnelSettings(window=EVER), by="raw_channel")
    found = {
        group.key: (
            group.stages[0].count,
            next(s.count for s in group.stages if s.stage == "opportunity"),
            next(s.count for s in group.stages if s.stage == "customer"),
        )
        for group in result.groups
    }
    assert found == {
        row["lead_source"]: (int(row["leads"]), int(row["with_opp"]), int(row["won"]))
        for row in table_of(facts, "L6")
    }


KINDS = ("call", "content_download", "email", "linkedin_message", "webinar")
AS_L9: dict[str, Any] = {"people": "lead", "side": "both", "kinds": KINDS, "lookback_days": 365}


def test_leadforge_credit_by_kind_is_l9(leadforge: Imported, real_data: Path) -> None:
    facts = real_data / "data" / "leadforge" / "facts.md"
    expected = {row["touch_type"]: row for row in table_of(facts, "L9")}
    answers = {answer.model: answer for answer in leadforge.credit("kind", **AS_L9)}
    for model, column, off_by in (
        ("first", "first_touch", 0),
        ("last", "last_touch", 0),
        ("linear", "linear", 100),
        ("position", "position_40_20_40", 100),
    ):
        answer = answers[model]
        found = {row.key: row.credit for row in answer.rows if row.key != "(unattributed)"}
        assert set(found) == set(expected)
        for kind, credit in found.items():
            assert abs(credit - cents(expected[kind][column])) <= off_by, (model, kind)
    for answer in answers.values():
        assert answer.unattributed == 6_597_700, answer.model
        assert sum(row.credit for row in answer.rows) == 6_421_471_100, answer.model


def test_leadforge_credit_by_channel_is_l10_under_every_rule(
    leadforge: Imported, real_data: Path
) -> None:
    facts = real_data / "data" / "leadforge" / "facts.md"
    expected = {
        row["touch_channel"]: cents(row["first_touch"]) for row in table_of(facts, "L10")
    } | {"(unattributed)": 6_597_700}
    for model in ("first", "last", "linear", "position", "time_decay", "w_shaped"):
        (answer,) = leadforge.credit("raw_channel", model, **AS_L9)
        assert {row.key: row.credit for row in answer.rows} == expected, model


# -------------------------------------------------------------------------------------------- ads

SPEND = {
    "facebook_ads": 64_363,
    "google_ads": 23_133,
    "linkedin_ads": 53_062,
    "microsoft_ads": 94_634,
}
SPEND_BY_SOURCE = "select source, cast(sum(amount) as bigint) from fct_cost group by 1 order by 1"


@pytest.fixture(scope="module")
def ads(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return take(tmp_path_factory.mktemp("ads") / "home", real_data / "data" / "ads")


def test_ads_are_four_platforms_by_their_headers_and_cost_what_they_cost(ads: Imported) -> None:
    assert dict(ads.rows(SPEND_BY_SOURCE)) == SPEND
    assert ads.report.refused == () or list(ads.report.refused) == []
    usd = ads.rows("select distinct source from fct_cost where currency = 'USD' order by 1")
    assert usd == [("linkedin_ads",), ("microsoft_ads",)]


def test_ads_every_cost_finds_its_campaign_and_no_campaign_is_twice(ads: Imported) -> None:
    # Days on which nothing was spent are of ads whose campaigns nobody exported.
    assert ads.one("select count(*) from fct_cost where campaign is null and amount <> 0") == 0
    campaigns = dict(ads.rows("select source, count(*) from dim_campaign group by 1"))
    assert campaigns == {
        "facebook_ads": 4,
        "google_ads": 1,
        "linkedin_ads": 15,
        "microsoft_ads": 3,
    }


def test_ads_files_split_in_two_and_imported_twice_cost_the_same(
    real_data: Path, tmp_path: Path
) -> None:
    halves = []
    for path in sorted((real_data / "data" / "ads").glob("*.csv")):
        header, *body = path.read_text(encoding="utf-8-sig").splitlines()
        middle = len(body) // 2
        for part, lines in (("a", body[:middle]), ("b", body[middle:])):
            half = tmp_path / f"{re.sub('_data$', '', path.stem)}_{part}_data.csv"
            half.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
            halves.append(half)
    home = tmp_path / "home"
    assert dict(take(home, *halves).rows(SPEND_BY_SOURCE)) == SPEND
    whole = take(home, real_data / "data" / "ads")
    assert dict(whole.rows(SPEND_BY_SOURCE)) == SPEND
    assert all(table.new == table.changed == 0 for table in whole.report.tables)


def test_everything_in_one_home_keeps_each_source_apart(real_data: Path, tmp_path: Path) -> None:
    data = real_data / "data"
    both = take(tmp_path / "home", data / "salesforce", data / "ads")
    assert dict(both.rows(SPEND_BY_SOURCE)) == SPEND
    assert both.one("select count(*) from dim_account") == 22
    assert both.one("select sum(won_amount) from fct_deal") == 1_054_256_298


# ------------------------------------------------------------------------------------- every row


def is_balanced(report: ImportReport) -> bool:
    return all(f.rows == f.used + f.unused + f.quarantined for f in report.files) and all(
        t.produced == t.new + t.changed + t.unchanged + t.quarantined for t in report.tables
    )


def test_every_row_of_an_export_is_accounted_for(
    salesforce: Imported, leadforge: Imported, ads: Imported
) -> None:
    for taken in (salesforce, leadforge, ads):
        assert list(taken.report.refused) == [] and is_balanced(taken.report)
    assert {row.table: row.new for row in salesforce.report.tables} == {
        "account": 22, "person": 162, "lead": 60, "campaign": 8, "touch": 68, "deal": 50,
    }  # fmt: skip
    assert sum(file.quarantined for file in leadforge.report.files) == 0
    nowhere = {column for (column,) in leadforge.rows("select column_name from dangling")}
    assert nowhere <= {"owner_id", "actor_id"}  # sales people are no file of this export
    # Of Google 16 rows by campaign, and 10 by ad on other days, which cost nothing.
    assert ads.rows("select * from currency_assumed order by 1, 2") == [
        ("cost", "facebook_ads", "EUR", 10),
        ("cost", "google_ads", "EUR", 26),
    ]


def test_messy_files_are_counted_or_refused_with_a_reason(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "data" / "messy-csv"
    known = tmp_path / "account.csv"
    known.write_text("account_id,name,tier\na1,One,\n")
    home = tmp_path / "home"
    take(home, known)
    taken = take(home, folder)
    assert is_balanced(taken.report)
    assert taken.one("select count(*) from account") == 1
    told = {file.file for file in taken.report.files}
    for path in sorted(folder.rglob("*.csv")):
        name = path.relative_to(folder).as_posix()
        assert name in told or any(path.name in why for why in taken.report.refused), name
