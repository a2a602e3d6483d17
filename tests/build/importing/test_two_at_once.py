"""Two who keep one home at once: nothing of either is lost, and who comes second is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from build_kit import stop_at_core

from smarketing.access import AccessError
from smarketing.agreement import load_home_agreement
from smarketing.build import build, import_files
from smarketing.build.importing import own_sources
from smarketing.build.importing.undo import undo
from smarketing.engine import open_engine
from smarketing.errors import BusyError, SmarketingError, StoreError, UsageError
from smarketing.sources import Source, load_source
from smarketing.store import builds
from smarketing.store.home import Home
from smarketing.store.landing import read_manifests
from smarketing.store.lock import writing

LEADS = "lead_id,created_at,channel\nL1,2026-01-05,webinar\n"
MORE = "lead_id,created_at,channel\nL2,2026-01-06,event\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one import."""
    stop_at_core(monkeypatch)
    _bring(tmp_path / "home", "first.csv", LEADS)
    return tmp_path / "home"


def _bring(home: Path, name: str, text: str) -> None:
    file = home.with_name(name)
    file.write_text(text)
    import_files(home, [file], source="generic", by="anna")


@contextmanager
def waiting(home: Path, act: Callable[[], object]) -> Iterator[list[object]]:
    """Let somebody wait for the store while the block does what comes between; what came of it."""
    came: list[object] = []

    def acting() -> None:
        try:
            came.append(act())
        except SmarketingError as error:
            came.append(error)

    other = threading.Thread(target=acting)
    with writing(Home(home), 0):
        other.start()
        other.join(0.3)
        assert not came
        yield came
    other.join()


def test_who_finds_the_store_taken_is_told_by_whom(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_LOCK_WAIT_SECONDS", "0")
    before = builds.current_build_id(home)
    with writing(Home(home), 0):
        for act in (
            lambda: _bring(home, "more.csv", MORE),
            lambda: undo(home),
            lambda: build(home),
        ):
            with pytest.raises(BusyError, match="is being written by process"):
                act()
    assert builds.current_build_id(home) == before and len(read_manifests(home)) == 1


@pytest.mark.parametrize("is_import", [True, False])
def test_what_was_signed_while_a_build_waits_counts_in_it(home: Path, is_import: bool) -> None:
    act = (lambda: _bring(home, "more.csv", MORE)) if is_import else (lambda: build(home))
    with waiting(home, act):
        (home / "agreement.yaml").write_text("extends: default\ncompany: Acme\n")
    assert open_engine(home).agreement_hash == load_home_agreement(home).hash


def test_of_two_who_take_one_import_back_the_second_takes_back_no_other(home: Path) -> None:
    (kept,) = read_manifests(home)
    _bring(home, "more.csv", MORE)
    seen = read_manifests(home)[-1].import_id
    undo(home, import_id=seen)
    with pytest.raises(StoreError, match=r"is i00001-.* by now"):
        undo(home, import_id=seen)
    assert read_manifests(home) == [kept]


def test_files_that_are_thrown_away_while_an_import_waits_are_named(home: Path) -> None:
    """An erasure throws away what lies there to be imported."""
    with waiting(home, lambda: _bring(home, "more.csv", MORE)) as came:
        home.with_name("more.csv").unlink()
    assert isinstance(came[0], SmarketingError) and "more.csv" in str(came[0])
    assert len(read_manifests(home)) == 1


def test_of_two_who_save_a_source_at_once_the_second_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sources" / "mine"
    folder.mkdir(parents=True)
    (folder / "profile.yaml").write_text("name: mine\nextends: generic\n")
    shown, outcomes = own_sources.source_texts(folder), []
    load = load_source

    def slow(place: Path) -> Source:
        time.sleep(0.2)
        return load(place)

    def save(label: str) -> None:
        text = {"profile.yaml": f"name: mine\nextends: generic\nlabel: {label}\n"}
        try:
            outcomes.append(own_sources.save_source(folder, text, shown).label)
        except UsageError as error:
            outcomes.append(str(error))

    monkeypatch.setattr(own_sources, "load_source", slow)
    threads = [threading.Thread(target=save, args=(label,)) for label in ("Anna", "Ben")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (_,) = (text for text in outcomes if "Somebody else saved mine" in text)
    assert load(folder).label in outcomes
    with pytest.raises(UsageError, match="There is a source mine already"):
        own_sources.draft_source(tmp_path, [], "mine")


@pytest.mark.parametrize("name", ["../../outside/x", "{outside}/x", "a/b", ".."])
def test_a_source_with_the_name_of_a_place_elsewhere_is_drafted_nowhere(
    tmp_path: Path, name: str
) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    with pytest.raises(UsageError, match="cannot be called"):
        own_sources.draft_source(home, [], name.format(outside=outside))
    assert not outside.exists()
    assert not list(tmp_path.glob(".*")) and not [p for p in home.glob("*/*") if p.is_dir()]


@pytest.mark.parametrize("at", ["typing", "checking invariants", "publishing"])
def test_an_import_that_may_be_made_no_longer_leaves_nothing(home: Path, at: str) -> None:
    before = (builds.current_build_id(home), sorted(home.rglob("*")))
    file = home.with_name("more.csv")
    file.write_text(MORE)

    def tell(step: str, _share: float) -> None:
        if step.startswith(at):
            raise AccessError("What you may do here has changed meanwhile.")

    with pytest.raises(AccessError):
        import_files(home, [file], source="generic", by="anna", progress=tell)
    assert (builds.current_build_id(home), sorted(home.rglob("*"))) == before
    import_files(home, [file], source="generic", by="anna")
    assert len(read_manifests(home)) == 2
