"""Spend and revenue meet: what stands for a campaign, in an ad platform's terms or a link's."""

from __future__ import annotations

from pathlib import Path

from build_kit import Shop
from builders import make_store

from smarketing.engine.compile import parse

CAMPAIGNS = [
    {"campaign_id": "ads:77", "name": "Spring", "source": "ads"},
    {"campaign_id": "crm:c1", "name": "Webinar May", "source": "crm"},
    {"campaign_id": "crm:c2", "name": "Twice", "source": "crm"},
    {"campaign_id": "crm:c3", "name": "twice ", "source": "crm"},
]
NAMED = [("a", "77"), ("b", " webinar MAY"), ("c", "twice"), ("d", "ads:77"), ("e", "nothing")]


def test_a_utm_campaign_is_the_campaign_whose_id_or_only_name_it_is() -> None:
    engine = make_store(
        {
            "campaign": CAMPAIGNS,
            "touch": [{"touch_id": i, "utm_campaign": utm, "source": "crm"} for i, utm in NAMED],
        }
    )
    frame = engine.run(parse("select touch_id, campaign_id from fct_touch", "this test"))
    found = dict(zip(frame["touch_id"], frame["campaign_id"], strict=True))
    assert {key: value for key, value in found.items() if isinstance(value, str)} == {
        "a": "ads:77",
        "b": "crm:c1",
        "d": "ads:77",
    }


def test_an_alias_that_was_written_down_beats_the_campaigns_own_id() -> None:
    engine = make_store(
        {
            "campaign": CAMPAIGNS,
            "campaign_alias": [{"alias": "77", "campaign_id": "crm:c1", "source": "generic"}],
            "touch": [{"touch_id": "a", "utm_campaign": "77", "source": "crm"}],
            "cost": [
                {
                    "cost_id": "k",
                    "incurred_on": "2026-05-01",
                    "amount": 5,
                    "campaign_id": "ads:77",
                    "source": "ads",
                }
            ],
        }
    )
    touch = engine.run(parse("select campaign_id from fct_touch", "this test"))
    cost = engine.run(parse("select campaign_id from fct_cost", "this test"))
    assert touch["campaign_id"].tolist() == cost["campaign_id"].tolist() == ["crm:c1"]


def test_a_file_of_aliases_and_one_of_teams_point_into_other_sources(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.take(
        shop.write(
            "google_ads_campaign_history.csv",
            "id,updated_at,name,customer_id,advertising_channel_type",
            "77,2024-01-01,Spring,1,SEARCH",
        ),
        shop.write(
            "Opportunity.csv",
            "Id,Name,StageName,CloseDate,OwnerId",
            "006000000000001AAA,Acme,Discovery,2024-05-01,005000000000001AAA",
        ),
        shop.write(
            "Campaign.csv",
            "Id,Name,Type,StartDate",
            "701000000000001AAA,Spring fair,Event,2024-01-01",
        ),
        shop.write(
            "campaign_aliases.csv",
            "alias,campaign_id",
            "77,salesforce:701000000000001AAA",
            "x,generic:own",
        ),
        shop.write(
            "members.csv", "member_id,name,team", "salesforce:005000000000001AAA,Ann Lee,sales"
        ),
    )
    assert shop.rows("select owner from fct_deal") == [("Ann Lee",)]
    aliases = shop.rows("select alias, campaign_id from campaign_alias order by 1")
    assert aliases == [("77", "salesforce:701000000000001AAA"), ("x", "generic:own")]
    linked = shop.rows("select campaign_id from link_campaign where name = 'google_ads:77'")
    assert linked == [("salesforce:701000000000001AAA",)]
