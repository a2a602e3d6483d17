"""The ledger under other settings than those agreed: the mart's own SELECT with parts replaced.

`fct_credit` holds the ledger at the agreement's settings. A question that departs from them runs
the very same SELECT with another `asked` (and, for other people, kinds or half-lives, another
`eligible`) in its place, so that there is one definition of credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlglot import exp

from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.settings import (
    SHORTEST_STORED_HALF_LIFE,
    AttributionSettings,
)
from smarketing.engine import Engine
from smarketing.engine.compile import read_sql

LEDGER = "fct_credit"
_DIALECT = "duckdb"


def stored_settings(engine: Engine) -> dict[str, Any]:
    """Return the attribution settings the build was made with, by name."""
    frame = engine.run("attribution_settings")
    return {
        str(name): value if pd.isna(number) else float(number)
        for name, value, number in zip(frame["name"], frame["value"], frame["number"], strict=True)
    }


def question(
    engine: Engine,
    query: str,
    settings: AttributionSettings,
    *,
    custom: RoleWeights | None = None,
    with_lost: bool = False,
) -> tuple[exp.Query, dict[str, Any]]:
    """Return the tree of a query over the ledger, and its values, for these settings.

    `with_lost` adds the journeys of lost deals, worth nothing, for the models that learn from them.
    """
    tree = read_sql("queries", query, _DIALECT)
    stored = stored_settings(engine)
    values: dict[str, Any] = {
        "measure": settings.measure,
        "from_day": settings.window.start,
        "to_day": settings.window.end,
    }
    if with_lost or custom is not None or not _as_stored(settings, stored):
        ledger = _ledger(settings, stored)
        values |= _ledger_values(settings, custom, with_lost)
        for table in list(tree.find_all(exp.Table)):
            if table.name == LEDGER:
                table.replace(exp.Subquery(this=ledger.copy(), alias=table.args.get("alias")))
    return tree, values


def reasons_tree(engine: Engine, settings: AttributionSettings) -> tuple[exp.Query, dict[str, Any]]:
    """Return the tree that says why units have no touch that counts, under these settings."""
    tree, values = question(engine, "ledger_reasons", settings)
    if settings.kinds is not None:
        _kinds_instead_of_excluded(tree, settings.kinds)
    return tree, values | {"people": settings.people, "side": settings.side}


def _kinds_instead_of_excluded(tree: exp.Query, kinds: tuple[str, ...]) -> None:
    # "Not excluded" is written `x.kind is null`; with kinds named it means "one of these".
    for condition in list(tree.find_all(exp.Is)):
        column = condition.this
        if isinstance(column, exp.Column) and (column.table, column.name) == ("x", "kind"):
            condition.replace(exp.column("kind", table="r").isin(*kinds))


def _as_stored(settings: AttributionSettings, stored: Mapping[str, Any]) -> bool:
    return (
        _counts_as_stored(settings, stored)
        and settings.lookback_days == stored["lookback_days"]
        and settings.side == stored["side"]
    )


def _counts_as_stored(settings: AttributionSettings, stored: Mapping[str, Any]) -> bool:
    """Whether the running numbers of the journey mart are those asked for."""
    return (
        settings.kinds is None
        and settings.people == stored["people"]
        and settings.half_life_days == stored["half_life_days"]
        and settings.half_life_days >= SHORTEST_STORED_HALF_LIFE
    )


def _ledger(settings: AttributionSettings, stored: Mapping[str, Any]) -> exp.Query:
    tree = read_sql("marts", LEDGER, _DIALECT)
    _replace_cte(tree, "asked", read_sql("queries", "attribution_asked", _DIALECT))
    if not _counts_as_stored(settings, stored):
        eligible = read_sql("queries", "attribution_eligible", _DIALECT)
        if settings.kinds is not None:
            _choose_kinds(eligible, settings.kinds)
        _replace_cte(tree, "eligible", eligible)
    return tree


def _replace_cte(tree: exp.Query, name: str, body: exp.Query) -> None:
    for cte in tree.find_all(exp.CTE):
        if cte.alias == name:
            cte.set("this", body)
            return
    raise KeyError(name)


def _choose_kinds(eligible: exp.Query, kinds: tuple[str, ...]) -> None:
    for condition in eligible.find_all(exp.EQ):
        column = condition.this
        if isinstance(column, exp.Column) and column.name == "is_excluded":
            among = exp.column("kind", table=column.table).isin(*kinds)
            condition.replace(among)
            return


def _ledger_values(
    settings: AttributionSettings, custom: RoleWeights | None, with_lost: bool
) -> dict[str, Any]:
    weights = custom or RoleWeights(middle=1.0)
    return {
        "with_lost": int(with_lost),
        "lookback_days": settings.lookback_days,
        "half_life_days": settings.half_life_days,
        "side": settings.side,
        "people": settings.people,
        "custom_first": float(weights.first),
        "custom_lead": float(weights.lead_creation),
        "custom_deal": float(weights.deal_creation),
        "custom_last": float(weights.last),
        "custom_middle": float(weights.middle),
    }
