"""What may be agreed, and what holds where nothing is said: every field's default and limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from smarketing.agreement import Agreement

CHOICES = Path(__file__).parents[1] / "agreement" / "choices.txt"
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
