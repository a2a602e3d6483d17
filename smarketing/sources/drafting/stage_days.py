"""Columns of which each holds the day a lead entered one stage: "MQL am", "SQL date"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from smarketing.agreement import Agreement, parse_agreement
from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import Draft, filled, value
from smarketing.sources.drafting.words import folded_words
from smarketing.sources.drafting.work import Work


def stage_days(work: Work) -> Mapping[str, Column]:
    """Return the stages of which a column of the file holds the day, in the words of the header.

    A stage is what the packaged agreement's lead statuses know; the company's own agreement says
    which of its stages or exits that is.
    """
    found: dict[str, Column] = {}
    for column in work.guess.unexplained("date"):
        stage = _stage(column.header.phrase)
        if stage and column.name not in work.used:
            found.setdefault(stage, column)
    return found


def stage_events(work: Work, key: str) -> Draft | None:
    """Draft the stage events of leads that have a column for the day of each stage."""
    days = stage_days(work)
    if not days:
        return None
    work.used |= {column.name for column in days.values()}
    cases = "\n".join(f"    when {literal(s)} then {value(c)}" for s, c in days.items())
    entered = f"case entry.stage\n{cases}\n  end"
    stages = ", ".join(f"({literal(stage)})" for stage in days)
    work.joins["entry"] = f"cross join (values {stages}) as entry(stage)"
    columns = {"lead_id": key, "stage": "entry.stage", "entered_at": entered}
    filled_in = " or ".join(
        f"entry.stage = {literal(stage)} and {filled(column)} is not null"
        for stage, column in days.items()
    )
    return work.another("lead_stage_event", columns, f"({filled_in})")


def _stage(phrase: str) -> str | None:
    """Return the stage in a header of a day: its words without those that every date has.

    The day of the first stage is when a lead came in, and no event of its own.
    """
    left = " ".join(word for word in phrase.split() if word not in folded_words("dated"))
    agreed = _packaged()
    found = agreed.classification.lead_status_of(left) if left else None
    return left if found and found[0] != agreed.stages[0].id else None


def stage_said(text: str) -> bool:
    """Whether a text is a status of leads that the packaged agreement knows."""
    return _packaged().classification.lead_status_of(text) is not None


@cache
def later_stages() -> frozenset[str]:
    """Return what the packaged agreement calls its stages behind the first, in one word each."""
    return frozenset(stage.id for stage in _packaged().stages[1:])


@cache
def _packaged() -> Agreement:
    return parse_agreement("extends: default\n")
