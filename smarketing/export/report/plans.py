"""Reports as data: which figures, for whom, over which period, how often.

A report is a YAML file, of the product or in a home's `reports/`; the name of the file is its name.

    title: "{company}: {period}"
    audience: Leadership
    period: last-month
    every: month
    filters: {segment: [enterprise]}
    figures:
      - headlines
      - attribution
      - {figure: funnel, period: 2026-Q2, filters: {segment: [enterprise]}}
      - funnel?show=time#stays

The third is a view of its own: its filters narrow the report's, its period stands for the report's.
The last is a figure of a page by its address, of the report's period unless it asks for its own.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from smarketing.agreement import Agreement
from smarketing.charts.names import visible
from smarketing.engine import Filters
from smarketing.errors import SmarketingError, UsageError, unknown
from smarketing.export.report.catalogue import Wanted, checked
from smarketing.export.report.moving import EVERY
from smarketing.periods import Period
from smarketing.plain_yaml import parse_yaml

BUILT_IN = Path(__file__).with_name("builtin")
FOLDER = "reports"
_KEYS = ("title", "audience", "period", "every", "filters", "figures")
_OF_FIGURE = ("figure", "period", "filters")


@dataclass(frozen=True)
class Plan:
    """One report as it was written; `every` is blank for one that nobody waits for."""

    name: str
    title: str
    audience: str
    period: str
    every: str
    filters: Filters
    figures: tuple[Wanted, ...]


def readable_plans(home: Path) -> tuple[dict[str, Plan], dict[str, SmarketingError]]:
    """Return every report that can be read, and by name what is wrong with the others."""
    found: dict[str, Plan] = {}
    wrong: dict[str, SmarketingError] = {}
    for folder in (BUILT_IN, home / FOLDER):
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            try:
                found[path.stem] = _read(path)
            except SmarketingError as error:
                wrong[path.stem] = error
                found.pop(path.stem, None)
    return found, wrong


def plan_named(home: Path, name: str) -> Plan:
    """Return one report, whatever is wrong with others.

    UsageError with the file where it cannot be read, with the nearest name if there is none such.
    """
    found, wrong = readable_plans(home)
    if name in wrong:
        raise wrong[name]
    if name not in found:
        raise unknown("report", name, found)
    return found[name]


def _read(path: Path) -> Plan:
    try:
        content = parse_yaml(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{path.name} is no report that can be read ({first}).") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path.name} is no report: write title, period and figures.")
    for key in content:
        if key not in _KEYS:
            raise unknown("entry", str(key), _KEYS, path.name)
    figures = content.get("figures")
    if not isinstance(figures, list) or not figures:
        raise UsageError(f"{path.name}: figures is a list of names of figures.")
    every = _text(content, "every", path)
    if every and every not in EVERY:
        raise UsageError(f"{path.name}: every is one of {', '.join(EVERY)}, not '{every}'.")
    return Plan(
        path.stem,
        _text(content, "title", path) or path.stem,
        _text(content, "audience", path),
        _text(content, "period", path) or "last-month",
        every,
        _filters(content.get("filters"), path),
        tuple(dict.fromkeys(_figure(item, path) for item in figures)),
    )


def _figure(item: object, path: Path) -> Wanted:
    content = {"figure": item} if isinstance(item, str) else item
    if not isinstance(content, dict) or not isinstance(content.get("figure"), str):
        raise UsageError(
            f"{path.name}: figures is a list of names of figures, or of views such as "
            "{figure: funnel, filters: {segment: [enterprise]}}."
        )
    for key in content:
        if key not in _OF_FIGURE:
            raise unknown("entry", str(key), _OF_FIGURE, f"a figure of {path.name}")
    checked([content["figure"]], path.name)
    filters = _filters(content.get("filters"), path)
    return Wanted(content["figure"], filters, _text(content, "period", path))


def _text(content: dict[str, Any], key: str, path: Path) -> str:
    value = content.get(key, "")
    if key == "period" and isinstance(value, int) and not isinstance(value, bool):
        # A year is a number to YAML.
        return str(value)
    if key == "period" and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if not isinstance(value, str):
        raise UsageError(f"{path.name}: {key} is text, not {value!r}.")
    return value


def _filters(given: object, path: Path) -> Filters:
    if given is None:
        return Filters.from_mapping({})
    if not isinstance(given, dict):
        raise UsageError(f"{path.name}: filters is a mapping such as {{segment: [enterprise]}}.")
    wanted = {}
    for name, values in given.items():
        listed = values if isinstance(values, list) else [values]
        if not listed or not all(_is_value(value) for value in listed):
            raise UsageError(
                f"{path.name}: filters: {name} is a value or a list of values, as in "
                f"{{{name}: [enterprise]}}; leave the line out to see all."
            )
        wanted[str(name)] = [str(value) for value in listed]
    return Filters.from_mapping(wanted)


def _is_value(value: object) -> bool:
    return isinstance(value, str | int | float | dt.date) and str(value).strip() != ""


def title_of(plan: Plan, agreement: Agreement, window: Period) -> str:
    """Return a report's title with company and period in it."""
    given = {"{company}": agreement.company, "{period}": window.label}
    return visible(re.sub(r"\{company\}|\{period\}", lambda m: given[m[0]], plan.title))
