"""Words for ids: channels, segments, personas, regions, stages and models of attribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.agreement import Agreement
from smarketing.attribution_models import model_label


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
    labels = dict(labels_of(agreement, dimension))
    if dimension == "stage":
        # A lead may stand where it left.
        labels = {left.id: left.label for left in agreement.exits} | labels
    found = labels.get(key)
    return found or (key.replace("_", " ") if " " not in key and ":" not in key else key)


def model_name(model: str, agreement: Agreement | None = None) -> str:
    """A model of attribution in words; one of the company's own as `agreement` labels it."""
    return model_label(model) if agreement is None else agreement.attribution.model_label(model)
