"""What a person is known by, and how a text reads without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

from smarketing.store.erased import mailbox, record_id

#: What stands in the place of a name.
ERASED = "Erased person"
ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]@=&?/]+@[^\s<>,;:\"'()\[\]@=&?/]+")
_ENDINGS: Final = (
    "csv|tsv|tab|txt|xlsx?|xlsm|xlsb|ods|jsonl?|ndjson|xml|html?|parquet|duckdb|sqlite3?|db|"
    "zip|gz|tgz|tar|bz2|xz|zst|7z|pdf|eml|ics|vcf|docx?|pptx?"
)
_END: Final = rf"(?:[\s_(-][^/\\@]*)?\.(?:{_ENDINGS})(?:[^a-zA-Z0-9]|$)"
"""How the name of a file goes on after an address."""
_QUOTED = re.compile(r"[\"']([^\s\"'@]+)[\"']\s*(@[^\s<>,;:\"'()\[\]@=&?/]+)")
_UNKNOWN_DOMAIN = "erased.invalid"
_PERCENT: Final = "%(?:25)*"
"""The sign before a packed letter, also where an address of a page was packed several times."""
_PACKED: Final = f"{_PERCENT}C[3-5]{_PERCENT}[89AB][0-9A-F]"
"""How the address of a page writes a letter with an accent."""
_MARKS: Final = f"(?:[\u0300-\u036f]|{_PERCENT}C[CD]{_PERCENT}[89AB][0-9A-F])*"
_DOTS: Final = "\u0308"
_PAIRS: Final = {"ae": "äæ", "oe": "öœø", "ue": "ü", "ss": "ß"}
_ONE: Final = {"ae": "a", "oe": "o", "ue": "u", "ss": "ß"}
_BEFORE: Final = "(^|[^a-z0-9à-öø-ɏ]|%[0-9A-F]{2})"
_AFTER: Final = "[^a-z0-9à-öø-ɏ@%]|%(?:[0-35-9A-F]|4[1-9A-F])|$"
_BETWEEN: Final = f"(?:[\\s\xa0+_-]|{_PERCENT}(?:20|2B|C2{_PERCENT}A0))"
_PHONE: Final = r"(?:\+|%2B|\b0)[\d(][\d\s()/.-]{5,}\d"
_DAY: Final = re.compile(r"\d{2}([./-])\d{2}\1(?:\d{4}|\d{2})(?!\d)")
_PHONE_DIGITS: Final = 8
"""Digits at the end of a telephone number that are the same however its country is written."""
_JOINED: Final = 10
"""Letters of two words that stand for a name also where nothing parts them."""
_SHORTEST = 4
"""Letters that a name must have to be looked for within other texts."""


@dataclass(frozen=True)
class Traces:
    """What a person is known by: mailboxes, names, and ids of each source's files.

    `names` are replaced wherever they stand; `shared` are those that others have as well, and are
    replaced in the person's own rows alone. `cells` are whole cells that name a mailbox in
    a writing of its own, `phones` the last digits of telephone numbers.
    """

    pseudonym: str
    mailboxes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()
    cells: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def ids_of(self, source: str) -> frozenset[str]:
        """Return the ids by which a source's files know the person."""
        found = {raw for name, raw in self.ids if name == source}
        return frozenset(found | {raw[:15] for raw in found if record_id(raw[:15]) == raw})

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns (of RE2 and Python alike) and what to put in their places."""
        boxes = sorted(self.mailboxes)
        found = [r for box in boxes for r in _mailbox_rules(box, self.pseudonym, self.names)]
        words = sorted((n for n in self.names if len(n) >= _SHORTEST), key=lambda n: (-len(n), n))
        found += [(_word_rule(name), rf"\1{ERASED}\2") for name in words]
        found += [(_turned_rule(n), rf"\1{ERASED}\2") for n in words if len(n.split()) > 1]
        several = [n.split() for n in words if len(n.split()) > 1]
        found += [(_word_rule(f"{n[-1]} {n[0]}"), rf"\1{ERASED}\2") for n in several]
        found += [(_joined_rule(n), rf"\1{ERASED}\2") for n in several if _is_long(n)]
        return tuple(found)

    @property
    def needles(self) -> tuple[str, ...]:
        """Texts of which one stands, in small letters without accents, wherever a rule applies."""
        mailboxes = {box.rpartition("@")[0] for box in self.mailboxes}
        words = {name for name in self.names if len(name) >= _SHORTEST}
        longest = {max(text.split(), key=lambda w: (w.isascii(), len(w))) for text in words}
        return tuple(sorted({n for word in mailboxes | longest for n in _needles(word)}))

    @property
    def own_rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns for a text that is about the person: each word of a name, telephones.

        That is what is told of own contacts, and a text that names the person in full. One word is
        no proof elsewhere, since others have it as well; a telephone number is the person's own.
        """
        words = {word for name in self.names | self.shared for word in _naming(name)}
        longest = sorted((word for word in words if len(word) > 2), key=lambda w: (-len(w), w))
        return (
            *((_word_rule(word), rf"\1{ERASED}\2") for word in longest),
            *((_phone_rule(digits), r"\1\2") for digits in sorted(self.phones)),
        )

    def cleaned(self, text: str) -> str:
        """Return a text without the person."""
        found = text
        for pattern, instead in self.rules:
            found = re.sub(pattern, instead, re.sub(pattern, instead, found))
        if found == text:
            return text
        for pattern, instead in self.own_rules:
            found = re.sub(pattern, instead, re.sub(pattern, instead, found))
        return found


def _mailbox_rules(box: str, pseudonym: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Give the rule of an address in a text, and of one in the name of a file."""
    name, _, domain = box.rpartition("@")
    words = {word for full in names for word in full.casefold().split() if len(word) >= _SHORTEST}
    kept = _UNKNOWN_DOMAIN if any(word in domain for word in words) else domain
    inner = rf"{re.escape(name)}(?:(?:\+|{_PERCENT}2B)[^@%\s]*)?(@|{_PERCENT}40){re.escape(domain)}"
    instead = rf"\1{pseudonym}\2{kept}\3"
    yield rf"(?i)(^|[^\w.%+-]|{_PERCENT}[013-9A-F][0-9A-F]){inner}([^\w.-]|_|\.(?:\W|$)|$)", instead
    yield rf"(?i)(^|[^a-zA-Z0-9.%+]){inner}({_END})", instead


def _word_rule(text: str) -> str:
    inner = rf"(?:{_BETWEEN}+|\.)".join(_any_form(word) for word in text.split())
    return rf"(?i){_BEFORE}{inner}({_AFTER})"


def _naming(name: str) -> list[str]:
    """Return the words of a name that name somebody: no "van" or "der" between others."""
    words = name.split()
    return [word for word in words if not word.islower()] or words


def _is_long(words: list[str]) -> bool:
    ends = len(words[0]), len(words[-1])
    return min(ends) >= _SHORTEST - 1 and sum(ends) >= _JOINED


def _joined_rule(words: list[str]) -> str:
    """Return the pattern of a name without a sign between its words, or with an initial there."""
    first, last = _any_form(words[0]), _any_form(words[-1])
    between = rf"(?:{_BETWEEN}+[^\W\d_]\.?{_BETWEEN}+)?"
    return rf"(?i){_BEFORE}{first}{between}{last}({_AFTER})"


def _phone_rule(digits: str) -> str:
    """Return the pattern of a telephone number by its last digits, whatever parts them."""
    parted = r"[\s()/.-]*".join(digits)
    before = rf"(?:\+|{_PERCENT}2B)?(?:[\d(][\d\s()/.-]{{0,9}}?)?"
    return rf"(^|[^\d+]){before}{parted}([^\d]|$)"


def phones_in(text: str) -> set[str]:
    """Return the telephone numbers of a text, by their last digits."""
    found = [number for number in re.findall(_PHONE, unquote(text)) if not _DAY.match(number)]
    return {re.sub(r"\D", "", number)[-_PHONE_DIGITS:] for number in found}


def _turned_rule(text: str) -> str:
    """Return the pattern of a name whose last word stands in front of a comma.

    Words beside it make it part of a list, in which the comma parts two people.
    """
    *first, last = (_any_form(word) for word in text.split())
    inner = rf"{last}\s*,\s*" + r"\s+".join(first)
    return rf"(?i)(^\s*|[^\w\s]\s*){inner}(\s*[^\w\s]|\s*$)"


@cache
def _any_form(word: str) -> str:
    """Return the pattern of a word with any accents or none, also as addresses of pages write it.

    Two letters may stand for one with dots or a ligature, and the other way round.
    """
    found, at = "", 0
    letters = unicodedata.normalize("NFC", word).casefold()
    while at < len(letters):
        letter, pair = letters[at], letters[at : at + 2]
        spelt = next((two for two, one in _PAIRS.items() if letter in one), "")
        if spelt:
            found += rf"(?:{_any_letter(spelt[0], _PAIRS[spelt])}{spelt[1]}?)"
        elif pair in _PAIRS:
            one = rf"(?:[{_PAIRS[pair]}]|{_PACKED}|{pair[0]}{_DOTS})"
            found += rf"(?:{_any_letter(pair[0])}{_any_letter(pair[1])}|{one})"
            at += 1
        else:
            found += _any_letter(letter)
        at += 1
    return found


def _any_letter(letter: str, more: str = "") -> str:
    base = plain(letter)
    accented = _ACCENTED.get(base, "") + more
    if accented:
        return rf"(?:[{base}{accented}]|{_PACKED}){_MARKS}"
    if letter.isascii():
        return re.escape(letter)
    forms = (letter, unicodedata.normalize("NFD", letter), base)
    packed = (quote(letter), quote(letter.upper()))
    return "(?:" + "|".join(dict.fromkeys((*map(re.escape, forms), *packed))) + ")"


def plain(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _accented() -> dict[str, str]:
    found: dict[str, str] = {}
    for letter in filter(str.islower, map(chr, range(0xC0, 0x180))):
        base = plain(letter)
        if len(base) == 1 and base.isascii():
            found[base] = found.get(base, "") + letter
    return found


_ACCENTED: Final = _accented()


def _needles(word: str) -> set[str]:
    """Return a word as texts have it once accents are taken away: in letters or packed."""
    small = word.casefold()
    spelt = "".join(next((t for t, one in _PAIRS.items() if c in one), c) for c in small)
    joined = plain(small)
    for two in _PAIRS:
        joined = joined.replace(two, _ONE[two])
    packed = {quote(unicodedata.normalize(form, small)).lower() for form in ("NFC", "NFD")}
    packed |= {form.replace("%", "%25") for form in packed}
    packed |= {form.replace("%25", "%2525") for form in packed}
    return {plain(small), plain(spelt), joined, small, *packed}


def mailboxes_in(text: str) -> set[str]:
    """Return the mailboxes that a text names."""
    texts = {text}
    while (further := unquote(min(texts, key=len))) not in texts:
        texts.add(further)
    found = {address for each in texts for address in ADDRESS.findall(_seen(each))}
    quoted = {"".join(parts) for each in texts for parts in _QUOTED.findall(_seen(each))}
    named = {re.sub(_END + ".*", "", address, flags=re.I) for address in found}
    named |= {re.sub(r"^[^@]*[_(-](?=[^@])", "", address) for address in named - found}
    return {mailbox(address) for address in found | quoted | named if "@" in address}


def _seen(text: str) -> str:
    """Return a text without signs that nobody sees, wide letters as others."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s*@\s*", "@", seen)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters without accents, out of a page's address too."""
    return re.findall(r"[^\W_]+", plain(unquote_plus(text)))
