"""Where a record stands in its own system: patterns, a company's addresses, ids that are data."""

from __future__ import annotations

import pytest

from smarketing.errors import UsageError
from smarketing.sources import builtin_sources
from smarketing.sources.links import read_addresses, record_link, wrong_pattern

ACME = "https://acme.lightning.force.com"


def test_a_record_is_found_at_the_address_of_the_company() -> None:
    links = builtin_sources()["salesforce"].profile.links
    assert record_link(links, "deal", "006A0000001", ACME) == f"{ACME}/006A0000001"
    links = builtin_sources()["hubspot"].profile.links
    portal = "https://app.hubspot.com/contacts/123"
    assert record_link(links, "deal", "42", portal) == f"{portal}/record/0-3/42"


def test_without_a_pattern_or_an_address_there_is_no_link() -> None:
    links = {"deal": "{address}/{id}", "lead": "https://acme.pipedrive.com/leads/{id}"}
    assert record_link(links, "deal", "42", "") is None
    assert record_link(links, "deal", "", ACME) is None
    assert record_link(links, "person", "42", ACME) is None
    assert record_link(links, "lead", "42", "") == "https://acme.pipedrive.com/leads/42"


def test_an_id_is_data_and_cannot_change_where_a_link_leads() -> None:
    found = record_link({"deal": "{address}/{id}"}, "deal", "../{address}?x=1#@evil.example", ACME)
    assert found == f"{ACME}/..%2F%7Baddress%7D%3Fx%3D1%23%40evil.example"


def test_addresses_are_read_by_source() -> None:
    given = f"salesforce={ACME}/, hubspot = https://app.hubspot.com/contacts/123 ,"
    found = read_addresses(given)
    assert found == {"salesforce": ACME, "hubspot": "https://app.hubspot.com/contacts/123"}
    assert read_addresses("") == {}


@pytest.mark.parametrize(
    "address",
    ["http://acme.example", "javascript:alert(1)", "https://", "acme.example", "https://a.example/?q=",
     "https://me@a.example", "https://a.example/{id}", "https://[a"],
)  # fmt: skip
def test_only_a_plain_address_by_https_is_taken(address: str) -> None:
    with pytest.raises(UsageError, match=r"SMARKETING_CRM has .* which is no address: write it as"):
        read_addresses(f"salesforce={address}")


@pytest.mark.parametrize(
    ("kind", "pattern", "said"),
    [
        ("deals", "https://a.example/{id}", "links know deal, lead"),
        ("deal", "https://a.example/", "holds {id} once"),
        ("deal", "https://a.example/{id}/{id}", "holds {id} once"),
        ("deal", "https://a.example/{name}/{id}", "no other braces"),
        ("deal", "http://a.example/{id}", "begins with https://"),
        ("deal", "https://{id}/deal", "begins with https://"),
        ("deal", "{address}.evil.example/{id}", "begins with https://"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_said(kind: str, pattern: str, said: str) -> None:
    assert said in str(wrong_pattern(kind, pattern))
    assert wrong_pattern("deal", "{address}/{id}") is None
