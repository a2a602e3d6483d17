"""What a person is known by, and how a text reads without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from smarketing.store.erased import mailbox

#: What stands in the place of a name.
ERASED = "Erased person"
ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]@=&?/]+@[^\s<>,;:\"'()\[\]@=&?/]+")
_ENDINGS: Final = (
    "csv|tsv|tab|txt|xlsx?|xlsm|xlsb|ods|jsonl?|ndjson|xml|html?|parquet|duckdb|sqlite3?|db|"
    "zip|gz|tgz|tar|bz2|xz|zst|7z|pdf|eml|ics|vcf|docx?|pptx?"
)
_END: Final = rf"(?:[\s_(-][^/\\@]*)?\.(?:{_ENDINGS})(?:[^a-zA-Z0-9]|$)"
"""How the name of a file goes on after an address."""
_UNKNOWN_DOMAIN = "erased.invalid"
_FORMS: Final = ("NFC", "NFD")
_SHORTEST = 4
"""Letters that a name must have to be looked for within other texts."""


@dataclass(frozen=True)
class Traces:
    """What a person is known by: mailboxes, names, and ids of each source's files.

    `names` are replaced wherever they stand; `shared` are those that others have as well, and are
    replaced in the person's own rows alone. `phones` are numbers found in the person's rows.
    """

    pseudonym: str
    mailboxes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()
    phones: frozenset[str] = field(default_factory=frozenset)

    def ids_of(self, source: str) -> frozenset[str]:
        """Return the ids by which a source's files know the person."""
        return frozenset(raw for name, raw in self.ids if name == source)

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns (of RE2 and Python alike) and what to put in their places."""
        boxes = sorted(self.mailboxes)
        found = [r for box in boxes for r in _mailbox_rules(box, self.pseudonym, self.names)]
        words = sorted((n for n in self.names if len(n) >= _SHORTEST), key=lambda n: (-len(n), n))
        found += [(_word_rule(name), rf"\1{ERASED}\2") for name in words]
        found += [(_turned_rule(n), rf"\1{ERASED}\2") for n in words if len(n.split()) > 1]
        found += [(_word_rule(phone), r"\1\2") for phone in sorted(self.phones)]
        return tuple(found)

    @property
    def stems(self) -> tuple[str, ...]:
        """Texts of which one stands, in large or small letters, wherever a rule applies."""
        mailboxes = {box.rpartition("@")[0] for box in self.mailboxes}
        words = {name for name in self.names if len(name) >= _SHORTEST} | self.phones
        longest = {max(text.split(), key=len) for text in words}
        forms = {unicodedata.normalize(form, word) for word in longest for form in _FORMS}
        return tuple(sorted(mailboxes | longest | forms))

    @property
    def needles(self) -> tuple[str, ...]:
        """The stems in small letters."""
        return tuple(sorted({stem.lower() for stem in self.stems}))

    def cleaned(self, text: str) -> str:
        """Return a text without the person."""
        for pattern, instead in self.rules:
            text = re.sub(pattern, instead, re.sub(pattern, instead, text))
        return text


def _mailbox_rules(box: str, pseudonym: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Give the rule of an address in a text, and of one in the name of a file."""
    name, _, domain = box.rpartition("@")
    words = {word for full in names for word in full.casefold().split() if len(word) >= _SHORTEST}
    kept = _UNKNOWN_DOMAIN if any(word in domain for word in words) else domain
    inner = rf"{re.escape(name)}(?:(?:\+|%2B)[^@%\s]*)?(@|%40){re.escape(domain)}"
    instead = rf"\1{pseudonym}\2{kept}\3"
    yield rf"(?i)(^|[^\w.%+-]){inner}([^\w.-]|_|\.(?:\W|$)|$)", instead
    yield rf"(?i)(^|[^a-zA-Z0-9.%+]){inner}({_END})", instead


def _word_rule(text: str) -> str:
    inner = r"\s+".join(_any_form(word) for word in text.split())
    return rf"(?i)(^|[^\w]){inner}([^\w]|$)"


def _turned_rule(text: str) -> str:
    """Return the pattern of a name whose last word stands in front of a comma.

    Words beside it make it part of a list, in which the comma parts two people.
    """
    *first, last = (_any_form(word) for word in text.split())
    inner = rf"{last}\s*,\s*" + r"\s+".join(first)
    return rf"(?i)(^\s*|[^\w\s]\s*){inner}(\s*[^\w\s]|\s*$)"


def _any_form(word: str) -> str:
    """Return the pattern of a word whose accents are letters of their own in some files."""
    forms = dict.fromkeys([word, *(unicodedata.normalize(form, word) for form in _FORMS)])
    escaped = [re.escape(form) for form in forms]
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


def mailboxes_in(text: str) -> set[str]:
    """Return the mailboxes that a text names."""
    return {mailbox(found) for found in ADDRESS.findall(text.replace("%40", "@"))}
