"""Where an import or a build works: the locked home, or a folder apart that leaves no trace."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smarketing.settings import Settings
from smarketing.store import builds, landing
from smarketing.store.home import Home
from smarketing.store.lock import writing


@dataclass(frozen=True)
class Workplace:
    """The folders of one import or build; `apart` is set for a dry run."""

    home: Path
    apart: Path | None = None

    def stage(self, import_id: str) -> Path:
        """Make the folder into which files are read."""
        if self.apart is None:
            return landing.staging(self.home, import_id)
        folder = self.staged(import_id)
        folder.mkdir()
        return folder

    def staged(self, import_id: str) -> Path:
        """Return the folder into which files are read."""
        if self.apart is None:
            return landing.staging_path(self.home, import_id)
        return self.apart / import_id

    def parquet(self, place: Path, import_id: str | None) -> Path:
        """Return where a landed file is: among the running import's, else in the landing."""
        owner, *rest = place.parts
        if owner == import_id:
            return self.staged(owner).joinpath(*rest)
        return Home(self.home).landing / place

    def building(self, build_id: str) -> Path:
        """Return where a build is made."""
        if self.apart is None:
            return builds.building_path(self.home, build_id)
        return self.apart / f"{build_id}.duckdb"


@contextmanager
def workplace(home: Path, dry_run: bool = False) -> Iterator[Workplace]:
    """Give a place to work, locked and cleared of what a killed writer left, or one apart."""
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="smarketing-") as folder:
            yield Workplace(home, Path(folder))
        return
    place = Home(home)
    place.prepare()
    with writing(place, Settings().lock_wait_seconds):
        _clear(home)
        try:
            yield Workplace(home)
        finally:
            _clear(home)


def _clear(home: Path) -> None:
    builds.clear_unfinished(home)
    landing.clear_unfinished(home)
