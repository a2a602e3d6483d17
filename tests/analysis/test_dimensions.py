"""Whose channel, persona or owner a figure is cut by."""

from __future__ import annotations

from pathlib import Path

from smarketing.analysis.dimensions import _SUBJECTS, AMBIGUOUS, subjects
from smarketing.engine import open_engine
from smarketing.engine.compile import sql_files


def test_of_every_mart_it_is_known_whose_property_a_dimension_is(demo_home: Path) -> None:
    engine = open_engine(demo_home)
    columns = {mart: set(engine.columns(mart)) for mart in sql_files("marts")}
    cut = {mart for mart, has in columns.items() if has & set(AMBIGUOUS)}
    of_leads = {mart for mart in cut if "lead_id" in columns[mart]}
    assert cut - of_leads <= set(_SUBJECTS), "else a page would call it the lead's"
    assert subjects(["fct_deal", "fct_stage_count"]) == "deal and lead"
