"""What is known of one kind of file while a source is drafted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.sources.drafting.guess import Guess
from smarketing.sources.drafting.select import Draft
from smarketing.sources.drafting.shapes import Shape


@dataclass(frozen=True)
class File:
    """One kind of file: what it is called, what its columns look like, what it may fill.

    `questions` are what only the user can settle; while there are any the file is refused. Of the
    headers that not every file of the kind has, the last one lacks those that are `gone`, and an
    earlier one those that have `come`.
    """

    name: str
    label: str
    pattern: str
    shapes: Mapping[str, Shape]
    guess: Guess | None
    key: str | None = None
    modified: str | None = None
    required: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    spend: Mapping[str, Sequence[str]] = field(default_factory=dict)
    drafts: tuple[Draft, ...] = ()
    deleted: str | None = None
    unused: str | None = None
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    doubt: str | None = None
    repeated: str | None = None
    ignored: str | None = None
    gone: frozenset[str] = frozenset()
    come: frozenset[str] = frozenset()
