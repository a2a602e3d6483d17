"""`refresh`: what lies new in watched folders is imported; safe at any moment, and twice.

    watch:
      - {folder: /srv/exports/crm, source: salesforce}
      - {folder: /srv/exports/ads}
      - {folder: s3://acme-exports/hubspot}
    reports: /srv/reports
    every_hours: 1
    fresh_hours: 26

That is `refresh.yaml` in the home. A file that was landed before is known by its content; one that
was written a moment ago is left to the next time, since it may not be whole yet. What lies at an
address is fetched first.
"""

from __future__ import annotations

import errno
import math
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from smarketing.build.importing.run import build, import_files
from smarketing.build.importing.staleness import stale_reasons
from smarketing.build.remote import fetch, is_address, remember
from smarketing.errors import SmarketingError, UsageError, did_you_mean
from smarketing.plain_yaml import parse_yaml
from smarketing.sources import data_files
from smarketing.store.builds import published
from smarketing.store.landing import read_manifests

FILE_NAME = "refresh.yaml"
_KEYS = ("watch", "reports", "every_hours", "fresh_hours")
_WATCH = ("folder", "source", "mode", "decimal", "date_order")
_QUIET_SECONDS = 5
#: What a single file may answer: a link that leads to itself, a name that is too long, no access.
_OF_ONE_FILE = frozenset({errno.ELOOP, errno.ENAMETOOLONG, errno.EACCES, errno.EPERM})
#: A file that was written so much later than now never comes to rest: a clock is wrong.
_AHEAD_SECONDS = 86_400


@dataclass(frozen=True)
class Watched:
    """A folder to import from, or an address elsewhere, and what to tell the import."""

    folder: Path | str
    source: str | None = None
    mode: str = "add"
    decimal: str | None = None
    date_order: str | None = None


@dataclass(frozen=True)
class Schedule:
    """What `refresh.yaml` says: folders, where reports go, after how many hours data are old.

    `every_hours` is how often a dashboard that is served refreshes by itself; without it, never.
    """

    watch: tuple[Watched, ...] = ()
    reports: Path | None = None
    fresh_hours: float | None = None
    every_hours: float | None = None


@dataclass
class Refreshed:
    """What a refresh did: new records by table, whether a build was published, what went wrong.

    `expired` says who was erased for silence.
    """

    files: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    build_id: str | None = None
    failures: list[str] = field(default_factory=list)
    expired: str = ""

    @property
    def line(self) -> str:
        """What changed, in one line."""
        rows = ", ".join(f"{count:,} of {name}" for name, count in sorted(self.tables.items()))
        what = f"{self.files} new file{'' if self.files == 1 else 's'}"
        said = f"{what}: new or changed {rows}" if rows else f"{what}, no record new or changed"
        failed = f" {len(self.failures)} failed: {' '.join(self.failures)}" if self.failures else ""
        gone = f" {self.expired}" if self.expired else ""
        return f"{said}; build {self.build_id or 'none'}.{gone}{failed}"


def read_schedule(home: Path) -> Schedule:
    """Return what a home is to be refreshed from; UsageError says what of the file is wrong."""
    path = home / FILE_NAME
    try:
        content = parse_yaml(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError as error:
        raise UsageError(
            f"There is no {path}, which names the folders to watch: write one with "
            "watch: [{folder: /path/to/exports}]."
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read: {str(error).splitlines()[0]}.") from error
    _known(content, _KEYS, FILE_NAME)
    entries = content.get("watch") or []
    if not isinstance(entries, list):
        raise UsageError(f"{FILE_NAME}: watch is a list of folders, as [{{folder: /path}}].")
    reports = content.get("reports")
    return Schedule(
        tuple(_watched(entry, home) for entry in entries),
        None if reports is None else home / str(reports),
        _hours(content, "fresh_hours", "26"),
        _hours(content, "every_hours", "1"),
    )


def _hours(content: dict[str, object], key: str, such: str) -> float | None:
    hours = content.get(key)
    if hours is None:
        return None
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours < math.inf:
        raise UsageError(f"{FILE_NAME}: {key} is a number of hours, such as {such}.")
    return hours


def _watched(entry: object, home: Path) -> Watched:
    _known(entry, _WATCH, f"{FILE_NAME}, watch")
    assert isinstance(entry, dict)
    if not isinstance(entry.get("folder"), str):
        raise UsageError(f"{FILE_NAME}, watch: an entry names its folder, as folder: /path.")
    said = {key: str(entry[key]) for key in _WATCH[1:] if entry.get(key) is not None}
    folder = entry["folder"]
    return Watched(folder if is_address(folder) else home / folder, **said)


def _known(content: object, keys: tuple[str, ...], where: str) -> None:
    if not isinstance(content, dict):
        raise UsageError(f"{where}: write it as a mapping of {', '.join(keys)}.")
    for key in content:
        if key not in keys:
            raise UsageError(f"{where}: '{key}' is not known.{did_you_mean(str(key), keys)}")


def refresh(home: Path, schedule: Schedule, *, at: float | None = None) -> Refreshed:
    """Import what is new in the watched folders and build where the build is out of date.

    A folder or file that fails is named in `failures`; the others are imported. `at` is the moment,
    in seconds since 1970.
    """
    done = Refreshed()
    for watched in schedule.watch:
        try:
            _import(home, watched, time.time() if at is None else at, done)
        except SmarketingError as error:
            done.failures.append(str(error))
        except OSError as error:
            # A mount that went away answers with any of them, at any moment.
            place = error.filename or watched.folder
            done.failures.append(f"{place} cannot be read ({error.strerror}); is it mounted?")
    try:
        _build_if_stale(home)
    except SmarketingError as error:
        done.failures.append(str(error))
    current = published(home)
    done.build_id = None if current is None else current.stem
    return done


def _import(home: Path, watched: Watched, at: float, done: Refreshed) -> None:
    if isinstance(watched.folder, str):
        _import_from(home, watched, watched.folder, done)
        return
    if watched.folder.is_file():
        raise UsageError(f"{watched.folder} is a file; watch the folder that it lies in.")
    if not watched.folder.is_dir():
        raise UsageError(f"The watched folder {watched.folder} is not there; is it mounted?")
    there, failed = data_files([watched.folder]), len(done.failures)
    files = list(_whole(there, at, done.failures))
    if watched.mode == "full" and len(files) < len(there):
        # What replaces all that was there must be all: a file left out would end its records.
        if len(done.failures) > failed:
            done.failures.append(f"Until then nothing of {watched.folder} is taken, in mode full.")
        return
    if files:
        _import_files(home, watched, files, done)


def _import_from(home: Path, watched: Watched, address: str, done: Refreshed) -> None:
    """Import what is new at an address; where a file of it is refused it is tried again."""
    with tempfile.TemporaryDirectory(prefix="smarketing-") as scratch:
        marks = fetch(home, address, Path(scratch), whole=watched.mode == "full")
        if not marks:
            return
        refused = len(done.failures)
        _import_files(home, watched, data_files([Path(scratch)]), done)
    if len(done.failures) == refused:
        remember(home, address, marks)


def _import_files(home: Path, watched: Watched, files: Sequence[Path], done: Refreshed) -> None:
    known = {file.sha256 for m in read_manifests(home) for file in m.files}
    report = import_files(
        home,
        files,
        source=watched.source,
        mode=watched.mode,
        decimal=watched.decimal,
        date_order=watched.date_order,
        by="refresh",
    )
    done.failures += report.refused
    done.files += sum(1 for file in report.files if file.source and file.sha256 not in known)
    for table in report.tables:
        if table.new + table.changed:
            done.tables[table.table] = done.tables.get(table.table, 0) + table.new + table.changed


def _whole(there: Iterable[Path], at: float, failures: list[str]) -> Iterator[Path]:
    """Iterate over the files of a folder that nobody is writing just now; say what never will be.

    A file that was taken away meanwhile is passed over.
    """
    for path in there:
        try:
            age = at - path.stat().st_mtime
        except FileNotFoundError:
            if path.is_symlink():
                failures.append(f"{path} leads to a file that is not there; take it away.")
            continue
        except OSError as error:
            # What is wrong with a file alone keeps no other from coming; a mount that went does.
            if error.errno not in _OF_ONE_FILE:
                raise
            failures.append(f"{path} cannot be read ({error.strerror}); take it away.")
            continue
        if age >= _QUIET_SECONDS:
            yield path
        elif age < -_AHEAD_SECONDS:
            failures.append(
                f"{path} says that it was written {round(-age / 86_400)} days from now, so it is "
                "not taken: set its time, or the clock of who writes it."
            )


def _build_if_stale(home: Path) -> None:
    if published(home) is not None and stale_reasons(home):
        build(home)
