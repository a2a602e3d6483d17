"""Which keys earned the leads, the pipeline or the revenue of a window, under which model?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.analysis.attribution.question import LEDGER, Question
from smarketing.analysis.attribution.result import LEAD_UNITS, NOT_LIFT, Attribution, CreditRow
from smarketing.analysis.attribution.returns import (
    NO_TOUCH_DATES,
    Returned,
    rule_returns,
)
from smarketing.analysis.attribution.settings import (
    ALL,
    BY_CLOSE,
    BY_TOUCH,
    AttributionSettings,
    asked,
    custom_weights,
    models_asked,
)
from smarketing.analysis.attribution.spend import (
    Spend,
    cost_per,
    return_on_ad_spend,
    return_on_investment,
    spend_by_key,
    why_no_cost,
)
from smarketing.analysis.attribution.totals import KeyTotals, rule_totals
from smarketing.analysis.availability import lacking_all, recorded, without_amount
from smarketing.attribution_models import UNATTRIBUTED, key_models
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.engine.filters import DIMENSIONS, UNKNOWN
from smarketing.errors import UsageError, unknown
from smarketing.periods import Window

if TYPE_CHECKING:
    from smarketing.agreement.attribution import RoleWeights
    from smarketing.analysis.attribution.fitted import Fitted
    from smarketing.analysis.attribution.models.resample import Spread

#: Dimensions of a touch: they choose rows of the ledger and never change a weight.
TOUCH_DIMENSIONS = (
    "channel",
    "raw_channel",
    "campaign",
    "campaign_id",
    "kind",
    "side",
    "person_id",
)


def attribution(
    engine: Engine,
    agreement: Agreement,
    *,
    window: Window,
    model: str | None = None,
    measure: str = "revenue",
    by: str = "channel",
    lookback_days: int | None = None,
    side: str | None = None,
    kinds: Sequence[str] | None = None,
    people: str | None = None,
    filters: Filters = NO_FILTERS,
    half_life_days: float | None = None,
    order: int = 1,
    intervals: bool = True,
    returns_by: str = BY_CLOSE,
    null_leads: bool = False,
) -> Attribution | list[Attribution]:
    """Return credit by key under one model (the agreed one by default), or a list for 'all'.

    The settings left out are the agreement's; see `attributions` for what comes back.
    """
    chosen = agreement.attribution.default_model if model is None else model
    settings = asked(
        agreement,
        window,
        measure=measure,
        lookback_days=lookback_days,
        side=side,
        people=people,
        kinds=None if kinds is None else tuple(kinds),
        half_life_days=half_life_days,
        order=order,
        returns_by=returns_by,
        null_leads=null_leads,
    )
    answers = attributions(
        engine, agreement, settings, model=chosen, by=by, filters=filters, intervals=intervals
    )
    return list(answers) if chosen == ALL else answers[0]


def attributions(
    engine: Engine,
    agreement: Agreement,
    settings: AttributionSettings,
    *,
    model: str = "all",
    by: str = "channel",
    filters: Filters = NO_FILTERS,
    intervals: bool = True,
) -> tuple[Attribution, ...]:
    """Return credit by key under one model or all of them.

    `by` is a dimension of the touch (channel, raw_channel, campaign, kind, side) or of the deal
    (segment, region, owner …). Filters on the deal choose deals; filters on the touch choose rows
    of the ledger after weighting: shares stay those of the whole, and so do their intervals, which
    are left out where the touch filter is on another dimension than `by`. Amounts are minor units
    of the agreement's currency, or millionths of a lead. The rows add up to the total,
    '(unattributed)' among them; without deals there are no rows and the total is 0. `intervals`
    adds the 90 % interval of each share. The settings' `returns_by` is about cost and what came
    back for it alone, never about the credit. UsageError for an unknown model or dimension, and for
    a touch filter that a model by key cannot answer (its credit is by key, not by touch).
    """
    names = models_asked(agreement, model)
    check_dimension(engine, by)
    checked_kinds(engine, settings)
    custom = {
        name: weights for name in names if (weights := custom_weights(agreement, name)) is not None
    }
    rules = tuple(name for name in names if name not in key_models())
    spend = spend_by_key(engine, settings, by, filters)
    labels = key_labels(engine, by)
    reason = why_no_cost(spend, by, filters, engine.limited_by)
    missing = unvalued(engine, settings, filters)
    build = _Builder(engine, agreement, settings, by, spend, labels, reason, missing)
    answers: dict[str, Attribution] = {}
    if rules:
        asked_for, kept = _rows_kept(filters, by)
        whole = Question(engine, settings, by, asked_for)
        totals = rule_totals(whole, rules, custom)
        returns = rule_returns(whole, agreement, totals, custom) if spend is not None else {}
        cut = asked_for.only(*TOUCH_DIMENSIONS)
        uncut = whole.narrowed(asked_for.without(*TOUCH_DIMENSIONS))
        wholes = rule_totals(uncut, rules, custom) if cut else totals
        spreads = _spreads(whole, totals, custom) if intervals and not cut else {}
        for name in rules:
            credit = _Credit(totals[name], returns.get(name, {}), spreads.get(name))
            answers[name] = build.answer(name, credit, kept, _sum(wholes[name]))
    by_key = tuple(name for name in names if name in key_models())
    if by_key:
        deal_filters, kept = split_filters(filters, by, by_key[0])
        learned = _by_key(build, Question(engine, settings, by, deal_filters), by_key, intervals)
        answers |= {name: build.answer(name, credit, kept) for name, credit in learned.items()}
    return tuple(answers[name] for name in names)


@dataclass(frozen=True)
class _Credit:
    """What one model says of each key; `fitted` where it learns from all journeys."""

    totals: KeyTotals
    returns: Mapping[str, Returned]
    spread: Spread | None
    fitted: Fitted | None = None


def _spreads(
    asked: Question, totals: Mapping[str, KeyTotals], custom: Mapping[str, RoleWeights]
) -> dict[str, Spread]:
    from smarketing.analysis.attribution.rule_intervals import rule_spreads

    return rule_spreads(asked, totals, custom)


def _by_key(
    build: _Builder, asked: Question, names: Sequence[str], intervals: bool
) -> dict[str, _Credit]:
    # Loaded for those who ask for it: matrices and chains, which the rules have no use for.
    from smarketing.analysis.attribution.fitted import fit
    from smarketing.analysis.attribution.intervals import key_spread
    from smarketing.analysis.attribution.key_returns import key_returns
    from smarketing.analysis.attribution.store_paths import unit_journeys

    units, settings = unit_journeys(asked), build.settings
    found: dict[str, _Credit] = {}
    for name in names:
        fitted = fit(units, name, settings)
        spread = key_spread(units, name, fitted, settings) if intervals else None
        returns = {}
        if build.spend is not None:
            returns = key_returns(build.agreement, settings, units, fitted, name)
        found[name] = _Credit(fitted.totals, returns, spread, fitted)
    return found


@dataclass(frozen=True)
class _Builder:
    """Puts the parts of an answer together: the same for every model."""

    engine: Engine
    agreement: Agreement
    settings: AttributionSettings
    by: str
    spend: Mapping[str, Spend] | None
    labels: Mapping[str, str]
    cost_reason: str | None
    unvalued: int

    def answer(
        self,
        model: str,
        credit: _Credit,
        kept: tuple[str, ...] | None,
        whole: int | None = None,
    ) -> Attribution:
        totals, fitted = credit.totals, credit.fitted
        whole = _sum(totals) if whole is None else whole
        rows = [self._row(credit, place, whole) for place in range(len(totals.keys))]
        rows += self._without_credit(totals.keys, credit.returns, fitted is not None)
        if kept is not None:
            rows = [row for row in rows if row.key in kept]
        rows.sort(key=lambda row: (-row.credit, row.key))
        unattributed = totals.unattributed if kept is None or UNATTRIBUTED in kept else 0
        if kept is None or unattributed:
            rows.append(self._missing(totals, whole))
        untold = NO_TOUCH_DATES if fitted and self.settings.returns_by == BY_TOUCH else None
        lacking = without_amount(self.unvalued, self.engine.currency) if self.unvalued else None
        notes = (NOT_LIFT, fitted and fitted.note, untold, lacking)
        return Attribution(
            model,
            self.settings,
            self.by,
            tuple(rows),
            sum(row.credit for row in rows),
            unattributed,
            totals.all_units,
            self.engine.currency,
            self.engine.minor_digits,
            tuple(note for note in notes if note),
            self.labels,
            self.cost_reason,
            whole,
            None if totals.all_units else self._why_nothing(),
            lacking if totals.all_units else None,
        )

    def _why_nothing(self) -> str | None:
        """Say why a total of nothing is no zero; None where nothing was won or created."""
        if self.unvalued:
            return lacking_all(self.unvalued, self.engine.currency)
        return _why_nothing(self.engine, self.settings)

    def _row(self, of: _Credit, place: int, whole: int) -> CreditRow:
        totals, spread, fitted = of.totals, of.spread, of.fitted
        key, credit = totals.keys[place], totals.credit[place]
        effects = fitted.effects if fitted else None
        row = CreditRow(
            key,
            self.labels.get(key, key),
            credit,
            credit / whole if whole else None,
            totals.units[place],
            low=_number(spread.low[place]) if spread else None,
            high=_number(spread.high[place]) if spread else None,
            rank_held=_number(spread.rank_held[place]) if spread else None,
            removal_effect=_number(effects[place]) if effects is not None else None,
            greyed=fitted.greyed(place) if fitted else None,
        )
        return self._with_return(row, of.returns, fitted is not None)

    def _without_credit(
        self, keys: tuple[str, ...], returns: Mapping[str, Returned], by_key: bool
    ) -> list[CreditRow]:
        """Return rows for keys that cost money, or brought some back later, and have no credit."""
        others = {key for key, spend in (self.spend or {}).items() if spend.cost} | set(returns)
        rows = [CreditRow(key, self.labels.get(key, key), 0, 0.0, 0) for key in sorted(others)]
        return [self._with_return(row, returns, by_key) for row in rows if row.key not in keys]

    def _with_return(
        self, row: CreditRow, returns: Mapping[str, Returned], by_key: bool
    ) -> CreditRow:
        """Add cost and what came back for it; nothing came back for a key that earned nothing."""
        if self.spend is None:
            return row
        spend, measure = self.spend.get(row.key), self.settings.measure
        if spend is not None:
            row = replace(row, cost=spend.cost, media_cost=spend.media)
        if by_key and self.settings.returns_by == BY_TOUCH:
            return row
        back = returns.get(row.key, Returned(0, 0.0))
        return replace(
            row,
            returned=back.credit,
            roas=return_on_ad_spend(back.credit, spend) if measure != "leads" else None,
            romi=return_on_investment(back.margin, spend) if measure == "revenue" else None,
            cost_per_lead=cost_per(back.credit / LEAD_UNITS, spend) if measure == "leads" else None,
        )

    def _missing(self, totals: KeyTotals, whole: int) -> CreditRow:
        share = totals.unattributed / whole if whole else None
        credit, units = totals.unattributed, totals.unattributed_units
        return CreditRow(UNATTRIBUTED, UNATTRIBUTED, credit, share, units)


def _why_nothing(engine: Engine, settings: AttributionSettings) -> str | None:
    """Say why that nothing was won or created in the window is no zero; None where it is one."""
    if settings.measure == "leads":
        began = exp.EQ(this=exp.column("stage_number"), expression=exp.Literal.number(1))
        known = recorded(engine, "fct_stage_count", "known_day", began, began)
    elif settings.measure == "pipeline":
        known = recorded(engine, "fct_deal", "opened_day")
    else:
        outcome = exp.column("outcome")
        ended = exp.NEQ(this=outcome, expression=exp.Literal.string(UNKNOWN))
        won = exp.EQ(this=outcome.copy(), expression=exp.Literal.string("won"))
        known = recorded(engine, "fct_deal", "closed_day", ended, won)
    return known.why_nothing(settings.window)


def _sum(totals: KeyTotals) -> int:
    return sum(totals.credit) + totals.unattributed


def _rows_kept(filters: Filters, by: str) -> tuple[Filters, tuple[str, ...] | None]:
    """Return the filters to ask the ledger with, and the keys kept of the answer (None: all).

    A filter on the very dimension asked for chooses rows of the answer, whose whole stays.
    """
    same = [d for d, _ in filters if d in TOUCH_DIMENSIONS and DIMENSIONS[d] == DIMENSIONS.get(by)]
    kept = filters.as_dict()
    chosen = tuple(kept[same[0]]) if same else None
    return filters.without(*same), chosen


def _number(value: float) -> float | None:
    return None if value != value else float(value)


def unvalued(engine: Engine, settings: AttributionSettings, filters: Filters) -> int:
    """Count the won or created deals that are in no total, since nothing says what they are worth.

    0 under the measure of leads, each of which is worth one.
    """
    if settings.measure == "leads":
        return 0
    asked_for = {
        "measure": settings.measure,
        "from_day": settings.window.start,
        "to_day": settings.window.end,
    }
    kept = filters.without(*TOUCH_DIMENSIONS)
    return sum(row["deals"] for row in engine.rows("attribution/unvalued", asked_for, kept))


def check_dimension(engine: Engine, by: str) -> None:
    """Raise UsageError, with the nearest name, unless the ledger can be cut by `by`."""
    columns = engine.columns(LEDGER)
    valid = [name for name, column in DIMENSIONS.items() if column in columns]
    if by not in valid:
        raise unknown("dimension", by, valid, "attribution")


def checked_kinds(engine: Engine, settings: AttributionSettings) -> None:
    """Raise UsageError, with the nearest name, for a kind that no touch of the store has."""
    if settings.kinds is None:
        return
    known = {str(row["kind"]) for row in engine.rows("attribution/kinds")}
    for kind in settings.kinds:
        if kind not in known:
            raise unknown("kind of touch", kind, known, "this store")


def split_filters(filters: Filters, by: str, model: str) -> tuple[Filters, tuple[str, ...] | None]:
    """Return the filters on deals, and the keys kept; UsageError where a model cannot be cut so."""
    kept: tuple[str, ...] | None = None
    for dimension, values in filters:
        if dimension not in TOUCH_DIMENSIONS:
            continue
        if DIMENSIONS[dimension] != DIMENSIONS.get(by):
            raise UsageError(
                f"The model '{model}' gives credit to each {by}, not to single touches, so it "
                f"cannot be narrowed by {dimension}; break it down by {dimension} or take a "
                "rule-based model."
            )
        kept = values
    return filters.without(*TOUCH_DIMENSIONS), kept


def key_labels(engine: Engine, by: str) -> dict[str, str]:
    """Return what keys are called where that differs: the names of campaigns."""
    if DIMENSIONS.get(by) != "campaign_id":
        return {}
    return {str(row["key"]): str(row["label"]) for row in engine.rows("attribution/names")}
