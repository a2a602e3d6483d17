"""The text of a drafted profile: every column with a value of it, and what is not settled yet."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from smarketing.sources.drafting.drafted import File
from smarketing.sources.drafting.shapes import date_order

_HEAD = """\
# How to recognise the exports of {name}, and what their columns are called.
# The .sql files beside this one say which core table each of them fills.
name: {name}
label: {label}
# extends: salesforce      # inherit a built-in source, and write down only what differs
currency: null             # of amounts without a currency of their own, e.g. EUR
decimal: null              # "," where files write 1.234,56
date_order: {order}           # dmy or mdy, where dates like 03/04/2024 occur
timezone: {timezone}             # of times without an offset, e.g. Europe/Berlin
encodings: {encodings}              # to try where a file is not UTF-8, e.g. [cp1252]
objects:
"""
_OBJECT = """\
  {name}:
    files: {files}
    required: {required}  # a file without these headers is not of this kind
    key: {key}  # identifies a record: of several versions the newest counts
{more}    columns:  # header: [other names it comes under]  # a value
"""


def profile_text(name: str, files: Sequence[File], encodings: Sequence[str] = ()) -> str:
    """Write the profile of a source over these files."""
    utc = any(c.header.is_utc for f in files if f.guess for c in f.guess.sheet.columns)
    zone = "UTC " if utc else "null"
    order = date_order(shape for file in files for shape in file.shapes.values())
    head = _HEAD.format(
        name=name,
        label=_json(name),
        timezone=zone,
        order=f"{order} " if order else "null",
        encodings=_json(list(encodings)),
    )
    return head + "".join(map(_object, files))


def _object(file: File) -> str:
    modified = "    # modified:  # the column with the record's own time of change\n"
    if file.modified:
        modified = f"    modified: {_json(file.modified)}\n"
    more = (
        modified,
        f"    deleted: {_json(file.deleted)}\n" if file.deleted else "",
        f"    unused: {_json(file.unused)}\n" if file.unused else "",
        f"    ignored: {_json(file.ignored)}\n" if file.ignored else "",
        f"    list: {_json(dict(file.lists))}\n" if file.lists else "",
        f"    spend: {_json(dict(file.spend))}\n" if file.spend else "",
        f"    total_rows: {_json(list(file.totals))}\n" if file.totals else "",
        _undecided(file.questions),
        *map(_comment, file.notes),
    )
    text = _OBJECT.format(
        name=file.name,
        files=_json([file.pattern]),
        required=_json(list(file.required)),
        key=_json([file.key] if file.key else []),
        more="".join(more),
    )
    for header, shape in file.shapes.items():
        example = shape.example
        shown = f"  # {example}" if example.isprintable() and example else ""
        text += f"      {_json(header)}: []{shown}\n"
    return text


def _undecided(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    lines = "".join(f"      - {_json(question)}\n" for question in questions)
    return f"    undecided:  # its files are refused until these lines are gone\n{lines}"


def _comment(note: str) -> str:
    return "".join(f"    # {line}\n" for line in textwrap.wrap(f"Note: {note}.", 92))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
