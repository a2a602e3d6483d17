"""Writing a new source from the headers of files: a profile and SELECTs that load and import."""

from __future__ import annotations

import json
import re
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb

from smarketing.errors import UsageError
from smarketing.files.folders import data_files
from smarketing.files.quoting import identifier, literal
from smarketing.files.read import read_file
from smarketing.files.tables import ReadTable
from smarketing.sources.guessing import Guess, guess_modified, guess_table
from smarketing.sources.profile import builtin_sources, load_source

_HEAD = """\
# How to recognise the exports of {name}, and what their columns are called.
# The .sql files beside this one say which core table each of them fills.
name: {name}
label: {label}
# extends: salesforce      # inherit a built-in source, and write down only what differs
currency: null             # of amounts without a currency of their own, e.g. EUR
decimal: null              # "," where files write 1.234,56
date_order: null           # dmy or mdy, where dates like 03/04/2024 occur
encodings: []              # to try where a file is not UTF-8, e.g. [cp1252]
objects:
"""
_OBJECT = """\
  {name}:
    files: {files}
    required: {required}  # a file without these headers is not of this kind
    key: {key}  # identifies a record: of several versions the newest counts
{modified}    columns:  # header: [other names it comes under]  # a value
"""


@dataclass(frozen=True)
class _Draft:
    """One kind of file: what it is called, its headers with a value of each, what it may fill."""

    name: str
    pattern: str
    examples: dict[str, str]
    key: tuple[str, ...]
    modified: str | None
    guess: Guess


def scaffold(files: Sequence[Path], name: str, target_dir: Path) -> Path:
    """Write a new source into the folder `target_dir` from the headers of files; answer the folder.

    Each kind of file becomes an object with all its columns and, where a core table can be guessed,
    a SELECT that fills it; the rest is written as comments to be completed. Raises UsageError for a
    name that cannot be used or a folder that holds a source, SourceError for an unreadable file.
    """
    _check(name, target_dir)
    drafts: dict[tuple[str, ...], _Draft] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for path in data_files(files):
            for table in read_file(path, Path(scratch)):
                taken = {draft.name.casefold() for draft in drafts.values()}
                drafts.setdefault(table.columns, _draft(table, taken))
    target_dir.mkdir(parents=True, exist_ok=True)
    doubts = _doubts(list(drafts.values()))
    for draft in drafts.values():
        file = target_dir / f"{draft.guess.table}.{draft.name}.sql"
        file.write_text(_select(draft, doubts.get(draft.name)), encoding="utf-8")
    profile = _HEAD.format(name=name, label=json.dumps(name)) + "".join(
        map(_object, drafts.values())
    )
    (target_dir / "profile.yaml").write_text(profile, encoding="utf-8")
    load_source(target_dir)
    return target_dir


def _check(name: str, target_dir: Path) -> None:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise UsageError(
            f"A source cannot be called '{name}': use letters, digits and underscores, beginning "
            "with a letter, as in my_crm."
        )
    if name in builtin_sources():
        raise UsageError(
            f"There is a built-in source '{name}'; choose another name, and extend it if you like."
        )
    if (target_dir / "profile.yaml").exists():
        raise UsageError(f"{target_dir} already holds a source; choose another folder.")


def _doubts(drafts: Sequence[_Draft]) -> dict[str, str]:
    """Say, by name, which drafts should not act yet: unlikely ones, and seconds for one table.

    Two files that fill one table under one key would overwrite each other's records; only touches
    and costs come from many files as a rule.
    """
    doubts: dict[str, str] = {}
    filled: dict[tuple[str, str], str] = {}
    ranked = sorted(drafts, key=lambda d: (not d.guess.by_name, -len(d.guess.columns)))
    for draft in ranked:
        doubt = draft.guess.doubt(list(draft.examples))
        slot = (draft.guess.table, next(iter(draft.guess.columns.values()), ""))
        if doubt is None and slot in filled and draft.guess.table not in ("touch", "cost"):
            doubt = f"{filled[slot]} fills {draft.guess.table} under the same key"
        if doubt:
            doubts[draft.name] = doubt
        else:
            filled[slot] = draft.name
    return doubts


def _draft(table: ReadTable, taken: set[str]) -> _Draft:
    label = re.sub(r"\[(.*)\]$", r"/\1", table.name)
    stem = PurePosixPath(label).name.split(".")[0]
    word = re.sub(r"\W+|(?<=[A-Za-z])[-_ ]*\d[\d_-]*$", "_", stem).strip("_")
    base = word if re.match(r"[A-Za-z]", word) else f"file_{word}".rstrip("_")
    name, copy = base, 1
    while name.casefold() in taken:
        copy += 1
        name = f"{base}_{copy}"
    guess = guess_table(stem, table.columns)
    modified = guess_modified(table.columns)
    key = _key(table, list(guess.columns.values()))
    pattern = f"{re.sub(r'[^A-Za-z0-9]+', '*', word or stem)}*"
    return _Draft(name, pattern, _examples(table), key, modified, guess)


def _examples(table: ReadTable) -> dict[str, str]:
    firsts = ", ".join(f"min({identifier(column)})" for column in table.columns)
    source = f"from read_parquet({literal(str(table.parquet))})"
    with duckdb.connect() as con:
        row = con.execute(f"select {firsts} {source}").fetchone() or ()
    return {
        column: " ".join(str(value or "").split())[:40]
        for column, value in zip(table.columns, row, strict=True)
    }


def _key(table: ReadTable, likely: Sequence[str]) -> tuple[str, ...]:
    """Find the column that identifies a record: filled and different in each, ids first."""
    if not table.rows:
        return ()
    counts = ", ".join(f"count(distinct {identifier(column)})" for column in table.columns)
    with duckdb.connect() as con:
        source = f"from read_parquet({literal(str(table.parquet))})"
        row = con.execute(f"select {counts} {source}").fetchone() or ()
    unique = [c for c, count in zip(table.columns, row, strict=True) if count == table.rows]
    ids = [column for column in unique if column.casefold().endswith(("id", "key", "number"))]
    named = [column for column in likely[:1] if column in unique and column in ids]
    return tuple((named or ids)[:1])


def _object(draft: _Draft) -> str:
    columns = list(draft.examples)
    must = [draft.guess.columns[c] for c in draft.guess.columns if c in _needed(draft)]
    required = list(dict.fromkeys([*draft.key, *must])) or columns[:3]
    modified = "    # modified:  # the column with the record's own time of change\n"
    if draft.modified:
        modified = f"    modified: {json.dumps(draft.modified, ensure_ascii=False)}\n"
    text = _OBJECT.format(
        name=draft.name,
        files=_list([draft.pattern]),
        required=_list(required),
        key=_list(draft.key),
        modified=modified,
    )
    for column, example in draft.examples.items():
        shown = f"  # {example}" if example.isprintable() and example else ""
        text += f"      {json.dumps(column, ensure_ascii=False)}: []{shown}\n"
    return text


def _needed(draft: _Draft) -> tuple[str, ...]:
    return builtin_sources()["generic"].objects[draft.guess.table].required


def _list(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _select(draft: _Draft, doubt: str | None) -> str:
    guess = draft.guess
    table = builtin_sources()["generic"].objects[guess.table]
    lines = ["  r._row", "  r._file_id"]
    if draft.modified:
        lines.append(f"  r.{identifier(draft.modified)} as _modified")
    lines += [_picked(guess.table, *pair) for pair in guess.columns.items()]
    if guess.table == "deal" and "outcome" not in guess.columns and "stage" in guess.columns:
        lines.append(_picked("deal", "outcome", guess.columns["stage"]))
    if guess.table == "cost" and "cost_id" not in guess.columns:
        lines.append(_content_id(draft))
    absent = [name for name in table.columns if name not in guess.columns and name != "modified_at"]
    used = {*guess.columns.values(), draft.modified}
    spare = [_comment(header) for header in draft.examples if header not in used]
    picked = ",\n".join(lines)
    body = f"select\n{picked}\nfrom {identifier(draft.name)} r\n"
    note = ""
    if doubt:
        note = f"-- Not active yet, since {doubt}: complete it and take the dashes away.\n"
        body = "".join(f"-- {line}\n" for line in body.splitlines())
    return (
        f"-- from: {draft.name}\n"
        f"-- A first guess at what fills {guess.table}: one record per row of the file.\n"
        + _note(f"Columns of {guess.table} without a header: {', '.join(absent) or 'none'}.")
        + _note(f"Headers not used: {', '.join(spare) or 'none'}.")
        + note
        + body
    )


def _picked(table: str, column: str, header: str) -> str:
    """Write a column of a SELECT; where only some values are allowed, a first mapping to them."""
    value = f"r.{identifier(header)}"
    if (table, column) == ("deal", "outcome"):
        value = (
            f"case\n    when flag_value(trim({value})) then 'won'\n"
            f"    when flag_value(trim({value})) is null then {value}\n  end"
        )
    if (table, column) == ("touch", "side"):
        value = f"case when lower({value}) like '%sales%' then 'sales' else 'marketing' end"
    return f"  {value} as {column}"


def _content_id(draft: _Draft) -> str:
    """Make an id of a cost from its content, so that the same row again is the same cost."""
    cells = ",\n".join(f"    coalesce(r.{identifier(column)}, '')" for column in draft.examples)
    return f"  md5(concat_ws('|',\n{cells}\n  )) as cost_id"


def _note(text: str) -> str:
    return "".join(f"-- {line}\n" for line in textwrap.wrap(text, 96))


def _comment(text: str) -> str:
    return " ".join(text.split())
