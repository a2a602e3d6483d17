"""What a store must survive: kills, a full disk, a lock, a home that cannot be written."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import resource
import signal
import threading
import time
from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.build import build, import_files
from smarketing.errors import SourceError, StoreError
from smarketing.store import builds, home, landing, opening
from smarketing.store.home import Home
from smarketing.store.lock import writing

__all__ = ["core_shop"]

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["smarketing.build", "smarketing.build.marts.order"])
HEAD = "deal_id,amount,outcome,created_at,closed_at"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def deals(shop: Shop, number: int, count: int = 50) -> Path:
    rows = (f"d{number}-{n},{n}.50,won,2026-01-05,2026-02-{n % 28 + 1:02d}" for n in range(count))
    return shop.write(f"deals_{number}.csv", HEAD, *rows)


def state(shop: Shop) -> tuple[str | None, list[tuple[object, ...]]]:
    """Return the published build and what it says of every import."""
    current = builds.current_build_id(shop.home)
    totals = "select import_id, count(*), sum(amount) from deal group by 1 order by 1"
    return current, shop.rows(totals)


def kill_after(shop: Shop, path: Path, seconds: float) -> float | None:
    """Import in another process and kill it; return how long it took if it was done before."""
    begun = time.monotonic()
    worker = FORKS.Process(target=import_files, args=(shop.home, [path]))
    worker.start()
    worker.join(seconds)
    alive = worker.is_alive()
    if alive:
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    return None if alive else time.monotonic() - begun


@pytest.mark.slow
def test_an_import_killed_at_any_moment_leaves_the_store_whole(shop: Shop) -> None:
    """Twenty kills: the build before serves on, and the next import is clean and complete."""
    shop.take(deals(shop, 0))
    lasts = kill_after(shop, deals(shop, 1), 120)
    assert lasts is not None
    dice, kills, number = random.Random(20), 0, 1
    while kills < 20:
        number += 1
        before = state(shop)
        took = kill_after(shop, deals(shop, number), dice.uniform(0.01, 0.9) * lasts)
        kills += took is None
        lasts = min(lasts, took or lasts)
        build_id, imports = state(shop)
        assert build_id == before[0] or len(imports) > len(before[1])
        assert imports[: len(before[1])] == before[1]
        assert {count for _, count, _ in imports} == {50}
    shop.take(*(deals(shop, n) for n in range(number + 1)))
    whole = (50 * (number + 1), 125_000 * (number + 1))
    assert shop.rows("select count(*), sum(amount) from deal") == [whole]
    hidden = [path.name for path in shop.home.rglob(".*")]
    assert hidden == [".lock"]


@pytest.mark.parametrize(
    "moment", ["smarketing.store.landing.commit", "smarketing.store.builds.publish"]
)
def test_stopping_before_each_step_of_publication_loses_nothing(
    core_shop: Shop, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(BaseException):
        """A kill, as Python sees one."""

    def stop(*_: object) -> None:
        raise Stop

    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)
    with monkeypatch.context() as patch, pytest.raises(Stop):
        patch.setattr(moment, stop)
        core_shop.take(deals(core_shop, 1))
    assert state(core_shop) == before
    report = core_shop.take(deals(core_shop, 1))
    assert core_shop.table(report, "deal") == (50, 50, 0, 0, 0)
    assert core_shop.rows("select count(*) from deal") == [(100,)]


def test_a_dashboard_open_during_imports_never_errors(core_shop: Shop) -> None:
    """What it reads is a core table: how long a build takes after these does not matter."""
    shop = core_shop
    shop.take(deals(shop, 0))
    counts: list[int] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                with opening.reading(shop.home) as cursor:
                    rows = cursor.execute("select count(*) from deal").fetchall()
                    counts.append(rows[0][0])
            except BaseException as error:
                failures.append(error)
            time.sleep(0.002)

    viewer = threading.Thread(target=look)
    viewer.start()

    def seen(count: int) -> None:
        while count not in counts and failures == []:
            time.sleep(0.01)

    try:
        seen(50)
        for number in range(1, 4):
            import_files(shop.home, [deals(shop, number)])
        seen(200)
    finally:
        done.set()
        viewer.join()
    assert failures == []
    assert counts == sorted(counts)
    assert {50, 200} <= set(counts)


def test_a_locked_store_says_who_holds_it(core_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_LOCK_WAIT_SECONDS", "0.1")
    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)
    with writing(Home(core_shop.home), 0):
        with pytest.raises(StoreError, match=f"by process {os.getpid()} on .* since"):
            core_shop.take(deals(core_shop, 1))
        with pytest.raises(StoreError, match="is being written"):
            build(core_shop.home)
    assert state(core_shop) == before


def take_with_a_small_disk(shop_home: Path, path: Path, most: int, answers: object) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        import_files(shop_home, [path])
    except StoreError as error:
        answers.put(str(error))  # type: ignore[attr-defined]
    else:
        answers.put("imported")  # type: ignore[attr-defined]


@pytest.mark.parametrize("most", [2_000, 40_000, 1_000_000])
def test_a_file_that_no_longer_fits_the_disk_is_one_clear_sentence(shop: Shop, most: int) -> None:
    """A limit on the size of files stands for the full disk, at three places of an import."""
    shop.take(deals(shop, 0))
    before = state(shop)
    answers = FORKS.Queue()
    path = deals(shop, 1, 2_000)
    worker = FORKS.Process(target=take_with_a_small_disk, args=(shop.home, path, most, answers))
    worker.start()
    answer = answers.get(timeout=600)
    worker.join()
    assert "nothing was changed" in answer
    assert "space" in answer
    assert state(shop) == before
    assert shop.take(path).refused == ()


@pytest.mark.parametrize("target", ["write_text", "rename"])
def test_a_full_disk_while_landing_changes_nothing(
    core_shop: Shop, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    core_shop.take(deals(core_shop, 0))
    path, before = deals(core_shop, 1), state(core_shop)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="is full"):
        patch.setattr(Path, target, full)
        core_shop.take(path)
    assert state(core_shop) == before
    assert len(landing.read_manifests(core_shop.home)) == 1


def test_a_home_that_cannot_be_written_says_so(
    core_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    core_shop.take(deals(core_shop, 0))
    path, before = deals(core_shop, 1), state(core_shop)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="SMARKETING_HOME"):
        patch.setattr(Path, "mkdir", denied)
        core_shop.take(path)
    assert state(core_shop) == before


def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    path = tmp_path / "deals.csv"
    path.write_text(f"{HEAD}\nd1,1,won,2026-01-05,2026-02-01\n")
    with pytest.raises(StoreError, match="is not a folder"):
        import_files(tmp_path / "home", [path])


def test_a_read_only_mount_and_other_troubles_have_their_words() -> None:
    where = Path("store")
    assert "cannot be written" in home.disk_message(OSError(errno.EROFS, "read-only"), where)
    assert "is full" in home.disk_message(OSError(errno.EDQUOT, "quota"), where)
    assert "could not be used" in home.disk_message(OSError(errno.EIO, "broken"), where)


def test_files_that_cannot_be_read_are_refused_and_the_others_land(
    core_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = deals(core_shop, 0), deals(core_shop, 1)
    (core_shop.inbox / "empty.csv").write_text("")
    (core_shop.inbox / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (core_shop.inbox / "image.csv").write_bytes(bytes(range(256)) * 40)
    opened = Path.open

    def unreadable(self: Path, *args: object, **options: object) -> object:
        if self.name == bad.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return opened(self, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", unreadable)
    report = core_shop.take(core_shop.inbox)
    assert core_shop.rows("select count(*) from deal") == [(50,)]
    assert [file.file for file in report.files] == [good.name]
    told = " ".join(report.refused)
    assert all(name in told for name in ("empty.csv", "broken.xlsx", "image.csv", bad.name))
    with pytest.raises(SourceError, match="Permission denied"):
        core_shop.take(bad)


def test_an_invariant_that_fails_keeps_the_build_before(
    core_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)
    path = deals(core_shop, 1)
    again = core_shop.write("again.csv", *path.read_text().splitlines(), "d1-0,1,won,,")
    with monkeypatch.context() as patch:
        patch.setattr("smarketing.build.core.versions.set_aside", lambda *_: 0)
        with pytest.raises(StoreError, match="not published: 1 records of deal share a key"):
            core_shop.take(again)
    with monkeypatch.context() as patch:
        patch.setattr("smarketing.build.accounting.balances._why_unused", lambda *_: "no reason")
        patch.setattr("smarketing.build.accounting.balances._set_aside", lambda *_: {})
        patch.setattr("smarketing.build.accounting.balances._used", lambda *_: {2: 60})
        with pytest.raises(StoreError, match=r"again\.csv has 51 rows, but 60 used"):
            core_shop.take(again)
    assert state(core_shop) == before
    assert len(landing.read_manifests(core_shop.home)) == 1


def test_a_broken_agreement_stops_before_anything_is_touched(core_shop: Shop) -> None:
    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)
    (core_shop.home / "agreement.yaml").write_text("extends: default\ncurrencee: EUR\n")
    with pytest.raises(Exception, match="currency"):
        core_shop.take(deals(core_shop, 1))
    assert state(core_shop) == before


def test_a_full_import_that_cannot_read_a_file_replaces_nothing(core_shop: Shop) -> None:
    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)
    (core_shop.inbox / "broken.csv").write_text("")
    with pytest.raises(SourceError, match=r"broken\.csv.*Nothing was changed"):
        core_shop.take(deals(core_shop, 1), core_shop.inbox / "broken.csv", mode="full")
    assert state(core_shop) == before
    assert len(landing.read_manifests(core_shop.home)) == 1


def test_a_publication_that_fails_takes_the_landing_back(
    core_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    core_shop.take(deals(core_shop, 0))
    before = state(core_shop)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = deals(core_shop, 1)
    with monkeypatch.context() as patch, pytest.raises(StoreError, match="nothing was changed"):
        patch.setattr("smarketing.store.builds.write_atomic", full)
        core_shop.take(path)
    assert state(core_shop) == before
    assert len(landing.read_manifests(core_shop.home)) == 1
    assert core_shop.table(core_shop.take(path), "deal") == (50, 50, 0, 0, 0)


def test_deleted_builds_are_derived_again_by_the_next_import(core_shop: Shop) -> None:
    core_shop.take(deals(core_shop, 0))
    for path in (core_shop.home / "builds").iterdir():
        path.unlink()
    report = core_shop.take(deals(core_shop, 1))
    assert core_shop.table(report, "deal") == (50, 50, 0, 0, 0)
    assert core_shop.rows("select count(*) from deal") == [(100,)]


def test_a_damaged_build_is_derived_again(core_shop: Shop) -> None:
    core_shop.take(deals(core_shop, 0))
    builds.current_build(core_shop.home).write_bytes(b"damaged" * 5000)
    with pytest.raises(StoreError, match="Run: smarketing build"):
        core_shop.take(deals(core_shop, 1))
    build(core_shop.home)
    assert core_shop.rows("select count(*) from deal") == [(50,)]


def test_a_hundred_broken_lines_are_all_counted(core_shop: Shop) -> None:
    good = [f"d{n},1,open,2026-01-05," for n in range(200)]
    bad = [f"x{n},1,open,2026-01-05,,surplus" for n in range(100)]
    report = core_shop.take(core_shop.write("deals.csv", HEAD, *good, *bad))
    (file,) = report.files
    assert (file.rows, file.used, file.quarantined) == (300, 200, 100)
    assert core_shop.rows("select count(*), min(row), max(row) from quarantine") == [
        (100, 202, 301)
    ]
