"""Builds, landing, lock and opening, without reading a file."""

from __future__ import annotations

import errno
import gc
import json
import multiprocessing
import os
import threading
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from smarketing.build import remote, timetable
from smarketing.build.erasing import begun
from smarketing.errors import StoreError, UsageError
from smarketing.files.tables import LandedTable
from smarketing.store import audit, builds, elsewhere, erased, landing, opening, signed_out
from smarketing.store.erased import mark
from smarketing.store.home import Home, write_atomic
from smarketing.store.landing import LandedFile, Manifest, effective_files
from smarketing.store.lock import writing
from smarketing.store.schema import core_tables

#: Not forked: what other tests left running in this process would be in the other as well.
FORKS = multiprocessing.get_context("forkserver")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Home(tmp_path).prepare()
    return tmp_path


class Usage(NamedTuple):
    """What a disk says of itself."""

    total: int
    used: int
    free: int


def make_build(home: Path, number: int, version: str = "0.1.0") -> str:
    build_id = f"b{number:05d}-abcdef00"
    path = builds.building_path(home, build_id)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"create table build_info as select '{build_id}' as build_id, "
            "timestamp '2026-01-01' as as_of_at, date '2026-01-01' as as_of_day, "
            "'hash' as agreement_hash, 'EUR' as currency, 2 as minor_digits, 'UTC' as timezone, "
            f"'{version}' as version, timestamp '2026-01-01' as built_at, 'code' as code_hash, "
            "'landing' as landing_hash"
        )
    builds.publish(home, build_id)
    return build_id


def test_no_store_yet_says_how_to_begin(home: Path) -> None:
    assert builds.current_build_id(home) is None
    with pytest.raises(StoreError, match="smarketing import FILES, or smarketing demo"):
        builds.current_build(home)
    assert builds.list_builds(home / "nowhere") == []


def test_publishing_moves_the_pointer(home: Path) -> None:
    first, second = make_build(home, 1), make_build(home, 2)
    assert builds.current_build(home).stem == second
    assert [(b.build_id, b.is_current) for b in builds.list_builds(home)] == [
        (first, False),
        (second, True),
    ]
    assert builds.next_build_id(home, "0123456789") == "b00003-01234567"


def test_pruning_keeps_the_newest_the_current_and_the_frozen(home: Path) -> None:
    names = [make_build(home, number) for number in range(1, 6)]
    builds.freeze(home, names[0])
    assert builds.prune(home, keep=2) == names[1:3]
    assert [build.build_id for build in builds.list_builds(home)] == [names[0], *names[3:]]
    write_atomic(Home(home).current, names[0])
    assert builds.prune(home, keep=1) == [names[3]]


def test_pruning_keeps_no_more_than_a_size(home: Path) -> None:
    names = [make_build(home, number) for number in range(1, 5)]
    sizes = [build.path.stat().st_size for build in builds.list_builds(home)]
    assert builds.prune(home, keep=4, most=sum(sizes)) == []
    # One byte less than four, so that the oldest goes; then less than any, so that one stays.
    assert builds.prune(home, keep=4, most=sum(sizes) - 1) == [names[0]]
    assert builds.prune(home, keep=4, most=1) == names[1:3]
    assert [build.build_id for build in builds.list_builds(home)] == [names[3]]


def test_a_build_without_room_is_refused_before_it_begins(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_build(home, 1)
    monkeypatch.setattr(builds.shutil, "disk_usage", lambda _folder: Usage(0, 0, 5 << 20))
    builds.check_space(home, 5 << 20)
    with pytest.raises(StoreError, match=r"about 6 MB, and 5 MB are free in .*KEEP_BUILDS"):
        builds.check_space(home, 6 << 20)


def test_build_numbers_order_builds_beyond_the_padding(home: Path) -> None:
    make_build(home, 99999)
    make_build(home, 100000)
    assert builds.list_builds(home)[-1].build_id.startswith("b100000")


def test_a_pruned_build_names_the_nearest(home: Path) -> None:
    make_build(home, 7)
    with pytest.raises(StoreError, match="Did you mean 'b00007-abcdef00'"):
        builds.build_path(home, "b00006-abcdef00")


@pytest.mark.parametrize("name", ["../elsewhere", "{outside}/elsewhere", "x/../../elsewhere"])
def test_a_pointer_leads_to_no_file_outside_the_builds(home: Path, name: str) -> None:
    made = make_build(home, 1)
    (home / "builds" / f"{made}.duckdb").rename(home / "elsewhere.duckdb")
    write_atomic(home / "CURRENT", name.format(outside=home))
    assert builds.published(home) is None
    with pytest.raises(StoreError, match="is no longer in"):
        builds.current_build(home)


def test_one_connection_per_build_and_a_cursor_per_question(home: Path) -> None:
    build_id = make_build(home, 1)
    path = builds.current_build(home)
    assert opening.open_build(path) is opening.open_build(path)
    with opening.reading(home) as cursor:
        assert cursor.execute("select build_id from build_info").fetchall() == [(build_id,)]
        make_build(home, 2)
        assert cursor.execute("select build_id from build_info").fetchall() == [(build_id,)]
    with opening.reading(home) as cursor:
        assert cursor.execute("select build_id from build_info").fetchone() == ("b00002-abcdef00",)


def test_a_reader_keeps_its_build_although_it_is_pruned(home: Path) -> None:
    first = make_build(home, 1)
    with opening.reading(home) as cursor:
        make_build(home, 2)
        assert builds.prune(home, keep=1) == [first]
        assert cursor.execute("select build_id from build_info").fetchone() == (first,)


def test_a_cursor_answers_on_although_many_newer_builds_were_opened(home: Path) -> None:
    first = make_build(home, 1)
    cursor = opening.open_build(builds.current_build(home)).cursor()
    for number in range(2, 9):
        make_build(home, number)
        opening.open_build(builds.current_build(home))
    gc.collect()
    assert cursor.execute("select build_id from build_info").fetchone() == (first,)


def test_a_build_cannot_be_written_through_a_reader(home: Path) -> None:
    make_build(home, 1)
    with opening.reading(home) as cursor, pytest.raises(duckdb.Error, match="read-only"):
        cursor.execute("create table t (x integer)")


def test_a_build_of_a_newer_version_is_refused(home: Path) -> None:
    make_build(home, 1, version="99.0.0")
    with pytest.raises(StoreError, match=r"made by Smarketing 99\.0\.0.*upgrade"):
        opening.open_build(builds.current_build(home))


def test_a_damaged_build_is_refused(home: Path) -> None:
    make_build(home, 1)
    builds.current_build(home).write_bytes(b"not a database at all" * 1000)
    with pytest.raises(StoreError, match="Run: smarketing build"):
        opening.open_build(builds.current_build(home))


def test_a_file_that_is_no_build_is_refused(home: Path) -> None:
    path = home / "builds" / "b00001-00000000.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(StoreError, match="not a build"):
        opening.open_build(path)


def hold(home: Path, holding: Event, enough: Event) -> None:
    with writing(Home(home), 0):
        holding.set()
        enough.wait(600)


def test_a_second_writer_waits_until_the_first_is_done(home: Path) -> None:
    holding, enough = FORKS.Event(), FORKS.Event()
    other = FORKS.Process(target=hold, args=(home, holding, enough))
    other.start()
    assert holding.wait(120)
    threading.Timer(0.2, enough.set).start()
    with writing(Home(home), 120):
        assert enough.is_set()
    other.join()


def test_a_second_writer_is_told_who_holds_the_lock(home: Path) -> None:
    holding, never = FORKS.Event(), FORKS.Event()
    other = FORKS.Process(target=hold, args=(home, holding, never))
    other.start()
    try:
        assert holding.wait(120)
        message = rf"by process {other.pid} on \S+ since 20\d\d-"
        with pytest.raises(StoreError, match=message), writing(Home(home), 0.2):
            pytest.fail("two writers at once")
    finally:
        other.kill()
        other.join()
    with writing(Home(home), 0):  # a killed writer leaves no lock behind
        assert json.loads(Home(home).lock.read_text())["pid"] == os.getpid()


def manifest(number: int, mode: str, *files: tuple[str, str], as_of: str | None = None) -> Manifest:
    landed = tuple(
        LandedFile(
            f"{sha}.csv",
            sha,
            (
                LandedTable(
                    f"{sha}.csv", ("a",), Path(f"i{number}/{sha}.parquet"), 1, source=source
                ),
            ),
            as_of,
        )
        for sha, source in files
    )
    return Manifest(f"i{number}", number, mode, "2026-01-01T00:00:00", "ana", landed)


def test_effective_files_follow_modes_and_repeats() -> None:
    imports = [
        manifest(1, "add", ("x", "crm"), ("y", "ads")),
        manifest(2, "add", ("z", "crm")),
        manifest(3, "add", ("x", "crm"), as_of="2026-02-01"),
    ]
    held = effective_files(imports)
    assert [(item.sha256, item.import_id, item.as_of) for item in held] == [
        ("x", "i1", "2026-02-01"),
        ("y", "i1", None),
        ("z", "i2", None),
    ]
    held = effective_files([*imports, manifest(4, "full", ("z", "crm"))])
    assert [(item.sha256, item.import_id) for item in held] == [("y", "i1"), ("z", "i4")]


def test_a_file_read_as_another_source_belongs_to_that_one_only() -> None:
    held = effective_files([manifest(1, "add", ("x", "crm")), manifest(2, "add", ("x", "own"))])
    assert [(item.import_id, item.sources) for item in held] == [("i1", {"own"})]


def test_a_manifest_comes_back_as_it_was_written(home: Path) -> None:
    landing.staging(home, "i1")
    written = manifest(1, "add", ("x", "crm"), as_of="2026-02-01")
    landing.commit(home, written)
    assert landing.read_manifests(home) == [written]
    landing.staging(home, "i2")
    landing.clear_unfinished(home)
    assert [path.name for path in (home / "landing").iterdir()] == ["i1"]


def test_an_import_of_a_newer_version_is_refused(home: Path) -> None:
    landing.staging(home, "i1")
    path = landing.commit(home, manifest(1, "add", ("x", "crm"))) / "manifest.json"
    path.write_text(path.read_text().replace(f'"format": {landing.FORMAT}', '"format": 99'))
    with pytest.raises(StoreError, match="newer version"):
        landing.read_manifests(home)
    path.write_text("{")
    with pytest.raises(StoreError, match="missing or damaged"):
        landing.read_manifests(home)


def test_an_as_of_is_a_day_or_an_instant() -> None:
    assert landing.as_of_text("2026-03-31") == "2026-03-31"
    assert landing.as_of_text("2026-03-31 12:00") == "2026-03-31T12:00:00"
    assert landing.as_of_text(None) is None
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        landing.as_of_text("31.3.2026")


def test_the_contract_of_the_core_tables_holds_together() -> None:
    tables = core_tables()
    for table in tables.values():
        names = [column.name for column in table.columns]
        assert set(table.key) <= set(names), table.name
        assert set(table.required) <= set(names), table.name
        assert len(names) == len(set(names)), table.name
        for column in table.columns:
            assert column.references is None or column.references in tables, column.name
    assert tables["deal"].column("amount").type == "amount"
    with pytest.raises(KeyError):
        tables["deal"].column("colour")


def test_every_core_table_and_column_says_what_it_means() -> None:
    for table in core_tables().values():
        assert table.means, table.name
        for column in table.columns:
            assert column.means, f"{table.name}.{column.name}"
    assert core_tables()["touch"].column("side").allowed == ("marketing", "sales")
    assert core_tables()["record_alias"].column("table").allowed == tuple(core_tables())


@pytest.mark.parametrize(
    "place", ["/tmp/victim.parquet", "../../victim.parquet", "i00001/../../x.parquet", "x.parquet"]
)
def test_a_manifest_that_names_a_place_outside_the_landing_is_refused(
    tmp_path: Path, place: str
) -> None:
    """As one in a forged backup would: what is landed is rewritten where somebody is erased."""
    from smarketing.build import import_files

    home, file = tmp_path / "home", tmp_path / "lead.csv"
    file.write_text("lead_id,created_at\nL1,2026-01-05\n")
    import_files(home, [file], source="generic", by="tests")
    [manifest] = (home / "landing").glob("i*/manifest.json")
    raw = json.loads(manifest.read_text())
    raw["files"][0]["tables"][0]["parquet"] = place
    manifest.write_text(json.dumps(raw))
    with pytest.raises(StoreError, match="is no place in the landing"):
        landing.read_manifests(home)
    raw["import_id"] = "../../../x"
    manifest.write_text(json.dumps(raw))
    with pytest.raises(StoreError, match="calls itself"):
        landing.read_manifests(home)


def test_a_home_that_was_there_is_its_owner_s_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "landing").mkdir(parents=True)
    for folder in (home, home / "landing"):
        folder.chmod(0o755)
    Home(home).prepare()
    assert {folder.stat().st_mode & 0o777 for folder in (home, *home.iterdir())} == {0o700}


@pytest.mark.parametrize("written", ["", " \n", "00ff", "\u00e4"])
def test_a_secret_that_is_empty_cut_or_gone_makes_no_marks(home: Path, written: str) -> None:
    """Else people could be guessed by their marks, and who was erased would come back."""
    home.mkdir(parents=True, exist_ok=True)
    made = mark(home, "carl@acme.com")
    assert made == mark(home, "carl@acme.com")
    (home / "salt").write_text(written, encoding="utf-8")
    with pytest.raises(StoreError, match="is empty or cut"):
        mark(home, "carl@acme.com")
    (home / "salt").unlink()
    assert mark(home, "carl@acme.com") != made
    (home / "erased.json").write_text("[]")
    (home / "salt").unlink()
    with pytest.raises(StoreError, match="is gone"):
        mark(home, "carl@acme.com")


def test_a_secret_that_a_full_disk_did_not_take_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="is full"):
        mark(tmp_path, "carl@acme.com")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["{", "5", '["x"]', '{"entry": 5}', "[" * 100_000])
def test_a_small_file_that_is_not_what_it_should_be_is_a_sentence_or_counts_as_none(
    home: Path, text: str
) -> None:
    for name in (audit.FILE_NAME, erased.FILE_NAME, timetable.LAST, remote.FILE_NAME):
        (home / name).write_text(f"{text}\n")
    assert timetable.last_refresh(home) is None and remote._seen(home) == {}
    for read in (audit.entries, erased.read_erased):
        with pytest.raises(StoreError):
            read(home)
    with pytest.raises(StoreError):
        audit.note(home, "mia", "looked")
    landing.staging(home, "i1")
    (landing.commit(home, manifest(1, "add", ("x", "crm"))) / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match="missing or damaged"):
        landing.read_manifests(home)


def test_a_log_that_an_erasure_writes_anew_is_whole_at_any_instant_and_loses_no_entry(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.note(home, "vera@acme.example", "looked")
    before = (home / audit.FILE_NAME).read_bytes()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("os.fsync", killed)
        audit.without(home, lambda text: text.replace("vera", "gone"))
    assert (home / audit.FILE_NAME).read_bytes() == before

    # Who waits for the log writes to the one that was put in its place.
    waiting = threading.Thread(target=audit.note, args=(home, "mia", "looked"))

    def cleaned(text: str) -> str:
        if not waiting.ident:
            waiting.start()
            time.sleep(0.05)
        return text.replace("vera", "gone")

    assert audit.without(home, cleaned) == 1
    waiting.join()
    assert [entry.who for entry in audit.entries(home)] == ["gone@acme.example", "mia"]
    assert (home / audit.FILE_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, '"x"', "\udc80"])
def test_what_says_who_was_erased_or_signed_out_is_never_guessed(home: Path, text: str) -> None:
    """A file that cannot be read is one sentence wherever it is read, and nothing is written."""
    content = text.encode("utf-8", "surrogateescape")
    (home / elsewhere.FILE_NAME).write_bytes(content)
    for read in (
        lambda: elsewhere.hold_erased(home),
        lambda: elsewhere.note_built(home, "postgresql://host/database"),
        lambda: elsewhere.note_erased(home),
        lambda: elsewhere.note_dropped(home, "postgresql://host/database"),
    ):
        with pytest.raises(StoreError, match="somebody who was erased, so nothing was"):
            read()
    assert (home / elsewhere.FILE_NAME).read_bytes() == content
    (home / begun.FILE_NAME).write_bytes(content)
    with pytest.raises(StoreError, match="says who was being erased"):
        begun.begun_in(home)
    (home / signed_out.FILE_NAME).write_bytes(content)
    for ask in (
        lambda: signed_out.is_over(home, {}),
        lambda: signed_out.end(home, {}, 60),
        lambda: signed_out.demand_readable(home),
    ):
        with pytest.raises(StoreError, match=r"nobody is let in: write another cookie_secret"):
            ask()
    assert (home / signed_out.FILE_NAME).read_bytes() == content


def test_a_session_that_was_ended_stays_so_whatever_the_clock_and_the_disk_do(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is forgotten goes by the provider's clock; where nothing can be written nothing goes."""
    first, later, last = ({"sub": "a", "iat": hour * 3600.0} for hour in (0, 1, 30))
    signed_out.end(home, first, 24 * 3600)
    signed_out.end(home, later, 24 * 3600)
    assert signed_out.is_over(home, first) and signed_out.is_over(home, later)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(StoreError, match="is full"):
        patched.setattr("os.fsync", full)
        signed_out.end(home, last, 24 * 3600)
    assert signed_out.is_over(home, first) and not signed_out.is_over(home, last)
    signed_out.end(home, last, 24 * 3600)
    assert signed_out.is_over(home, last) and not signed_out.is_over(home, first)
    # Where nobody can tell who signed out, each that began before is over, for good.
    signed_out.end_all(home, later["iat"])
    signed_out.end(home, last, 24 * 3600)
    assert [signed_out.is_over(home, one) for one in (first, later, {"sub": "a"})] == [True] * 3
    assert signed_out.is_over(home, last) and not signed_out.is_over(home, last | {"sub": "b"})
