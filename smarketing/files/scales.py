"""Notes that give the amounts of a file in thousands or millions: read on, they would be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from smarketing.currencies import codes
from smarketing.errors import SourceError
from smarketing.files.headers import clean

_THOUSANDS = (
    r"thousands?|tsd|tausend|milliers|miliare|migliaia|milhares|duizend(?:en)?|tys|tusen"
    r"(?:tal)?|millions?|mio|mln|millionen|millones|milh[õo]es|milioni|miljo(?:en|ner)|"
    r"lakhs?|crores?"
)
_SCALE = re.compile(
    rf"\ben miles\b|\b(?:in|en|em|w|v|i|di)\s+(?:\w+\s+)?(?:{_THOUSANDS})\b|"
    r"\b(?:teur|tusd|keur|kusd|t€|k€|k\$|tchf|m€|meur)(?!\w)|"
    r"[€$£]\s?['’]?0{3}s?\b|\b[a-z]{3}\s['’]0{3}s?\b|\(['’]?0{3}s\)|"
    r"\bтыс\.|\bмлн\b|[千万萬百][円元]|[单單]位\s?[:：]?\s?[千万萬百]|천\s?원|백만\s?원",
    re.IGNORECASE,
)
_LONGEST = 200
_WORDS = (
    rf"{_THOUSANDS}|mill?|mn|mm|mrd|bn|bln|billions?|milliarden?|milliards?|crs?|lacs?|тыс|млн|"
    r"ths|thsd|thous|k|m|t|"
    r"[x×*]?\s?10{3}(?:0{3})?s?|[x×*]\s?1[.,]000(?:[.,]000)?|['’]?0{3}s?|10\s?\^\s?[36]"
)
"""What stands for thousands or millions beside a currency, or in the brackets of a header."""
_PLAIN_WORDS = rf"{_THOUSANDS}|mn|k|['’]0{{3}}s?|[x×]\s?1[.,]?0{{3}}"
"""Those of them that say so at the end of a header, beside nothing."""
_SIGN = r"(?:us|c|a)?\$|[€£¥₹]|euros?|rs|inr"
_BRACKETS = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
_APART = r"[\s,;:/.·_-]*"


def says_scale(text: str) -> bool:
    """Return whether a text says that amounts are in thousands or millions: `Deal size (k€)`."""
    return _SCALE.search(text) is not None


def header_says_scale(header: str) -> bool:
    """Return whether the header of an amount says so: `Cost (USD k)`, `ARR (EUR, mn)`, `Spend_k`.

    A letter alone does beside a currency, in brackets or behind all other words.
    """
    text = clean(header)
    if says_scale(text):
        return True
    beside, alone, last = _in_headers()
    return bool(
        beside.search(text)
        or any(alone.fullmatch(part.strip()) for part in _BRACKETS.findall(text))
        or last.search(text)
    )


@cache
def _in_headers() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Give what tells a scale beside a currency, alone in brackets, and last in a header."""
    money = rf"(?:(?-i:{'|'.join(sorted(codes()))})|{_SIGN})"
    scale = rf"(?:{_WORDS})"
    beside = (
        rf"(?<!\w){money}{_APART}[(\[]?\s*(?:in\s+)?{scale}(?!\w)|"
        rf"(?<!\w){scale}{_APART}(?:of\s+)?{money}(?!\w)"
    )
    alone = rf"(?:in\s+)?(?!t$){scale}\.?"
    last = rf"(?:(?<=[\s_])|(?-i:(?<=[a-z])(?=K)))(?:in\s+)?(?:{_PLAIN_WORDS})\s*$"
    return (
        re.compile(beside, re.IGNORECASE),
        re.compile(alone, re.IGNORECASE),
        re.compile(last, re.IGNORECASE),
    )


def check_scale(rows: Iterable[Sequence[str | None]], name: str) -> None:
    """Refuse a file of which a note beside its records says that amounts are in thousands.

    `rows` are those that are no records: above the header, its second line, titles and footers.
    Raises SourceError.
    """
    for row in rows:
        for cell in row:
            text = clean(cell or "")[:_LONGEST]
            if says_scale(text):
                raise SourceError(
                    f"{name} says that its amounts are in thousands or millions ({text[:80]!r}), "
                    "and amounts are read as they stand: export it in whole units, or multiply "
                    "them and remove the note."
                )
