"""References that lead to no record are told, with the record that may be meant."""

from __future__ import annotations

from contextlib import closing

import duckdb
import pytest

from smarketing.build.importing.reference_notes import reference_notes

FIRST = "1 record of deal points to an account that no file holds (account_id)"
MAY = (
    f"{FIRST}. '{{}}' may be '{{}}', which is written otherwise. Export the ids alike in both "
    "files, as text, and import them again"
)


def noted(accounts: list[str], *deals: str, target: str = "account") -> list[str]:
    """What is noted of a file of deals that point to these accounts of the source s."""
    with closing(duckdb.connect(":memory:")) as connection:
        run = connection.execute
        run("attach ':memory:' as now")
        run("create table now.main.file_info as select 1 as _file_id, 'a' as sha256")
        run("create table now.main.dangling as select 'deal' as table_name, 'account_id' as "
            "column_name, ? as references_table, 1 as records", [target])  # fmt: skip
        for name, ids in ("account", accounts), ("deal", deals):
            run(f"create table now.main.{name} as select id as account_id, "
                "split_part(id, ':', 1) as source, 1 as _file_id from unnest(cast(? as varchar[])) "
                "t(id)", [list(ids)])  # fmt: skip
        assert reference_notes(connection, [2]) == {}
        return reference_notes(connection, [1]).get("a", [])


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("00123", "123"),
        ("123", "00123"),
        ("Acme GmbH", "ACME GmbH "),
        ("Acme GmbH", "Acme\u00a0GmbH"),
        ("777", "７７７"),
        ("500", "500.0"),
        ("7f86d081-88", "{7F86D081-88}"),
        ("001000000000abcEAA", "001000000000abc"),
        ("a:00:7", "A:00:7"),
    ],
)
def test_an_id_that_is_written_otherwise_is_named(known: str, written: str) -> None:
    said = noted([f"s:{known}", "s:1"], f"s:{known}", f"s:{written}")
    assert said == [MAY.format(written, known)]


def test_what_may_be_two_records_or_none_is_only_counted() -> None:
    [said] = noted(["s:77", "s:077"], "s:0077")
    assert said.startswith(f"{FIRST}, for example '0077'. Import its record too, or correct the id")
    [said] = noted(["s:00123", "s:5"], "s:123", "s:9", "s:9", "s:5")
    assert said.startswith(
        "3 records of deal point to an account that no file holds (account_id). "
    )
    assert "1 of them: '123' may be '00123'" in said


def test_records_of_another_source_or_of_none_are_not_meant() -> None:
    assert noted(["z:00123"], "s:123") == []
    assert noted([], "s:123") == []
    assert noted(["s:00123"], "s:123", target="member") == []
