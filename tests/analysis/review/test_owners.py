"""Whose owner can do nothing any more, by the members and by who is let in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from builders import make_store

from smarketing.analysis.review.owners import people, why_gone

GONE = dt.date(2026, 1, 1)
ONE_BY_ONE = (
    "people:\n  anna.muster@acme.com: {role: viewer}\n  j.mueller@acme.com: {role: viewer}\n"
    "  lukasz.n@acme.com: {role: viewer}\n"
)


def test_members_are_known_by_their_last_day_of_who_came_back_as_here() -> None:
    rows = [
        {"member_id": "m1", "name": "Gone", "ends_on": GONE},
        {"member_id": "m2", "name": "Gone", "ends_on": dt.date(2025, 1, 1)},
        {"member_id": "m3", "name": "Back", "ends_on": GONE},
        {"member_id": "m4", "name": "Back"},
        {"member_id": "m5", "name": "Leaves", "ends_on": dt.date(2099, 1, 1)},
        {"member_id": "m6", "name": None},
    ]
    assert people(make_store({"member": rows})) == {"Gone": GONE, "Back": None, "Leaves": None}
    assert people(make_store({})) == {}


@pytest.mark.parametrize(
    ("owner", "is_known"),
    [
        ("Anna Muster", True), ("anna.muster@acme.com", True), ("Jürgen Müller", True),
        ("Łukasz Nowak", True),
        ("Muster, Anna", True), ("Ben", True), ("Levin Moorland", False),
        ("levin@acme.com", False), ("Jo", False),
    ],
)  # fmt: skip
def test_who_is_neither_member_nor_let_in_is_named(
    tmp_path: Path, owner: str, is_known: bool
) -> None:
    (tmp_path / "access.yaml").write_text(ONE_BY_ONE)
    said = None if is_known else "is no member and not in access.yaml"
    assert why_gone(owner, {"Ben": None}, tmp_path) == said
    assert why_gone("Ben", {"Ben": GONE}, tmp_path) == "left on 1 Jan 2026"


@pytest.mark.parametrize(
    ("more", "owner", "is_told"),
    [
        ("groups: {sales: {role: viewer}}", "Levin", False),
        ("groups: {sales: {role: viewer}}", "levin@other.com", False),
        ("domains: {acme.com: {role: viewer}}", "Levin", False),
        ("domains: {acme.com: {role: viewer}}", "levin@acme.com", False),
        ("domains: {acme.com: {role: viewer}}", "levin@other.com", True),
    ],
)
def test_where_whole_groups_are_let_in_nobody_is_said_to_be_gone(
    tmp_path: Path, more: str, owner: str, is_told: bool
) -> None:
    (tmp_path / "access.yaml").write_text(f"{ONE_BY_ONE}{more}\n")
    assert (why_gone(owner, {}, tmp_path) is not None) is is_told


def test_without_a_list_of_who_is_let_in_only_members_are_known_to_leave(tmp_path: Path) -> None:
    assert why_gone("Levin", {}, tmp_path) is None
    assert why_gone("Levin", {"Levin": GONE}, None) == "left on 1 Jan 2026"
    assert why_gone("Other", {"Levin": GONE}, None) is None
