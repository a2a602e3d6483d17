"""What files would give, looked at before they are imported: the first rows, not the whole."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from smarketing.agreement import load_home_agreement
from smarketing.build.derive import Setting
from smarketing.build.importing.balance_sheet import import_report, unread_report
from smarketing.build.importing.own_sources import all_sources, own_folders
from smarketing.build.importing.report import ImportReport
from smarketing.build.importing.run import derived_of, empty_manifest
from smarketing.build.importing.staging import Said, Staged, collect, stage
from smarketing.build.progress import silent
from smarketing.currencies import minor_digits
from smarketing.errors import SourceError
from smarketing.files.archive import check_size
from smarketing.files.encoding import known_encoding
from smarketing.files.quoting import identifier
from smarketing.sources import load_source
from smarketing.store import landing
from smarketing.store.erased import read_erased
from smarketing.store.schema import Table, core_tables
from smarketing.store.workplace import Workplace

_TEXTS = ("", ".csv", ".tsv", ".txt")
_LARGE = 1 << 21
"""Bytes from which a text is looked at by its beginning alone."""
_HEAD = 1 << 19
_MOST = 1 << 26
"""Bytes of what is no text from which an archive is left to the reader as it is."""
_SHOWN = 20
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Preview:
    """What the files were taken for, and the first rows of each core table that they would fill.

    `report` counts what was looked at. `cut` names the files of which that is the beginning: there
    the rest may settle what this leaves open.
    """

    report: ImportReport
    tables: Mapping[str, pd.DataFrame]
    cut: tuple[str, ...]


def preview(home: Path, paths: Sequence[Path], said: Said) -> Preview:
    """Read the beginning of files as an import would, apart from everything in the home.

    Raises what `import_files` raises; where every file is refused, SourceError says why.
    """
    with tempfile.TemporaryDirectory(prefix="smarketing-") as folder:
        apart = Path(folder)
        files, cut = _beginnings(paths, apart / "beginnings")
        forced = load_source(said.source) if said.source else None
        place = Workplace(apart / "home", apart)
        folders = own_folders(home, landing.read_manifests(home))
        if forced is not None:
            folders[forced.name] = forced.folder
        manifest = empty_manifest((), "add", None)
        staged = Staged(place.stage(manifest.import_id), manifest.import_id, *said.habits)
        staged.home, staged.erased = home, read_erased(home)
        staged.encoding = known_encoding(said.encoding)
        setting = Setting(
            place, load_home_agreement(home), all_sources(folders), folders, manifest.import_id,
            silent, only_core=True, forced=forced,
        )  # fmt: skip
        stage(staged, collect(files), setting, {})
        if not staged.files:
            return Preview(unread_report(staged, True), {}, cut)
        derived, manifest = derived_of(setting, (), manifest, staged)
        report = import_report(place.home, derived, manifest.import_id, staged, True)
        return Preview(report, _first_rows(derived.path, setting.agreement.timezone), cut)


def _beginnings(paths: Sequence[Path], folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Return the files, large texts by a copy of their beginning, and the names of those."""
    folder.mkdir()
    files, cut = [], []
    for path in paths:
        beginning = _beginning(path, folder / path.name)
        if beginning is not None:
            cut.append(path.name)
        files.append(beginning or path)
    return files, tuple(cut)


def _beginning(path: Path, target: Path) -> Path | None:
    """Write the beginning of a large text, packed or not; None for what is looked at whole.

    What is no whole archive is left to the reader, which says so.
    """
    name = path.name.casefold()
    try:
        if name.endswith(".gz") and _is_text(name[:-3]):
            with gzip.open(path) as packed, gzip.open(target, "wb") as file:
                head = packed.read(_LARGE + 1)
                file.write(_whole_lines(head[:_HEAD]))
            return target if len(head) > _LARGE else None
        if name.endswith(".zip"):
            return _beginnings_in(path, target)
    except (SourceError, OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
        return None
    if not _is_text(name) or path.stat().st_size <= _LARGE:
        return None
    with path.open("rb") as whole:
        target.write_bytes(_whole_lines(whole.read(_HEAD)))
    return target


def _beginnings_in(path: Path, target: Path) -> Path | None:
    """Write an archive with the beginnings of its large texts; None where it has none."""
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(target, "w") as kept:
        members = [member for member in packed.infolist() if not member.is_dir()]
        check_size(sum(m.file_size for m in members), path.stat().st_size, path.name)
        large = [m for m in members if _is_text(m.filename) and m.file_size > _LARGE]
        if any(m not in large and m.file_size > _MOST for m in members):
            return None
        for member in members if large else []:
            with packed.open(member) as file:
                text = file.read(_HEAD) if member in large else file.read()
            kept.writestr(member.filename, _whole_lines(text) if member in large else text)
    return target if large else None


def _is_text(name: str) -> bool:
    return Path(name).suffix.casefold() in _TEXTS


def _whole_lines(text: bytes) -> bytes:
    """Return a beginning up to a line end that stands in no quoted value."""
    if text[:2] in _WIDE:
        wide = text.decode("utf-16", errors="ignore")
        return wide[: wide.rfind("\n") + 1].encode("utf-16")
    end = text.rfind(b"\n") + 1
    last = end
    while last and text.count(b'"', 0, last) % 2:
        last = text.rfind(b"\n", 0, last - 1) + 1
    # Without a balanced beginning a quote is no quote in this file.
    return text[: last or end]


def _first_rows(path: Path, timezone: str) -> dict[str, pd.DataFrame]:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        found = {
            table.name: _shown(table, _rows(connection, table.name), timezone)
            for table in core_tables().values()
        }
    return {name: frame for name, frame in found.items() if len(frame)}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    query = f"select * from {identifier(table)} order by _file_id, _row limit {_SHOWN}"
    return connection.execute(query).df()


def _shown(table: Table, frame: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Return the columns that say something: amounts in major units, instants as on the spot."""
    for column in table.columns:
        name = column.name
        if column.type == "amount" and "currency" in frame:
            digits = frame["currency"].map(lambda code: minor_digits(str(code)))
            frame[name] = frame[name] / 10**digits
        elif column.type == "instant":
            local = frame[name].dt.tz_localize("UTC").dt.tz_convert(timezone)
            timed = frame[f"{name}_has_time"].fillna(False).astype(bool)
            days = local.dt.strftime("%Y-%m-%d")
            frame[name] = local.dt.strftime("%Y-%m-%d %H:%M").where(timed, days)
    names = [column.name for column in table.columns]
    return frame[names].dropna(axis="columns", how="all").reset_index(drop=True)
