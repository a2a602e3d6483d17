"""How raw values become channels, segments, personas, regions and stages."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from smarketing.agreement import UNKNOWN, UNMAPPED, load_agreement
from smarketing.agreement.classification import ChannelRule, Region
from smarketing.agreement.countries import country_code
from smarketing.agreement.matching import Match

RULES = load_agreement().classification


@pytest.mark.parametrize(
    ("raw", "channel"),
    [
        ("Paid Search", "paid_search"),
        ("paid_search", "paid_search"),
        ("PAID-SEARCH", "paid_search"),
        ("Webinar", "webinar"),
        ("Partner Webinar 2025", "webinar"),
        ("Trade Show", "event"),
        ("partner_referral", "partner"),
        ("Customer Referral", "referral"),
        ("Cold Call", "outbound"),
        ("Direct Traffic", "direct"),
        ("Gutschein 2025", UNMAPPED),
        ("", UNKNOWN),
        (None, UNKNOWN),
        (float("nan"), UNKNOWN),
    ],
)
def test_raw_channels(raw, channel):
    assert RULES.channel_of(raw) == channel


@pytest.mark.parametrize(
    ("source", "medium", "channel"),
    [
        ("google", "cpc", "paid_search"),
        ("LinkedIn", "CPC", "paid_social"),
        ("linkedin", None, "organic_social"),
        ("google", "organic", "organic_search"),
        ("newsletter", "email", "email"),
        ("(direct)", "(none)", "direct"),
        ("somewhere", "carrier pigeon", UNMAPPED),
    ],
)
def test_links(source, medium, channel):
    assert RULES.channel_of(None, utm_source=source, utm_medium=medium) == channel


def test_a_kind_alone_speaks_only_where_nothing_else_does():
    assert RULES.channel_of(None, kind="webinar_attended") == "webinar"
    assert RULES.channel_of("Partner", kind="webinar_attended") == "partner"
    assert RULES.channel_of("Gutschein 2025", kind="webinar_attended") == UNMAPPED
    assert RULES.channel_of(None, kind="page_view") == UNKNOWN


def test_a_missing_source_is_not_direct():
    assert RULES.channel_of(None, utm_source="", utm_medium="  ") == UNKNOWN


@pytest.mark.parametrize(
    ("employees", "segment"),
    [(0, "micro"), (49, "micro"), (50, "small"), (199, "small"), (200, "mid_market"),
     (999, "mid_market"), (1000, "enterprise"), (250_000, "enterprise"), (-1, UNMAPPED),
     (None, UNKNOWN), (float("nan"), UNKNOWN)],
)  # fmt: skip
def test_segments_include_both_ends(employees, segment):
    assert RULES.segment_of(employees) == segment


@pytest.mark.parametrize(
    ("title", "persona"),
    [
        ("VP of Finance", "finance"),
        ("Head of IT", "technology"),
        ("Unit Manager", UNMAPPED),
        ("Geschäftsführer", "executive"),
        ("Head of Supply Chain", "operations"),
        ("", UNKNOWN),
    ],
)
def test_personas_look_for_whole_words(title, persona):
    assert RULES.persona_of(title) == persona


@pytest.mark.parametrize(
    ("country", "region"),
    [("DE", "dach"), ("deutschland", "dach"), ("CHE", "dach"), ("UK", "uk_ireland"),
     ("United States", "north_america"), ("U.S.", "north_america"), ("NO", "nordics"),
     ("The Netherlands", "western_europe"), ("Atlantis", UNMAPPED), (None, UNKNOWN)],
)  # fmt: skip
def test_regions_know_codes_and_names(country, region):
    assert RULES.region_of(country) == region


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("New", ("lead", "entry")),
        ("Open - Not Contacted", ("lead", "entry")),
        ("Working - Contacted", ("sal", "entry")),
        ("Qualified", ("sql", "entry")),
        ("Unqualified", ("disqualified", "exit")),
        ("Nurturing", ("recycled", "exit")),
        ("closed_lost", ("lost", "exit")),
        ("marketingqualifiedlead", ("mql", "entry")),
        ("Pondering", None),
        (None, None),
    ],
)
def test_raw_statuses_stand_for_a_stage_or_an_exit(status, meaning):
    assert RULES.lead_status_of(status) == meaning


def test_ways_to_match():
    assert Match.model_validate(["A b"]).holds("a_B")
    assert Match(prefix=("camp-",)).holds("Camp 2025")
    assert Match(words=("it",)).holds("head of IT") and not Match(words=("it",)).holds("unit")
    assert Match(regex=(r"^q\d$",)).holds("Q3") and not Match(regex=(r"^q\d$",)).holds("Q33")
    assert Match(missing=True).holds(None) and not Match(equals=("x",)).holds(None)


def test_rules_that_test_nothing_are_refused():
    with pytest.raises(ValidationError, match="needs equals, prefix"):
        Match()
    with pytest.raises(ValidationError, match="needs raw_channel"):
        ChannelRule(system=Match(equals=("salesforce",)))
    with pytest.raises(ValidationError, match="not a regular expression"):
        Match(regex=("(",))
    with pytest.raises(ValidationError, match="is no country"):
        Region(id="x", label="X", countries=("Atlantis",))


def test_every_region_lists_countries_once():
    codes = [country_code(name) for region in RULES.regions for name in region.countries]
    assert len(codes) == len(set(codes)) and None not in codes
