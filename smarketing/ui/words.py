"""Words for the members of a dimension, campaigns included, which only the store can name."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.session import Store, ask


def words_for(store: Store, dimension: str) -> Mapping[str, str]:
    """Labels by id; empty for a dimension whose values are words already."""
    if dimension in {"campaign", "campaign_id"}:
        return ask(store, campaign_names)
    return labels_of(store.agreement, dimension)


def word_for(store: Store, dimension: str, key: str) -> str:
    """One member in words."""
    return words_for(store, dimension).get(key) or name_of(store.agreement, dimension, key)
