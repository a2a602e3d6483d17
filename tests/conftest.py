"""Fixtures that every test file may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports (`data/…`) and reference answers (`oracles/…`).

    Mark such a test with `pytest.mark.real`. It is skipped, with the reason, where
    `SMARKETING_REAL_DATA` names no folder.
    """
    named = os.environ.get("SMARKETING_REAL_DATA", "")
    if not named:
        pytest.skip("SMARKETING_REAL_DATA is not set: it names a folder of real exports")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"SMARKETING_REAL_DATA names {folder}, which is not a folder")
    return folder
