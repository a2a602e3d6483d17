"""Exhibits of what came in: the log of imports, and what could not be read as a list to mend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from smarketing.analysis.health.imports import (
    ImportedFile,
    Unread,
    days_since,
    unread_records,
)
from smarketing.charts import format as fmt
from smarketing.periods import local_instant
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask
from smarketing.ui.view import View


def reach_words(view: View, found: Sequence[ImportedFile], today: date) -> str:
    """How far the data reach and when they came, by the clock; empty without imports."""
    if not found:
        return ""
    last = local_instant(found[0].imported_at, view.store.agreement.timezone).date()
    as_of = fmt.day(view.store.engine.as_of_day)
    return f"Data to {as_of}, imported {days_since(last, today)}."


def today_at(view: View) -> ZoneInfo:
    """The zone in which the clock is read."""
    return ZoneInfo(view.store.agreement.timezone)


def log(view: View, found: Sequence[ImportedFile], today: date) -> Exhibit:
    """Every file that came in: when, by whom, and what became of its records."""
    engine = view.store.engine
    frame = pd.DataFrame(
        [
            {
                "imported_at": one.imported_at,
                "by": one.imported_by,
                "source": one.source,
                "file": one.file,
                "records": one.rows,
                "used": one.used,
                "not_used": one.unused,
                "not_read": one.quarantined,
                "why": one.why,
            }
            for one in found
        ]
    )
    imports = len({one.import_id for one in found})
    many = fmt.many(imports, "import")
    files = fmt.many(len(found), "file")
    return Exhibit(
        key="import_log",
        title=f"{files} from {many}; the last came {_last(view, found, today)}",
        reading="The latest first. Not used: read, but with a reason to leave the record out. Not "
        "read: a value that could not be understood.",
        view=view,
        definition=Definition(
            "Import log",
            "What came in, who brought it, and what became of it?",
            "Per file: records = used + not used + not read.",
            sql=lambda: engine.sql("health/files"),
        ),
        data=listed(view.store, frame, "files").frame,
        height=420,
    )


def _last(view: View, found: Sequence[ImportedFile], today: date) -> str:
    last = local_instant(found[0].imported_at, view.store.agreement.timezone).date()
    return days_since(last, today)


def to_mend(view: View, found: Sequence[Unread]) -> Exhibit:
    """What could not be read, grouped as it is mended: file, column and reason."""
    engine = view.store.engine
    frame = pd.DataFrame(
        [
            {
                "file": one.file,
                "table": one.table,
                "column": one.column or "whole record",
                "why": one.reason,
                "records": one.records,
                "first_line": one.line,
                "example": one.example,
            }
            for one in found
        ],
        columns=["file", "table", "column", "why", "records", "first_line", "example"],
    )
    whole = sum(one.records for one in found)
    title = "Every value could be read"
    if found:
        title = f"{fmt.number(whole)} values wait to be corrected, most in {found[0].file}"
    return Exhibit(
        key="to_mend",
        title=title,
        reading="One row per file, column and reason. Correct the lines in the file, or at its "
        "source, and import it again; a click on a row lists its lines.",
        view=view,
        definition=Definition(
            "To correct",
            "Which values could not be read, where, and why?",
            "Values outside what their column may hold; their records are in no figure.",
            sql=lambda: engine.sql("health/quarantine"),
        ),
        data=frame,
        records=lambda part: _lines(view, found, part),
        parts={f"{place}": f"{one.file}, {one.column or 'whole record'}: {one.reason}"
               for place, one in enumerate(found)},
        reason="every value of every file could be read",
        height=420,
    )  # fmt: skip


def _lines(view: View, found: Sequence[Unread], part: str | None) -> Records:
    chosen = found if part is None else [found[int(part)]]
    frames = [ask(view.store, unread_records, one) for one in chosen]
    rows = pd.concat(frames, ignore_index=True)
    return listed(view.store, rows, "lines", expected=float(sum(one.records for one in chosen)))
