"""Which e-mail and web domains stand for a company, which address for a person."""

from __future__ import annotations

import re
from pathlib import Path

_FREE_MAIL = frozenset(
    (Path(__file__).parent / "free_mail.txt").read_text(encoding="utf-8").split()
)
_RESERVED_ENDS = (
    "test", "example", "invalid", "localhost", "local", "example.com", "example.net", "example.org"
)  # fmt: skip
_HOST = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(?:www\d?\.)?([^/:?#\s]+)", re.IGNORECASE
)
_NAME = re.compile(r"^(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_][\w-]*[^\W_]$")
_ADDRESS = re.compile(
    r"^(?P<name>[^@+\s,;<>()\"]+)(?:\+[^@\s,;<>()\"]*)?@(?P<domain>[^@\s,;<>()\"]+\.[^@\s,;<>()\"]+)$"
)


def company_domain(raw: str | None) -> str | None:
    """Return the company domain in a web address or domain, lower case and without `www.`.

    None for free-mail, reserved and malformed ones: they never make an account.
    """
    found = _HOST.match((raw or "").strip())
    if found is None:
        return None
    domain = found.group(1).lower().rstrip(".")
    if domain in _FREE_MAIL or not _NAME.match(domain):
        return None
    reserved = any(domain == end or domain.endswith("." + end) for end in _RESERVED_ENDS)
    return None if reserved else domain


def mailbox(raw: str | None) -> str | None:
    """Return the mailbox that an e-mail address in lower case stands for.

    What follows a `+` says what a message is for, not for whom. None for what is no address, or
    more than one: it is nobody's.
    """
    found = _ADDRESS.match(raw or "")
    return f"{found['name']}@{found['domain']}" if found else None
