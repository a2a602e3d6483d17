"""Builds: where they are, publishing one by an atomic rename of the pointer, pruning old ones."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import StoreError, did_you_mean
from smarketing.store.home import Home, disk_errors, sync, write_atomic

_BUILDING = ".building-"
_FROZEN = ".frozen"
#: As many characters of what a build was derived from stand in its name.
SIGNS = 8
_SEQUENCE = re.compile(r"b(\d+)-")


@dataclass(frozen=True)
class BuildFile:
    """One build on disk."""

    build_id: str
    path: Path
    is_current: bool
    is_frozen: bool


def current_build_id(home: Path) -> str | None:
    """Return the id of the published build, None when nothing has been published yet."""
    pointer = Home(home).current
    try:
        return pointer.read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise StoreError(f"The home {home} is not a folder. Set SMARKETING_HOME.") from error
    except OSError as error:
        raise StoreError(
            f"The pointer {pointer} cannot be read ({error.strerror}). Remove it and run: "
            "smarketing build."
        ) from error


def published(home: Path) -> Path | None:
    """Return the file of the published build, None when there is none or it was deleted."""
    build_id = current_build_id(home)
    return _file(home, build_id) if build_id else None


def current_build(home: Path) -> Path:
    """Return the file of the published build; StoreError says how to make one."""
    build_id = current_build_id(home)
    if build_id is None:
        raise StoreError(
            f"There is no store in {home} yet. Run: smarketing import FILES, or smarketing demo."
        )
    return build_path(home, build_id)


def build_path(home: Path, build_id: str) -> Path:
    """Return the file of one build; StoreError names the nearest build there is."""
    path = _file(home, build_id)
    if path is None:
        have = [build.build_id for build in list_builds(home)]
        raise StoreError(
            f"The build '{build_id}' is no longer in {home}.{did_you_mean(build_id, have)} "
            "Run: smarketing build."
        )
    return path


def _file(home: Path, build_id: str) -> Path | None:
    """Return the file of a build; None where there is none, or the id leads out of the builds."""
    name = f"{build_id}.duckdb"
    path = Home(home).builds / name
    return path if path.name == name and path.is_file() else None


def list_builds(home: Path) -> list[BuildFile]:
    """Return every build of a home, oldest first; an empty list when there is none."""
    folder = Home(home).builds
    if not folder.is_dir():
        return []
    current = current_build_id(home)
    names = [path.stem for path in folder.glob("b*.duckdb")]
    return [
        BuildFile(
            name, folder / f"{name}.duckdb", name == current, (folder / f"{name}{_FROZEN}").exists()
        )
        for name in sorted(names, key=_order)
    ]


def _order(build_id: str) -> tuple[int, str]:
    match = _SEQUENCE.match(build_id)
    return (int(match[1]) if match else 0, build_id)


def next_build_id(home: Path, fingerprint: str) -> str:
    """Name the next build: a running number and the start of what it was derived from."""
    builds = list_builds(home)
    number = _order(builds[-1].build_id)[0] + 1 if builds else 1
    return f"b{number:05d}-{fingerprint[:SIGNS]}"


def building_path(home: Path, build_id: str) -> Path:
    """Where a build is made before it is published; no reader looks there."""
    return Home(home).builds / f"{_BUILDING}{build_id}.duckdb"


def publish(home: Path, build_id: str) -> Path:
    """Make a finished build the current one: rename the file, then the pointer, both durable."""
    final = keep_beside(home, build_id)
    point_to(home, build_id)
    return final


def point_to(home: Path, build_id: str | None) -> None:
    """Make one of the builds there are the current one; None leaves the home without any."""
    with disk_errors(home):
        if build_id is None:
            Home(home).current.unlink(missing_ok=True)
        else:
            write_atomic(Home(home).current, build_id + "\n")


def same_build(home: Path, whole: str) -> BuildFile | None:
    """Return the newest build that was derived from just this, None where none is kept."""
    ending = f"-{whole[:SIGNS]}"
    return next((b for b in reversed(list_builds(home)) if b.build_id.endswith(ending)), None)


def keep_beside(home: Path, build_id: str) -> Path:
    """Put a finished build among the others without making it current."""
    made = building_path(home, build_id)
    final = Home(home).builds / f"{build_id}.duckdb"
    with disk_errors(home):
        sync(made)
        made.replace(final)
        sync(final.parent)
    return final


def check_space(home: Path, needed: int) -> None:
    """Raise StoreError, before anything is written, where a build of `needed` bytes has no room."""
    folder = Home(home).builds
    with disk_errors(home):
        there = next(one for one in (folder, *folder.absolute().parents) if one.is_dir())
        free = shutil.disk_usage(there).free
    if free < needed:
        raise StoreError(
            f"A build takes about {needed >> 20:,} MB, and {free >> 20:,} MB are free in {folder}. "
            "Free some, or keep fewer builds (SMARKETING_KEEP_BUILDS)."
        )


def prune(home: Path, keep: int, most: int | None = None) -> list[str]:
    """Delete all but the newest `keep` builds, the current and the frozen; return what went.

    Of those kept for their number the oldest go as well while all are more than `most` bytes.
    """
    builds = list_builds(home)
    kept = builds[-keep:]
    while most is not None and len(kept) > 1 and sum(_size(build) for build in kept) > most:
        kept = kept[1:]
    named = {build.build_id for build in kept}
    old = [b for b in builds if not (b.build_id in named or b.is_current or b.is_frozen)]
    for build in old:
        build.path.unlink(missing_ok=True)
    return [build.build_id for build in old]


def _size(build: BuildFile) -> int:
    return build.path.stat().st_size


def freeze(home: Path, build_id: str) -> None:
    """Keep a build for good: a meeting looked at it."""
    path = build_path(home, build_id)
    with disk_errors(home):
        path.with_name(f"{build_id}{_FROZEN}").touch()


def beside_frozen(build: Path, kind: str) -> Path | None:
    """Return where something that a build answered is kept for good; None unless it is frozen."""
    is_kept = build.with_name(f"{build.stem}{_FROZEN}").exists()
    return build.with_name(f"{build.stem}.{kind}.json") if is_kept else None


def clear_unfinished(home: Path) -> None:
    """Remove what a killed writer left behind; call it only while holding the lock."""
    with disk_errors(home):
        for path in Home(home).builds.glob(f"{_BUILDING}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
