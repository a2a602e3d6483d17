"""Who was erased, without saying who: marks by which a later export does not bring a person back.

A mark is made with the home's secret, so that nobody can try addresses against it.
"""

from __future__ import annotations

import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from smarketing.errors import StoreError
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic
from smarketing.store.salt import MARKED, salt_of

_QUOTES = "\"'`"
_SHORT_ID = re.compile(r"[0-9a-zA-Z]{15}")
_GUID = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_SPELLED = re.compile(r"'([0-9][^']*)|([0-9]+)\.0")
FILE_NAME = MARKED
#: What says who is being erased, until that is done.
BEGUN = ".erasing.json"


@dataclass(frozen=True)
class Erased:
    """One erased person: what stands in the place of the mailbox, and marks of mailboxes and ids.

    Ids are those of a source's own files, of people and of their leads, marked with the source's
    name; names are in small letters without accents.
    """

    pseudonym: str
    erased_at: str
    mailboxes: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


def mark(home: Path, *parts: str) -> str:
    """Return the mark of something in a home."""
    return marker(home)(*parts)


def marker(home: Path) -> Callable[..., str]:
    """Return what makes marks in a home, for who needs many."""
    secret = salt_of(home).encode()

    def made(*parts: str) -> str:
        text = "\0".join(_small(part.strip()) for part in parts)
        return hmac.digest(secret, text.encode(), "sha256").hex()

    return made


def mailbox(address: str) -> str:
    """Return the mailbox of an address: in lower case, without what follows a plus sign.

    groß@ and gross@ are two people.
    Wide letters, signs that nobody sees and quotes around the name make it no other address.
    """
    text = unicodedata.normalize("NFKC", address)
    seen = (c for c in text if unicodedata.category(c) != "Cf" and not c.isspace())
    name, _, domain = _small("".join(seen)).rpartition("@")
    return f"{name.strip(_QUOTES).partition('+')[0]}@{domain.strip('.')}"


def _small(text: str) -> str:
    """Return a text in small letters, of which ß is one."""
    return "ß".join(part.casefold() for part in re.split("[ßẞ]", text))


def guid(raw: str) -> str | None:
    """Return a GUID as core tables have it, None where an id is none."""
    found = _GUID.fullmatch(raw)
    return found[1].lower() if found else None


def record_id(raw: str) -> str:
    """Return an id as core tables have it, however its file writes it.

    Reports of Salesforce leave three signs of it out, which say which letters are large, so that
    two ids differ also in small letters.
    """
    spelled = _SPELLED.fullmatch(raw)
    if spelled:
        return spelled[1] or spelled[2]
    if not _SHORT_ID.fullmatch(raw):
        return guid(raw) or raw
    parts = (raw[at : at + 5] for at in (0, 5, 10))
    sums = (sum(1 << i for i, sign in enumerate(part) if sign.isupper()) for part in parts)
    return raw + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[each] for each in sums)


def read_erased(home: Path) -> tuple[Erased, ...]:
    """Return the marks of a home; StoreError where they cannot be read, since nobody may return."""
    path = home / FILE_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Erased(
                *(e["pseudonym"], e["erased_at"], tuple(e["mailboxes"]), tuple(e["ids"])),
                tuple(e.get("names", ())),
                tuple(e.get("leads", e["ids"])),
            )
            for e in content
        )
    except FileNotFoundError:
        return ()
    except UNREADABLE as error:
        raise StoreError(
            f"{path} cannot be read ({type(error).__name__}): without it erased people could come "
            "back, so nothing was changed. Restore it from a backup."
        ) from error


def erased_state(home: Path) -> tuple[int, bool]:
    """Return what differs once somebody more was erased, without reading who.

    Bytes of the marks, which an import puts down the same again, and whether somebody is being
    erased: until that is done the home still names them.
    """
    try:
        size = (home / FILE_NAME).stat().st_size
    except OSError:
        size = 0
    return size, (home / BEGUN).exists()


def add_erased(home: Path, person: Erased) -> None:
    """Put an erased person's marks down, beside those of earlier ones."""
    keep_erased(home, (*read_erased(home), person))


def keep_erased(home: Path, people: Iterable[Erased]) -> None:
    """Put down the marks of all who were erased, in the place of those that are kept."""
    with disk_errors(home):
        write_atomic(home / FILE_NAME, json.dumps([asdict(each) for each in people], indent=1))
