"""From the files a user names to a staged import: read, recognised, and nothing lost."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import cast

from smarketing.build.core.orders import ORDERS
from smarketing.build.derive import Setting
from smarketing.errors import SourceError, UsageError
from smarketing.files.limits import printable
from smarketing.sources import LandedTable, data_files, passed_over
from smarketing.sources.recognition import Match, UnknownTableError
from smarketing.store.erased import Erased
from smarketing.store.landing import DateOrder, Decimal, LandedFile, Pulled, as_of_text

_EXACT = ("spreadsheet", "parquet", "json", "json lines")
"""What a reader calls the files that keep numbers and dates as such, rather than as text."""


@dataclass(frozen=True)
class Named:
    """A file to import: where it is, what to call it, whether the user named it itself.

    `pulled` says of a table of a database which one it is.
    """

    path: Path
    label: str
    is_named: bool
    pulled: Pulled | None = None


#: Until when files speak, their decimal sign, what comes first in their dates.
Habits = tuple[str | None, Decimal | None, DateOrder | None]


@dataclass(frozen=True)
class Said:
    """What whoever imports says of the files: their source, and how they are written."""

    source: str | Path | None = None
    as_of: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    encoding: str | None = None

    @property
    def habits(self) -> Habits:
        """Until when the files speak, their decimal sign, what comes first in their dates.

        Raises UsageError for a word that is none of those known.
        """
        return as_of_text(self.as_of), _decimal(self.decimal), _date_order(self.date_order)


def _decimal(given: str | None) -> Decimal | None:
    if given in (None, ".", ","):
        return cast("Decimal | None", given)
    raise UsageError(f"Unknown decimal sign '{given}'. Valid: . and , (a point or a comma).")


def _date_order(given: str | None) -> DateOrder | None:
    if given is None or given in ORDERS:
        return given
    raise UsageError(
        f"Unknown date order '{given}'. Valid: dmy, mdy, ymd (day, month or year first)."
    )


@dataclass
class Staged:
    """An import on its way: what is to be landed, what was landed before, what cannot be used.

    `folder` is where tables are read into and `place` what the landing will call it. `unknown`
    holds files of no source with their hash, their records and why, `same` files with their hash
    and the label of the file they repeat. `as_of`, `decimal` and `date_order` are what was said of
    all files. `passed` are the documents that stand among the files of a folder. Who is `erased` in
    the `home` is in none of them. `encoding` is said of those files that are not UTF-8.
    """

    folder: Path
    place: str
    as_of: str | None = None
    decimal: Decimal | None = None
    date_order: DateOrder | None = None
    landed: list[LandedFile] = field(default_factory=list)
    again: list[LandedFile] = field(default_factory=list)
    same: list[tuple[Named, str, str]] = field(default_factory=list)
    unknown: list[tuple[Named, str, int, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    passed: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    home: Path = Path()
    erased: tuple[Erased, ...] = ()
    encoding: str | None = None

    def rows_of(self, sha: str) -> int:
        """Return how many records a file of this import holds, 0 for one that is not in it."""
        return sum(
            table.records for file in self.files if file.sha256 == sha for table in file.tables
        )

    def records_of(self, sha: str) -> int:
        """Return how many of them are data: neither a total nor above the header."""
        return sum(
            table.rows + len(table.bad_rows)
            for file in self.files
            if file.sha256 == sha
            for table in file.tables
        )

    def refuse(self, hashes: set[str], reason: str) -> bool:
        """Take files out that turned out unusable later; False when it names none."""
        known = any(file.sha256 in hashes for file in self.files)
        self.landed = [file for file in self.landed if file.sha256 not in hashes]
        self.again = [file for file in self.again if file.sha256 not in hashes]
        if known:
            self.refused.append(reason)
        return known

    @property
    def files(self) -> list[LandedFile]:
        """Every file that this import speaks of, in the order in which they were named.

        Under `full` that order decides between versions, landed before or not.
        """
        place = {sha: number for number, sha in enumerate(self.labels)}
        return sorted((*self.landed, *self.again), key=lambda file: place[file.sha256])


def collect(paths: Sequence[Path]) -> list[Named]:
    """List the files to import; of one name each goes by that of its folder, too.

    Raises UsageError for a path that does not exist.
    """
    named = {path for path in paths if path.is_file()}
    folders = [path for path in paths if path.is_dir()]
    labels = {path: _label(path, folders, path in named) for path in data_files(paths)}
    counts = Counter(labels.values())
    return [
        Named(
            path,
            printable(f"{path.resolve().parent.name}/{label}" if counts[label] > 1 else label),
            path in named,
        )
        for path, label in labels.items()
    ]


def documents(paths: Sequence[Path]) -> tuple[str, ...]:
    """Name the documents in the folders to import, which no one reads."""
    folders = [path for path in paths if path.is_dir()]
    return tuple(printable(_label(path, folders, False)) for path in passed_over(folders))


def _label(path: Path, folders: Sequence[Path], is_named: bool) -> str:
    if is_named:
        return path.name
    for folder in folders:
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def stage(
    staged: Staged, files: Sequence[Named], setting: Setting, known: Mapping[str, LandedFile]
) -> None:
    """Read files into Parquet.

    A file landed before, as its hash tells, is not read again, unless a part of it was refused, or
    it is now to be read as another source, or in an encoding that is named. One that cannot be read
    with confidence is refused and the others go on.
    """
    read: list[_Read] = []
    for number, file in enumerate(files):
        setting.progress(f"reading {file.label}", 0.35 * number / len(files))
        try:
            sha = _sha256(file.path)
        except OSError as error:
            where = printable(str(file.path))
            staged.refused.append(f"{where} cannot be read: {error.strerror}.")
            continue
        file = replace(file, label=_without_erased(staged, file.label))
        if sha in staged.labels:
            staged.same.append((file, sha, staged.labels[sha]))
            continue
        staged.labels[sha] = file.label
        before = known.get(sha)
        if (
            before
            and not (staged.encoding or before.refused)
            and (setting.forced is None or before.sources == {setting.forced.name})
        ):
            decimal = staged.decimal or before.decimal
            order = staged.date_order or before.date_order
            again = replace(before, as_of=staged.as_of, decimal=decimal, date_order=order)
            staged.again.append(again)
        else:
            read += _read(staged, file, sha, number, setting)
    for each in _without_erased_people(staged, read) if staged.erased else read:
        _put(staged, each, known.get(each.sha))


@dataclass(frozen=True)
class _Read:
    """A file that was read: where its tables are to be, each with what it was taken for."""

    file: Named
    sha: str
    place: str
    tables: list[tuple[LandedTable, Match]]


def _read(staged: Staged, file: Named, sha: str, number: int, setting: Setting) -> Iterator[_Read]:
    # Files that are known need not be read, nor what reads them be loaded.
    from smarketing.sources.reading import read_tables

    folder = staged.folder / f"{number:04d}"
    try:
        tables = read_tables(
            file.path, folder, list(setting.sources.values()), setting.forced, staged.encoding
        )
    except UnknownTableError as error:
        if file.is_named:
            staged.refused.append(str(error))
        else:
            staged.unknown.append((file, sha, error.records, str(error)))
    except SourceError as error:
        staged.refused.append(str(error))
    else:
        yield _Read(file, sha, f"{staged.place}/{folder.name}", tables)


def _without_erased_people(staged: Staged, read: Sequence[_Read]) -> list[_Read]:
    """Erase from what was read who was erased before: of all files at once.

    One may tell the id by which another knows the person.
    """
    from smarketing.build.erasing.keep_out import keep_out

    tables, staged.erased = keep_out(
        staged.home, staged.erased, [table for each in read for table in each.tables]
    )
    kept = iter(tables)
    return [
        replace(each, tables=[(next(kept), match) for _, match in each.tables]) for each in read
    ]


def _put(staged: Staged, read: _Read, before: LandedFile | None) -> None:
    """Take what was read into the import; what was said of a file holds for its refused parts."""
    named = [replace(table, name=_without_erased(staged, table.name)) for table, _ in read.tables]
    landed = tuple(_placed(read.file, table, read.place) for table in named)
    refused = tuple(_without_erased(staged, text) for t in named for text in t.refused)
    said = (staged.as_of, staged.decimal, staged.date_order)
    if before and before.refused:
        said = (said[0], said[1] or before.decimal, said[2] or before.date_order)
    file = read.file
    staged.landed.append(LandedFile(file.label, read.sha, landed, *said, refused, file.pulled))
    staged.notes[read.sha] = tuple(note for table, _ in read.tables for note in table.notes)
    staged.refused += refused


def _without_erased(staged: Staged, text: str) -> str:
    """Return the name of a file, or what is said of it, without people who were erased."""
    if not staged.erased:
        return text
    from smarketing.build.erasing.keep_out import cleaned_label

    return cleaned_label(staged.home, staged.erased, text)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _placed(file: Named, table: LandedTable, place: str) -> LandedTable:
    """Return a table as the landing will know it: by the user's name for its file, in its place."""
    folder = PurePosixPath(file.label).parent
    return replace(
        table,
        name=(folder / table.name).as_posix(),
        parquet=Path(place) / table.parquet.name,
        exact=table.dialect in _EXACT,
    )
