"""The attribution models: their names, their weights and settings, and what a wrong one is told.

The registry is the only place a model is declared. The agreement, the ledger's SQL (by way of
`engine/each_model.py`), the command line, the pages and `credit_paths` all ask it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smarketing.errors import UsageError, unknown

UNATTRIBUTED = "(unattributed)"
UNKNOWN_KEY = "(unknown)"
#: Roles of a touch that stand at an end of the journey, wherever the others fall.
ENDS = frozenset({"first", "last"})
#: What the columns of the agreement's own model are called in the ledger.
CUSTOM = "custom"


@dataclass(frozen=True)
class Model:
    """One model: `roles` maps a role to its share, `middle` is what all other touches share.

    `words` say to a reader how it shares a deal out. `by_key` models weigh keys over all journeys
    instead of the touches of one deal. A model with `own_formula` has its credit written out in the
    ledger (fct_credit.sql); that of any other rule-based one follows from its roles.
    """

    name: str
    label: str
    words: str
    settings: tuple[str, ...] = ()
    roles: Mapping[str, float] | None = None
    middle: float = 0.0
    by_key: bool = False
    own_formula: bool = False


_INNER_ROLES = ("lead_creation", "deal_creation")
MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model(
            "first",
            "First touch",
            "All credit to the first touch.",
            roles={"first": 1.0},
            own_formula=True,
        ),
        Model(
            "last",
            "Last touch",
            "All credit to the last touch before the anchor.",
            roles={"last": 1.0},
            own_formula=True,
        ),
        Model(
            "last_non_direct",
            "Last non-direct touch",
            "All credit to the last touch that is not direct.",
            ("direct",),
            own_formula=True,
        ),
        Model("linear", "Linear", "Equal credit to every touch.", own_formula=True),
        Model(
            "position",
            "Position (U)",
            "40 % first, 40 % last, 20 % shared by those between.",
            roles={"first": 0.4, "last": 0.4},
            middle=0.2,
        ),
        Model(
            "j_shaped",
            "J-shaped",
            "20 % first, 60 % last, 20 % shared by those between.",
            roles={"first": 0.2, "last": 0.6},
            middle=0.2,
        ),
        Model(
            "inverse_j",
            "Inverse J",
            "60 % first, 20 % last, 20 % shared by those between.",
            roles={"first": 0.6, "last": 0.2},
            middle=0.2,
        ),
        Model(
            "w_shaped",
            "W-shaped",
            "30 % each to first touch, lead creation and deal creation; 10 % to the others.",
            roles={"first": 0.3} | dict.fromkeys(_INNER_ROLES, 0.3),
            middle=0.1,
        ),
        Model(
            "full_path",
            "Full path",
            "22.5 % each to first touch, lead and deal creation, and close; 10 % others.",
            roles=dict.fromkeys(("first", *_INNER_ROLES, "close"), 0.225),
            middle=0.1,
        ),
        Model(
            "time_decay",
            "Time decay",
            "Credit halves with every half-life before the anchor.",
            ("half_life_days",),
            own_formula=True,
        ),
        Model(
            "markov",
            "Markov",
            "By removal effect: how many wins a chain of touches would lose without the key.",
            ("order",),
            by_key=True,
        ),
        Model(
            "markov_deal",
            "Markov within the deal",
            "Within each deal, in proportion to the removal effects of the keys it holds.",
            ("order",),
            by_key=True,
        ),
        Model(
            "shapley_set",
            "Shapley over key sets",
            "Each deal split equally over the distinct keys of its journey.",
            by_key=True,
        ),
        Model(
            "shapley_rate",
            "Shapley of conversion rates",
            "Shapley value of conversion rates; negative credit is reported.",
            ("permutations", "seed"),
            by_key=True,
        ),
    )
}
DEFAULTS: Mapping[str, Any] = {
    "order": 1,
    "half_life_days": 7.0,
    "direct": "direct",
    "permutations": None,
    "seed": 0,
}


def rule_models() -> tuple[str, ...]:
    """Return the models that weigh the touches of one deal: each has its columns in the ledger."""
    return tuple(name for name, model in MODELS.items() if not model.by_key)


def key_models() -> tuple[str, ...]:
    """Return the models that learn the worth of keys from all journeys."""
    return tuple(name for name, model in MODELS.items() if model.by_key)


def role_models() -> tuple[Model, ...]:
    """Return the rule-based models whose credit follows from the weights of roles alone."""
    rules = (MODELS[name] for name in rule_models())
    return tuple(model for model in rules if not model.own_formula)


def model_named(name: str, extra: tuple[str, ...] = ()) -> Model:
    """Return the model; UsageError with the nearest name when there is none such."""
    if name not in MODELS:
        raise unknown("attribution model", name, (*MODELS, *extra))
    return MODELS[name]


def model_label(name: str, own: Mapping[str, str] | None = None) -> str:
    """Return a model in words; one of a company's own by its label among `own`."""
    if name in MODELS:
        return MODELS[name].label
    return (own or {}).get(name) or name.replace("_", " ")


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
