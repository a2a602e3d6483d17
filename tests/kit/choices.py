"""What may be agreed, and what holds where nothing is said: every field's default and limits."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from small_agreements import agreement, other_agreement

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.readable import readable
from smarketing.agreement.told import told
from smarketing.document import Passage

CHOICES = Path(__file__).parents[1] / "agreement" / "choices.txt"
#: The packaged agreement as a document, and what differs from it elsewhere.
WORDS = CHOICES.with_name("words.txt")
_SAYS_NOTHING = ("title", "description", "$ref")


def choices() -> dict[str, list[str]]:
    """Return the fields of each part of the agreement, each with what its values must be."""
    schema = Agreement.model_json_schema()
    parts = {"Agreement": schema, **schema["$defs"]}
    return {name: _fields(parts[name]) for name in sorted(parts)}


def _fields(part: dict[str, Any]) -> list[str]:
    required = part.get("required", [])
    return [
        f"{name}{'' if name in required else '?'} {_said(field)}".strip()
        for name, field in part.get("properties", {}).items()
    ]


def _said(field: dict[str, Any]) -> str:
    return ", ".join(f"{key} {said}" for key, said in field.items() if key not in _SAYS_NOTHING)


def words() -> dict[str, list[str]]:
    """Return the document of what is signed by its passages, and differences as sentences."""
    packaged, company, other = load_agreement(), agreement(), other_agreement()
    document = readable(packaged, "in force", {"new_leads": [("SQL", "select 1")]})
    return {
        "document": [document.title, document.stamp, *map(_passage, document.passages)],
        "the company": told(packaged, company),
        "the other": told(company, other),
        "back again": told(other, packaged),
    }


def _passage(passage: Passage) -> str:
    table = passage.table
    rows = f", {len(table.rows)} rows of {', '.join(table.headers)}" if table else ""
    said = zlib.crc32(repr((passage.sentences, passage.facts, table)).encode())
    return f"{'#' * passage.level} {passage.title}: {len(passage.facts)} facts{rows} {said:08x}"
