"""Landing: what was imported, by whom and when, and the raw text of it. Everything else follows.

An import is a folder `landing/<import_id>/` with one Parquet file per table read and a
`manifest.json`. It is written beside and renamed at the end, so that it is there whole or not.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from smarketing.errors import StoreError, UsageError
from smarketing.files.tables import BadRow, LandedTable, Skipped, Total
from smarketing.periods import FIRST_YEAR, LAST_YEAR
from smarketing.store.home import UNREADABLE, Home, disk_errors, sync

FORMAT = 3
Decimal = Literal[".", ","]
DateOrder = Literal["dmy", "mdy", "ymd"]
_LANDING = ".landing-"
_MANIFEST = "manifest.json"
_IMPORT = re.compile(r"i\d.*")
_KEPT_OF_IMPORT = (
    *("import_id", "number", "mode", "imported_at", "imported_by", "source_folders"),
)
_KEPT_OF_FILE = ("file", "sha256", "as_of", "decimal", "date_order", "refused")
_KEPT_OF_TABLE = ("name", "source", "columns", "rows", "exact", "encoding", "above")


@dataclass(frozen=True)
class Pulled:
    """Where a file was pulled from, rather than named.

    `place` is an address without user and password, `what` the table or query there. `reached` is
    how far the column `cursor`, which grows with every change, went: what follows is new.
    """

    place: str
    what: str
    cursor: str | None = None
    reached: str | int | float | None = None


@dataclass(frozen=True)
class LandedFile:
    """One file of an import: what it is called, its hash, the tables read from it.

    Each table's `parquet` is relative to the landing folder. `as_of`, `decimal` (its decimal sign)
    and `date_order` are what the import said of it. `refused` holds a sentence for each part of it,
    as a member of an archive, that was not landed. `pulled` says of a
    table of a database which one it is. `import_id`, `order`, `mode` and `imported_at`
    are those of the import that it stands in, once it counts (`effective_files`).
    """

    file: str
    sha256: str
    tables: tuple[LandedTable, ...]
    as_of: str | None = None
    decimal: Decimal | None = None
    date_order: DateOrder | None = None
    refused: tuple[str, ...] = ()
    pulled: Pulled | None = None
    import_id: str = ""
    order: int = 0
    mode: str = ""
    imported_at: str = ""

    @property
    def sources(self) -> set[str]:
        """The sources that its tables belong to."""
        return {table.source for table in self.tables}


@dataclass(frozen=True)
class Manifest:
    """One import: its files, how it relates to earlier ones, who made it when.

    `source_folders` names, for sources of the user's own, the copy of the folder in the landing.
    """

    import_id: str
    number: int
    mode: str
    imported_at: str
    imported_by: str
    files: tuple[LandedFile, ...]
    source_folders: dict[str, str] = field(default_factory=dict)


def read_manifests(home: Path) -> list[Manifest]:
    """Return every import of a home in order; StoreError for one of a newer version."""
    folder = Home(home).landing
    if not folder.is_dir():
        return []
    imports = [path for path in folder.iterdir() if _IMPORT.fullmatch(path.name)]
    found = [_read(path / _MANIFEST) for path in imports]
    return sorted(found, key=lambda manifest: manifest.number)


def last_import_at(home: Path) -> datetime | None:
    """Return when the last import was made (UTC), None where there was none."""
    folder = Home(home).landing
    names = (
        [p.name for p in folder.iterdir() if _IMPORT.fullmatch(p.name)] if folder.is_dir() else []
    )
    if not names:
        return None
    last = max(names, key=lambda name: (len(name.partition("-")[0]), name))
    return datetime.fromisoformat(_read(folder / last / _MANIFEST).imported_at).replace(tzinfo=UTC)


def _read(path: Path) -> Manifest:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.pop("format", 0) <= FORMAT:
            files = tuple(_file(entry) for entry in raw.pop("files"))
            datetime.fromisoformat(raw["imported_at"])
            found = Manifest(files=files, **raw)
            _check_places(found, path.parent.name)
            return found
    except UNREADABLE as error:
        raise StoreError(
            f"The manifest {path} is missing or damaged ({type(error).__name__}: {error}): nothing "
            f"was changed. Restore it, or remove {path.parent} and import its files again."
        ) from error
    raise StoreError(
        f"The import {path.parent.name} was made by a newer version of Smarketing: upgrade it."
    )


def _check_places(manifest: Manifest, folder: str) -> None:
    """Raise ValueError where a manifest, forged in a backup, names a place outside the landing."""
    if manifest.import_id != folder:
        raise ValueError(f"it calls itself {manifest.import_id[:40]}")
    tables = (table.parquet for file in manifest.files for table in file.tables)
    for place in (*tables, *map(Path, manifest.source_folders.values())):
        is_within = not place.is_absolute() and ".." not in place.parts
        if not is_within or not _IMPORT.fullmatch(place.parts[0]):
            raise ValueError(f"{str(place)[:80]} is no place in the landing")


def _file(raw: dict[str, Any]) -> LandedFile:
    tables = tuple(_table(entry) for entry in raw.pop("tables"))
    refused = tuple(map(str, raw.pop("refused", ())))
    pulled = raw.pop("pulled", None)
    return LandedFile(
        tables=tables, refused=refused, pulled=Pulled(**pulled) if pulled else None, **raw
    )


def _table(raw: dict[str, Any]) -> LandedTable:
    totals = tuple(_total(entry) for entry in raw.pop("totals", ()))
    return LandedTable(
        columns=tuple(raw.pop("columns")),
        parquet=Path(raw.pop("parquet")),
        bad_rows=tuple(BadRow(**entry) for entry in raw.pop("lost")),
        skipped=tuple(Skipped(str(reason), int(rows)) for reason, rows in raw.pop("skipped")),
        totals=totals,
        above=tuple(map(str, raw.pop("above", ()))),
        **raw,
    )


def _total(raw: dict[str, Any]) -> Total:
    values = tuple((str(column), str(text)) for column, text in raw.pop("values"))
    return Total(values=values, **raw)


def _written(manifest: Manifest) -> dict[str, Any]:
    """Return a manifest as it is kept; what is known of a file by its place is left out."""
    kept = {name: getattr(manifest, name) for name in _KEPT_OF_IMPORT}
    return {"format": FORMAT, **kept, "files": [_written_file(file) for file in manifest.files]}


def _written_file(file: LandedFile) -> dict[str, Any]:
    kept = {name: getattr(file, name) for name in _KEPT_OF_FILE}
    return kept | {
        "pulled": file.pulled and asdict(file.pulled),
        "tables": [_written_table(table) for table in file.tables],
    }


def _written_table(table: LandedTable) -> dict[str, Any]:
    kept = {name: getattr(table, name) for name in _KEPT_OF_TABLE}
    return kept | {
        "parquet": table.parquet.as_posix(),
        "skipped": [(part.reason, part.rows) for part in table.skipped],
        "lost": [asdict(bad) for bad in table.bad_rows],
        "totals": [asdict(total) for total in table.totals],
    }


def effective_files(manifests: Iterable[Manifest]) -> list[LandedFile]:
    """Return the files that count, in import order.

    An import in mode `full` takes away everything earlier of its sources. A file that was landed
    before keeps its place: naming it again may give it another source or as-of, or say how it is to
    be read, nothing more.
    """
    kept: dict[str, LandedFile] = {}
    for manifest in manifests:
        if manifest.mode == "full":
            kept = _without(kept, {name for file in manifest.files for name in file.sources})
        for file in manifest.files:
            before = kept.get(file.sha256)
            kept[file.sha256] = _again(before, file) if before else _first(manifest, file)
    return sorted(kept.values(), key=lambda held: held.order)


def _without(kept: dict[str, LandedFile], sources: set[str]) -> dict[str, LandedFile]:
    found = {}
    for sha, held in kept.items():
        tables = tuple(table for table in held.tables if table.source not in sources)
        if tables:
            found[sha] = replace(held, tables=tables)
    return found


def _first(manifest: Manifest, file: LandedFile) -> LandedFile:
    return replace(
        file,
        import_id=manifest.import_id,
        order=manifest.number,
        mode=manifest.mode,
        imported_at=manifest.imported_at,
    )


def _again(before: LandedFile, file: LandedFile) -> LandedFile:
    said = {
        what: getattr(file, what) or getattr(before, what)
        for what in ("as_of", "decimal", "date_order")
    }
    return replace(before, tables=file.tables, **said)


def next_number(manifests: Iterable[Manifest]) -> int:
    """Return the number of the next import: one more than the last."""
    return max((manifest.number for manifest in manifests), default=0) + 1


def import_name(number: int, at: datetime) -> str:
    """Name an import: its number and the day it was made."""
    return f"i{number:05d}-{at:%Y%m%d}"


def staging_path(home: Path, import_id: str) -> Path:
    """Return the folder in which an import is written before it counts."""
    return Home(home).landing / f"{_LANDING}{import_id}"


def staging(home: Path, import_id: str) -> Path:
    """Make the folder in which an import is written before it counts."""
    folder = staging_path(home, import_id)
    with disk_errors(home):
        folder.mkdir(parents=True)
    return folder


def commit(home: Path, manifest: Manifest) -> Path:
    """Make a staged import count: write its manifest, make it durable, rename its folder."""
    landing = Home(home).landing
    staged, final = landing / f"{_LANDING}{manifest.import_id}", landing / manifest.import_id
    with disk_errors(home):
        text = json.dumps(_written(manifest), ensure_ascii=False, indent=1)
        (staged / _MANIFEST).write_text(text, encoding="utf-8")
        for path in staged.rglob("*"):
            sync(path)
        sync(staged)
        staged.rename(final)
        sync(landing)
    return final


def take_back(home: Path, import_id: str) -> None:
    """Let an import no longer count, by one rename; what is left of it goes with the next lock."""
    landing = Home(home).landing
    with disk_errors(home):
        (landing / import_id).rename(landing / f"{_LANDING}{import_id}")
        sync(landing)


def clear_unfinished(home: Path) -> None:
    """Remove what a killed import left behind; call it only while holding the lock."""
    with disk_errors(home):
        for folder in Home(home).landing.glob(f"{_LANDING}*"):
            shutil.rmtree(folder)


def as_of_text(given: str | date | None) -> str | None:
    """Return a user's as-of as ISO text, a day or an instant; UsageError when it is neither."""
    if given is None:
        return None
    text = given.isoformat() if isinstance(given, date) else given.strip()
    try:
        read = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"The as-of '{text}' is no day; write it as YYYY-MM-DD, for example 2026-03-31."
        ) from error
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise UsageError(
            f"The as-of '{text}' is out of range; years run {FIRST_YEAR} to {LAST_YEAR}."
        )
    return read.isoformat()
