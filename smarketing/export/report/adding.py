"""Adding a figure, as somebody looks at it, to a report of the home."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from smarketing.errors import UsageError
from smarketing.export.report.catalogue import Wanted
from smarketing.export.report.plans import BUILT_IN, FOLDER, Plan, readable_plans
from smarketing.store.home import disk_errors, write_atomic

_NAME = re.compile(r"[\w-]{1,60}")


def report_names(home: Path) -> list[str]:
    """Return the names of all reports, without reading them."""
    return sorted(
        {path.stem for folder in (BUILT_IN, home / FOLDER) for path in folder.glob("*.yaml")}
    )


def add_view(home: Path, name: str, wanted: Wanted) -> Path:
    """Put a figure, with its filters and period, at the end of a report; return the report's file.

    A report that there is none of is begun. One of the product's is copied into the home with the
    figure added, and is the home's from then on. Raises UsageError for a name that is none, and
    where the report cannot be read.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name of a report: write letters, digits, - and _, at most 60."
        )
    found, wrong = readable_plans(home)
    if name in wrong:
        raise wrong[name]
    plan = found.get(name)
    if plan is not None and wanted in plan.figures:
        raise UsageError(f"The report '{name}' has this view already.")
    content: dict[str, Any] = {"title": f"{{company}}: {name}, {{period}}", "figures": []}
    if plan is not None:
        content = _content(plan)
    content["figures"].append(_entry(wanted))
    file = home / FOLDER / f"{name}.yaml"
    with disk_errors(home):
        file.parent.mkdir(exist_ok=True, mode=0o700)
        write_atomic(file, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    return file


def _content(plan: Plan) -> dict[str, Any]:
    told = {
        "title": plan.title,
        "audience": plan.audience,
        "period": plan.period,
        "every": plan.every,
        "filters": plan.filters.as_dict(),
    }
    figures = [_entry(one) for one in plan.figures]
    return {**{key: value for key, value in told.items() if value}, "figures": figures}


def _entry(wanted: Wanted) -> str | dict[str, Any]:
    if not wanted.filters and not wanted.period:
        return wanted.figure
    told = {
        "figure": wanted.figure,
        "period": wanted.period,
        "filters": wanted.filters.as_dict(),
    }
    return {key: value for key, value in told.items() if value}
