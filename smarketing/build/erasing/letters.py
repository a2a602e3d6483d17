"""How a word may be written: with accents or none, two letters for one, packed in an address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html.entities import codepoint2name
from typing import Final

PERCENT: Final = "%(?:25)*"
"""The sign before a packed letter, also where an address of a page was packed several times."""
_QUOTED: Final = f"(?:{PERCENT}|=)"
"""The same where a mail may have packed the letter."""
_AMP: Final = "&(?:amp;)*"
"""The sign before a letter in the source of a page, also where that is told in another's source."""
BACK: Final = f"(?:\\\\|{PERCENT}5C){{1,8}}"
"""The sign before a letter in JSON, also where that is told in other JSON or in an address.

Within four others it is there eight times; to try any number takes the square of a long run.
"""
_PACKED: Final = (
    f"{_QUOTED}(?:C[3-9]|E1{_QUOTED}B[89AB]){_QUOTED}[89AB][0-9A-F]"
    f"|{_QUOTED}[C-F][0-9A-F]"
    f"|{BACK}u(?:0[0-2]|1E)[0-9A-F]{{2}}"
    f"|{_AMP}#(?:0*(?:[1-5]|7[6-9])[0-9]{{2}}|x0*(?:[12]?|1E)[0-9A-F]{{2}});"
    f"|{_AMP}(?:[a-z](?:uml|acute|grave|circ|tilde|ring|cedil|caron|slash|strok)|szlig);"
)
"""How the address of a page (of today or in Latin-1), its source or JSON writes such a letter."""
_MARKS: Final = (
    f"(?:[\u0300-\u036f]|{_QUOTED}C[CD]{_QUOTED}[89AB][0-9A-F]|{BACK}u03[0-6][0-9A-F]"
    f"|{_AMP}#(?:0*(?:7[6-9]|8[0-7])[0-9]|x0*3[0-6][0-9A-F]);)*"
)
"""Accents that stand behind their letter, as a Mac writes them."""
_DOTS: Final = "\u0308"
PAIRS: Final = {"ae": "äæ", "oe": "öœø", "ue": "ü", "ss": "ß"}
ONE: Final = {"ae": "a", "oe": "o", "ue": "u", "ss": "ß"}
LARGE: Final = "A-ZÀ-ÖØ-Þ\u0391-\u03a9\u0400-\u042f"
"""Large letters, for within brackets."""
LATIN: Final = "a-zà-öø-ɏ\u1e00-\u1eff"
"""Small letters of the alphabet with any accents, for within brackets."""
PARTED: Final = (
    f"{LATIN}0-9\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u0900-\u0dff\u10a0-\u10ff"
)
"""Letters of the scripts that part words by spaces, for within brackets."""
BEFORE: Final = f"(^|[^{PARTED}]|%[0-9A-F]{{2}})"
AFTER: Final = f"[^{PARTED}@%]|%(?:[0-35-9A-F]|4[1-9A-F])|$"
SPACES: Final = "\\s\xa0\u2000-\u200a\u202f\u3000"
BETWEEN: Final = (
    f"(?:[{SPACES}\u2010-\u2013+_-]|{PERCENT}(?:20|2B|C2{PERCENT}A0)|=(?:20|C2=A0)"
    f"|{_AMP}(?:nbsp|#0*(?:32|160)|#x0*(?:20|a0));|{BACK}u00[2a]0)"
)
"""What parts two words, also as addresses, mails, the source of a page and JSON have it."""
_APOSTROPHE: Final = (
    f"(?:['`´\u02bc\u2018\u2019\u2032]|{PERCENT}27|{_QUOTED}E2{_QUOTED}80{_QUOTED}9[89]"
    f"|{_AMP}(?:#0*(?:39|821[67])|#x0*(?:27|201[89])|apos|[lr]squo);|{BACK}u(?:201[89]|0027))"
)
_BARE: Final = str.maketrans("łđħŧıø", "ldhtio")
"""Letters that are no letter with an accent and are written as one without all the same."""
_LAST: Final = {"σ": "ς"}
"""Letters that are written otherwise at the end of a word."""

UNSEEN: Final = (
    f"(?:[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|{_AMP}(?:shy|zwj|zwnj|#173|#8203);|=\r?\n)*"
)
"""Signs that nobody sees, which may stand within an address, and the end of a line of a mail."""
AT: Final = "[({<[]\\s?(?:at|ät|@)\\s?[]>})]"
DOT: Final = "(?:\\s{0,2}[({<[]\\s?(?:dot|punkt|point|\\.)\\s?[]>})]\\s{0,2}|\\s(?:dot|punkt)\\s)"
"""The sign of an address, and a dot, as people write them for nobody to collect."""
_SIGN: Final = "=(?:2[7bBdDeE]|5[fF])"
"""A sign of an address, other than that in its middle, as the head of a mail packs it."""
ODD: Final = (
    f"=\r?\n|(?i:{AT}|{DOT})|"
    "[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\uff01-\uff5e]"
    f"|{_AMP}(?:#|shy;|zw|commat;|period;|lowbar;|plus;|apos;)|%(?:25)*(?:2[dDeE]|3|4|5|6|7)"
    rf"|\\u00[2-7]|{_SIGN}[^&]*(?:@|=40)|(?:@|=40)[^&]*{_SIGN}"
)
"""What stands in every address that is written in an odd way."""
ODD_LETTER: Final = f"{_QUOTED}[89A-Fa-f][0-9A-Fa-f]|{BACK}u|{_AMP}(?:#|[A-Za-z]{{4,}};)"
"""What stands in every text in which a letter beyond ASCII is packed; `&amp;` alone is none."""
_NAMED: Final = {"@": "commat", ".": "period", "_": "lowbar", "+": "plus", "'": "apos"}
_WIDE: Final = 0xFEE0
"""From a letter to its wide form."""


def any_writing(text: str) -> str:
    """Return the pattern of a part of an address: wide, packed, as a page's source has it."""
    return UNSEEN.join(map(_any_sign, text))


def _any_sign(sign: str) -> str:
    if not "!" <= sign <= "~":
        forms = (sign, unicodedata.normalize("NFD", sign))
        cased = tuple(dict.fromkeys(c for c in (sign, sign.upper()) if len(c) == 1))
        told = (form for one in cased for form in (*_in_bytes(one), *_numbered(one)))
        return "(?:" + "|".join((*dict.fromkeys(map(re.escape, forms)), *told)) + ")"
    codes = sorted({ord(sign.lower()), ord(sign.upper())})
    packed = "|".join(f"{code:02x}" for code in codes)
    numbers = "|".join((*(f"0*{code}" for code in codes), *(f"x0*{code:x}" for code in codes)))
    named = "" if sign.isalnum() else f"|{BACK}u00(?:{packed})"
    named += f"|{_AMP}{_NAMED[sign]};" if sign in _NAMED else ""
    named += f"|{DOT}" if sign == "." else ""
    wide = chr(ord(sign) + _WIDE)
    return rf"(?:{re.escape(sign)}|{wide}|{_QUOTED}(?:{packed})|{_AMP}#(?:{numbers});{named})"


def _in_bytes(sign: str) -> Iterator[str]:
    """Give the patterns of a letter by its bytes, of today and in Latin-1."""
    for encoding in ("utf-8", "latin-1"):
        with suppress(UnicodeEncodeError):
            yield "".join(f"{_QUOTED}{byte:02x}" for byte in sign.encode(encoding))


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
    if letter in "-\u2010\u2011\u2012\u2013":
        return BETWEEN
    if letter in "'`´\u02bc\u2018\u2019\u2032":
        return _APOSTROPHE
    base = plain(letter)
    accented = _ACCENTED.get(base, "") + more
    if accented:
        return rf"(?:[{base}{accented}]|{_PACKED}){_MARKS}"
    if letter.isascii():
        return re.escape(letter)
    forms = (letter, unicodedata.normalize("NFD", letter), base)
    cased = (letter, letter.upper(), *_LAST.get(letter, ""))
    told = [n for one in cased for n in (one, unicodedata.normalize("NFD", one))]
    packed = (form for one in told for form in (*_in_bytes(one), *_numbered(one)))
    return "(?:" + "|".join(dict.fromkeys((*map(re.escape, forms), *packed))) + ")"


def _numbered(text: str) -> Iterator[str]:
    """Give the patterns of letters by their numbers, as the source of a page and JSON have them."""
    yield "".join(rf"{_AMP}#(?:0*{ord(sign)}|x0*{ord(sign):x});" for sign in text)
    yield "".join(rf"{BACK}u{ord(sign):04x}" for sign in text)
    if all(ord(sign) in codepoint2name for sign in text):
        yield "".join(rf"{_AMP}{codepoint2name[ord(sign)]};" for sign in text)


def plain(text: str) -> str:
    """Return a text in small letters of which each is as the alphabet has it: l for ł."""
    return without_accents(text).translate(_BARE)


def plain_sql(text: str) -> str:
    """Return the expression of DuckDB of the same."""
    signs = ", ".join(f"'{''.join(each)}'" for each in (map(chr, _BARE), map(chr, _BARE.values())))
    return f"translate(strip_accents(lower({text})), {signs})"


def is_wide(text: str) -> bool:
    """Answer whether a name is in a script that parts no words: Chinese, Japanese, Korean."""
    letters = [unicodedata.east_asian_width(sign) in "WF" for sign in text if not sign.isspace()]
    return bool(letters) and all(letters)


def size(text: str) -> int:
    """Return how much a name says: a letter of a script that parts no words is a syllable."""
    return len(text) * (2 if is_wide(text) else 1)


def packings(word: str) -> set[str]:
    """Return a word in small letters as the source of a page, or JSON, has it."""
    forms = ("&{name};", "&#{code};", "&#x{code:x};", "\\u{code:04x}")
    return {
        "".join(
            c if c.isascii() else form.format(code=ord(c), name=codepoint2name.get(ord(c), c))
            for c in each
        ).lower()
        for each in cases(word)
        for form in forms
    }


def cases(word: str) -> set[str]:
    """Return a word in small letters as it stands within, at the start and throughout in large."""
    return {word, word.capitalize(), word.upper()}


def small_forms(text: str) -> set[str]:
    """Return a text in small letters, also as its last letter is written where words end in it."""
    return {text, *(text[:-1] + last for last in _LAST.get(text[-1:], ""))}


def without_accents(text: str) -> str:
    """Return a text in small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _accented() -> dict[str, str]:
    found: dict[str, str] = {}
    for letter in filter(str.islower, map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))):
        base = plain(letter)
        if len(base) == 1 and base.isascii():
            found[base] = found.get(base, "") + letter
    found["i"] += "İ"
    return found


_ACCENTED: Final = _accented()
