"""Everything that is signed is in the document, and a difference is said in words."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest
import yaml

from smarketing.agreement import Agreement, load_agreement, parse_agreement
from smarketing.agreement.readable import readable
from smarketing.agreement.told import told
from smarketing.agreement.wording import Words
from smarketing.document import Document


def written(document: Document) -> str:
    lines: list[str] = []
    for passage in document.passages:
        lines += [passage.title, *passage.sentences, *(f"{a}: {b}" for a, b in passage.facts)]
        if passage.table is not None:
            lines += [" | ".join(row) for row in (passage.table.headers, *passage.table.rows)]
    return "\n".join(lines)


class Content:
    """An agreement's content as it stands, whatever it says."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.hash, self.version, self.company = "0" * 64, "1", "us"

    def model_dump(self, mode: str) -> dict[str, Any]:
        assert mode == "json"
        return self.content


def document_of(content: dict[str, Any]) -> str:
    return written(readable(cast("Agreement", Content(content))))


def marked(content: Any, marks: list[str]) -> Any:
    """The content with a mark of its own in the place of every text and number."""
    if isinstance(content, dict):
        return {key: marked(value, marks) for key, value in content.items()}
    if isinstance(content, list):
        return [marked(value, marks) for value in content]
    if content is None or isinstance(content, bool):
        return content
    marks.append(f"mark{len(marks)}x")
    return marks[-1]


def test_no_text_or_number_that_is_signed_is_left_out_of_the_document() -> None:
    marks: list[str] = []
    text = document_of(marked(load_agreement().model_dump(mode="json"), marks))
    found = set(re.findall(r"mark\d+x", text))
    assert len(marks) > 2000 and [mark for mark in marks if mark not in found] == []


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (("kpis", 0), "headline"),
        (("kpis", 0), "listed"),
        (("lead_definition", "behaviour", 0), "each"),
        (("classification", "channels", 0, "rules", 0, "raw_channel"), "missing"),
        (("attribution", "cac"), "lag_by_cycle"),
    ],
)
def test_no_choice_of_yes_or_no_is_left_out_either(place: tuple[Any, ...], field: str) -> None:
    content = load_agreement().model_dump(mode="json")
    before, inner = document_of(content), content
    for step in place:
        inner = inner[step]
    inner[field] = not inner[field]
    assert document_of(content) != before


def test_a_difference_is_one_sentence_of_what_people_say() -> None:
    before = load_agreement()
    after = parse_agreement(
        "extends: default\n"
        "service_levels: {response: {within_business_hours: 2}}\n"
        "lead_definition: {threshold: 60}\n"
        "stages: [{id: lead, label: Inquiry}]\n"
        "exits: [{id: recycled, reasons: [Bad timing, On holiday]}]\n"
    )
    assert told(before, after) == [
        "Stages, “Inquiry”, Label from Lead to Inquiry.",
        "Exits, “Recycled”, Reasons: adds On holiday and drops Not reachable, Budget next year, "
        "Project postponed.",
        "Lead score from 50 to 60 points.",
        "Response from 4 to 2 business hours.",
    ]


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ("targets: []", "Targets, “Acceptance rate” every month: dropped (KPI Acceptance rate, "
         "Value 75 %, Every month, Pace even, Tolerance 5 %)."),
        ("roles: [{id: head_of_sales, label: Chief}]",
         "Roles, “Chief”, Label from Head of sales to Chief."),
        ("kpis: [{id: new_leads, owners: {marketing: head_of_marketing}}]",
         "KPIs, “New leads”, Owners, Marketing from Head of demand generation to "
         "Head of marketing."),
    ],
)  # fmt: skip
def test_entries_are_called_by_what_they_are(own: str, sentence: str) -> None:
    assert told(load_agreement(), parse_agreement(f"extends: default\n{own}"))[0] == sentence


def test_what_a_rate_should_reach_is_told_in_percent() -> None:
    after = load_agreement().model_dump(mode="json")
    [target] = [t for t in after["targets"] if t["kpi"] == "acceptance_rate"]
    target["value"] = 0.8
    said = told(load_agreement(), parse_agreement(yaml.safe_dump(after)))
    assert said == ["Targets, “Acceptance rate” every month, Value from 75 % to 80 %."]


def test_every_share_of_1_is_told_in_percent() -> None:
    found: set[str] = set()
    waiting: list[Any] = [Agreement.model_json_schema()]
    while waiting:
        part = waiting.pop()
        for name, field in part.get("properties", {}).items() if isinstance(part, dict) else ():
            found |= {name} if (field.get("minimum"), field.get("maximum")) == (0, 1) else set()
        if isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part
    words = Words({})
    assert {"margin", "tolerance", "middle"} <= found
    assert {words.text(0.125, name) for name in found} == {"12.5 %"}
    assert {words.text(0, name) for name in found} == {"0 %"}


def test_a_day_is_told_as_sentences_write_it() -> None:
    after = load_agreement().model_dump(mode="json")
    margin = {"starts_on": "2026-03-01", "margin": 0.7}
    after["attribution"]["gross_margin"].append(margin)
    [said] = told(load_agreement(), parse_agreement(yaml.safe_dump(after)))
    assert said == "Attribution, Gross margin, no. 2: new (From 1 Mar 2026, Margin 70 %)."


def test_the_order_of_keys_and_comments_are_no_difference() -> None:
    one = parse_agreement("extends: default\ncurrency: USD\ncompany: A & B")
    other = parse_agreement("# agreed\ncompany: A & B\ncurrency: USD # dollars\nextends: default")
    assert told(one, other) == [] and one.hash == other.hash
