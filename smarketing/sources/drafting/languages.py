"""In which language a file's headers seem to be, where few of its words are known to drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SIGNS = {
    "Hebrew": "[\u05d0-\u05ea]",
    "Arabic or Persian": "[\u0620-\u06ff]",
    "Thai": "[\u0e00-\u0e7f]",
    "Hindi or another language in Devanagari": "[\u0900-\u097f]",
    "Bengali": "[\u0980-\u09ff]",
    "Tamil": "[\u0b80-\u0bff]",
    "Georgian": "[\u10a0-\u10ff]",
    "Armenian": "[\u0530-\u058f]",
    "Greek": "[\u0370-\u03ff\u1f00-\u1fff]",
    "Ukrainian": "[іїєґІЇЄҐ]",
    "Vietnamese": "[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]",
}
"""Letters by which a language is told from those whose words are known."""
_ENOUGH = 2


def little_known(headers: Iterable[str]) -> str | None:
    """Return the language that headers seem to be in, if few of its words are known; else None."""
    found = list(headers)
    for language, letters in _SIGNS.items():
        if sum(bool(re.search(letters, header)) for header in found) >= _ENOUGH:
            return language
    return None


def told_first(headers: Iterable[str], questions: Sequence[str]) -> tuple[str, ...]:
    """Say before the first question why there are so many: the language of the headers."""
    language = little_known(headers) if questions else None
    if language is None:
        return tuple(questions)
    first, *more = questions
    hint = (
        f"its headers look {language}, of which few words are known: have the system show English "
        "and export again, if it can, or answer what is asked here"
    )
    return (f"{hint}. {first[:1].upper()}{first[1:]}", *more)
