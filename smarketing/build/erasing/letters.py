"""How a word may be written: with accents or none, two letters for one, packed in an address."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final
from urllib.parse import quote

PERCENT: Final = "%(?:25)*"
"""The sign before a packed letter, also where an address of a page was packed several times."""
_PACKED: Final = f"{PERCENT}C[3-5]{PERCENT}[89AB][0-9A-F]"
"""How the address of a page writes a letter with an accent."""
_MARKS: Final = f"(?:[\u0300-\u036f]|{PERCENT}C[CD]{PERCENT}[89AB][0-9A-F])*"
_DOTS: Final = "\u0308"
PAIRS: Final = {"ae": "äæ", "oe": "öœø", "ue": "ü", "ss": "ß"}
ONE: Final = {"ae": "a", "oe": "o", "ue": "u", "ss": "ß"}
BEFORE: Final = "(^|[^a-z0-9à-öø-ɏ]|%[0-9A-F]{2})"
AFTER: Final = "[^a-z0-9à-öø-ɏ@%]|%(?:[0-35-9A-F]|4[1-9A-F])|$"
BETWEEN: Final = f"(?:[\\s\xa0+_-]|{PERCENT}(?:20|2B|C2{PERCENT}A0))"


@cache
def any_form(word: str) -> str:
    """Return the pattern of a word with any accents or none, also as addresses of pages write it.

    Two letters may stand for one with dots or a ligature, and the other way round.
    """
    found, at = "", 0
    letters = unicodedata.normalize("NFC", word).casefold()
    while at < len(letters):
        letter, pair = letters[at], letters[at : at + 2]
        spelt = next((two for two, one in PAIRS.items() if letter in one), "")
        if spelt:
            found += rf"(?:{_any_letter(spelt[0], PAIRS[spelt])}{spelt[1]}?)"
        elif pair in PAIRS:
            one = rf"(?:[{PAIRS[pair]}]|{_PACKED}|{pair[0]}{_DOTS})"
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
