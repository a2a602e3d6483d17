"""How many rows of a file are used, left out and why: by hand, without a build."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.accounting import balances
from smarketing.build.accounting.balances import NOT_READ
from smarketing.build.core.views import MAIN
from smarketing.store.balance import NOT_RECOGNISED, SOURCE_GONE


def file(
    number: int, rows: int, source: str = "crm", kind: str | None = "leads", **more: Any
) -> Any:
    table = SimpleNamespace(rows=rows, records=more.get("records", rows),
                            skipped=more.get("skipped", ()), columns=())  # fmt: skip
    return SimpleNamespace(file_id=number, source=source, object=kind, table=table)


def test_a_file_is_plainly_used_where_each_of_its_rows_made_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    select = SimpleNamespace(core_table="lead", object="leads")
    monkeypatch.setattr(balances, "_alone", lambda _: [select])
    files = [
        file(1, 2), file(2, 3), file(3, 1), file(4, 2, source="ads"), file(5, 2, kind="deals"),
        file(6, 0),
    ]  # fmt: skip
    sources = cast(Any, {"crm": SimpleNamespace(name="crm")})
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build")
        connection.execute(f"create table {MAIN}.lead (_file_id int)")
        made = [(number,) for number in (1, 1, 2, 2, 3, 4, 4, 5, 5)]
        connection.executemany(f"insert into {MAIN}.lead values (?)", made)
        assert balances._plainly_used(connection, files, sources, {3: 1}) == {1: 2}
        assert balances._plainly_used(connection, files, sources, {}) == {1: 2, 3: 1}


def test_what_is_not_used_is_counted_by_its_reason() -> None:
    objects = {
        "leads": SimpleNamespace(ignored="", unused=""),
        "notes": SimpleNamespace(ignored="of no use", unused=""),
        "calls": SimpleNamespace(ignored="", unused="no outcome"),
        "both": SimpleNamespace(ignored="of no use", unused="no outcome"),
    }
    sources = cast(Any, {"crm": SimpleNamespace(objects=objects)})
    parts = (SimpleNamespace(reason="total", rows=2), SimpleNamespace(reason="blank", rows=1))

    def count(one: Any, used: int = 0, bad: int = 0, aside: dict[str, int] | None = None) -> Any:
        held = {1: aside} if aside else {}
        found = balances._count(one, sources, {1: used}, {1: bad}, held)
        return found.used, found.quarantined, dict(found.unused)

    assert count(file(1, 5), used=5) == (5, 0, {})
    assert count(file(1, 9, skipped=parts), 3, 1, {"older": 1, "blank": 1}) == (
        3, 1, {"total": 2, "blank": 2, "older": 1},
    )  # fmt: skip
    assert count(file(1, 9), 3, 1) == (3, 1, {NOT_READ: 5})
    assert count(file(1, 2, skipped=parts[1:])) == (0, 0, {"blank": 1, NOT_READ: 1})
    for kind, reason in (("notes", "of no use"), ("calls", "no outcome"), ("both", "of no use")):
        assert count(file(1, 2, kind=kind)) == (0, 0, {reason: 2})
    assert count(file(1, 2, kind=None)) == (0, 0, {NOT_RECOGNISED: 2})
    assert count(file(1, 2, source="gone")) == (0, 0, {SOURCE_GONE: 2})
