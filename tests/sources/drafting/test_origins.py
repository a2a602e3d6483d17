"""Drafts of leads whose own row says by which campaign, or which link, they came in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from profile_views import produce

from smarketing.sources import Source, load_source, scaffold

_LEADS = ["Email,Created,Campaign", "ann@a.test,2026-01-02,spring EXPO", "bo@b.test,2026-01-03,"]
_COSTS = ["Month,Campaign,Cost", "2026-01,Spring Expo,100.00", "2026-02,Spring Expo,90.00"]


def drafted(folder: Path, files: Mapping[str, list[str]]) -> Source:
    """Return a source drafted from these files, nothing of it answered."""
    paths = []
    for name, lines in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_source(scaffold(paths, "ours", folder / "ours"))


def made(folder: Path, files: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Return the touches that such a source makes, once its questions of SELECTs are answered."""
    source = drafted(folder, files)
    for select in source.waiting:
        lines = select.path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("-- undecided:")]
        select.path.write_text("".join(kept), encoding="utf-8")
    answered = load_source(source.folder)
    given = {
        name: [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
        for name, lines in files.items()
    }
    return produce(answered, "touch", given) if "touch" in answered.selects else []


def asked(folder: Path, leads: list[str]) -> list[str | None]:
    """Return what the SELECTs of a source drafted from leads ask."""
    return [select.undecided for select in drafted(folder, {"leads": leads}).waiting]


def named(touches: list[dict[str, str]]) -> dict[str, str]:
    """Return the raw campaign of each touch by its lead."""
    return {touch["lead_id"]: touch["utm_campaign"] for touch in touches}


def test_whether_a_lead_came_in_by_its_campaign_is_asked_and_nothing_else_waits(
    tmp_path: Path,
) -> None:
    source = drafted(tmp_path, {"leads": _LEADS, "costs": _COSTS})
    assert "touch" not in source.selects and "lead" in source.selects
    [select] = source.waiting
    assert select.path.name == "touch.leads.sql"
    assert str(select.undecided).startswith(
        "Of several inquiries by one 'Email' only the last counts, unless each has an id of its "
        "own in a column 'Lead ID'. A lead's 'Campaign' may be what it came in by, and 'Created' "
        "the day of that. If so, and"
    )
    assert not any(item.undecided for item in source.objects.values())


def test_a_lead_is_a_touch_of_the_campaign_it_names_as_it_came_in(tmp_path: Path) -> None:
    [touch] = made(tmp_path, {"leads": _LEADS, "costs": _COSTS})
    told = [touch[n] for n in ("touch_id", "lead_id", "campaign_id", "side", "occurred_at")]
    assert told == ["lead ann@a.test", "ann@a.test", "Spring Expo", "marketing", "2026-01-02"]


def test_the_tags_of_a_link_are_a_touch_where_one_says_something(tmp_path: Path) -> None:
    leads = [
        "Lead ID,Email,Created,utm_source,utm_medium,utm_campaign",
        "1,ann@a.test,2026-01-02,google,cpc,brand",
        "2,bo@b.test,2026-01-03,(direct),(none),(not set)",
        "3,cy@c.test,2026-01-04,bing,,",
    ]
    touches = made(tmp_path, {"leads": leads})
    told = [(t["lead_id"], t["utm_source"], t["utm_campaign"]) for t in touches]
    assert told == [("1", "google", "brand"), ("3", "bing", None)]


@pytest.mark.parametrize(
    "leads",
    [
        ["Email,Created,Campaigns", "ann@a.test,2026-01-02,A; B", "bo@b.test,2026-01-03,C; D"],
        ["Email,Campaign", "ann@a.test,A", "bo@b.test,B"],
        ["Email,Created,Campaign", "ann@a.test,2026-01-02,", "bo@b.test,2026-01-03,"],
        ["Email,Created,Campaign (last touch)", "ann@a.test,2026-01-02,A"],
        ["Email,Created,utm_campaign (last)", "ann@a.test,2026-01-02,A"],
        ["Email,Created,Kampagne (letzte)", "ann@a.test,2026-01-02,A"],
    ],
)
def test_what_has_no_time_no_order_or_no_value_is_no_touch(
    tmp_path: Path, leads: list[str]
) -> None:
    assert not made(tmp_path, {"leads": leads})


@pytest.mark.parametrize(
    ("header", "rows", "sign"),
    [
        ("Lead ID,Email,Created,Campaign", ["1,a@a.test,2026-01-02,A"] * 2, "Several rows have"),
        ("Email,Created,Campaign,Member Status", ["a@a.test,2026-01-02,A,Sent"], "The column 'M"),
        ("Email,Created,Campaign,Campaign Date", ["a@a.test,2026-01-02,A,2026-03-01"], "The col"),
    ],
)
def test_a_list_of_members_is_asked_about_and_makes_no_inquiry(
    tmp_path: Path, header: str, rows: list[str], sign: str
) -> None:
    [question] = asked(tmp_path, [header, *rows])
    assert question is not None and question.startswith(sign)
    [select] = load_source(tmp_path / "ours").waiting
    assert all(line.startswith("--") for line in select.sql.splitlines())


def test_beside_a_campaign_a_tag_of_the_link_goes_first_where_it_says_one(tmp_path: Path) -> None:
    rows = ["1,2026-01-02,spring,Spring", "2,2026-01-03,(not set),Expo", "3,2026-01-04,,Expo"]
    touches = made(tmp_path, {"leads": ["Lead ID,Created,utm_campaign,Campaign", *rows]})
    assert named(touches) == {"1": "spring", "2": "Expo", "3": "Expo"}


@pytest.mark.parametrize("first", ["First campaign", "Original Campaign", "Erste Kampagne"])
def test_the_first_campaign_of_a_lead_is_asked_about(tmp_path: Path, first: str) -> None:
    leads = [f"Lead ID,Created,{first},Latest campaign", "1,2026-01-02,Expo,Fair"]
    [question] = asked(tmp_path, leads)
    assert f"A lead's '{first}' may be what it came in by" in str(question)
    shutil.rmtree(tmp_path / "ours")
    assert named(made(tmp_path, {"leads": leads})) == {"1": "Expo"}


def test_of_several_links_the_first_one_counts(tmp_path: Path) -> None:
    header = "Lead ID,Created,utm_campaign,first_utm_campaign"
    touches = made(tmp_path, {"leads": [header, "1,2026-01-02,Autumn,Spring", "2,2026-01-03,X,"]})
    assert named(touches) == {"1": "Spring"}


@pytest.mark.parametrize(
    "word",
    ["No campaign", "?", "—", "-", "kein", "ohne Kampagne", "Sin campaña", "#N/A", "brak", "geen"],
)
def test_a_word_for_none_is_no_campaign_and_no_touch(tmp_path: Path, word: str) -> None:
    rows = ["1,2026-01-02,Spring", f"2,2026-01-03,{word}"]
    touches = made(tmp_path, {"leads": ["Lead ID,Created,Campaign", *rows]})
    assert named(touches) == {"1": "Spring"}


def test_a_campaign_named_by_its_country_is_no_word_for_none(tmp_path: Path) -> None:
    rows = ["1,2026-01-02,SE", "2,2026-01-03,NO"]
    touches = made(tmp_path, {"leads": ["Lead ID,Created,Campaign", *rows]})
    assert named(touches) == {"1": "SE", "2": "NO"}


def test_a_campaign_that_a_later_version_of_a_lead_empties_is_no_touch(tmp_path: Path) -> None:
    source = drafted(tmp_path, {"leads": ["Lead ID,Created,Campaign", "1,2026-01-02,Spring"]})
    [select] = source.waiting
    assert 'from "leads_current" k where k._file_id = r._file_id' in select.sql


def test_a_touch_keeps_the_name_of_a_campaign_that_no_list_knows(tmp_path: Path) -> None:
    members = ["Member ID,Date,Email,Campaign", "1,2026-01-05,ann@a.test,Spring"]
    [touch] = made(tmp_path, {"campaign_members": members})
    assert touch["utm_campaign"] == "Spring"


def test_beside_a_list_of_touches_a_lead_s_campaign_is_none(tmp_path: Path) -> None:
    calls = ["Call ID,Date,Email,Direction", "1,2026-01-05,ann@a.test,Outgoing"]
    touches = made(tmp_path, {"leads": _LEADS, "calls": calls})
    assert [touch["touch_id"] for touch in touches] == ["1"]
