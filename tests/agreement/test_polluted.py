"""An agreement's file that no one should have written is one sentence with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.agreement import load_agreement
from smarketing.errors import AgreementError

TARGET = "targets:\n- {kpi: new_leads, period: 2026-Q1, value: "
KPI = (
    "kpis:\n- id: visits\n  label: Visits\n  question: How many?\n  definition: Visits.\n"
    "  mart: fct_visits\n  date_column: visited_on\n  expression: count(*)\n  unit: count\n"
    "  owners: {marketing: head_of_marketing, sales: head_of_sales}\n"
)
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("signed_on: 2026-02-30\n", 2, "'2026-02-30' is no day or time that exists"),
        ("signed_on: 2026-01-01T99:00:00Z\n", 2, "no day or time that exists"),
        (f"horizon: {'9' * 5000}\n", 2, "a number of 5,000 digits is none"),
        ("? [a, b]\n: c\n", 2, "a key is a word, not a list or a mapping"),
        ("? {a: b}\n: c\n", 2, "a key is a word, not a list or a mapping"),
        (f"stages: {'[' * 5000}\n", 2, "nested more than 40 deep"),
        (f"stages: {'[' * 500}{']' * 500}\n", 2, "nested more than 40 deep"),
        ("".join(" " * n + "a:\n" for n in range(300)), 41, "nested more than 40 deep"),
        (BOMB, 7, r"references \(&, \*\) make more than 100,000 parts"),
        ("stages: &s [*s]\n", 2, "a part refers to itself"),
        (f"{TARGET}.nan}}\n", 3, "'.nan' is no number"),
        (f"{TARGET}-.inf}}\n", 3, "'-.inf' is no number"),
        (f"{TARGET}-5}}\n", 3, r"targets\[0\].value: should be greater than or equal to 0"),
        (KPI, 7, r"mart: unknown mart 'fct_visits'. Did you mean '"),
        ("company: \x07\n", 2, "a character that no text has"),
        ("company: !!python/object:os.system x\n", 2, "not valid YAML"),
        ("5: x\n", 2, "should be strings"),
    ],
)
def test_it_is_refused_on_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text(f"extends: default\n{text}")
    with pytest.raises(AgreementError, match=rf"^agreement.yaml, line {line}: .*{says}") as caught:
        load_agreement(path)
    assert len(str(caught.value)) < 600


def test_a_file_that_is_no_agreement_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text("company: " + "x" * 2_000_000)
    with pytest.raises(AgreementError, match="more than an agreement has"):
        load_agreement(path)
