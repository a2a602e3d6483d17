"""The attribution models: their names, their settings, and what a wrong one is told.

The registry is the only place a model is declared; the store, the command line and
`credit_paths` all ask it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smarketing.errors import UsageError, unknown

UNATTRIBUTED = "(unattributed)"
UNKNOWN_KEY = "(unknown)"


@dataclass(frozen=True)
class Model:
    """One model: `roles` maps a role to its share, `middle` is what all other touches share.

    `by_key` models weigh keys over all journeys instead of the touches of one deal.
    """

    name: str
    label: str
    settings: tuple[str, ...] = ()
    roles: Mapping[str, float] | None = None
    middle: float = 0.0
    by_key: bool = False


MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model("first", "First touch", roles={"first": 1.0}),
        Model("last", "Last touch", roles={"last": 1.0}),
        Model("last_non_direct", "Last non-direct touch", ("direct",)),
        Model("linear", "Linear"),
        Model("position", "Position (U)", roles={"first": 0.4, "last": 0.4}, middle=0.2),
        Model("j_shaped", "J-shaped", roles={"first": 0.2, "last": 0.6}, middle=0.2),
        Model("inverse_j", "Inverse J", roles={"first": 0.6, "last": 0.2}, middle=0.2),
        Model(
            "w_shaped",
            "W-shaped",
            roles={"first": 0.3, "lead_creation": 0.3, "deal_creation": 0.3},
            middle=0.1,
        ),
        Model(
            "full_path",
            "Full path",
            roles={"first": 0.225, "lead_creation": 0.225, "deal_creation": 0.225, "close": 0.225},
            middle=0.1,
        ),
        Model("time_decay", "Time decay", ("half_life_days",)),
        Model("markov", "Markov", ("order",), by_key=True),
        Model("markov_deal", "Markov within the deal", ("order",), by_key=True),
        Model("shapley_set", "Shapley over key sets", by_key=True),
        Model(
            "shapley_rate",
            "Shapley of conversion rates",
            ("permutations", "seed"),
            by_key=True,
        ),
    )
}
RULE_MODELS = tuple(name for name, model in MODELS.items() if not model.by_key)
KEY_MODELS = tuple(name for name, model in MODELS.items() if model.by_key)
DEFAULTS: Mapping[str, Any] = {
    "order": 1,
    "half_life_days": 7.0,
    "direct": "direct",
    "permutations": None,
    "seed": 0,
}


def model_named(name: str, extra: tuple[str, ...] = ()) -> Model:
    """Return the model; UsageError with the nearest name when there is none such."""
    if name not in MODELS:
        raise unknown("attribution model", name, (*MODELS, *extra))
    return MODELS[name]


def checked_settings(model: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model's settings with defaults filled in; UsageError for a wrong one."""
    for name in given:
        if name not in model.settings:
            if not model.settings:
                raise UsageError(f"The model '{model.name}' has no settings, so not '{name}'.")
            raise unknown("setting", name, model.settings, f"the model '{model.name}'")
    settings = {name: DEFAULTS[name] for name in model.settings} | dict(given)
    for name, value in settings.items():
        _check(name, value)
    return settings


def _check(name: str, value: Any) -> None:
    if name == "order" and (isinstance(value, bool) or value not in (1, 2, 3)):
        raise UsageError(f"The order of a Markov model is 1, 2 or 3, not {value!r}.")
    if name == "half_life_days" and not _positive(value):
        raise UsageError(f"half_life_days is a number of days above 0, not {value!r}.")
    if name == "permutations" and value is not None and not (_whole(value) and value >= 2):
        raise UsageError(f"permutations is a whole number of at least 2, not {value!r}.")
    if name == "seed" and not (_whole(value) and value >= 0):
        raise UsageError(f"seed is a whole number of at least 0, not {value!r}.")


def _positive(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value) and value > 0


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
