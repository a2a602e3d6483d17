"""What no source tells of the handoff: whether leads were followed up, decided on, sent away."""

from __future__ import annotations

from sqlglot import exp

from smarketing.analysis.availability import NO_EXITS, recorded, recorded_each
from smarketing.engine import Engine
from smarketing.periods import Window

#: What sales owes a lead that is handed over, by name.
OBLIGATIONS = {"response": "First response", "attempts": "Attempts", "decision": "Decision"}


def unknown_obligations(engine: Engine, window: Window | None = None) -> dict[str, str]:
    """Answer which obligations no source can tell of, by name with the reason.

    Where nobody says when leads were handed over, or what sales did with any, neither "nothing is
    overdue" nor "missed" would be so; nor in a window before the records or after the data.
    """
    told = [(exp.column(f"{name}_status").is_(exp.Null()).not_(), None) for name in OBLIGATIONS]
    each = recorded_each(engine, "fct_handoff", "qualified_day" if window else None, told)
    reasons = {
        name: found.why_nothing(window) for name, found in zip(OBLIGATIONS, each, strict=True)
    }
    return {name: why for name, why in reasons.items() if why}


def no_exits(engine: Engine) -> str | None:
    """Answer why it is not known which leads left; None where any did by more than a lost deal."""
    told = exp.and_(exp.column("kind").eq("exit"), exp.column("origin").eq("imported"))
    return None if recorded(engine, "fct_stage_entry", could=told).records else NO_EXITS
