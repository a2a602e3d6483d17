"""What the marts read of the agreement."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
from builders import default_agreement, write_core

from smarketing.agreement import Agreement
from smarketing.build.marts.agreement_tables import write_agreement


def steps_of(agreement: Agreement) -> list[tuple[Any, ...]]:
    """The steps that are asked about: stage, next stage, window, whether they are named."""
    with duckdb.connect() as connection:
        write_core(connection, {}, agreement, dt.datetime(2026, 7, 1))
        write_agreement(connection, agreement)
        return connection.execute("from agreement_step_window").fetchall()


def test_steps_are_those_of_neighbours_and_those_that_windows_or_kpis_name() -> None:
    assert {step[:2]: step[2:] for step in steps_of(default_agreement())} == {
        ("lead", "mql"): (None, False), ("mql", "sal"): (None, False),
        ("sal", "sql"): (None, False), ("sql", "opportunity"): (None, False),
        ("opportunity", "customer"): (None, False),
        ("mql", "sql"): (None, True), ("lead", "sql"): (None, True),
        ("lead", "opportunity"): (None, True), ("lead", "customer"): (None, True),
    }  # fmt: skip


def test_a_step_that_a_kpi_is_about_is_named_even_where_no_window_names_it() -> None:
    bare = default_agreement().model_copy(update={"step_windows": ()})
    assert [step[:2] for step in steps_of(bare) if step[3]] == [("mql", "sql")]
