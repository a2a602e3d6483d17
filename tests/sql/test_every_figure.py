"""What the command line prints is equal wherever the marts are: here, in PostgreSQL, in Spark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from every_figure import NO_FIGURES, answered, commands, questions, values_of
from small_stores import hostile_home, odd_home
from warehouse_kit import in_turn, leave_marts

from smarketing.engine import live
from smarketing.engine.warehouse import Warehouse


@pytest.fixture(params=["postgres", pytest.param("spark", marks=pytest.mark.parity)])
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    yield from in_turn(request)


def test_every_command_that_prints_figures_is_asked() -> None:
    assert {"kpi", "funnel", "attribution", "journey", "handoff", "worklist", "plan", "check"} <= {
        *commands()
    }
    assert not NO_FIGURES & {*commands()}


def differing(
    home: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, **chosen: Any
) -> tuple[list[str], int]:
    """Return the questions that are answered otherwise there than here, and how many went there."""
    asked = 0
    arrow = cache(warehouse.arrow)  # nothing changes there, and most is asked by several commands

    def reached(_address: str) -> Any:
        nonlocal asked
        asked += 1
        return SimpleNamespace(arrow=arrow, close=lambda: None)

    monkeypatch.setenv("SMARKETING_HOME", str(home))
    lines = questions(values_of(home), **chosen)
    here = {" ".join(line): answered(line) for line in lines}
    there = Path(shutil.copytree(home, home.with_name(f"there-{warehouse.dialect}")))
    leave_marts(home, there, warehouse)
    monkeypatch.setenv("SMARKETING_HOME", str(there))
    monkeypatch.setenv("SMARKETING_WAREHOUSE", f"{warehouse.dialect}://")
    monkeypatch.setattr(live, "open_reader", reached)
    found = [" ".join(line) for line in lines if answered(line) != here[" ".join(line)]]
    warehouse.drop()
    return found, asked


@pytest.mark.slow
def test_some_figures_of_every_command_are_equal_there(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, asked = differing(hostile_home(tmp_path), warehouse, monkeypatch, mixed=1, alone=False)
    assert found == []
    assert asked > 40


@pytest.mark.parity
@pytest.mark.slow
@pytest.mark.parametrize("company", [hostile_home, odd_home, None], ids=["hostile", "odd", "demo"])
def test_every_figure_that_the_command_line_prints_is_equal_there(
    warehouse: Warehouse,
    tmp_path: Path,
    demo_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    company: Callable[[Path], Path] | None,
) -> None:
    home = company(tmp_path) if company else shutil.copytree(demo_home, tmp_path / "home")
    found, asked = differing(Path(home), warehouse, monkeypatch)
    assert found == []
    assert asked > 400
