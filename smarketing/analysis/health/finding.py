"""A finding of Data health, and the words findings are made of.

Severity: a *fault* leaves something out of a figure or makes it wrong, a *warning* limits what the
figures can say, a *note* is good to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smarketing.currencies import in_words

FAULT, WARNING, NOTE = "fault", "warning", "note"
SEVERITIES = (FAULT, WARNING, NOTE)

Row = Mapping[str, Any]
_PLURALS = {"person": "people", "currency": "currencies"}


@dataclass(frozen=True)
class Finding:
    """Something about the data that somebody should know.

    `sentence` says what and what it does to the figures, `next_step` what to do; `count` is how
    many records it is about, and `query` with `params` lists them. `amount` (major units of
    `currency`) is the money concerned, where there is some.
    """

    id: str
    severity: str
    sentence: str
    count: int
    next_step: str
    query: str
    params: Mapping[str, Any] = field(default_factory=dict)
    amount: float | None = None
    currency: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values for JSON."""
        return {
            "id": self.id,
            "severity": self.severity,
            "sentence": self.sentence,
            "count": self.count,
            "amount": self.amount,
            "currency": self.currency,
            "next_step": self.next_step,
        }


def portion(count: int, total: int) -> str:
    """A share in whole percent, of which few are not none: <1%, and most not all: >99%."""
    text = f"{count / total:.0%}"
    if 0 < count < total:
        return {"0%": "<1%", "100%": ">99%"}.get(text, text)
    return text


def say(count: int, noun: str) -> str:
    """Return a count with its noun: `1 lead`, `1,200 leads`; a table's name is put in words."""
    noun = noun.replace("_", " ")
    many = _PLURALS.get(noun, f"{noun}es" if noun.endswith(("ch", "s")) else f"{noun}s")
    return f"{count:,} {noun if count == 1 else many}"


def grouped(rows: Sequence[Row], column: str) -> list[tuple[Any, list[Row]]]:
    """Group rows by a column, in the order of their first appearance."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return list(groups.items())


def total(rows: Iterable[Row], column: str) -> int:
    """Sum a column of counts; null counts as 0."""
    return sum(int(row[column] or 0) for row in rows)


def are(count: int) -> str:
    """Return the verb that goes with a count."""
    return "is" if count == 1 else "are"


def has(count: int) -> str:
    """Return the verb that goes with what a count of records have."""
    return "has" if count == 1 else "have"


def quoted(value: Any) -> str:
    """Return an example in quotation marks, in brackets; nothing for none."""
    return f" (“{value}”)" if value not in (None, "") else ""


def worth(amount: float | None, currency: str, unvalued: int = 0) -> str:
    """Return what records are worth, for the middle of a sentence; nothing for nothing.

    `unvalued` is how many of them have no amount in the currency, and so are not in it.
    """
    without = f" without {unvalued:,} that {has(unvalued)} no amount in {currency}"
    return f", worth {in_words(amount, currency)}{without if unvalued else ''}," if amount else ""


def finding_id(*parts: Any) -> str:
    """Make a stable id of words: lower case, joined by hyphens, the first ten of them."""
    words = re.findall(r"[a-z0-9]+", "-".join(str(part) for part in parts).lower())
    return "-".join(words[:10])
