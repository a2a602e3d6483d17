"""The funnel over real exports equals what their reference answers say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from smarketing.agreement import load_agreement
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff
from smarketing.build import import_files
from smarketing.engine import DuckDBEngine, open_engine
from smarketing.periods import parse_window

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def leadforge(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    home = tmp_path_factory.mktemp("leadforge")
    import_files(home, [real_data / "data" / "leadforge"])
    return open_engine(home)


@pytest.fixture(scope="module")
def salesforce(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> DuckDBEngine:
    home = tmp_path_factory.mktemp("salesforce")
    import_files(home, [real_data / "data" / "salesforce"])
    return open_engine(home)


def test_leads_opportunities_and_customers_by_source(leadforge: DuckDBEngine) -> None:
    settings = FunnelSettings(window=parse_window("2024-01-01", "2024-02-01"))
    groups = {group.key: group for group in funnel(leadforge, settings, by="raw_channel").groups}
    found = {
        key: [stage.count for stage in group.stages if stage.stage in ("lead", "opportunity",
                                                                       "customer")]
        for key, group in groups.items()
    }  # fmt: skip
    assert found == {
        "inbound_marketing": [2274, 2114, 501],
        "sdr_outbound": [1757, 1626, 374],
        "partner_referral": [969, 901, 174],
    }


def test_a_lost_lead_without_a_deal_left_and_one_with_deals_follows_them(
    leadforge: DuckDBEngine,
) -> None:
    settings = FunnelSettings(window=parse_window("2024-01-01", "2024-02-01"))
    stages = {stage.stage: stage for stage in funnel(leadforge, settings).stages}
    lead, opportunity = stages["lead"].leak, stages["opportunity"].leak
    assert lead is not None and opportunity is not None
    assert (lead.advanced, lead.left_count) == (4641, 359)
    assert (opportunity.advanced, opportunity.here, opportunity.left_count) == (1049, 2424, 1168)


def test_load_stamps_empty_the_cohorts_but_not_the_snapshot(salesforce: DuckDBEngine) -> None:
    always = parse_window("2000-01-01", "2030-01-01")
    result = funnel(salesforce, FunnelSettings(window=always))
    assert [stage.count for stage in result.stages] == [0] * 6
    assert (result.leads, result.start_unknown) == (60, 60)
    assert (result.joined.created, result.joined.created_unknown) == (0, 50)
    now = funnel(salesforce, FunnelSettings("snapshot"))
    counts = {stage.stage: stage.count for stage in now.stages}
    # 21 New, 15 Working, 24 Qualified
    assert (counts["lead"], counts["sal"], counts["sql"]) == (21, 15, 24)
    assert (now.joined.created, now.joined.won) == (35, 12)


def test_without_a_handoff_there_is_nothing_to_judge(leadforge: DuckDBEngine) -> None:
    document = handoff(leadforge, load_agreement(), parse_window("2024-01-01", "2024-05-01"))
    assert document.first_passes.handovers == 0
    assert document.speed is None
    assert leadforge.as_of_day == dt.date(2024, 4, 28)
