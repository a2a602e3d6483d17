"""What a profile's values mean, however they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from smarketing.sources.profile import Profile, Source


def profile(**values: Any) -> Profile:
    return Profile.model_validate({"name": "crm"} | values)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cp1252", ("cp1252",)),
        (["cp1252", "mac_roman"], ("cp1252", "mac_roman")),
        ([], ()),
        (None, ()),
    ],
)
def test_one_encoding_is_a_list_of_one_and_none_is_none(written: Any, meant: Any) -> None:
    assert profile(encodings=written).encodings == meant


def test_what_is_left_empty_is_empty() -> None:
    found = profile(objects=None, touch_kinds=None, deal_outcomes=None)
    assert (found.objects, found.touch_kinds, found.deal_outcomes) == ({}, {}, ())
    assert found.exact is False and found.encodings == () and found.links == {}


def test_stages_of_deals_are_those_of_an_agreement() -> None:
    found = profile(deal_outcomes={"Renewals": {"Signed": "open"}, "won": ["Signed"]})
    assert [(one.pipeline, one.stage, one.outcome) for one in found.deal_outcomes] == [
        ("Renewals", "Signed", "open"),
        (None, "Signed", "won"),
    ]


def test_a_stage_is_not_won_and_lost() -> None:
    with pytest.raises(ValidationError, match="igned"):
        profile(deal_outcomes={"won": ["Signed"], "lost": [" signed "]})


@pytest.mark.parametrize(("label", "called"), [(None, "crm"), ("", "crm"), ("The CRM", "The CRM")])
def test_a_source_is_called_by_its_label_else_its_name(label: str | None, called: str) -> None:
    assert Source("crm", Path(), profile(label=label)).label == called


@pytest.mark.parametrize("name", ["", "1crm", "c rm", "crm-eu", "é"])
def test_a_name_is_one_word_that_begins_with_a_letter(name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        profile(name=name)


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", " EUR"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValidationError, match="currency"):
        profile(currency=currency)
