"""Who may see what: each role, each way to be named, and that nothing wrong opens a door."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from sqlglot import exp

from smarketing.access import (
    LOCAL,
    Access,
    AccessError,
    Identity,
    access_of,
    without_contacts,
)
from smarketing.engine.masks import without_contacts as masked

FILE = """
people:
  Anna@Acme.com: {role: lead, team: marketing}
  carl@acme.com: {role: viewer, scope: {region: [uk, dach], owner: M1}}
groups:
  revops: {role: admin}
  sellers: {role: member, team: sales}
domains:
  acme.com: {role: viewer}
"""


def of(tmp_path: Path, email: str, text: str = FILE, *groups: str, verified: bool = True) -> Access:
    (tmp_path / "access.yaml").write_text(text, encoding="utf-8")
    return access_of(tmp_path / "access.yaml", Identity(email, verified, groups=groups))


def test_a_person_s_own_entry_rules_then_the_group_then_the_domain(tmp_path: Path) -> None:
    anna = of(tmp_path, " anna@ACME.com ", FILE, "revops")
    assert (anna.role, anna.team, anna.email) == ("lead", "marketing", "anna@acme.com")
    assert of(tmp_path, "x@other.com", FILE, "sellers", "revops").role == "admin"
    assert of(tmp_path, "x@acme.com", FILE, "sellers").role == "member"
    assert of(tmp_path, "new@acme.com").role == "viewer"
    carl = of(tmp_path, "carl@acme.com")
    assert carl.scope == (("owner", ("M1",)), ("region", ("dach", "uk")))


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("viewer", {"see"}),
        ("member", {"see", "see_personal", "write"}),
        ("lead", {"see", "see_personal", "write", "sign"}),
        ("admin", {"see", "see_personal", "write", "import", "manage"}),
    ],
)
def test_what_each_role_may_do(role: str, acts: set[str]) -> None:
    every = ("see", "see_personal", "write", "sign", "import", "manage")
    access = Access(role, team="sales")  # type: ignore[arg-type]
    assert {act for act in every if access.may(act)} == acts  # type: ignore[arg-type]
    assert not Access(role).may("sign")  # type: ignore[arg-type]
    for act in set(every) - acts:
        with pytest.raises(AccessError, match=r"is not open to the role"):
            access.demand(act, "This page")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "email",
    ["eve@acme.com.evil.com", "eve@evil.com", "@acme.com", "eve@evil.com@acme.com", "eve", "",
     "eve@acme.com\n", "е@асme.com", '"eve@evil.com"@acme.com', "eve @acme.com"],
)  # fmt: skip
def test_no_trick_with_an_address_gets_in(tmp_path: Path, email: str) -> None:
    if email == "eve@acme.com\n":
        assert of(tmp_path, email).email == "eve@acme.com"
        return
    with pytest.raises(AccessError):
        of(tmp_path, email)


@pytest.mark.parametrize("email", ["\u212aarl@acme.com", "groß@acme.com", "\u017ftu@acme.com"])
def test_letters_that_become_others_are_nobody_else(tmp_path: Path, email: str) -> None:
    """Who holds another mailbox than Karl's, Gross's or Stu's is none of them."""
    text = "people: {karl@acme.com: {role: admin}}\ndomains: {acme.com: {role: viewer}}"
    with pytest.raises(AccessError, match="no plain e-mail"):
        of(tmp_path, email, text)
    with pytest.raises(AccessError, match="names neither"):
        of(tmp_path, "x@strasse.de", "domains: {straße.de: {role: admin}}")


def test_an_unverified_address_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="not verified"):
        of(tmp_path, "anna@acme.com", verified=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no people"),
        ("- a", "holds no people"),
        ("people: [", "not valid YAML"),
        ("people: {a@b.c: {role: viewer}, a@b.c: {role: admin}}", "given twice"),
        ("people: {a@b.c: {role: viewer}, A@b.c: {role: admin}}", "given twice"),
        ("people: {a@b.c: &x {role: viewer}, d@b.c: *x}", "an alias"),
        ("peple: {a@b.c: {role: viewer}}", "Did you mean 'people'"),
        ("people: {a@b.c: {role: viwer}}", "Did you mean 'viewer'"),
        ("people: {a@b.c: {rol: viewer}}", "Did you mean 'role'"),
        ("people: {a@b.c: admin}", "write it as"),
        ("people: {a@b.c: {role: lead}}", "needs the team"),
        ("people: {a@b.c: {role: viewer, scope: {region: []}}}", "at least one name"),
        ("people: {a@b.c: {role: viewer, scope: {region: ['']}}}", "at least one name"),
        ("people: {a@b.c: {role: viewer, scope: {region: null}}}", "at least one name"),
        ("people: {a@b.c: {role: viewer, scope: {channel: [x]}}}", "no scope can be by"),
        ("people: {a@b.c: {role: viewer, scope: all}}", "a scope is written"),
        ("people: x", "is a mapping"),
        ("a: " * 2000, "not valid YAML"),
        ("people: {a@b.c: {role: !!int ''}}", "not what it is marked as"),
        ("people: !!timestamp soon", "not what it is marked as"),
        ("people: !!bool maybe", "not what it is marked as"),
        ("people: {a@b.c: {role: 2026-02-30}}", "day is out of range"),
    ],
)
def test_a_wrong_file_lets_nobody_in_and_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AccessError, match=said):
        of(tmp_path, "a@b.c", text)


def test_a_missing_or_binary_file_lets_nobody_in(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="cannot be read"):
        access_of(tmp_path / "none.yaml", Identity("a@b.c", True))
    (tmp_path / "access.yaml").write_bytes(b"\xff\xfe\x00people")
    with pytest.raises(AccessError, match="nobody is let in"):
        access_of(tmp_path / "access.yaml", Identity("a@b.c", True))


def test_who_sits_at_the_machine_may_all_but_sign_as_somebody() -> None:
    assert LOCAL.may("import") and LOCAL.may("manage") and not LOCAL.is_verified


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call 0151 23456789, (030) 555-0199 or 0049 30/5550199.", "call •••, ••• or •••."),
        ("Tel:+49 (0)30 555 01 99 06.12.34.56.78", "Tel:•••"),
        *(
            (same, same)
            for same in (
                "by 05.01.2026 10:30, 05/01/2026 - 07/01/2026",
                "0.123456789, 1 000 000 000, +12.5 %, #0123456789",
                "0015e00000AbCdE 000123456789 2026-01-05 09:00:00",
            )
        ),
    ],
)
def test_a_text_is_shown_without_telephone_numbers(text: str, shown: str) -> None:
    assert without_contacts(text) == shown
    sql = masked(exp.Literal.string(text)).sql("duckdb")
    assert duckdb.sql(f"select {sql}").fetchall() == [(shown,)]
