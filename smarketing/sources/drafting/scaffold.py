"""Writing a source from the files of a system that no source knows: profile and SELECTs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from smarketing.errors import UsageError
from smarketing.files.encoding import known_encoding, western
from smarketing.files.folders import data_files
from smarketing.files.read import read_file
from smarketing.files.sections import is_of_attendees, is_of_hosts
from smarketing.files.tables import LandedTable
from smarketing.files.turned import turned
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.deals import deal
from smarketing.sources.drafting.drafted import File
from smarketing.sources.drafting.gone import leave_out_deleted, marked_gone
from smarketing.sources.drafting.guess import Guess, guess
from smarketing.sources.drafting.kin import asked_of_kin, continues, together
from smarketing.sources.drafting.languages import told_first
from smarketing.sources.drafting.minor_units import parts_of_a_unit
from smarketing.sources.drafting.pairs import asked_of_pairs
from smarketing.sources.drafting.people import account, lead, member, person
from smarketing.sources.drafting.plain import lacking, plain
from smarketing.sources.drafting.profile_text import profile_text
from smarketing.sources.drafting.repeats import (
    added_up,
    marked_again,
    repeated,
    restarted,
    settled,
)
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.shapes import Shape, shapes
from smarketing.sources.drafting.spend import campaign, cost
from smarketing.sources.drafting.touches import address_of, touch
from smarketing.sources.drafting.unread import ask_of_unread
from smarketing.sources.drafting.words import is_beyond_west, read_header
from smarketing.sources.drafting.work import Lookup, Told, Work
from smarketing.sources.history import present_versions
from smarketing.sources.other_systems import (
    holds,
    in_smallest_units,
    instead_of,
    only_counts,
    system_of,
)
from smarketing.sources.profile import builtin_sources, load_source
from smarketing.sources.records import standard_columns
from smarketing.store.schema import core_tables

_FILLERS: Mapping[str, Callable[[Work], None]] = {
    "deal": deal,
    "lead": lead,
    "person": person,
    "account": account,
    "campaign": campaign,
    "cost": cost,
    "touch": touch,
    "member": member,
}
_OF_HOSTS = "whoever holds an event is none of those whom it touches"
_SHEET = re.compile(r"(?P<file>.*)\[(?P<sheet>.*)\]")
_DRIVEN = re.compile(r'(?<!\w)r\.(?=")')
"""How an expression names the columns of its own file."""
_CALLED = {
    "account": ("account_id", "name"),
    "person": ("person_id", "full_name"),
    "lead": ("person_id", ""),
    "campaign": ("campaign_id", "name"),
    "cost": ("campaign_id", "name"),
}
"""What records of other files may be looked up by beside the e-mail: their identifier and name."""
_BY_NAME = ("account", "cost")
"""Records that a name alone identifies, where a file has no identifier for them."""


def scaffold(
    files: Sequence[Path], name: str, target_dir: Path, encoding: str | None = None
) -> Path:
    """Write a new source into the folder `target_dir` from files; answer the folder.

    Each kind of file becomes an object with all its columns, and SELECTs for the core tables that
    its name, its headers and its values speak of. What cannot be told is a question of the object
    (`undecided` in the profile): the import refuses its files until it is answered, so that
    nothing is imported as empty or zero because a column was not understood. `encoding` is that of
    files which are not UTF-8; the profile keeps it.

    Raises UsageError for a name that cannot be used or a folder that holds a source, SourceError
    for an unreadable file; nothing is then written.
    """
    _check(name, target_dir)
    said = known_encoding(encoding)
    encodings = [said] if said else []
    ask = (lambda _: encodings) if encodings else provisional_encodings
    found: dict[tuple[str, ...], File] = {}
    read: dict[tuple[str, ...], list[LandedTable]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for number, path in enumerate(data_files(files)):
            for table in read_file(path, Path(scratch) / str(number), encodings=ask):
                taken = {file.name.casefold() for file in found.values()}
                table = present_versions(standard_columns(table))
                file = _file(table, taken)
                headers = tuple(file.shapes)
                if headers not in found:
                    headers = next((h for h, f in found.items() if continues(file, f)), headers)
                found[headers] = together(file, found[headers]) if headers in found else file
                again = restarted(found[headers], read.setdefault(headers, []), table)
                found[headers] = replace(found[headers], repeated=again)
                read[headers].append(table)
    written = drafted(list(found.values()), name)
    target_dir.mkdir(parents=True, exist_ok=True)
    for file in written:
        for draft in file.drafts:
            path = target_dir / f"{draft.table}.{file.name}.sql"
            path.write_text(draft.text(file.shapes, file.doubt), encoding="utf-8")
    text = profile_text(name, written, encodings)
    (target_dir / "profile.yaml").write_text(text, encoding="utf-8")
    load_source(target_dir)
    return target_dir


def provisional_encodings(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the encoding in which a header outside ASCII is a word that is known.

    Words are known without their accents: one of a language that is written otherwise tells none.
    """
    if any(not c.isascii() and is_beyond_west(c) for c in columns):
        return ()
    return western(columns, lambda header: bool(read_header(header).meanings))


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
        raise UsageError(
            f"{target_dir} already holds a source; choose another folder (--out), or delete it."
        )


def _file(table: LandedTable, taken: set[str]) -> File:
    looks, totals = shapes(table)
    file = file_called(table.name, looks, totals, taken)
    found = file.guess
    again = (repeated(table, found) or added_up(table, found, file.name)) if found else None
    return replace(file, repeated=again)


def file_called(
    table_name: str,
    looks: Mapping[str, Shape],
    totals: tuple[str, ...] = (),
    taken: Collection[str] = (),
) -> File:
    """Return what the name and the columns of a table say: its object, named as none of `taken` is,
    and the core table that it may fill.
    """
    label = re.sub(r"\[(.*)\]$", r"/\1", table_name)
    stem = PurePosixPath(label).name.split(".")[0]
    word = re.sub(r"(?<=[A-Za-z])[-_ ]*\d[\d_-]*$|\W+", "_", stem).strip("_")
    called = holds(system_of(list(looks), label))
    name = _name("_".join((*called, word)).replace(" ", "_"), taken)
    plain = re.sub(r"[^A-Za-z0-9]+", "*", word or stem)
    pattern = f"{plain if plain.strip('*') else word or stem}*"
    found = guess(" ".join(called) or label.replace("/", " "), looks)
    return File(name, table_name, pattern, looks, found, totals=totals)


def _without_hosts(files: Sequence[File]) -> list[File]:
    """Pass over who held an event, in a file that lists beside them who attended it."""
    parts = {file.name: _SHEET.match(file.label) for file in files}
    touching = [(f, part) for f in files if (part := parts[f.name]) and _is_of_touches(f)]
    attended = {part["file"] for _, part in touching if is_of_attendees(part["sheet"])}
    hosts = {
        f.name for f, part in touching if is_of_hosts(part["sheet"]) and part["file"] in attended
    }
    return [replace(f, ignored=_OF_HOSTS) if f.name in hosts else f for f in files]


def _is_of_touches(file: File) -> bool:
    return file.guess is not None and file.guess.table == "touch"


def _name(word: str, taken: Collection[str]) -> str:
    """Give an object a name that none has, from the name of its file."""
    base = word if re.match(r"[A-Za-z]", word) else f"file_{word}".rstrip("_")
    name, copy = base, 1
    while name.casefold() in taken:
        copy += 1
        name = f"{base}_{copy}"
    return name


def drafted(files: Sequence[File], source: str) -> list[File]:
    """Draft every kind of file, each with the names that the others may be looked up by."""
    files = _without_hosts(files)
    lookups = {
        file.guess.table: found
        for file in reversed(files)
        if file.guess and (found := _lookup(file.name, file.guess))
    }
    if "cost" in lookups:
        lookups.setdefault("campaign", lookups.pop("cost"))
    read = [(file, file.guess) for file in files if file.guess and not file.ignored]
    tables = frozenset(found.table for _, found in read)
    more = [
        (file.name, column)
        for file, found in read
        if found.table == "touch" and not _tells_less(file) and (column := address_of(found.sheet))
    ]
    is_told_whose = "deal_contact" in tables or any("converted_deal_id" in f.found for _, f in read)
    keys = {f.table: (file.name, key) for file, f in reversed(read) if (key := f.sheet.key())}
    told = Told(tables, lookups, more, is_told_whose, keys)
    return settled([_draft(file, source, told) for file in files])


def _tells_less(file: File) -> bool:
    """Whether a file says nothing of whether the people in it may be written to."""
    return file.guess is None or not file.guess.sheet.has("opt_out", "opt_in", "do_not_contact")


def _lookup(name: str, found: Guess) -> Lookup | None:
    """Say how the records of a file are found by name or e-mail; None where they are not."""
    work = Work(found, name, "")
    if found.table not in _CALLED or (found.sheet.key() is None and found.table not in _BY_NAME):
        return None
    _FILLERS[found.table](work)
    # A lead's row says whose it is, a report of spend on which campaign: these are what it names.
    behind = [draft.columns for draft in work.more if draft.table in ("person", "campaign")]
    columns = {**work.columns, **(behind[0] if behind else {})}
    key, called = _CALLED[found.table]
    if key not in columns or not {called, "email"} & set(columns):
        return None
    sql = {name: _DRIVEN.sub("k.", text) for name, text in columns.items()}
    return Lookup(name, sql[key], sql.get(called), sql.get("email"))


def _draft(file: File, source: str, told: Told) -> File:
    if file.ignored:
        return replace(file, required=tuple(file.shapes))
    if file.guess is None:
        return replace(file, questions=told_first(file.shapes, (_unknown(file),)))
    others = {entity: one for entity, one in told.lookups.items() if one.object != file.name}
    work = Work(file.guess, file.name, source, told.tables, others, label=file.label)
    work.unsteady = file.gone | file.come
    work.tell_more = tuple(pair for pair in told.more if pair[0] != file.name and _tells_less(file))
    work.is_told_whose = told.is_told_whose
    work.keys = told.keys
    deleted = leave_out_deleted(work)
    _FILLERS.get(file.guess.table, plain)(work)
    asked = (
        file.repeated,
        _asked_of_system(file, work),
        _asked_of_campaigns(work),
        asked_of_kin(file, work),
        asked_of_pairs(work),
        marked_again(work),
        marked_gone(work),
    )
    for question in filter(None, asked):
        work.ask(question)
    ask_of_unread(work)
    stamp, key, doubt = work.modified(), file.guess.sheet.key(), lacking(work)
    written = f"Write it into {work.file}"
    undashed = f"{written} and take the dashes before its lines away" if doubt else written
    return replace(
        file,
        key=key.name if key and key.shape.is_unique and not _is_part_of_key(work, key) else None,
        modified=stamp.name if stamp else None,
        required=_required(work, file),
        drafts=(work.draft(), *work.more),
        doubt=doubt,
        deleted=deleted,
        unused=work.unused,
        lists=work.lists,
        spend=work.spend,
        questions=told_first(
            file.shapes, [question.replace(written, undashed) for question in work.questions]
        ),
        notes=tuple(work.notes),
    )


def _is_part_of_key(work: Work, column: Column) -> bool:
    """Whether a column identifies a record only with another: a quota is a member's in a period."""
    key = core_tables()[work.table].key
    return len(key) > 1 and column in (work.guess.found.get(name) for name in key)


def _asked_of_system(file: File, work: Work) -> str | None:
    """Ask about amounts of a system whose API writes them in the smallest unit of a currency."""
    system = system_of(list(file.shapes), file.label)
    found = file.guess.found if file.guess else {}
    money = found.get("amount") or found.get("recurring_amount")
    if money is None or "whole" not in money.shape.looks or not in_smallest_units(system):
        return None
    if file.guess and parts_of_a_unit(money, file.guess.sheet) != 1:
        return None
    return (
        f"the API of {system} writes amounts in the smallest unit of their currency (1000 is 10.00 "
        f"USD, and 1,000 JPY), and '{money.name}' ({money.shape.example}) may be one. Say in "
        f"{work.file} what it is in whole units, or take this line out"
    )


def _asked_of_campaigns(work: Work) -> str | None:
    """Ask about ids of campaigns beside their names, where costs know campaigns by name alone."""
    spent = work.lookups.get("campaign")
    key, named = work.sheet.reference("campaign"), work.sheet.named("campaign")
    if spent is None or spent.key != spent.name or key is None or named is None:
        return None
    read = [text for draft in (work.draft(), *work.more) for text in draft.columns.values()]
    if not any(value(key) in text for text in read):
        return None
    return (
        f"'{key.name}' holds ids of campaigns, and the costs ({spent.object}) know campaigns by "
        f"their names. So that revenue meets what was spent, write {value(named)} for {value(key)} "
        f"in the .sql files of {work.object}; or take this line out if the costs have these ids"
    )


def _required(work: Work, file: File) -> tuple[str, ...]:
    """Return the headers without which a file is not of this kind."""
    table = core_tables()[work.table]
    found = [work.guess.found[name] for name in table.required if name in work.guess.found]
    key = work.guess.sheet.key()
    names = [column.name for column in ((key,) if key else ()) if column] + [c.name for c in found]
    steady = [name for name in (*names, *file.shapes) if name not in file.gone | file.come]
    return tuple(n for n in dict.fromkeys(names) if n in steady) or tuple(steady)[:3]


def _unknown(file: File) -> str:
    stretches = turned(list(file.shapes))
    if stretches:
        return f"it {stretches}"
    shown = ", ".join(f"'{header}'" for header in list(file.shapes)[:6])
    more = " …" if len(file.shapes) > 6 else ""
    system = system_of(list(file.shapes), file.label)
    counts = only_counts(system) if system else None
    counts = counts or instead_of(list(file.shapes), file.label)
    if counts:
        return f"it looks like an export of {system}. {counts}"
    said = f"it looks like an export of {system}, and " if system else ""
    return (
        f"{said}neither its name nor its columns ({shown}{more}) say what its records are: deals, "
        "leads, people, accounts, campaigns, costs by day or touches. Call the file by what it "
        "holds and draft the source again, write a SELECT for it, or pass over it with "
        "`ignored: why`"
    )
