"""Words in dates: months by name, and what says nothing, in the languages of business software."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""What every reading calls the months."""
_ENGLISH = "january february march april may june july august september october november december"
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun"
)
_SILENT = (
    "at of the on um uhr à às de del den der le la las el il alle ore om o kl klo kello г года р "
    "року році в о про gada m d pukul lúc"
)
_LANGUAGES = (
    "af ar az bg bn bs ca cs cy da de de_AT el en es et eu fa fi fil fr ga gl he hi hr hu hy id is "
    "it ja ka kk ko lt lv mk ms nb nl nn pl pt ro ru sk sl sq sr sv sw th tr uk ur uz vi zh"
)
_MARK = re.compile(r"\d+|[.\s]+$")

KNOWN: Mapping[str, str] = {
    **dict.fromkeys(f"{_DAYS} {_SILENT}".split(), ""),
    **dict(zip(_ENGLISH.split(), MONTHS, strict=True)),
    **dict(zip(MONTHS, MONTHS, strict=True)),
    "sept": "sep",
}
"""What every reading knows: English months by three letters, and words that say nothing."""


def month_words(words: Iterable[str]) -> dict[str, str]:
    """Return what the words of a file's dates stand for, those of `KNOWN` among them.

    A word may name two months (`lip` is July in Polish, June in Croatian): then the languages that
    know all of the file's words decide, and where these differ the word stays unknown.
    """
    given = set(words)
    strange, found = given - KNOWN.keys(), dict(KNOWN)
    if not strange:
        return found
    named = {word for word in given if any(word in months for months, _ in _calendars())}
    for word in strange:
        if any(word in days for _, days in _calendars()):
            found[word] = ""
    fitting = [months for months, _ in _calendars() if named <= months.keys()]
    for word in named:
        meant = {months[word] for months in fitting or _months() if word in months}
        found.pop(word, None)
        if len(meant) == 1:
            found[word] = MONTHS[meant.pop() - 1]
    return found


def months_called(words: Iterable[str], languages: Iterable[str]) -> dict[str, int]:
    """Return the number of every month by its names in those languages that know all these words.

    Empty where none does; a name that two of them give to two months is left out.
    """
    given = {_folded(word) for word in words}
    codes, wanted = _LANGUAGES.split(), set(languages)
    known = [months for code, months in zip(codes, _months(), strict=True) if code in wanted]
    found: dict[str, set[int]] = {}
    for months in known:
        for name, number in months.items() if given <= months.keys() else ():
            found.setdefault(name, set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


def is_month(word: str) -> bool:
    """Return whether a word is the name of a month, in any language."""
    return any(_folded(word) in months for months in _months())


def _months() -> list[dict[str, int]]:
    return [months for months, _ in _calendars()]


@cache
def _calendars() -> tuple[tuple[dict[str, int], frozenset[str]], ...]:
    """Return of each language the number of every month's name, and the names of its weekdays."""
    from babel import Locale

    found = []
    for language in _LANGUAGES.split():
        locale = Locale.parse(language)
        months = {
            _folded(name): number
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
            for number, name in locale.months[context][width].items()
        }
        days = {
            _folded(name)
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
            for name in locale.days[context][width].values()
        }
        if language.startswith("de"):
            months |= {"mrz": 3, "mär": 3}
        if language == "he":
            months |= {f"ב{name}": number for name, number in months.items()}
        found.append(({n: m for n, m in months.items() if n}, frozenset(days) - months.keys()))
    return tuple(found)


def _folded(name: str) -> str:
    return _MARK.sub("", name.casefold()).strip()
