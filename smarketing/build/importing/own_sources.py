"""Sources of the user's own, kept in the landing so that a build needs nothing from elsewhere."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from smarketing.errors import SmarketingError, UsageError, unknown
from smarketing.sources import Source, builtin_sources, load_source, scaffold
from smarketing.store.home import Home, disk_errors
from smarketing.store.landing import Manifest
from smarketing.store.lock import alone

_LOCK = ".drafting"


def keep_source(source: Source, folder: Path) -> None:
    """Copy a source into `folder`; one that extends another folder is written out in full."""
    folder.mkdir(parents=True)
    if source.profile.extends in (None, *builtin_sources()):
        for path in sorted(source.folder.iterdir()):
            if path.suffix in (".yaml", ".sql"):
                shutil.copyfile(path, folder / path.name)
        return
    profile = source.profile.model_dump(mode="json", exclude={"extends"}, exclude_none=True)
    text = yaml.safe_dump(profile, allow_unicode=True, sort_keys=False)
    (folder / "profile.yaml").write_text(text, encoding="utf-8")
    for group in (*source.selects.values(), source.waiting):
        for select in (each for each in group if each.path.suffix == ".sql"):
            (folder / select.path.name).write_text(select.sql + "\n", encoding="utf-8")


def own_folders(home: Path, manifests: Sequence[Manifest]) -> dict[str, Path]:
    """Return the folder of every source of the user's own, its latest copy in the landing."""
    landing = Home(home).landing
    return {
        name: landing / place
        for manifest in manifests
        for name, place in manifest.source_folders.items()
    }


def all_sources(folders: dict[str, Path]) -> dict[str, Source]:
    """Return the built-in sources and the user's own, which go before one of the same name."""
    return {**builtin_sources(), **{name: load_source(path) for name, path in folders.items()}}


def sources_folder(home: Path) -> Path:
    """Return where the sources that were drafted in a home are."""
    return home / "sources"


def own_names(home: Path) -> list[str]:
    """Return the names of the sources that were drafted in a home."""
    folder = sources_folder(home)
    return sorted(path.parent.name for path in folder.glob("*/profile.yaml"))


def draft_source(home: Path, files: Sequence[Path], name: str) -> Path:
    """Draft a source from files into the home; answer its folder.

    Raises UsageError for a name that cannot be used or that somebody else has taken meanwhile,
    SourceError for a file that cannot be read.
    """
    folder = sources_folder(home)
    with disk_errors(home):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(folder / _LOCK):
            if name in own_names(home):
                raise UsageError(
                    f"There is a source {name} already: edit it here, or draft under another name."
                )
            return scaffold(files, name, folder / name)


def source_texts(folder: Path) -> dict[str, str]:
    """Return the texts of a source by the names of their files, the profile first."""
    files = [folder / "profile.yaml", *sorted(folder.glob("*.sql"))]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def save_source(folder: Path, texts: Mapping[str, str], shown: Mapping[str, str]) -> Source:
    """Replace the texts of a source, whole or not at all, and return it.

    Raises SourceError or UsageError, and changes nothing, where they make no source; UsageError for
    a text of another name than the source has, and where it is not as it was `shown` any more.
    """
    with alone(folder.parent / _LOCK):
        return _saved(folder, texts, shown)


def _saved(folder: Path, texts: Mapping[str, str], shown: Mapping[str, str]) -> Source:
    known = source_texts(folder)
    if known != shown:
        raise UsageError(
            f"Somebody else saved {folder.name} meanwhile: nothing was saved. Copy what you wrote, "
            "and open the page again."
        )
    for name in texts:
        if name not in known:
            raise unknown("file", name, known)
    with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as scratch:
        fresh, old = Path(scratch) / folder.name, Path(scratch) / "old"
        fresh.mkdir()
        for name, text in {**known, **texts}.items():
            (fresh / name).write_text(text, encoding="utf-8")
        try:
            load_source(fresh)
        except SmarketingError as error:
            raise type(error)(str(error).replace(f"{fresh}/", "")) from error
        folder.rename(old)
        fresh.rename(folder)
    return load_source(folder)
