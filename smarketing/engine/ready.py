"""Statements kept ready for all builds of the same tables and all who see the same kind of part."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock

from sqlglot import exp

from smarketing.attribution_models import MODELS
from smarketing.engine.compile import Prepared
from smarketing.engine.masks import Known

#: How many are kept; the oldest goes.
KEPT = 512
_LOCK = Lock()
_READY: dict[Hashable, tuple[str | exp.Query, Prepared, dict[tuple[str, ...], object]]] = {}


def ready(
    query: str | exp.Query, shape: Hashable, known: Known, prepare: Callable[[Known], Prepared]
) -> Prepared:
    """Return the statement of a query, prepared where none of the same shape is kept.

    `shape` is all that it depends on but the query, the models there are, and what is known of the
    build: that is asked again before a kept statement is used.
    """
    # A tree is known by its identity; the entry holds it, so that the identity stays its own.
    key = (query if isinstance(query, str) else id(query), shape, tuple(MODELS))
    kept = _READY.get(key)
    if kept and all(_ask(known, question) == answer for question, answer in kept[2].items()):
        return kept[1]
    noted = _Noted(known)
    made = prepare(noted)
    with _LOCK:
        _READY.pop(key, None)
        _READY[key] = (query, made, noted.answers)
        while len(_READY) > KEPT:
            del _READY[next(iter(_READY))]
    return made


class _Noted:
    """What is known of a build, which notes what of it was asked."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.answers: dict[tuple[str, ...], object] = {}
        #: Which columns hold texts is told by the tables, and these are part of the shape.
        self.is_text = known.is_text

    def is_address(self, table: str, column: str) -> bool:
        return bool(self._note("is_address", table, column))

    def has_contacts(self, table: str, column: str) -> bool:
        return bool(self._note("has_contacts", table, column))

    def rows_in_scope(self, table: str) -> str:
        return str(self._note("rows_in_scope", table))

    def texts_of_people(self, table: str, column: str) -> str:
        return str(self._note("texts_of_people", table, column))

    def _note(self, *question: str) -> object:
        self.answers[question] = _ask(self._known, question)
        return self.answers[question]


def _ask(known: Known, question: tuple[str, ...]) -> object:
    kind, *of = question
    return getattr(known, kind)(*of)
