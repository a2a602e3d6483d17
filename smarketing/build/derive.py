"""Deriving a build from the landed files, the agreement and the code."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.agreement import Agreement
from smarketing.build.accounting.as_of import given_as_of
from smarketing.build.again.fingerprint import build_hash, landing_hash
from smarketing.build.core.broken import AddingError
from smarketing.build.core.views import RawFile
from smarketing.build.progress import Progress
from smarketing.errors import SourceError, StoreError
from smarketing.sources import LandedTable, Source, recognise
from smarketing.sources.records import values_of
from smarketing.store import builds
from smarketing.store.landing import LandedFile
from smarketing.store.opening import open_build
from smarketing.store.workplace import Workplace

if TYPE_CHECKING:
    from smarketing.build.assemble import Recipe

_PARQUET = b"PAR1"


@dataclass(frozen=True)
class Setting:
    """What a build depends on besides its files; `import_id` is the running import's.

    `warehouse` is the address where marts are built; blank is here. `only_core` makes no marts.
    `forced` is the source that all files of the import are said to be of.
    """

    place: Workplace
    agreement: Agreement
    sources: Mapping[str, Source]
    folders: Mapping[str, Path]
    import_id: str | None
    progress: Progress
    warehouse: str = ""
    only_core: bool = False
    forced: Source | None = None


@dataclass(frozen=True)
class Derived:
    """A build that is made and not yet published, or the published one if that is up to date."""

    build_id: str
    path: Path
    files: tuple[RawFile, ...]
    marts: tuple[str, ...]
    is_current: bool
    agreement: Agreement


def derive(setting: Setting, effective: Sequence[LandedFile], *, again: bool = False) -> Derived:
    """Make the build of these files; with `again` even if the published one is just that.

    Raises what `assemble` raises.
    """
    home = setting.place.home
    state = landing_hash(effective, setting.folders)
    whole = build_hash(state, setting.agreement.hash)
    current = builds.published(home)
    if not again and current is not None and current.stem.endswith(f"-{whole[: builds.SIGNS]}"):
        files = raw_files(setting, effective, _objects_in(current))
        return Derived(current.stem, current, files, (), True, setting.agreement)
    files = raw_files(setting, effective)
    build_id = builds.next_build_id(home, whole)
    path = setting.place.building(build_id)
    builds.check_space(home, _needed(current, files))
    if setting.warehouse:
        from smarketing.build.marts.staying import staying

        staying()  # refuses, before hours of work, what cannot stay
    recipe = _recipe(setting, build_id, files, state)
    if not again and not setting.warehouse:
        # What makes a build is loaded for a build that is made: files known before need none of it.
        from smarketing.build.again.carry import find_carried

        earlier = find_carried(
            current, setting.agreement.hash, effective, setting.folders, files, recipe.sources
        )
        recipe = replace(recipe, carried=earlier)
    marts = _assembled(path, recipe, setting.progress)
    return Derived(build_id, path, files, tuple(marts), False, setting.agreement)


def _recipe(
    setting: Setting, build_id: str, files: tuple[RawFile, ...], landing_hash: str
) -> Recipe:
    from smarketing.build.assemble import Recipe

    used = {file.source for file in files}
    return Recipe(
        build_id,
        files,
        {name: source for name, source in setting.sources.items() if name in used},
        setting.agreement,
        landing_hash,
        warehouse=setting.warehouse,
        beside=setting.place.home,
        only_core=setting.only_core,
        importing=setting.import_id,
    )


def _assembled(path: Path, recipe: Recipe, progress: Progress) -> list[str]:
    """Assemble a build, from nothing where it cannot be added to the one before."""
    from smarketing.build.assemble import assemble

    try:
        return assemble(path, recipe, progress)
    except AddingError:
        path.unlink()
        return assemble(path, replace(recipe, carried=None), progress)


def _needed(current: Path | None, files: Sequence[RawFile]) -> int:
    """Return the least a build will take: as much as the one before, or as what was landed."""
    landed = sum(file.parquet.stat().st_size for file in files)
    return max(landed, current.stat().st_size if current else 0)


def _objects_in(build: Path) -> Sequence[str | None]:
    """Return what each table of a build was recognised as, in their order."""
    cursor = open_build(build).cursor()
    try:
        rows = cursor.execute("select object from file_info order by _file_id").fetchall()
    finally:
        cursor.close()
    return [row[0] for row in rows]


def raw_files(
    setting: Setting,
    effective: Sequence[LandedFile],
    objects: Sequence[str | None] | None = None,
) -> tuple[RawFile, ...]:
    """Number every landed table and recognise it by its source's present profile.

    `objects` are what they were recognised as in a build of just these files by just this code.
    """
    found: list[RawFile] = []
    for held in effective:
        given = held.as_of
        for table in held.tables:
            source = setting.sources.get(table.source)
            parquet = setting.place.parquet(table.parquet, setting.import_id).resolve()
            _check_landed(parquet, table, held)
            found.append(
                RawFile(
                    file_id=len(found) + 1,
                    import_id=held.import_id,
                    imported_at=datetime.fromisoformat(held.imported_at),
                    mode=held.mode,
                    file=held.file,
                    sha256=held.sha256,
                    source=table.source,
                    object=objects[len(found)]
                    if objects is not None
                    else _object(source, table.name, table.columns, parquet),
                    table=table,
                    parquet=parquet,
                    as_of=given_as_of(given, setting.agreement.timezone) if given else None,
                    decimal=held.decimal,
                    date_order=held.date_order,
                )
            )
    return tuple(found)


def _check_landed(parquet: Path, table: LandedTable, held: LandedFile) -> None:
    """Refuse to build from less than was landed: a Parquet file begins and ends with its mark."""
    try:
        with parquet.open("rb") as file:
            first = file.read(len(_PARQUET))
            file.seek(-len(_PARQUET), os.SEEK_END)
            if first == file.read() == _PARQUET:
                return
        why = "is damaged"
    except OSError as error:
        why = f"cannot be read ({error.strerror})"
    raise StoreError(
        f"The landed copy of {table.name}, {parquet}, {why}: nothing was changed. Restore it, or "
        f"remove landing/{held.import_id} and import its files again."
    )


def _object(source: Source | None, name: str, columns: Sequence[str], parquet: Path) -> str | None:
    if source is None:
        return None
    try:
        return recognise(name, columns, [source], source, values_of(parquet)).object
    except SourceError:
        return None
