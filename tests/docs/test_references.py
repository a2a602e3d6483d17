"""What the documents name is there: files, functions, links, and every word once."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/adr").glob("*.md")]
)
PATHS = re.compile(r"`((?:smarketing|pages|tests|tools|docs|data|benchmarks)/[\w/.-]+)`")
SYMBOLS = re.compile(r"`(\w+)` in\s+`(smarketing/[\w/]+\.py)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_and_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for path in PATHS.findall(text):
        assert (ROOT / path).exists(), f"{page.name} names {path}"
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_a_number_is_made_by_the_functions_that_the_page_names() -> None:
    found = SYMBOLS.findall((ROOT / "docs" / "how-a-number-is-made.md").read_text(encoding="utf-8"))
    assert len(found) >= 10
    for name, path in found:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        assert name in defined, f"{path} has no {name}"


def test_the_glossary_says_every_word_once_in_order() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        words = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", part, re.M)[1:]
        assert words == sorted(words, key=str.casefold)
        assert len(words) > 20
