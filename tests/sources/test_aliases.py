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
        "c": "(unmapped)",
        "d": "ads:77",
        "e": "(unmapped)",
    }


def test_names_are_compared_without_case_blanks_and_signs_and_a_typo_is_unmapped() -> None:
    names = ["WEBINAR+MAY", "webinar_may", "Webinar%20May", "webinar-may", "ADS 77", "webnar may"]
    names += ["(not set)", "-", "77"]
    engine = make_store(
        {
            "campaign": [
                *CAMPAIGNS,
                {"campaign_id": "crm:ads_77", "name": "Other", "source": "crm"},
            ],
            "touch": [
                {"touch_id": str(n), "utm_campaign": name, "source": "crm"}
                for n, name in enumerate(names)
            ],
        }
    )
    query = "select raw_campaign, campaign_id, campaign from fct_touch"
    frame = engine.run(parse(query, "this test"))
    found = dict(zip(frame["raw_campaign"], frame["campaign_id"], strict=True))
    assert [found[name] for name in names[:4]] == ["crm:c1"] * 4
    assert (found["ADS 77"], found["77"]) == ("crm:ads_77", "ads:77")
    assert (
        found["webnar may"]
        == "(unmapped)"
        == frame.set_index("raw_campaign").at["webnar may", "campaign"]
    )
    assert frame["campaign_id"].isna().tolist() == [name in ("(not set)", "-") for name in names]


def test_an_alias_is_compared_as_names_are_and_beats_a_campaign_that_is_called_so() -> None:
    aliases = [("webinar_may", "ads:77"), ("two ways", "ads:77"), ("Two-Ways", "crm:c1")]
    engine = make_store(
        {
            "campaign": CAMPAIGNS,
            "campaign_alias": [
                {"alias": alias, "campaign_id": campaign, "source": "generic"}
                for alias, campaign in aliases
            ],
            "touch": [
                {"touch_id": "a", "utm_campaign": "Webinar May", "source": "crm"},
                {"touch_id": "b", "utm_campaign": "two-ways", "source": "crm"},
                {"touch_id": "c", "utm_campaign": "two+ways", "source": "crm"},
            ],
        }
    )
    frame = engine.run(parse("select touch_id, campaign_id from fct_touch", "this test"))
    found = dict(zip(frame["touch_id"], frame["campaign_id"], strict=True))
    assert found == {"a": "ads:77", "b": "crm:c1", "c": "(unmapped)"}


def test_a_campaign_known_by_its_name_alone_is_the_one_of_that_name_with_an_id() -> None:
    def called(name: str, campaign: str = "ads:Winter 26") -> list[object]:
        named = {"campaign_id": "ads:Winter 26", "name": "Winter 26", "source": "ads"}
        known = [{"campaign_id": f"ads:{n}", "name": name, "source": "ads"} for n in ("7", "8")]
        cost = {"cost_id": "k", "incurred_on": "2026-01-01", "amount": 1, "source": "ads"}
        engine = make_store(
            {
                "campaign": [named, *known[: 1 if name == "winter_26" else 2]],
                "cost": [{**cost, "campaign_id": campaign}],
                "touch": [{"touch_id": "t", "utm_campaign": "WINTER+26", "source": "crm"}],
            }
        )
        query = "select campaign_id from fct_cost union all select campaign_id from fct_touch"
        return list(engine.run(parse(query, "this test"))["campaign_id"])

    assert called("winter_26") == ["ads:7", "ads:7"]
    assert called("Winter 26") == ["ads:Winter 26", "(unmapped)"]


def test_a_campaign_that_stands_for_another_is_still_there_once() -> None:
    names = ("7", "8", "Winter 26")
    ads = [{"campaign_id": f"ads:{n}", "name": "Winter 26", "source": "ads"} for n in names]
    alias = {"alias": "8", "campaign_id": "ads:7", "source": "generic"}
    engine = make_store({"campaign": ads[:2], "campaign_alias": [alias]})
    by_name = make_store({"campaign": [ads[0], ads[2]]})
    for store in (engine, by_name):
        held = store.run("health/invariants").set_index("invariant").loc["every campaign once"]
        assert (held["expected"], held["found"]) == (2, 2)


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
