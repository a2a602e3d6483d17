"""Where docs/definitions.md and the agreement say the same thing, they say it alike."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from builders import default_agreement

from smarketing.attribution_models import MODELS

PAGE = (Path(__file__).parents[2] / "docs" / "definitions.md").read_text(encoding="utf-8")
SETTINGS = re.findall(
    r"^\| `([a-z_.]+)` \| (\S+) \|$", PAGE.split("## What the agreement sets")[1], re.M
)


@pytest.mark.parametrize(("path", "value"), SETTINGS)
def test_a_setting_is_the_default_agreement_s(path: str, value: str) -> None:
    found: Any = reduce(getattr, path.split("."), default_agreement())
    assert (float(found) == float(value)) if isinstance(found, int | float) else str(found) == value


def test_the_page_names_settings_and_every_model() -> None:
    assert len(SETTINGS) >= 16
    rows = PAGE.split("| model | weights")[1].split("\n\n")[0]
    named = {
        name
        for line in rows.splitlines()
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1] if line.startswith("|") else "")
    }
    assert named - {"custom"} == set(MODELS)


def test_a_caveat_is_a_whole_sentence() -> None:
    """One with a comma, written without quotes in a list, would be two halves."""
    said = [caveat for kpi in default_agreement().kpis for caveat in kpi.caveats]
    assert [caveat for caveat in said if not re.fullmatch(r"[A-Z].*\.", caveat)] == []
