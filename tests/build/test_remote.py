"""Watched addresses elsewhere: what is new is fetched once, and nothing of it is kept."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from smarketing.build.refreshing import Refreshed, Schedule, Watched, read_schedule, refresh
from smarketing.build.remote import FILE_NAME, fetch, remember
from smarketing.errors import SourceError, UsageError

ADDRESS = "s3://acme/exports"


class Store:
    """A store elsewhere, as fsspec shows one: texts by name, each with a stamp."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.fetched: list[str] = []

    def find(self, root: str, detail: bool) -> dict[str, dict[str, Any]]:
        if root != "acme/exports":
            raise PermissionError("Access Denied")
        return {n: {"size": len(t), "ETag": str(hash(t))} for n, t in self.files.items()}

    def get_file(self, name: str, path: str) -> None:
        self.fetched.append(name)
        Path(path).write_text(self.files[name])


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()
    core = types.ModuleType("fsspec.core")
    core.url_to_fs = lambda url: (made, url.partition("://")[2])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fsspec", types.ModuleType("fsspec"))
    monkeypatch.setitem(sys.modules, "fsspec.core", core)
    return made


def test_what_is_new_is_fetched_once(store: Store, tmp_path: Path) -> None:
    store.files = {"acme/exports/a.csv": "1", "acme/exports/x/../../a.csv": "2"}
    marks = fetch(tmp_path, ADDRESS, tmp_path / "one")
    assert sorted(p.read_text() for p in (tmp_path / "one").glob("*/a.csv")) == ["1", "2"]
    remember(tmp_path, ADDRESS, marks)
    assert fetch(tmp_path, ADDRESS, tmp_path / "two") == frozenset()
    store.files["acme/exports/a.csv"] = "3"
    store.fetched.clear()
    assert len(fetch(tmp_path, ADDRESS, tmp_path / "three")) == 2
    assert store.fetched == ["acme/exports/a.csv"]
    assert len(fetch(tmp_path, ADDRESS, tmp_path / "four", whole=True)) == 2
    assert len(list((tmp_path / "four").glob("*/a.csv"))) == 2
    (tmp_path / FILE_NAME).write_text("[")
    assert len(fetch(tmp_path, ADDRESS, tmp_path / "five")) == 2


def test_a_refresh_imports_from_an_address(store: Store, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "refresh.yaml").write_text(f"watch: [{{folder: '{ADDRESS}', source: generic}}]\n")
    schedule = read_schedule(home)
    assert schedule == Schedule((Watched(ADDRESS, "generic"),))
    assert refresh(home, schedule) == Refreshed()
    store.files = {"acme/exports/lead.csv": "lead_id,created_at\nL1,2026-01-05\n"}
    assert refresh(home, schedule).tables == {"lead": 1}
    store.fetched.clear()
    assert refresh(home, schedule).files == 0 and store.fetched == []
    assert not list(home.rglob("*.csv"))


def test_what_cannot_be_read_is_one_sentence(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="Access Denied"):
        fetch(tmp_path, "s3://other", tmp_path)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError, match=r"smarketing\[s3\]"):
        fetch(tmp_path, ADDRESS, tmp_path)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ftp://ann:hush@host:1/x", "ftp://***:***@host:1/x"),
        ("s3://key:hu%2Fsh@bucket/x", "s3://***:***@bucket/x"),
        ("https://host/x?token=hush&a=hush2", "https://host/x?***=***&a=***"),
        ("zip://a.csv::s3://key:hush@bucket/x.zip", "zip://a.csv::s3://***:***@bucket/x.zip"),
        ("s3://bucket/x", "s3://bucket/x"),
    ],
)
def test_who_may_enter_at_an_address_is_told_nobody(
    store: Store, tmp_path: Path, address: str, shown: str
) -> None:
    """What failed stands in the home and on pages; the address of a folder stays what it is."""

    def refused(url: str) -> None:
        raise PermissionError(f"{url} refuses {unquote('hu%2Fsh' if '%' in url else 'hush')}")

    sys.modules["fsspec.core"].url_to_fs = refused  # type: ignore[attr-defined]
    with pytest.raises(SourceError) as error:
        fetch(tmp_path, address, tmp_path / "in")
    refuses = f"{shown} refuses {'hush' if shown == address else '***'}"
    told = f"The watched address {shown} cannot be read ({refuses}); is it right?"
    assert str(error.value) == told
