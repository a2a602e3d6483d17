"""What an attribution is asked: measure, window, model, and which touches count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smarketing.agreement import Agreement
from smarketing.agreement.attribution import RoleWeights
from smarketing.attribution_models import (
    MODELS,
    checked_settings,
    key_models,
    model_named,
    rule_models,
)
from smarketing.errors import UsageError, unknown
from smarketing.periods import Window

MEASURES = ("revenue", "pipeline", "leads")
SIDES = ("marketing", "sales", "both")
PEOPLE = ("default", "committee", "primary", "account", "lead")
BY_CLOSE, BY_TOUCH = "close", "touch"
RETURNS_BY = (BY_CLOSE, BY_TOUCH)
ALL = "all"


@dataclass(frozen=True)
class AttributionSettings:
    """One question put to the journeys; built by `asked`, which checks every part of it.

    `kinds` None means every kind the agreement does not exclude. `order`, `permutations` and
    `seed` are for the models by key. `returns_by` says whose day puts credit against the cost of
    the window: the close's (a lead's or deal's creation under other measures) or the touch's.
    With `null_leads` the models that learn from lost journeys learn from mature leads that never
    carried a deal, too.
    """

    window: Window
    measure: str
    lookback_days: int
    side: str
    people: str
    kinds: tuple[str, ...] | None
    half_life_days: float
    order: int
    permutations: int | None
    seed: int
    returns_by: str = BY_CLOSE
    null_leads: bool = False

    @property
    def unit(self) -> str:
        """What credit is given for: 'deal' or 'lead'."""
        return "lead" if self.measure == "leads" else "deal"


def asked(
    agreement: Agreement,
    window: Window,
    *,
    measure: str = "revenue",
    lookback_days: int | None = None,
    side: str | None = None,
    people: str | None = None,
    kinds: tuple[str, ...] | None = None,
    half_life_days: float | None = None,
    order: int = 1,
    permutations: int | None = None,
    seed: int = 0,
    returns_by: str = BY_CLOSE,
    null_leads: bool = False,
) -> AttributionSettings:
    """Check what is asked and fill the rest from the agreement; UsageError names what is wrong."""
    rules = agreement.attribution
    side = rules.side if side is None else side
    people = rules.people if people is None else people
    half_life = rules.half_life_days if half_life_days is None else half_life_days
    for what, value, valid in (
        ("measure", measure, MEASURES),
        ("side", side, SIDES),
        ("people rule", people, PEOPLE),
        ("date of returns", returns_by, RETURNS_BY),
    ):
        if value not in valid:
            raise unknown(what, value, valid)
    if kinds is not None and not kinds:
        raise UsageError("kinds is empty, so no touch could count; name at least one kind.")
    checked_settings(MODELS["time_decay"], {"half_life_days": half_life})
    checked_settings(MODELS["markov"], {"order": order})
    checked_settings(MODELS["shapley_rate"], {"permutations": permutations, "seed": seed})
    return AttributionSettings(
        window,
        measure,
        checked_lookback(agreement, lookback_days),
        side,
        people,
        None if kinds is None else tuple(sorted(set(kinds))),
        float(half_life),
        order,
        permutations,
        seed,
        returns_by,
        null_leads,
    )


def checked_lookback(agreement: Agreement, lookback_days: int | None) -> int:
    """Return the lookback in days, the agreed one by default; UsageError when out of range."""
    longest = agreement.attribution.max_lookback_days
    days: Any = agreement.attribution.lookback_days if lookback_days is None else lookback_days
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise UsageError(
            f"A lookback is a whole number of days from 1 to {longest}, not {days!r}; "
            "0 or less would leave no touch to credit."
        )
    if days > longest:
        raise UsageError(
            f"A lookback of {days} days is longer than the agreement's max_lookback_days "
            f"({longest}); ask for less, or change the agreement and build again."
        )
    return days


def models_asked(agreement: Agreement, model: str) -> tuple[str, ...]:
    """Return the models behind a name: itself, or every one for 'all'."""
    custom = tuple(entry.id for entry in agreement.attribution.custom_models)
    if model == ALL:
        return (*rule_models(), *custom, *key_models())
    if model not in custom:
        model_named(model, (*custom, ALL))
    return (model,)


def custom_weights(agreement: Agreement, model: str) -> RoleWeights | None:
    """Return the role weights of one of the agreement's own models, None for any other."""
    for entry in agreement.attribution.custom_models:
        if entry.id == model:
            return entry.weights
    return None
