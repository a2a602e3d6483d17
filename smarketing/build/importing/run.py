"""`import_files` and `build`: land, derive, publish, and say what became of every row."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.build.core.broken import AmbiguousError
from smarketing.build.derive import Derived, Setting, derive, raw_files
from smarketing.build.importing.balance_sheet import build_report, import_report, unread_report
from smarketing.build.importing.own_sources import all_sources, keep_source, own_folders
from smarketing.build.importing.pulled import Pull, pulled_files
from smarketing.build.importing.report import BuildReport, ImportReport
from smarketing.build.importing.staging import (
    Habits,
    Named,
    Said,
    Staged,
    collect,
    documents,
    stage,
)
from smarketing.build.progress import Progress, silent
from smarketing.errors import RefusedError, StoreError, UsageError
from smarketing.files.encoding import known_encoding
from smarketing.settings import Settings
from smarketing.sources import Source, builtin_sources, load_source
from smarketing.store import audit, builds, landing
from smarketing.store.erased import keep_erased, read_erased
from smarketing.store.home import disk_errors
from smarketing.store.landing import LandedFile, Manifest
from smarketing.store.opening import open_build
from smarketing.store.workplace import Workplace, workplace

STEPS = (
    "reading",
    "typing",
    "keeping the newest versions",
    "checking references",
    "mart",
    "checking invariants",
    "publishing",
)
"""What `progress` is told, in order; some with the name of a file, a source or a mart behind."""


def import_files(
    home: Path,
    paths: Sequence[Path | str],
    *,
    source: str | Path | None = None,
    mode: str = "add",
    as_of: str | date | None = None,
    decimal: str | None = None,
    date_order: str | None = None,
    encoding: str | None = None,
    dry_run: bool = False,
    by: str | None = None,
    progress: Progress | None = None,
    pull: Pull | None = None,
) -> ImportReport:
    """Import files and folders: land them, build the store anew, publish it.

    `source` names a source or the folder of one; without it each file is recognised by its
    headers. `mode` is `add`, or `full` when the files replace all earlier ones of their sources.
    `as_of` says until when the files speak, `decimal` ("." or ",") and `date_order` ("dmy", "mdy"
    or "ymd") how they are written where their values do not say it themselves, `encoding` in which
    those are that are not UTF-8. With `dry_run`
    everything is done and nothing kept. `pull` says which tables of a database are pulled as files.

    A file that cannot be used is named in `ImportReport.refused` and the others are imported.
    Raises UsageError for a wrong argument, SourceError when every file is refused or mode `full`
    would replace what there is by records that cannot be read, StoreError for what the store or
    the disk refuses; nothing has then changed.
    """
    if mode not in ("add", "full"):
        raise UsageError(f"Unknown mode '{mode}'. Valid: add, full.")
    habits = Said(source, landing.as_of_text(as_of), decimal, date_order).habits
    places = tuple(Path(path) for path in paths)
    order = _Order(Path(home), places, pull, mode, habits, dry_run, known_encoding(encoding))
    if pull is not None:
        pull.check()
    named = collect(places)
    forced = load_source(source) if source is not None else None
    load_home_agreement(order.home)  # said before anybody is waited for
    tell = progress or silent
    with workplace(order.home, dry_run) as place:
        # Read once nobody else builds: what was signed meanwhile counts.
        agreement = load_home_agreement(order.home)
        _check_current(order.home)
        manifests = landing.read_manifests(order.home)
        manifest = empty_manifest(manifests, mode, by)
        folders = own_folders(order.home, manifests)
        manifest, folders = _with_source(place, manifest, forced, folders)
        where = "" if place.apart else Settings().warehouse
        setting = Setting(
            place, agreement, all_sources(folders), folders, manifest.import_id, tell, where,
            forced=forced,
        )  # fmt: skip
        return _imported(order, named, setting, manifests, manifest)


@dataclass(frozen=True)
class _Order:
    """What was asked for: which files or tables, how they are written, and what to do with them."""

    home: Path
    places: tuple[Path, ...]
    pull: Pull | None
    mode: str
    habits: Habits
    dry_run: bool
    encoding: str | None = None


def _imported(
    order: _Order,
    named: Sequence[Named],
    setting: Setting,
    manifests: Sequence[Manifest],
    manifest: Manifest,
) -> ImportReport:
    """Read, derive and publish; say what became of every row."""
    staged = _staged(order, named, setting, manifests)
    if not staged.files:
        return unread_report(staged, order.dry_run)
    _refuse_half(staged, order.mode)
    derived, manifest = derived_of(setting, manifests, manifest, staged)
    report = import_report(order.home, derived, manifest.import_id, staged, order.dry_run)
    _refuse_unreadable(report, order.mode)
    if not order.dry_run and not derived.is_current:
        setting.progress("publishing", 0.99)
        if staged.erased:
            # Before anything that they are to be known by counts.
            keep_erased(order.home, staged.erased)
        _land_and_publish(order.home, manifest, derived)
        files = ", ".join(file.file for file in manifest.files)
        audit.note(order.home, manifest.imported_by, "imported", f"{manifest.import_id}: {files}")
    return report


def _staged(
    order: _Order, named: Sequence[Named], setting: Setting, manifests: Sequence[Manifest]
) -> Staged:
    """Read the files, and the tables to pull, into the import."""
    import_id = str(setting.import_id)
    staged = Staged(setting.place.staged(import_id), import_id, *order.habits)
    staged.home, staged.erased = order.home, read_erased(order.home)
    staged.encoding = order.encoding
    staged.passed = documents(order.places)
    earlier = landing.effective_files(manifests)
    before = earlier if order.mode == "add" else ()
    with disk_errors(order.home), pulled_files(order.pull, staged, setting, before) as more:
        stage(staged, [*named, *more], setting, {held.sha256: held for held in earlier})
    return staged


def _with_source(
    place: Workplace, manifest: Manifest, forced: Source | None, folders: dict[str, Path]
) -> tuple[Manifest, dict[str, Path]]:
    """Make the folder of an import and land a source of the user's own with it.

    Later builds then need nothing from elsewhere.
    """
    folder = place.stage(manifest.import_id)
    if forced is None or forced in builtin_sources().values():
        return manifest, folders
    name = f"source-{forced.name}"
    with disk_errors(place.home):
        keep_source(forced, folder / name)
    landed = replace(manifest, source_folders={forced.name: f"{manifest.import_id}/{name}"})
    return landed, {**folders, forced.name: folder / name}


def _refuse_half(staged: Staged, mode: str) -> None:
    """Keep a full import from replacing what it could not read."""
    if mode == "full" and staged.refused:
        why = (
            "Nothing was changed, since --mode full would replace the earlier files of the source "
            "without these."
        )
        raise RefusedError((*staged.refused, why))


def _refuse_unreadable(report: ImportReport, mode: str) -> None:
    """Keep a full import from replacing what there is by nothing."""
    is_empty = not any(file.rows for file in report.files)
    if mode == "full" and (report.unreadable or is_empty):
        why = (
            "Nothing was changed, since --mode full would replace the earlier files of the source "
            "by nothing."
        )
        raise RefusedError((report.refusal or "The files hold no record at all.", why))


def _land_and_publish(home: Path, manifest: Manifest, derived: Derived) -> None:
    """Make the import count and its build current, both or none."""
    folder = landing.commit(home, manifest)
    try:
        _publish(home, derived)
    except StoreError:
        shutil.rmtree(folder)
        raise


def _check_current(home: Path) -> None:
    """Refuse to go on from a published build that is damaged or of a newer version."""
    current = builds.published(home)
    if current is not None:
        open_build(current)


def empty_manifest(manifests: Sequence[Manifest], mode: str, by: str | None) -> Manifest:
    """Return the manifest of an import that begins, after these."""
    number = landing.next_number(manifests)
    now = datetime.now(UTC).replace(tzinfo=None)
    import_id = landing.import_name(number, now)
    return Manifest(import_id, number, mode, now.isoformat(), by or "unknown", ())


def derived_of(
    setting: Setting, manifests: Sequence[Manifest], manifest: Manifest, staged: Staged
) -> tuple[Derived, Manifest]:
    """Build with the staged files, less those whose numbers or dates nothing settles."""
    while True:
        manifest = replace(manifest, files=tuple(staged.files))
        effective = landing.effective_files([*manifests, manifest])
        try:
            return derive(setting, effective), manifest
        except AmbiguousError as error:
            _refuse(setting, effective, staged, manifest.mode, error)


def _refuse(
    setting: Setting,
    effective: Sequence[LandedFile],
    staged: Staged,
    mode: str,
    error: AmbiguousError,
) -> None:
    files = {file.file_id: file.sha256 for file in raw_files(setting, effective)}
    refused = [staged.refuse({files[n]}, reason) for n, reason in error.refusals.items()]
    if not any(refused):
        raise error
    if not staged.files:
        raise RefusedError(staged.refused) from error
    _refuse_half(staged, mode)


def _publish(home: Path, derived: Derived) -> None:
    builds.publish(home, derived.build_id)
    settings = Settings()
    builds.prune(home, settings.keep_builds, int(settings.keep_builds_gb * 1e9))


def build(home: Path, progress: Progress | None = None, *, on: str | None = None) -> BuildReport:
    """Derive everything again from the landed files and the agreement, and publish it.

    `on` is the address of a warehouse to build the marts in, else that of the settings.

    Raises StoreError when nothing has been imported yet or an invariant does not hold; the build
    before then stays current.
    """
    home = Path(home)
    manifests = landing.read_manifests(home)
    if not manifests:
        raise StoreError(
            f"There is nothing to build in {home} yet. Run: smarketing import FILES, or "
            "smarketing demo."
        )
    load_home_agreement(home)  # said before anybody is waited for
    with workplace(home) as place:
        setting = again(home, place, load_home_agreement(home), progress or silent)
        if on is not None:
            setting = replace(setting, warehouse=on)
        return _build_again(home, setting)


def again(
    home: Path,
    place: Workplace,
    agreement: Agreement,
    tell: Progress,
    manifests: Sequence[Manifest] | None = None,
) -> Setting:
    """Return what a build of everything landed depends on, or of some of the imports."""
    counted = landing.read_manifests(home) if manifests is None else manifests
    folders = own_folders(home, counted)
    sources = all_sources(folders)
    return Setting(place, agreement, sources, folders, None, tell, Settings().warehouse)


def _build_again(home: Path, setting: Setting) -> BuildReport:
    derived = derive(setting, landing.effective_files(landing.read_manifests(home)), again=True)
    setting.progress("publishing", 0.99)
    _publish(home, derived)
    return build_report(builds.build_path(home, derived.build_id), derived)
