"""The ledger under other settings than those agreed: the mart's own SELECT with parts replaced.

`fct_credit` holds the ledger at the agreement's settings. A question that departs from them runs
the very same SELECT with another `asked` and `own_model` (and, for other people, kinds or
half-lives, another `eligible`) in its place, so that there is one definition of credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.settings import AttributionSettings
from smarketing.attribution_models import CUSTOM, rule_models
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.compile import read_sql
from smarketing.engine.slots import fill_condition, fill_cte, fill_table
from smarketing.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

LEDGER = "fct_credit"
#: The slot of the condition that a touch is of a kind that counts.
COUNTS = "counts"
#: The queries over the ledger that say themselves which kinds count.
_SAYS_WHAT_COUNTS = frozenset({"attribution/ledger_reasons"})
_DIALECT = "duckdb"


@dataclass(frozen=True)
class Columns:
    """Models that one query over the ledger answers: each one's name and that of its columns.

    `weights` are those of one of the agreement's own models, which is asked by itself.
    """

    names: Mapping[str, str]
    weights: RoleWeights | None = None

    @classmethod
    def of(cls, model: str, weights: RoleWeights | None) -> Columns:
        """Return the columns of one model, by weights if it is one of the agreement's own."""
        return cls({model: CUSTOM if weights else model}, weights)

    @property
    def asked(self) -> tuple[str, ...]:
        """Return what the columns of the models are called in the ledger."""
        return tuple(self.names.values())


@dataclass(frozen=True)
class Question:
    """What the ledger is asked: of which build, under which settings, cut and narrowed by what."""

    engine: Engine
    settings: AttributionSettings
    by: str
    filters: Filters = NO_FILTERS

    def narrowed(self, filters: Filters) -> Question:
        """Return the question narrowed by other filters."""
        return replace(self, filters=filters)

    def under(self, settings: AttributionSettings) -> Question:
        """Return the question under other settings."""
        return replace(self, settings=settings)

    def table(self, query: str, columns: Columns | None = None) -> pa.Table:
        """Run a query over the ledger whose answer is many rows of numbers."""
        tree, values = question(self.engine, query, self.settings, columns)
        return self.engine.table(tree, values, self.filters, self.by)

    def rows(self, query: str, columns: Columns | None = None) -> list[dict[str, Any]]:
        """Run a query over the ledger whose answer is a few rows."""
        tree, values = question(self.engine, query, self.settings, columns)
        return self.engine.rows(tree, values, self.filters, self.by)

    def run(
        self, query: str, columns: Columns | None = None, *, with_lost: bool = False
    ) -> pd.DataFrame:
        """Run a query over the ledger."""
        tree, values = question(self.engine, query, self.settings, columns, with_lost=with_lost)
        return self.engine.run(tree, values, self.filters, self.by)

    def sql(self, query: str, columns: Columns | None = None, *, with_lost: bool = False) -> str:
        """Return the statement that `run` would run, values in place."""
        tree, values = question(self.engine, query, self.settings, columns, with_lost=with_lost)
        return self.engine.sql(tree, values, self.filters, self.by)


def stored_settings(engine: Engine) -> dict[str, Any]:
    """Return the attribution settings the build was made with, by name."""
    return {
        str(row["name"]): row["value"] if row["number"] is None else float(row["number"])
        for row in engine.rows("attribution/settings")
    }


def in_one_query(models: Iterable[str], custom: Mapping[str, RoleWeights]) -> Iterator[Columns]:
    """Group rule-based models by the query that answers them: each of one's own apart."""
    plain = {name: name for name in models if name not in custom}
    if plain:
        yield Columns(plain)
    for name in models:
        if name in custom:
            yield Columns.of(name, custom[name])


def question(
    engine: Engine,
    query: str,
    settings: AttributionSettings,
    columns: Columns | None = None,
    *,
    with_lost: bool = False,
) -> tuple[exp.Query, dict[str, Any]]:
    """Return the tree of a query over the ledger, and its values, for these settings.

    `with_lost` adds the journeys of lost deals, worth nothing, for the models that learn from them.
    `columns` leaves out those of all other models, and with them their work.
    """
    custom = columns.weights if columns else None
    models = columns.asked if columns else None
    stored = stored_settings(engine)
    values: dict[str, Any] = {
        "measure": settings.measure,
        "from_day": settings.window.start,
        "to_day": settings.window.end,
    }
    if not with_lost and custom is None and _as_stored(settings, stored):
        return _plain(query, models), values
    values |= _ledger_values(settings, custom, with_lost)
    values["direct_channel"] = stored["direct_channel"]
    as_counted = _counts_as_stored(settings, stored)
    return _inlined(query, models, as_counted, settings.kinds), values


@cache
def _plain(query: str, models: tuple[str, ...] | None) -> exp.Query:
    tree = read_sql("queries", query, _DIALECT)
    if models is not None:
        unwanted = {*rule_models(), CUSTOM} - set(models)
        columns = {f"{model}_{what}" for model in unwanted for what in ("credit", "units")}
        for select in tree.find_all(exp.Select):
            kept = [part for part in select.expressions if part.alias_or_name not in columns]
            select.set("expressions", kept)
        for model in models:
            if f"{model}_credit" not in tree.named_selects:
                raise QueryError(f"The query '{query}' has no credit of the model '{model}'.")
    return tree


@cache
def _inlined(
    query: str, models: tuple[str, ...] | None, as_counted: bool, kinds: tuple[str, ...] | None
) -> exp.Query:
    """Put the ledger's SELECT in the place of its table. The engine copies what it compiles."""
    tree = _plain(query, models).copy()
    if kinds is not None and query in _SAYS_WHAT_COUNTS:
        fill_condition(tree, COUNTS, exp.column("kind", table="r").isin(*kinds))
    fill_table(tree, LEDGER, _ledger(as_counted, kinds))
    return tree


def _as_stored(settings: AttributionSettings, stored: Mapping[str, Any]) -> bool:
    return (
        _counts_as_stored(settings, stored)
        and settings.lookback_days == stored["lookback_days"]
        and settings.half_life_days == stored["half_life_days"]
    )


def _counts_as_stored(settings: AttributionSettings, stored: Mapping[str, Any]) -> bool:
    """Whether the running numbers of the journey mart are those asked for."""
    return (
        settings.kinds is None
        and settings.people == stored["people"]
        and settings.side == stored["side"]
    )


def _ledger(as_counted: bool, kinds: tuple[str, ...] | None) -> exp.Query:
    tree = read_sql("marts", LEDGER, _DIALECT)
    for part in ("asked", "own_model"):
        fill_cte(tree, part, read_sql("queries", f"attribution/{part}", _DIALECT))
    if not as_counted:
        eligible = read_sql("queries", "attribution/eligible", _DIALECT)
        if kinds is not None:
            fill_condition(eligible, COUNTS, exp.column("kind", table="j").isin(*kinds))
        fill_cte(tree, "eligible", eligible)
    return tree


def _ledger_values(
    settings: AttributionSettings, custom: RoleWeights | None, with_lost: bool
) -> dict[str, Any]:
    return {
        "with_lost": int(with_lost),
        "lookback_days": settings.lookback_days,
        "half_life_days": settings.half_life_days,
        "side": settings.side,
        "people": settings.people,
        "custom_first": float(custom.first) if custom else 0.0,
        "custom_lead": float(custom.lead_creation) if custom else 0.0,
        "custom_deal": float(custom.deal_creation) if custom else 0.0,
        "custom_last": float(custom.last) if custom else 0.0,
        "custom_middle": float(custom.middle) if custom else 0.0,
    }
