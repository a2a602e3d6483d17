"""What the stages of deals stand for can be written in three ways, which mean the same."""

from __future__ import annotations

from typing import Any

import pytest

from smarketing.agreement.outcomes import StageOutcome, contradiction, stage_outcomes


def entry(stage: str, outcome: str, pipeline: str | None = None) -> dict[str, Any]:
    return {"stage": stage, "outcome": outcome, "pipeline": pipeline}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"Signed": "won", "Talk": "open"}, [entry("Signed", "won"), entry("Talk", "open")]),
        ({"Renewals": {"Signed": "open"}}, [entry("Signed", "open", "Renewals")]),
        ({"won": ["Signed", 7]}, [entry("Signed", "won"), entry("7", "won")]),
        ({"Renewals": {"lost": ("Gone",)}}, [entry("Gone", "lost", "Renewals")]),
        ({2: {3: "won"}}, [entry("3", "won", "2")]),
        ({"open": "won"}, [entry("open", "won")]),
        ({}, []),
        ([entry("Signed", "won")], [entry("Signed", "won")]),
    ],
)
def test_a_map_becomes_a_list_of_stages(written: Any, meant: Any) -> None:
    assert stage_outcomes(written) == meant


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ({"Signed": "sold"}, "Signed"),
        ({"Signed": ["won"]}, "Signed"),
        ({"Renewals": {"Signed": ["won"]}}, "Signed"),
    ],
)
def test_what_is_no_outcome_is_refused_by_its_stage(written: Any, name: str) -> None:
    with pytest.raises(ValueError, match=f"the stage '{name}' stands for .*; write won, lost or"):
        stage_outcomes(written)


def test_a_stage_that_stands_for_two_outcomes_is_said_with_its_pipeline() -> None:
    def said(*stages: tuple[str, str, str | None]) -> str | None:
        return contradiction(
            tuple(
                StageOutcome(stage=stage, outcome=outcome, pipeline=pipeline)  # type: ignore[arg-type]
                for stage, outcome, pipeline in stages
            )
        )

    assert said(("Won", "won", None), ("Lost", "lost", None), ("won", "won", None)) is None
    assert said(("Done", "won", None), ("Done", "lost", "Renewals")) is None
    two = said(("Done", "won", "Renewals"), ("Lost", "lost", None), ("done", "open", "renewals"))
    assert two == "the stage 'done' of the pipeline 'renewals' is both won and open"
    assert said(("Done", "won", None), ("Done", "lost", None)) == (
        "the stage 'Done' is both won and lost"
    )
