"""What the stages of deals stand for: won, lost or open, by pipeline where that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from pydantic import Field

from smarketing.agreement.base import Part
from smarketing.agreement.matching import normalise

Outcome = Literal["won", "lost", "open"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class StageOutcome(Part):
    """A stage as a source writes it and what a deal in it is; without a pipeline, in every one."""

    stage: str = Field(min_length=1)
    outcome: Outcome
    pipeline: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return pipeline and stage as they are compared."""
        return normalise(self.pipeline), normalise(self.stage)


def stage_outcomes(value: Any) -> Any:
    """Read a map of stages to outcomes, of pipelines to such maps, or of outcomes to stages.

    `{Contract signed: won}`, `{Renewals: {Contract signed: open}}` and `{won: [Contract signed]}`
    give a list of stages; what is none of these is left to be refused.
    """
    return list(_entries(value, None)) if isinstance(value, Mapping) else value


def _entries(value: Mapping[Any, Any], pipeline: str | None) -> Iterator[dict[str, Any]]:
    for name, meant in value.items():
        if isinstance(meant, Mapping) and pipeline is None:
            yield from _entries(meant, str(name))
        elif isinstance(meant, list | tuple) and name in OUTCOMES:
            for stage in meant:
                yield {"stage": str(stage), "outcome": name, "pipeline": pipeline}
        elif meant in OUTCOMES:
            yield {"stage": str(name), "outcome": meant, "pipeline": pipeline}
        else:
            raise ValueError(f"the stage '{name}' stands for '{meant}'; write won, lost or open")


def contradiction(stages: tuple[StageOutcome, ...]) -> str | None:
    """Say which stage stands for two outcomes; None where each stands for one."""
    seen: dict[tuple[str, str], StageOutcome] = {}
    for item in stages:
        first = seen.setdefault(item.key, item)
        if first.outcome != item.outcome:
            where = f" of the pipeline '{item.pipeline}'" if item.pipeline else ""
            return f"the stage '{item.stage}'{where} is both {first.outcome} and {item.outcome}"
    return None


def outcome_of(stages: tuple[StageOutcome, ...], stage: object, pipeline: object) -> Outcome | None:
    """Return what a deal in a stage is; what is said of its pipeline goes before the rest."""
    known = {item.key: item.outcome for item in stages}
    name = normalise(stage)
    return known.get((normalise(pipeline), name)) or known.get(("", name))
