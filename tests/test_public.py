"""What the package offers to Python: by name, typed, and at no cost before it is used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import smarketing


@pytest.mark.parametrize("name", sorted(smarketing._HOMES))
def test_a_public_name_is_that_of_its_home(name: str) -> None:
    home = sys.modules.get(smarketing._HOMES[name])
    found = getattr(smarketing, name)
    home = home or sys.modules[smarketing._HOMES[name]]
    assert found is getattr(home, name)
    assert found.__doc__
    assert name in dir(smarketing)


def test_every_public_name_has_a_home() -> None:
    assert set(smarketing.__all__) == {*smarketing._HOMES, "__version__", "app_path"}
    with pytest.raises(AttributeError, match="no attribute 'kpi'"):
        smarketing.kpi  # noqa: B018 - the access is what fails


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(smarketing.__file__).parent / "py.typed").is_file()


def test_importing_the_package_imports_nothing_heavy() -> None:
    asked = (
        "import sys, smarketing, smarketing.cli;"
        "print(sorted({'duckdb', 'pandas', 'numpy', 'plotly', 'sqlglot'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_numbers_of_the_shell_need_neither_frames_nor_the_workspace(demo_home: Path) -> None:
    heavy = {"pandas", "scipy", "plotly", "sqlalchemy", "alembic", "holidays", "streamlit"}
    asked = (
        "import sys; from smarketing.cli import app;"
        "app(['kpi', '--period', '2026-06'], standalone_mode=False);"
        f"print('heavy', sorted({heavy!r} & set(sys.modules)))"
    )
    told = {**os.environ, "SMARKETING_HOME": str(demo_home)}
    command = [sys.executable, "-c", asked]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=told)
    assert said.stdout.splitlines()[-1] == "heavy []"


def test_reading_an_export_loads_no_frames(tmp_path: Path) -> None:
    export = tmp_path / "Account.csv"
    export.write_text("Id,Name\n001000000000001AAA,One\n001000000000002AAA,Two\n")
    asked = (
        "import sys; from pathlib import Path; from smarketing.sources import builtin_sources;"
        "from smarketing.sources.reading import read_tables;"
        f"folder = Path({str(tmp_path)!r}); sources = builtin_sources().values();"
        "[(table, match)] = read_tables(folder / 'Account.csv', folder, sources);"
        "print(match.source.name, table.rows, 'pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["salesforce", "2", "False"]


def test_credit_needs_no_store() -> None:
    paths = pd.DataFrame({"path": ["search > mail", "mail"], "won": [1, 1], "value": [100, 50]})
    credit = smarketing.credit_paths(paths, "linear").set_index("key")["value_credit"]
    # 100 shared by two touches, 50 to mail alone
    assert credit.to_dict() == {"mail": 100, "search": 50}
