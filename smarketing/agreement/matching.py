"""How a rule recognises a raw value: lists, prefixes, words and patterns, never by case."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from pydantic import Field, field_validator, model_validator

from smarketing.agreement.base import Part


def normalise(value: object) -> str:
    """Return a raw value as rules see it: lower case, `_` and `-` as blanks, single blanks."""
    if value is None or value != value:
        return ""
    return " ".join(re.sub(r"[_\-\s]+", " ", str(value)).casefold().split())


class Match(Part):
    """A test on one raw value; any of its ways suffices. A bare list means `equals`."""

    equals: tuple[str, ...] = ()
    prefix: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    missing: bool = Field(default=False, description="Also holds when there is no value.")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"equals": [value]}
        return {"equals": value} if isinstance(value, (list, tuple)) else value

    @field_validator("regex")
    @classmethod
    def _compiles(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _has_test(self) -> Match:
        if not (self.equals or self.prefix or self.words or self.regex or self.missing):
            raise ValueError("needs equals, prefix, words, regex or missing")
        return self

    @cached_property
    def _tests(self) -> tuple[frozenset[str], tuple[str, ...], re.Pattern[str] | None]:
        phrases = [rf"(?<!\w){re.escape(normalise(word))}(?!\w)" for word in self.words]
        patterns = [*phrases, *(f"(?:{pattern})" for pattern in self.regex)]
        return (
            frozenset(normalise(value) for value in self.equals),
            tuple(normalise(value) for value in self.prefix),
            re.compile("|".join(patterns), re.IGNORECASE) if patterns else None,
        )

    def holds(self, value: object) -> bool:
        """Return whether the raw value passes; a missing one only where the rule says so."""
        text = normalise(value)
        if not text:
            return self.missing
        equals, prefixes, pattern = self._tests
        if text in equals or (prefixes and text.startswith(prefixes)):
            return True
        return pattern is not None and pattern.search(text) is not None
