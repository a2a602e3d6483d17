"""While the workspace is away, pages show what does not need it, and say what is missing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from page_kit import alone
from typer.testing import CliRunner

from smarketing.agreement import load_home_agreement
from smarketing.cli import app
from smarketing.store.agreed import agreed


@pytest.fixture
def away(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's home, beside a workspace that no table can be read from."""
    file = tmp_path / "broken.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("create table alembic_version (version_num text)")
        connection.execute("insert into alembic_version values ('9999')")
    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    monkeypatch.setenv("SMARKETING_WORKSPACE", f"sqlite:///{file}")
    return demo_home


@pytest.mark.parametrize(
    ("page", "asked", "shown", "missing"),
    [
        ("agreement", {}, "Within business hours", "Who signed it cannot be read now"),
        ("agreement", {"agreement_view": "versions"}, "", "Versions and signatures cannot be"),
        ("meeting", {"topic": "put_in", "all": "1"}, "New leads 22 in 2026-W26", "not frozen"),
        ("meeting", {"topic": "issues"}, "", "“Issues, decisions, actions” cannot be read now"),
        ("calendar", {}, "Ideas and plans", "Ideas, plans and promises cannot be read now"),
    ],
)
def test_a_page_shows_what_does_not_need_it(
    page: str, asked: dict[str, str], shown: str, missing: str, away: Path, tmp_path: Path
) -> None:
    shown_page = alone(page, tmp_path)
    for name, value in asked.items():
        shown_page.query_params[name] = value
    shown_page.run()
    assert not shown_page.exception
    text = "\n".join(element.proto.body for element in shown_page.get("html"))
    text += "\n".join(element.value for element in shown_page.subheader)
    assert missing in text and shown in text
    assert "could not be shown" not in text
    assert any("newer Smarketing" in warning.value for warning in shown_page.warning)


def test_the_agreement_is_printed_without_it(away: Path, tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["agreement", "show"])
    assert said.exit_code == 0 and "signatures not known" in said.stdout
    assert said.stderr.startswith(
        "Who signed it is not known. The workspace was written by a newer"
    )
    made = CliRunner().invoke(app, ["agreement", "export", str(tmp_path / "a.html")])
    assert made.exit_code == 0 and (tmp_path / "a.html").stat().st_size
    assert agreed(away).as_filed().hash == load_home_agreement(away).hash
