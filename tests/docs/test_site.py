"""The documentation site: every command, flag, KPI, source and mart appears, and links hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from smarketing.agreement import load_agreement
from smarketing.build.data_model import marts
from smarketing.cli import app
from smarketing.sources import builtin_sources
from tools.docs.__main__ import write_site

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "docs"
    write_site(folder)
    return folder


def test_every_command_and_flag_is_told(site: Path) -> None:
    text = (site / "reference" / "commands.md").read_text(encoding="utf-8")
    waiting = [("smarketing", typer.main.get_command(app))]
    told = 0
    while waiting:
        path, command = waiting.pop()
        inner = getattr(command, "commands", {})
        waiting += [(f"{path} {name}", found) for name, found in inner.items()]
        if not inner:
            section = text.split(f"## `{path}`\n")[1].split("\n## ")[0]
            assert all(f"`{name}`" in section for p in command.params for name in p.opts), path
            told += 1
    assert told >= 15


def test_every_kpi_source_and_mart_is_told(site: Path) -> None:
    kpis = (site / "reference" / "kpis.md").read_text(encoding="utf-8")
    assert all(f"`{kpi.id}`" in kpis for kpi in load_agreement().kpis)
    sources = (site / "reference" / "sources.md").read_text(encoding="utf-8")
    for name, source in builtin_sources().items():
        assert f"(`{name}`)" in sources
        assert all(f"### {item}\n" in sources for item in source.objects)
    model = (site / "data-model.md").read_text(encoding="utf-8")
    assert all(f"### {mart.name}\n" in model for mart in marts())


def test_every_page_of_the_site_is_there_and_every_link_leads_somewhere(site: Path) -> None:
    config = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    named = re.findall(r"'([\w/-]+\.md)'", str(config["project"]["nav"]))
    assert len(named) >= 13 and all((site / page).exists() for page in named)
    for page in site.rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"
