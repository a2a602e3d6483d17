"""`undo`: the last import is taken back, as if it had never been made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from smarketing.agreement import load_home_agreement
from smarketing.build.again.fingerprint import build_hash, landing_hash
from smarketing.build.derive import Setting, derive
from smarketing.build.importing.run import again
from smarketing.build.progress import Progress, silent
from smarketing.errors import StoreError
from smarketing.periods import local_instant, moment_words
from smarketing.store import audit, builds, landing
from smarketing.store.landing import LandedFile, Manifest
from smarketing.store.workplace import workplace


@dataclass(frozen=True)
class Undone:
    """An import that was taken back, and the build that is current without it.

    `build_id` is None where nothing is left to show.
    """

    import_id: str
    imported_at: str
    imported_by: str
    files: tuple[str, ...]
    build_id: str | None
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain mapping."""
        return asdict(self)

    def line(self, zone: str) -> str:
        """What was taken back, in one sentence, on the clocks of a zone."""
        many = f"{len(self.files)} file{'' if len(self.files) == 1 else 's'}"
        first = ", ".join(self.files[:3]) + (" …" if len(self.files) > 3 else "")
        would = "would be" if self.dry_run else "was"
        when = local_instant(datetime.fromisoformat(self.imported_at), zone)
        return (
            f"The import {self.import_id} of {many} ({first}), made by {self.imported_by} on "
            f"{moment_words(when)}, {would} taken back."
        )


def last_import(home: Path) -> Manifest | None:
    """Return the import that `undo` would take back, None where nothing was imported."""
    manifests = landing.read_manifests(home)
    return manifests[-1] if manifests else None


def undo(
    home: Path,
    *,
    import_id: str | None = None,
    by: str = "unknown",
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Undone:
    """Take the last import back and publish what the others say.

    `import_id` is the import that is meant: where another one came between, nothing is changed. A
    build of the others that is still kept is taken as it is. Killed on the way, the import counts
    or it does not. Raises StoreError where there is no such import.
    """
    home = Path(home)
    if dry_run:
        return _undone(_last(home, import_id), None, dry_run=True)
    with workplace(home) as place:
        last = _last(home, import_id)
        left = [m for m in landing.read_manifests(home) if m.import_id != last.import_id]
        effective = landing.effective_files(left)
        setting = again(home, place, load_home_agreement(home), progress or silent, left)
        build_id = _build_of(home, setting, effective)
        landing.take_back(home, last.import_id)
        builds.point_to(home, build_id)
    done = _undone(last, build_id)
    audit.note(home, by, "took an import back", f"{done.import_id}: {', '.join(done.files)}")
    return done


def _last(home: Path, import_id: str | None) -> Manifest:
    last = last_import(home)
    if last is None:
        raise StoreError(f"Nothing has been imported into {home}, so there is nothing to undo.")
    if import_id not in (None, last.import_id):
        raise StoreError(
            f"The last import is {last.import_id} by now, not {import_id}: nothing was changed. "
            "Look at what came in, then undo that one."
        )
    return last


def _build_of(home: Path, setting: Setting, effective: list[LandedFile]) -> str | None:
    """Return a build of these files, beside the others and not current yet; None of no file."""
    if not effective:
        return None
    whole = build_hash(landing_hash(effective, setting.folders), setting.agreement.hash)
    known = builds.same_build(home, whole)
    if known is not None:
        return known.build_id
    made = derive(setting, effective, again=True)
    builds.keep_beside(home, made.build_id)
    return made.build_id


def _undone(last: Manifest, build_id: str | None, *, dry_run: bool = False) -> Undone:
    files = tuple(file.file for file in last.files)
    return Undone(
        last.import_id, last.imported_at, last.imported_by, files, build_id, dry_run=dry_run
    )
