"""Drafts of leads whose own row says by which campaign, or which link, they came in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from profile_views import produce

from smarketing.sources import load_source, scaffold

_LEADS = ["Email,Created,Campaign", "ann@a.test,2026-01-02,spring EXPO", "bo@b.test,2026-01-03,"]
_COSTS = ["Month,Campaign,Cost", "2026-01,Spring Expo,100.00", "2026-02,Spring Expo,90.00"]


def made(folder: Path, table: str, files: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Return the records of a table that a source drafted from these files makes of them."""
    paths = []
    for name, lines in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = load_source(scaffold(paths, "ours", folder / "ours"))
    given = {
        name: [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
        for name, lines in files.items()
    }
    return produce(source, table, given) if table in source.selects else []


def test_a_lead_is_a_touch_of_the_campaign_it_names_as_it_came_in(tmp_path: Path) -> None:
    [touch] = made(tmp_path, "touch", {"leads": _LEADS, "costs": _COSTS})
    told = [touch[n] for n in ("touch_id", "lead_id", "campaign_id", "side", "occurred_at")]
    assert told == ["lead ann@a.test", "ann@a.test", "Spring Expo", "marketing", "2026-01-02"]


def test_a_lead_names_the_touch_that_created_it(tmp_path: Path) -> None:
    leads = made(tmp_path, "lead", {"leads": _LEADS, "costs": _COSTS})
    told = [(lead["created_by_touch_id"], lead["campaign_id"]) for lead in leads]
    assert told == [("lead ann@a.test", "Spring Expo"), (None, None)]


def test_the_tags_of_a_link_are_a_touch_where_one_says_something(tmp_path: Path) -> None:
    leads = [
        "Lead ID,Email,Created,utm_source,utm_medium,utm_campaign",
        "1,ann@a.test,2026-01-02,google,cpc,brand",
        "2,bo@b.test,2026-01-03,(direct),(none),(not set)",
        "3,cy@c.test,2026-01-04,bing,,",
    ]
    touches = made(tmp_path, "touch", {"leads": leads})
    told = [(t["lead_id"], t["utm_source"], t["utm_campaign"]) for t in touches]
    assert told == [("1", "google", "brand"), ("3", "bing", "")]


@pytest.mark.parametrize(
    "leads",
    [
        ["Email,Created,Campaigns", "ann@a.test,2026-01-02,A; B", "bo@b.test,2026-01-03,C; D"],
        ["Email,Campaign", "ann@a.test,A", "bo@b.test,B"],
        ["Email,Created,Campaign", "ann@a.test,2026-01-02,", "bo@b.test,2026-01-03,"],
    ],
)
def test_what_has_no_time_no_order_or_no_value_is_no_touch(
    tmp_path: Path, leads: list[str]
) -> None:
    assert not made(tmp_path, "touch", {"leads": leads})


def test_beside_a_list_of_touches_a_lead_s_campaign_is_none(tmp_path: Path) -> None:
    calls = ["Call ID,Date,Email,Direction", "1,2026-01-05,ann@a.test,Outgoing"]
    touches = made(tmp_path, "touch", {"leads": _LEADS, "calls": calls})
    assert [touch["touch_id"] for touch in touches] == ["1"]
