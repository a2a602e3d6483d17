"""The leads under a figure of the funnel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import agreed_stages
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError, unknown

if TYPE_CHECKING:
    import pandas as pd

Part = Literal["advanced", "here", "moved_back", "left", "converted", "mature", "mature_converted"]
EXITED = "exited"


def funnel_records(
    engine: Engine,
    settings: FunnelSettings,
    stage: str,
    part: Part | None = None,
    exit: str | None = None,
    reason: str | None = None,
    filters: Filters = NO_FILTERS,
) -> pd.DataFrame:
    """Answer which leads make up the count of a stage, or one part of it: one row per entry.

    `part` narrows it to a share of the leak, to those that went on to the next stage, or to the
    mature ones; `exit` and `reason` to those that left so. In a snapshot the stage may be
    `exited`. The rows number what the figure says. Raises UsageError for an unknown stage.
    """
    if settings.mode == "snapshot":
        number = 0 if stage == EXITED else stage_number(engine, stage)
        params = settings.params(engine) | {"stage_number": number}
        return engine.run("funnel/standing", params, filters)
    params = settings.params(engine) | {
        "mode": settings.mode,
        "stage_number": stage_number(engine, stage),
    }
    frame = engine.run("funnel/records", params, filters)
    if part in ("advanced", "here", "moved_back", "left"):
        frame = frame[frame["outcome"] == part]
    elif part == "converted":
        frame = frame[frame["is_stepped"]]
    elif part == "mature":
        frame = frame[frame["is_mature"].fillna(False)]
    elif part == "mature_converted":
        frame = frame[frame["is_mature"].fillna(False) & frame["is_stepped_within"]]
    elif part is not None:
        raise UsageError(f"'{part}' is no part of a stage.")
    for column, wanted in (("exit", exit), ("reason", reason)):
        if wanted is not None:
            frame = frame[frame[column] == wanted]
    return frame.reset_index(drop=True)


def stage_number(engine: Engine, stage: str) -> int:
    """Return the number of a stage; UsageError with the nearest name if there is none."""
    numbers = {known.stage: known.number for known in agreed_stages(engine)}
    if stage not in numbers:
        raise unknown("stage", stage, numbers)
    return numbers[stage]
