"""A single word of a name: where it is the person's, and where it may be of somebody else's name.

What may be another's is marked, the word is replaced wherever no mark stands, and the marks go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from smarketing.build.erasing.letters import (
    AFTER,
    BEFORE,
    BETWEEN,
    LARGE,
    PARTED,
    PERCENT,
    SPACES,
    any_form,
    plain,
    size,
)

Rule = tuple[str, str]
_MARK: Final = "\ufdd0"
"""A sign that no text holds."""
_START: Final = f"(?:^|[^{PARTED}{_MARK}]|%[0-9A-F]{{2}})"
_END: Final = AFTER.replace("@%", f"@%{_MARK}")
_BOX: Final = r"[^\s<>(),;:\"'\[\]@=&?/]*"
_AT: Final = rf"(?:@|{PERCENT}40)"
_LARGE: Final = f"[{LARGE}]"
_SPACE: Final = f"[{SPACES}]"
_LINK: Final = f"(?:[+_-]|{PERCENT}(?:20|2B|C2{PERCENT}A0))"
_PARTICLES: Final = (
    "van|von|vom|zu|de|del|della|der|den|di|da|do|dos|du|la|le|el|al|bin|ibn|ter|ten"
)
_TITLES: Final = (
    "herrn?|frau|mr|mrs|ms|miss|sir|dr|prof|m|mme|mlle|monsieur|madame|sr|sra|señora?|"
    "signora?|sig|dhr|mevr|mevrouw|pan|pani"
)
_TITLE: Final = re.compile(rf"(?i:(?:{_TITLES}|dipl|med|mag|ing|ir|jun|sen|jr|mba|ph\.?d)\.?)")
_AFTER_NAME: Final = re.compile(
    r"(?i:(?:[\w-]{1,4}\.\s*)+|mba|ph\.?d|b\.?sc|m\.?sc|m\.?a|cpa|jr|sr)"
)
_MOST: Final = 300
"""Words of other people in one pattern."""


def word_rules(
    names: Sequence[str], others: Sequence[str], instead: str, *, is_own: bool
) -> Iterator[Rule]:
    """Give the rules that replace the single words of a person's names in a text.

    Never within another mailbox, and never beside a word of one of the `others` who share a word
    with the person. Elsewhere than in what is the person's own (`is_own`) a word must stand alone:
    words with a large letter beside it, or joined to it, make it part of a name.
    """
    parts = [(word, at) for name in names for word, at in _naming(name)]
    sizes = size if is_own else len
    found = sorted({p for p in parts if sizes(p[0]) > 2}, key=lambda p: (-len(p[0]), p))
    if not found:
        return
    own = {plain(word) for name in names for word in name.split()}
    initials = sorted({plain(name)[:1] for name in names if name})
    for word, is_first in found:
        form = f"(?i:{any_form(word)})"
        yield rf"({form})((?i:{_BOX}{_AT}))", rf"\1{_MARK}\2"
        yield rf"((?i:{_AT})[\w.{_MARK}-]*?)({form})", rf"\1{_MARK}\2"
        yield from _beside(word, form, others, own)
        if not is_own:
            yield _titled(form, initials, instead)
            yield from _not_alone(form, is_first)
    for word in dict.fromkeys(word for word, _ in found):
        start = BEFORE.replace("[^", f"[^{_MARK}")
        yield rf"(?i){start}{any_form(word)}({_END})", rf"\1{instead}\2"
    yield _MARK, ""


def untitled(name: str) -> str:
    """Return a name as a text tells it: without titles, the first name in front."""
    last, _, first = name.partition(",")
    if first.strip() and len(first.split()) < 3 and not _AFTER_NAME.fullmatch(first.strip()):
        return untitled(f"{first.strip()} {last.strip()}")
    words = (last if first else name).split()
    kept = [word for word in words if not _TITLE.fullmatch(word)]
    return " ".join(kept if len(kept) > 1 else words)


def _naming(name: str) -> list[tuple[str, bool]]:
    """Return the words of a name that name somebody, no "van"; and whether each is the first."""
    words = [word for word in name.split() if not _TITLE.fullmatch(word)]
    kept = [word for word in words if not word.islower()] or words
    return [(word, len(words) > 1 and word == words[0]) for word in kept]


def _beside(word: str, form: str, others: Sequence[str], own: set[str]) -> Iterator[Rule]:
    """Give the rules that mark a word beside the words of others' names that hold it."""
    small = plain(word)
    near: set[str] = set()
    for name in others:
        words = {plain(each): each.casefold() for each in name.split()}
        if small in words:
            near |= {form for key in {*words} - own for form in (key, words[key])}
    listed = sorted(near, key=lambda each: (-len(each), each))
    for at in range(0, len(listed), _MOST):
        among = "|".join(_literal(each) for each in listed[at : at + _MOST])
        between = rf"(?:{BETWEEN}+|\.|\s*,\s*)"
        yield rf"({form})((?i:{between}(?:{among})(?:{AFTER})))", rf"\1{_MARK}\2"
        yield rf"((?i:{_START}(?:{among}){between}))({form})", rf"\1{_MARK}\2"


def _titled(form: str, initials: Sequence[str], instead: str) -> Rule:
    """Return the rule of a word that a title or the person's own initial makes the person's."""
    own = "".join(f"|{_literal(sign)}" for sign in initials)
    before = rf"((?i:{_START}(?:{_TITLES}{own}))(?:\.{_SPACE}*|{_SPACE}+))"
    return rf"{before}{form}({_SPACE}*[^\w\s@.%+-]|[.,]?$|[.,]?{_SPACE}+[^{LARGE}])", (
        rf"\1{instead}\2"
    )


def _not_alone(form: str, is_first: bool) -> Iterator[Rule]:
    """Give the rules that mark a word which what stands beside it makes part of a longer name."""
    yield rf"({form})({_SPACE}+(?:{_LARGE}|(?:{_PARTICLES}){_SPACE}))", rf"\1{_MARK}\2"
    yield rf"({form})((?:{_LINK}+|\.)[^\W_])", rf"\1{_MARK}\2"
    yield rf"([^\W_](?:{_LINK}+|[^\W_]\.))({form})", rf"\1{_MARK}\2"
    if is_first:
        yield rf"({_LARGE}[\w'’-]*\s*,\s*)({form})", rf"\1{_MARK}\2"
    else:
        yield rf"({form})(\s*,\s*{_LARGE})", rf"\1{_MARK}\2"
        yield rf"({_LARGE}(?:[\w'’-]*{_SPACE}+|\.{_SPACE}*))({form})", rf"\1{_MARK}\2"


def _literal(text: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" for sign in text)
