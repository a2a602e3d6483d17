"""Who may see what: roles and scopes from a home's `access.yaml`.

    people:
      anna@acme.com: {role: lead, team: marketing}
      carl@acme.com: {role: viewer, scope: {region: [dach]}}
    groups:
      revenue-operations: {role: admin}
    domains:
      acme.com: {role: viewer}

A person's own entry rules; else the first group of the file that the person is in; else the domain
of the e-mail. Who is in none sees nothing: when in doubt, closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from smarketing.errors import SmarketingError, did_you_mean
from smarketing.plain_yaml import parse_yaml

Role = Literal["viewer", "member", "lead", "admin"]
Act = Literal["see", "see_personal", "write", "sign", "import", "manage"]

FILE_NAME = "access.yaml"
#: What stands in the place of what is masked.
HIDDEN = "•••"
_KEPT = "\ufdd0"
"""A sign that no text holds: what it parts is no telephone number."""
_DIGITS = r"(?:[ \xa0()./-]{0,3}\d)"
#: A telephone number, with what stands around it. One of nine digits or more may begin with 0.
PHONES = (
    rf"(^|[\s(,;:=])\+[1-9]{_DIGITS}{{7,}}($|\W)",
    rf"(^|[^\w./+#-])\(?00?[1-9]{_DIGITS}{{7,}}($|\W)",
)
#: A day in a text as PHONES must not read it, and what is written for it meanwhile.
DAYS = (
    r"(^|[^\d./-])(\d\d)([./-]\d\d[./-](?:\d{4}|\d\d)(?:[^\d./-]|$))",
    rf"\1\2{_KEPT}\3",
)
#: An address and a telephone number in what somebody wrote, or in the name of a company or a
#: campaign, the sign that each has, and what stays of it; patterns of Python and of SQL alike.
CONTACTS = (
    ("@", r"[^\s@<>(),;:\"]+@([\w.-]+\.\w)", rf"{HIDDEN}@\1"),
    ("+", PHONES[0], rf"\1{HIDDEN}\2"),
    ("0", *DAYS),
    ("0", PHONES[1], rf"\1{HIDDEN}\2"),
    (_KEPT, _KEPT, ""),
)
#: The dimensions by which a scope narrows what a person sees.
SCOPES = ("owner", "region", "segment")
_ACTS: Mapping[Role, tuple[Act, ...]] = {
    "viewer": ("see",),
    "member": ("see", "see_personal", "write"),
    "lead": ("see", "see_personal", "write", "sign"),
    "admin": ("see", "see_personal", "write", "import", "manage"),
}
_KEYS = {"role", "team", "scope"}
_SECTIONS = ("people", "groups", "domains")
_MOST_BYTES = 1_000_000


class AccessError(SmarketingError):
    """Access was refused, or `access.yaml` cannot be relied on: nobody is let in by it."""


@dataclass(frozen=True)
class Identity:
    """Who signed in, as the provider says: an e-mail, whether it was verified, a name, groups."""

    email: str
    is_verified: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Access:
    """What one person may do: a role, the team a lead or member belongs to, the scope to see.

    `scope` holds values by dimension, in order; empty is everything. It takes part in every key
    under which an answer is kept.
    """

    role: Role
    team: str = ""
    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    email: str = ""
    name: str = ""
    is_verified: bool = False

    def may(self, act: Act) -> bool:
        """Return whether the role allows an act; a lead without a team signs for none."""
        allowed = act in _ACTS[self.role]
        return allowed and (act != "sign" or bool(self.team))

    def demand(self, act: Act, what: str) -> None:
        """Raise AccessError, in one sentence, unless the act is allowed."""
        if not self.may(act):
            raise AccessError(
                f"{what} is not open to the role '{self.role}'; ask whoever keeps {FILE_NAME}."
            )


#: Whoever sits at the machine itself, where no sign-in is set up: everything but signing verified.
LOCAL = Access("admin", name="this machine")


def without_contacts(text: str) -> str:
    """Return a text in which addresses and telephone numbers are not to be read."""
    for _, pattern, left in CONTACTS:
        text = re.sub(pattern, left, text)
    return text


def phones_in(text: str) -> set[str]:
    """Return the telephone numbers of a text, by their digits."""
    parted = re.sub(*DAYS, text)
    found = {one[0] for each in PHONES for one in re.finditer(each, parted)}
    return {re.sub(r"\D", "", number) for number in found}


def access_of(path: Path, identity: Identity) -> Access:
    """Return what a signed-in person may do by the access file at `path`, read afresh.

    Raises AccessError where the file is missing or wrong, the e-mail is not verified, or no entry
    names the person.
    """
    email = _email(identity.email)
    if not identity.is_verified:
        raise AccessError(
            f"The provider has not verified the e-mail address of {email}; verify it there."
        )
    entries = read_access(path)
    entry = _entry(entries, email, identity.groups)
    if entry is None:
        raise AccessError(
            f"{email} signed in, but {FILE_NAME} names neither the person, a group nor the domain; "
            "ask whoever keeps it."
        )
    return Access(entry["role"], entry["team"], entry["scope"], email, identity.name or email, True)


def read_access(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the entries of an access file by section and name; AccessError names what is wrong."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise AccessError(
            f"{path} cannot be read ({error.strerror}), so nobody may sign in; write it first."
        ) from error
    return _entries_in(raw, path.name)


@lru_cache(maxsize=4)
def _entries_in(raw: bytes, name: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the entries of a file of this content: asked at every run, it changes seldom."""
    content = _parsed(raw, name)
    found: dict[str, dict[str, dict[str, Any]]] = {section: {} for section in _SECTIONS}
    for section, entries in content.items():
        if section not in _SECTIONS:
            raise AccessError(f"{name}: '{section}' is no section.{_near(section, _SECTIONS)}")
        if not isinstance(entries, dict):
            raise AccessError(f"{name}: {section} is a mapping of names to roles.")
        for one, entry in entries.items():
            where = f"{name}, {section}, {one}"
            key = _small(str(one).strip()) if section != "groups" else str(one)
            if key in found[section]:
                raise AccessError(f"{where}: given twice, which is not settled by the order.")
            found[section][key] = _checked(where, entry)
    return found


def _parsed(raw: bytes, name: str) -> dict[str, Any]:
    if len(raw) > _MOST_BYTES:
        raise AccessError(f"{name} is larger than any list of people; nobody is let in by it.")
    try:
        content = parse_yaml(raw.decode("utf-8-sig"), _Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise AccessError(f"{name} is not valid YAML ({first}); nobody is let in by it.") from error
    if not isinstance(content, dict):
        raise AccessError(f"{name} holds no {', '.join(_SECTIONS)}; nobody is let in by it.")
    return content


class _Loader(yaml.SafeLoader):
    """A key given twice, or an alias, is refused: who reads the file must see what it says."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node; aliases are refused."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias; write the entry out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Construct a mapping; a key given twice is refused."""
        found = super().construct_mapping(node, deep=deep)
        if len(found) != len(node.value):
            raise yaml.YAMLError(f"a key given twice, near line {node.start_mark.line + 1}")
        return found


def _checked(where: str, entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise AccessError(f"{where}: write it as {{role: viewer}}.")
    for key in entry:
        if key not in _KEYS:
            raise AccessError(f"{where}: '{key}' is not known.{_near(str(key), _KEYS)}")
    role = entry.get("role")
    if role not in get_args(Role):
        raise AccessError(f"{where}: '{role}' is no role.{_near(str(role), get_args(Role))}")
    team = entry.get("team", "")
    if not isinstance(team, str) or (role == "lead" and not team):
        raise AccessError(f"{where}: a lead needs the team it signs for, as team: marketing.")
    return {"role": role, "team": team, "scope": _scope(where, entry.get("scope", {}))}


def _scope(where: str, scope: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(scope, dict):
        raise AccessError(f"{where}: a scope is written as {{region: [dach]}}.")
    found = []
    for dimension, values in scope.items():
        if dimension not in SCOPES:
            raise AccessError(
                f"{where}: no scope can be by '{dimension}'.{_near(str(dimension), SCOPES)}"
            )
        wanted = values if isinstance(values, list) else [values]
        # An empty list, a blank or a nested one must not be read as "everything".
        if not wanted or not all(isinstance(value, str) and value.strip() for value in wanted):
            raise AccessError(f"{where}: the scope by {dimension} needs at least one name.")
        found.append((str(dimension), tuple(sorted(set(wanted)))))
    return tuple(sorted(found))


def _entry(
    entries: Mapping[str, Mapping[str, dict[str, Any]]], email: str, groups: Iterable[str]
) -> dict[str, Any] | None:
    if email in entries["people"]:
        return entries["people"][email]
    held = set(groups)
    for group, entry in entries["groups"].items():
        if group in held:
            return entry
    return entries["domains"].get(email.rpartition("@")[2])


def _email(given: str) -> str:
    """Return an e-mail address in one form; AccessError for what is not plainly one."""
    email = _small(given.strip())
    name, at, domain = email.rpartition("@")
    plain = email.isascii() and email.isprintable() and not any(c in email for c in " \"'<>,;")
    if not (name and at and "." in domain and plain) or "@" in name:
        raise AccessError("The provider gave no plain e-mail address, by which people are known.")
    return email


def _small(text: str) -> str:
    """Return a text in small letters; one of others than ASCII, which may look alike, as it is."""
    return text.lower() if text.isascii() else text


def _near(name: str, valid: Iterable[str]) -> str:
    return did_you_mean(name, valid)
