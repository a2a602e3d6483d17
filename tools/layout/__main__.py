"""Tidy the SQL of the package: `python -m tools.layout`, with `--check` only say what is untidy."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.layout import faults, tidied

_ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> int:
    """Tidy every file, or check it; return 1 where something is left to a person."""
    said = []
    for path in sorted((_ROOT / "smarketing").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        tidy = tidied(text)
        name = path.relative_to(_ROOT)
        if tidy != text and "--check" in arguments:
            said.append(f"{name} is untidy: run make format")
        elif tidy != text:
            path.write_text(tidy, encoding="utf-8")
        said += [f"{name}: {fault}" for fault in faults(tidy)]
    print("\n".join(said) or "Every SQL file is laid out alike.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
