"""The agreement by the command line: shown, proposed, compared, signed, exported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smarketing.cli import app
from smarketing.store.builds import current_build_id


def run(*args: str) -> str:
    result = CliRunner().invoke(app, ["agreement", *args], catch_exceptions=False)
    return result.output


def test_propose_sign_and_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path / "home"))
    file = tmp_path / "new.yaml"
    file.write_text("extends: default\nlead_definition: {threshold: 60}\n")
    made = json.loads(run("propose", str(file), "--by", "Anna [b]", "--json"))
    assert made["changes"] == ["Lead score from 50 to 60 points."] and made["numbers"] is None
    short = made["version"][:8]
    assert "once sales signed as well" in run("sign", short, "--team", "marketing", "--name", "M")
    assert "It is in force." in run("sign", short, "--team", "sales", "--name", "S")
    assert "Threshold: 60" in run("show")
    assert run("diff", short, str(file)).strip() == "Both say the same."
    version, before = json.loads(run("history", "--json"))
    assert (before["state"], before["proposed_by"]) == ("replaced", None)
    assert (version["state"], version["proposed_by"]) == ("in force", "Anna [b]")
    assert {s["team"]: s["verified"] for s in version["signatures"]} == {
        "marketing": False,
        "sales": False,
    }
    assert "Anna [b]" in run("history")
    run("withdraw", short, "--team", "sales")
    assert json.loads(run("history", "--json"))[0]["state"] == "proposed"
    for name in ("a.html", "a.md", "a.yaml"):
        run("export", str(tmp_path / name))
    assert "Threshold" in (tmp_path / "a.html").read_text()
    assert "threshold: 60" in (tmp_path / "a.yaml").read_text()


def test_a_proposal_says_what_it_does_to_the_numbers_and_changes_none(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    current = current_build_id(home)
    text = run("show", "--yaml")
    file = tmp_path / "faster.yaml"
    file.write_text(text.replace("within_business_hours: 4.0", "within_business_hours: 2.0"))
    made = json.loads(run("propose", str(file), "--by", "Anna", "--json"))
    assert made["changes"] == ["Response from 4 to 2 business hours."]
    numbers = {row["id"]: row for row in made["numbers"]["changed"]}
    assert set(numbers) == {"sla_response_rate"}
    assert numbers["sla_response_rate"]["after"] < numbers["sla_response_rate"]["before"]
    assert made["numbers"]["period"] == "2026-Q1"
    assert current_build_id(home) == current
