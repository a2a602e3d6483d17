"""The canonical form of an agreement's content, its hash, and what differs between two."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One difference: where, what it was and what it is; None on the side that lacks it."""

    path: str
    before: Any
    after: Any


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content, whatever the order of keys, comments and layout."""
    return hashlib.sha256(_written(content).encode("utf-8")).hexdigest()


def diff_content(before: Any, after: Any, path: str = "") -> list[Change]:
    """Return every difference between two contents; entries with an id are compared by it."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = list(before) + [key for key in after if key not in before]
        found = [
            diff_content(before.get(key), after.get(key), f"{path}.{key}" if path else str(key))
            for key in keys
        ]
        return [change for changes in found for change in changes]
    if isinstance(before, list) and isinstance(after, list):
        return _diff_lists(before, after, path)
    return [] if _written(before) == _written(after) else [Change(path, before, after)]


def _diff_lists(before: list[Any], after: list[Any], path: str) -> list[Change]:
    if _written(before) == _written(after):
        return []
    old, new = _by_id(before), _by_id(after)
    if old is not None and new is not None:
        return _diff_named(old, new, path)
    if not all(isinstance(item, Mapping) for item in (*before, *after)):
        return [Change(path, before, after)]
    gone = [item for item in before if item not in after]
    come = [item for item in after if item not in before]
    if len(before) == len(after) and len(gone) == len(come):
        # What stayed as it is may stand elsewhere; where nothing else changed, its place did.
        places = [after.index(item) for item in come] or range(len(after))
        pairs = zip(gone or before, come or after, strict=True)
        found = [
            diff_content(*pair, f"{path}[{place}]")
            for place, pair in zip(places, pairs, strict=True)
        ]
        return [change for changes in found for change in changes]
    changes = [Change(f"{path}[{before.index(item)}]", item, None) for item in gone]
    return changes + [Change(f"{path}[{after.index(item)}]", None, item) for item in come]


def _diff_named(old: dict[str, Any], new: dict[str, Any], path: str) -> list[Change]:
    changes: list[Change] = []
    for name in list(old) + [name for name in new if name not in old]:
        changes += diff_content(old.get(name), new.get(name), f"{path}[{name}]")
    if [name for name in old if name in new] != [name for name in new if name in old]:
        changes.append(Change(f"{path} (order)", list(old), list(new)))
    return changes


def _by_id(items: list[Any]) -> dict[str, Any] | None:
    if not all(isinstance(item, Mapping) and "id" in item for item in items):
        return None
    named = {str(item["id"]): item for item in items}
    return named if len(named) == len(items) else None


def _written(value: Any) -> str:
    """Write a value so that what means the same reads the same: 30 as 30.0, but 1 not as true."""
    return json.dumps(_canonical(value), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
