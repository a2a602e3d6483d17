"""Which values does a dimension take, and is a value asked for one of them?"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.engine import Engine, Filters
from smarketing.engine.filters import UNKNOWN
from smarketing.errors import unknown

_AGREED = {"segment": "segments", "region": "regions", "persona": "personas", "channel": "channels"}


#: Whose property a channel, persona or owner is in a mart; of rows that have a lead, the lead's.
_SUBJECTS = {
    "lead_won": "deal",
    "fct_deal": "deal",
    "fct_deal_conversion": "deal",
    "fct_origin": "deal",
    "fct_quota": "deal",
    "fct_credit": "touch",
    "fct_attributed": "touch",
    "fct_touch": "touch",
    "fct_cost": "cost",
    "fct_contract": "account",
    "fct_renewal": "account",
    "fct_retention": "account",
    "fct_feedback": "account",
    "fct_customer": "account",
    "dim_account": "account",
    "dim_person": "person",
    "dim_campaign": "campaign",
    "fct_journey": "touch",
    "quota_period": "quota",
    "owner_fault": "record",
}
#: The dimensions that are one thing for a lead, another for a deal or a touch.
AMBIGUOUS = ("channel", "persona", "owner")


def subjects(marts: Iterable[str]) -> str:
    """Return whose property such a dimension is in figures over these marts: "deal and lead"."""
    return " and ".join(sorted({_SUBJECTS.get(mart, "lead") for mart in marts}))


def dimension_values(engine: Engine, dimension: str) -> list[str]:
    """List the values a dimension takes among leads and deals, most frequent first."""
    counts: dict[str, int] = {}
    for query in ("dimensions/values_of_leads", "dimensions/values_of_deals"):
        for row in engine.rows(query, by=dimension):
            key = UNKNOWN if row["key"] is None else str(row["key"])
            counts[key] = counts.get(key, 0) + int(row["records"])
    return sorted(counts, key=lambda value: (value.startswith("("), -counts[value], value))


def owners(engine: Engine) -> frozenset[str]:
    """Answer who there is: every member, and every other owner the records name, by name."""
    named = exp.select("name").from_("map_member")
    return frozenset(str(row["name"]) for row in engine.rows(named))


def agreed_values(agreement: Agreement, dimension: str) -> list[str]:
    """List the values that the agreement lists for a dimension, in its order; none for others."""
    if dimension not in _AGREED:
        return []
    return [item.id for item in getattr(agreement.classification, _AGREED[dimension])]


def check_values(engine: Engine, agreement: Agreement, filters: Filters) -> None:
    """Raise UsageError for a value that the agreement does not list and no lead or deal has.

    Only for what the agreement classifies and for owners: other values may stand anywhere.
    """
    for dimension, values in filters:
        if dimension not in (*_AGREED, "owner"):
            continue
        known = dimension_values(engine, dimension)
        valid = {*known, UNKNOWN, *agreed_values(agreement, dimension)}
        for value in values:
            if value not in valid and not value.startswith("("):
                raise unknown(dimension, value, valid)
