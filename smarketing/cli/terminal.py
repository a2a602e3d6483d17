"""What a terminal can show: plain ASCII where it knows no more, and silence where nobody reads."""

from __future__ import annotations

import codecs
import os
import sys
from typing import TextIO

_HANDLER = "smarketing_ascii"
#: What our own words use, in the letters of any terminal.
_PLAIN = {
    "–": "-", "—": "-", "−": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    "→": "->", "×": "x", "÷": "/", "€": "EUR ", "£": "GBP ", "¥": "JPY ", "₹": "INR ", "₩": "KRW ",
    "·": "-", "±": "+/-", "≥": ">=", "≤": "<=", "\u202f": " ", "\u00a0": " ", "▲": "^", "▼": "v",
    "●": "o",
}  # fmt: skip


def prepare() -> None:
    """Let both streams write any text: what the terminal's encoding lacks is spelled otherwise."""
    codecs.register_error(_HANDLER, _spelled)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def _spelled(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_letters(letter) for letter in missing), error.end


def _letters(letter: str) -> str:
    return _PLAIN.get(letter) or letter.encode("ascii", "backslashreplace").decode()


def knows_all(stream: TextIO) -> bool:
    """Whether a stream's encoding can hold every character."""
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def close_quietly() -> None:
    """Let go of an output that nobody reads any more, so that its closing says nothing either."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
