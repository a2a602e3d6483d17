"""Statements kept ready for all builds of the same tables and all who see the same kind of part."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from threading import Lock

from sqlglot import exp

from smarketing.attribution_models import MODELS
from smarketing.engine.compile import Prepared
from smarketing.engine.masks import IsAddress

#: How many are kept; the oldest goes.
KEPT = 512
_LOCK = Lock()
_READY: dict[Hashable, tuple[str | exp.Query, Prepared, Mapping[tuple[str, str], bool]]] = {}


def ready(
    query: str | exp.Query,
    shape: Hashable,
    is_address: IsAddress,
    prepare: Callable[[IsAddress], Prepared],
) -> Prepared:
    """Return the statement of a query, prepared where none of the same shape is kept.

    `shape` is all that it depends on but the query, the models there are, and which ids may be
    addresses: what was asked of `is_address` is asked again before a kept statement is used.
    """
    # A tree is known by its identity; the entry holds it, so that the identity stays its own.
    key = (query if isinstance(query, str) else id(query), shape, tuple(MODELS))
    kept = _READY.get(key)
    if kept and all(is_address(*column) == answer for column, answer in kept[2].items()):
        return kept[1]
    asked: dict[tuple[str, str], bool] = {}

    def noted(table: str, column: str) -> bool:
        return asked.setdefault((table, column), is_address(table, column))

    made = prepare(noted)
    with _LOCK:
        _READY.pop(key, None)
        _READY[key] = (query, made, asked)
        while len(_READY) > KEPT:
            del _READY[next(iter(_READY))]
    return made
