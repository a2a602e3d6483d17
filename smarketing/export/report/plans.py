"""Reports as data: which figures, for whom, over which period, how often.

A report is a YAML file, of the product or in a home's `reports/`; the name of the file is its name.

    title: "{company}: {period}"
    audience: Leadership
    period: last-month
    every: month
    filters: {segment: [enterprise]}
    figures: [headlines, scoreboard, attribution]
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from smarketing.agreement import Agreement
from smarketing.engine import Filters
from smarketing.errors import UsageError, did_you_mean, unknown
from smarketing.export.report.catalogue import checked
from smarketing.periods import Period, period_of

BUILT_IN = Path(__file__).with_name("builtin")
FOLDER = "reports"
_KEYS = ("title", "audience", "period", "every", "filters", "figures")
_EVERY = ("day", "week", "month", "quarter", "year")
_LAST = {f"{word}-{kind}": kind for word in ("last", "this") for kind in _EVERY[1:]}


@dataclass(frozen=True)
class Plan:
    """One report as it was written; `every` is blank for one that nobody waits for."""

    name: str
    title: str
    audience: str
    period: str
    every: str
    filters: Filters
    figures: tuple[str, ...]


def plans(home: Path) -> dict[str, Plan]:
    """Return every report by name; one of the home replaces the product's of that name.

    Raises UsageError, with the file, for one that cannot be read.
    """
    found = {}
    for folder in (BUILT_IN, home / FOLDER):
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            found[path.stem] = _read(path)
    return found


def plan_named(home: Path, name: str) -> Plan:
    """Return one report; UsageError with the nearest name if there is none such."""
    found = plans(home)
    if name not in found:
        raise unknown("report", name, found)
    return found[name]


def _read(path: Path) -> Plan:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError, OSError) as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{path.name} is no report that can be read ({first}).") from error
    if not isinstance(content, dict):
        raise UsageError(f"{path.name} is no report: write title, period and figures.")
    for key in content:
        if key not in _KEYS:
            raise unknown("entry", str(key), _KEYS, path.name)
    figures = content.get("figures")
    if not isinstance(figures, list) or not figures or not all(isinstance(f, str) for f in figures):
        raise UsageError(f"{path.name}: figures is a list of names of figures.")
    checked(figures, path.name)
    every = _text(content, "every", path)
    if every and every not in _EVERY:
        raise UsageError(f"{path.name}: every is one of {', '.join(_EVERY)}, not '{every}'.")
    return Plan(
        path.stem,
        _text(content, "title", path) or path.stem,
        _text(content, "audience", path),
        _text(content, "period", path) or "last-month",
        every,
        _filters(content.get("filters") or {}, path),
        tuple(dict.fromkeys(figures)),
    )


def _text(content: dict[str, Any], key: str, path: Path) -> str:
    value = content.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{path.name}: {key} is text, not {value!r}.")
    return value


def _filters(given: object, path: Path) -> Filters:
    if not isinstance(given, dict):
        raise UsageError(f"{path.name}: filters is a mapping such as {{segment: [enterprise]}}.")
    wanted = {
        str(name): [str(v) for v in (values if isinstance(values, list) else [values])]
        for name, values in given.items()
    }
    return Filters.from_mapping(wanted)


def read_period(text: str, agreement: Agreement, as_of: dt.date) -> Period:
    """Return the period a report is for: 2026-06, or one that moves, such as last-week.

    What moves does so by the day of the data, never by the clock. UsageError for one that begins
    after the data end.
    """
    if text in _LAST:
        window = period_of(
            as_of,
            _LAST[text],
            week_start=agreement.week_start,
            fiscal_year_start_month=agreement.fiscal_year_start_month,
        )
        complete = window.last_day <= as_of
        return window if text.startswith("this") or complete else window.previous()
    try:
        window = agreement.parse_period(text)
    except UsageError as error:
        raise UsageError(f"{error}{did_you_mean(text, _LAST)}") from error
    if window.start > as_of:
        raise UsageError(
            f"The period {window.label} begins after the data end ({as_of:%Y-%m-%d}); nothing can "
            "be reported of it yet."
        )
    return window


def title_of(plan: Plan, agreement: Agreement, window: Period) -> str:
    """Return a report's title with company and period in it."""
    return plan.title.replace("{company}", agreement.company).replace("{period}", window.label)
