"""The layout of SQL files: what is mended, what is told, and that the package's own keep to it."""

from __future__ import annotations

from smarketing.engine.compile import SQL
from tools.layout import faults, tidied


def test_blanks_tabs_and_empty_lines_are_mended_and_a_tidy_text_is_left() -> None:
    tidy = "select\n  a\n\nfrom t\n"
    assert tidied("\n\nselect  \n\ta\n\n\n\nfrom t") == tidy
    assert tidied(tidy) == tidy


def test_what_a_person_must_mend_is_told_by_its_line() -> None:
    long = "  " + " + ".join(["amount"] * 20)
    assert faults(f"select\n   a\n  , b\n{long}\nfrom t") == [
        "line 2 is not indented by steps of 2",
        "line 3 begins with a comma: it ends the line before",
        "line 4 is longer than 120 characters",
    ]
    assert faults(f"-- {long}\nselect a ~ '{'x' * 200}'") == []


def test_every_file_of_the_package_is_laid_out_so() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SQL.parent.rglob("*.sql")}
    assert len(texts) > 200
    assert {path.name: faults(text) for path, text in texts.items() if faults(text)} == {}
    assert [path.name for path, text in texts.items() if tidied(text) != text] == []


def test_a_file_by_larger_steps_is_indented_by_those_of_all() -> None:
    tidy = "select\n  case\n    when a then b\n  end\nfrom t\n"
    assert tidied(tidy.replace("  ", "    ")) == tidy
    assert tidied(tidied(tidy.replace("  ", "        "))) == tidy
    odd = "select\n   a\nfrom t\n"
    assert tidied(odd) == odd
