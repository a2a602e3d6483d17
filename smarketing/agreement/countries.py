"""Countries by ISO code or name, so that `DE`, `DEU`, `Germany` and `Deutschland` are one."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from smarketing.agreement.matching import normalise


@cache
def _codes() -> dict[str, str]:
    path = Path(__file__).parent / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    codes: dict[str, str] = {}
    for row in rows:
        for name in row["names"].split("|"):
            codes.setdefault(normalise(name), row["alpha_2"])
    for row in rows:
        codes[normalise(row["alpha_2"])] = codes[normalise(row["alpha_3"])] = row["alpha_2"]
    return codes


def country_code(name: object) -> str | None:
    """Return the two-letter ISO code of a country given by code or name; None if unknown."""
    text = normalise(name)
    return _codes().get(text) or _codes().get(text.removeprefix("the ").replace(".", ""))
