"""Words for ids: channels, segments, personas, regions and stages as the agreement labels them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.agreement import Agreement


def labels_of(agreement: Agreement, dimension: str) -> Mapping[str, str]:
    """The labels of a dimension's members by id; empty for one whose values are words already."""
    classes = agreement.classification
    lists: Mapping[str, Sequence[Any]] = {
        "channel": classes.channels,
        "segment": classes.segments,
        "persona": classes.personas,
        "region": classes.regions,
        "stage": agreement.stages,
    }
    return {entry.id: entry.label for entry in lists.get(dimension, ())}


def name_of(agreement: Agreement, dimension: str, key: str) -> str:
    """A member in words; ids without a label lose their underscores."""
    if key.startswith("("):
        return key
    found = labels_of(agreement, dimension).get(key)
    return found or (key.replace("_", " ") if " " not in key and ":" not in key else key)
