"""Where a record stands in its own system: its address there, by the pattern of its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from smarketing.errors import UsageError

#: Kinds of records that a source may know the address of.
KINDS = ("deal", "lead", "account", "person", "campaign")
_OWN, _ID = "{address}", "{id}"
_HOW = "write it as salesforce=https://acme.lightning.force.com, several with a comma between them"


def wrong_pattern(kind: str, pattern: str) -> str | None:
    """Return what is wrong with an entry of a profile's `links`; None for one that can be used."""
    if kind not in KINDS:
        return f"links know {', '.join(KINDS)}, not '{kind}'"
    rest = pattern.replace(_OWN, "", 1).replace(_ID, "", 1)
    if _ID not in pattern or "{" in rest or "}" in rest:
        return f"the link of {kind} holds {_ID} once, {_OWN} at most once, and no other braces"
    if not re.match(r"(\{address\}|https://[^/{}]+)/", pattern):
        return f"the link of {kind} begins with https:// and a host, or with {_OWN}/"
    return None


def read_addresses(text: str) -> Mapping[str, str]:
    """Read the addresses of a company's own systems: `salesforce=https://…,hubspot=https://…`.

    UsageError for one that is no address by https, or that holds more than host and path.
    """
    found = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, sign, address = (part.strip() for part in entry.partition("="))
        if not (name and sign and _is_address(address)):
            raise UsageError(f"SMARKETING_CRM has '{entry}', which is no address: {_HOW}.")
        found[name] = address.rstrip("/")
    return found


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or set(text) & set("{}\\ \"'<>"))
    return parts.scheme == "https" and bool(host) and plain and text.isprintable()


def record_link(links: Mapping[str, str], kind: str, raw_id: str, address: str) -> str | None:
    """Return the address of a record; None without a pattern, or without the address it needs."""
    pattern = links.get(kind)
    if pattern is None or not raw_id or (_OWN in pattern and not address):
        return None
    return pattern.replace(_OWN, address).replace(_ID, quote(raw_id, safe=""))
