"""One layout for every SQL file: what `make format` mends and `make check` asks.

- `tidied(text) -> str`: the text by steps of two, without tabs, needless blanks and blank lines
- `faults(text) -> list[str]`: what nobody mends by rule: where a line stands, and how long it is

How a statement is broken into lines is its writer's: a clause, a column or a condition each where
that reads best.
"""

from __future__ import annotations

import math
import re

INDENT = 2
LONGEST = 120
_BLANKS = re.compile(r"\n{3,}")
_COMMENT = "--"
_TEXT = re.compile("'[^']*'")
"""A text in quotes, an expression mostly, which no line break can part."""


def tidied(text: str) -> str:
    """Return a file's text as it is kept; that of a tidy file as it is."""
    lines = [line.expandtabs(INDENT).rstrip() for line in text.splitlines()]
    step = math.gcd(*(len(line) - len(line.lstrip()) for line in lines)) or INDENT
    if step % INDENT == 0:
        lines = [_indented(line, step) for line in lines]
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n") + "\n"


def _indented(line: str, step: int) -> str:
    """Return a line of a file that was indented by larger steps, by those of all."""
    code = line.lstrip()
    return " " * ((len(line) - len(code)) // step * INDENT) + code


def faults(text: str) -> list[str]:
    """Return what is wrong with the lines of a file, each with its number, in order."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        code = line.lstrip()
        if not code.startswith(_COMMENT) and (len(line) - len(code)) % INDENT:
            found.append(f"line {number} is not indented by steps of {INDENT}")
        if code.startswith(","):
            found.append(f"line {number} begins with a comma: it ends the line before")
        if len(_TEXT.sub("''", line)) > LONGEST and not code.startswith(_COMMENT):
            found.append(f"line {number} is longer than {LONGEST} characters")
    return found
