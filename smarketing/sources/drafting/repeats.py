"""Rows that may be one record or several, or add up others: what must be asked before a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smarketing.files.quoting import literal
from smarketing.files.tables import LandedTable
from smarketing.files.totals import speaks_of_all
from smarketing.sources.drafting.drafted import File
from smarketing.sources.drafting.guess import Guess
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.shapes import adding_up, differing, restarting
from smarketing.sources.drafting.words import fold, folded_words
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import YES

_MONEY: Mapping[str, tuple[str, ...]] = {
    "deal": ("amount", "recurring_amount"),
    "cost": ("amount",),
    "contract": ("recurring_amount",),
}
"""The columns of money by which the rows of one record are told to differ."""
_OWN_DAYS = ("created_at", "incurred_on", "occurred_at")
"""The days that a record keeps, however often it is exported."""
_UNCOUNTED = {"duplicate": "records that another one repeats", "test_record": "tests"}
"""What a flag says of records that most would not count."""
_NO_LABELS = frozenset({"number", "percent", "flag", "day", "month", "year", "date"})
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
MANY_FILES = ("touch", "cost")
"""Tables that come from many files as a rule; of any other two files would overwrite each other."""


def repeated(table: LandedTable, found: Guess) -> str | None:
    """Ask about an identifier on rows with different amounts: of such rows the last would count."""
    key = found.found.get(f"{found.table}_id")
    money = next((found.found[n] for n in _MONEY.get(found.table, ()) if n in found.found), None)
    if key is None or money is None or key.shape.distinct == key.shape.filled:
        return None
    stamp = found.sheet.best("modified", "day")
    rounded = key.saying(lambda text: bool(_ROUNDED.fullmatch(text)))
    if rounded:
        return (
            f"column '{key.name}' holds '{rounded}', an id that a spreadsheet rounded, so that "
            "several records share it. Draft the source from the file as it was downloaded, or "
            "format the column as text before it is opened and saved"
        )
    again = differing(table, key.name, money.name, stamp.name if stamp else None)
    return again and (
        f"'{again}' in column '{key.name}' stands on rows with different values of "
        f"'{money.name}', as where each row is a product, a line or a payment: only the last of "
        f"them would count. Export one row per {found.table} with its whole amount, or an id of "
        "each row"
    )


def restarted(file: File, earlier: Sequence[LandedTable], table: LandedTable) -> str | None:
    """Ask about identifiers that two files of a kind give to different records."""
    guess = file.guess
    key = guess.found.get(f"{guess.table}_id") if guess else None
    if guess is None or key is None or file.repeated or not earlier:
        return file.repeated
    told = [guess.found.get(name) for name in _OWN_DAYS]
    told += [guess.sheet.best("email", "email")]
    told += [guess.sheet.best("name")] if guess.table not in MANY_FILES else []
    had = [set(other.columns) for other in (*earlier, table)]
    named = dict.fromkeys(c.name for c in told if c and c is not key)
    names = [name for name in named if all(name in columns for columns in had)]
    again = restarting(earlier, table, key.name, names) if names else None
    return again and (
        f"'{again}' in column '{key.name}' stands for one record in {table.name} and for another "
        "in a file before it, as where each file counts from 1: only the last of them would count. "
        f"Give each {guess.table} an id of its own in all files, as by the year before it "
        f"(2026-{again}), and draft the source again; or take this line out if they are one record"
    )


def marked_again(work: Work) -> str | None:
    """Ask about records that are called duplicates, merged or tests: they count like any other."""
    for concept, what in _UNCOUNTED.items():
        flag = work.best(concept, "flag")
        said = flag and flag.saying(lambda text: text.casefold() in YES)
        if flag and said and work.table not in MANY_FILES:
            return (
                f"column '{flag.name}' says '{said}' of some rows, as of {what}, and each would "
                f"count. Leave such rows out by `where coalesce({value(flag)}, '') <> "
                f"{literal(said)}` in {work.file}, or take this line out if they count"
            )
    for column in work.sheet.columns if work.table not in MANY_FILES else ():
        is_merged = column.header.phrase in folded_words("merged_into")
        if is_merged and not column.shape.is_blank and column.name not in work.used:
            return (
                f"column '{column.name}' ({column.shape.example}) names the record that one was "
                f"merged into, and both would count. Write `merged_into: {column.name}` into "
                "profile.yaml, beside its key, or take this line out if both count"
            )
        said = column.saying(_calls_test) if column.header.phrase in folded_words("tags") else None
        if said:
            return (
                f"column '{column.name}' says '{said}' of some rows, as of "
                f"{_UNCOUNTED['test_record']}, and each would count. Leave such rows out by a "
                f"`where` in {work.file}, or take this line out if they count"
            )
    return None


def _calls_test(tags: str) -> bool:
    """Whether one of the tags in a cell says that its record is a test."""
    return any(fold(tag) in folded_words("tests") for tag in re.split(r"[,;|\[\]\"#\n]", tags))


def added_up(table: LandedTable, found: Guess, name: str) -> str | None:
    """Ask about rows of costs that add up others, and leave blank what they are of."""
    money = found.found.get("amount")
    if found.table != "cost" or money is None:
        return None
    dated = [c.name for c in found.sheet.columns if c.shape.looks & {"day", "month", "year"}]
    labels = [c for c in found.sheet.columns if not c.shape.looks & _NO_LABELS and c.shape.values]
    for label in labels:
        if label.shape.filled == label.shape.rows and label.saying(speaks_of_all) is None:
            continue
        more = [[c.name] for c in labels if c is not label]
        for within in ([], *more):
            said = adding_up(table, label.name, money.name, [*dated, *within])
            if said is not None:
                what = f"hold '{said}'" if said else "are blank"
                return (
                    f"rows that {what} in column '{label.name}' are the sums of the others. Leave "
                    f"such rows out by a `where` in cost.{name}.sql, or take this line out"
                )
    return None


def settled(files: Sequence[File]) -> list[File]:
    """Ask about files that fill one table under the same key: they would overwrite each other."""
    filled: dict[str, str] = {}
    done: dict[str, File] = {}
    for file in sorted(files, key=lambda f: bool(f.questions)):
        clash = file.guess.table if file.guess and not file.ignored else None
        if clash in filled and clash not in MANY_FILES:
            other = filled[clash]
            file = replace(
                file,
                doubt=file.doubt or f"{other} fills {clash} under the same key",
                questions=(
                    *file.questions,
                    f"both it and {other} fill {clash}, and would overwrite each other's records. "
                    f"Keep one of the two SELECTs, or join them in one",
                ),
            )
        if clash is not None:
            filled.setdefault(clash, file.name)
        done[file.name] = file
    return [done[file.name] for file in files]
