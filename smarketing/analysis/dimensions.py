"""Which values does a dimension take, and is a value asked for one of them?"""

from __future__ import annotations

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.engine import Engine, Filters
from smarketing.engine.filters import UNKNOWN
from smarketing.errors import unknown

_AGREED = {"segment": "segments", "region": "regions", "persona": "personas", "channel": "channels"}


def dimension_values(engine: Engine, dimension: str) -> list[str]:
    """List the values a dimension takes among leads and deals, most frequent first."""
    counts: dict[str, int] = {}
    for query in ("dimensions/values_of_leads", "dimensions/values_of_deals"):
        for row in engine.run(query, by=dimension).to_dict("records"):
            key = UNKNOWN if pd.isna(row["key"]) else str(row["key"])
            counts[key] = counts.get(key, 0) + int(row["records"])
    return sorted(counts, key=lambda value: (value.startswith("("), -counts[value], value))


def check_values(engine: Engine, agreement: Agreement, filters: Filters) -> None:
    """Raise UsageError for a value that the agreement does not list and no lead or deal has.

    Only for what the agreement classifies and for owners: other values may stand anywhere.
    """
    for dimension, values in filters:
        if dimension not in (*_AGREED, "owner"):
            continue
        valid = {*dimension_values(engine, dimension), UNKNOWN}
        if dimension in _AGREED:
            listed = getattr(agreement.classification, _AGREED[dimension])
            valid |= {item.id for item in listed}
        for value in values:
            if value not in valid and not value.startswith("("):
                raise unknown(dimension, value, valid)
