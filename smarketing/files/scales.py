"""Notes that give the amounts of a file in thousands or millions: read on, they would be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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


def says_scale(text: str) -> bool:
    """Return whether a text says that amounts are in thousands or millions: `Deal size (k€)`."""
    return _SCALE.search(text) is not None


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
