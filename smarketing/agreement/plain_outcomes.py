"""What a stage or a status says of how a deal ended, in so many words and in any language."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from smarketing.agreement.outcome_words import (
    AFTER_LOST,
    CLOSED_WORDS,
    DOUBT_WORDS,
    NEGATIONS,
    NEUTRAL_WORDS,
    OUTCOME_PHRASES,
    OUTCOME_WORDS,
)
from smarketing.agreement.outcomes import Outcome

CLOSED = "closed"
"""What a source says of a deal that is over, where it does not say how."""
_PARTS = re.compile(r"[-–—/|:,;()\[\]\n]+")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?%?")
_PERCENT = {"100%": "won", "0%": "lost"}


@cache
def plain_outcome(text: str) -> Outcome | None:
    """Return the outcome that a stage or a status says in so many words; None where it does not.

    "Closed won (Sales)", "Lost - no budget" and "Abgeschlossen und gewonnen" do; "Won/Lost",
    "won?", "almost won", "won back" and "contract signed" do not.
    """
    if "?" in _plain(text):
        return None
    parts = [_tokens(part) for part in _PARTS.split(_plain(text))]
    said = {found for part in parts if (found := _said(part))}
    rest = [token for part in parts if not _said(part) for token in part]
    words = DOUBT_WORDS.union(*OUTCOME_WORDS.values())
    if said == {"lost"}:
        words -= NEGATIONS
    if len(said) != 1 or any(token in words or token.endswith("%") for token in rest):
        return None
    return said.pop()


def _plain(text: str) -> str:
    """Return a text in lower case, without accents and underscores."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    letters = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(c for c in letters if not _is_accent(c)))


def _is_accent(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def _tokens(part: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(part))


def _said(tokens: tuple[str, ...]) -> Outcome | None:
    """Return the outcome of words that say it and nothing else."""
    if (phrase := OUTCOME_PHRASES.get(" ".join(tokens))) is not None:
        return phrase
    left = [token for token in tokens if not _adds_nothing(token)]
    for outcome, words in OUTCOME_WORDS.items():
        if words.intersection(left) and all(_says(token, outcome) for token in left):
            return outcome
    lost = len(left) > 2 and left[0] in OUTCOME_WORDS["lost"] and left[1] in AFTER_LOST
    return "lost" if lost and not DOUBT_WORDS.intersection(left) else None


def _says(token: str, outcome: Outcome) -> bool:
    return token in OUTCOME_WORDS[outcome] or _PERCENT.get(token) == outcome


def _adds_nothing(token: str) -> bool:
    return token in NEUTRAL_WORDS or token in CLOSED_WORDS or token.isdecimal()


def status_outcome(text: str) -> str | None:
    """Return the outcome that a source's status stands for, `closed` where it says only that."""
    tokens = _tokens(_plain(text))
    return plain_outcome(text) or (CLOSED if tokens and set(tokens) <= CLOSED_WORDS else None)
