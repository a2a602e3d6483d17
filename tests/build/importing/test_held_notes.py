"""What an import says of records that the build before, or another of its files, holds as well."""

from __future__ import annotations

from typing import Any

from two_builds import TwoBuilds

from smarketing.build.core.versions import REPEATED
from smarketing.build.importing.changes import compare, outdated
from smarketing.build.importing.emptied_notes import emptied_notes
from smarketing.build.importing.lead_notes import lead_notes
from smarketing.build.importing.order_notes import order_notes
from smarketing.build.importing.report import TableBalance

MONDAY, TUESDAY = "2026-01-05", "2026-01-06"


def lead(number: int, day: str = MONDAY, file: int = 1, **said: Any) -> dict[str, Any]:
    return {"lead_id": f"ads:l{number}@x.example", "created_at": day, "_file_id": file, **said}


def test_a_lead_known_by_email_that_came_on_another_day_before_is_noted_by_its_file() -> None:
    builds = TwoBuilds()
    builds.files(1, 2, 3, 4)
    builds.put("lead", lead(1), lead(2), lead(3), lead(4, TUESDAY), lead(5, file=2),
               {"lead_id": "ads:7", "created_at": MONDAY, "_file_id": 1},
               lead(6, file=3), lead(8, file=4))  # fmt: skip
    builds.put("lead", lead(1, TUESDAY), lead(2, TUESDAY), lead(3), lead(4, TUESDAY),
               lead(5, TUESDAY), {"lead_id": "ads:7", "created_at": TUESDAY}, lead(6),
               lead(8, TUESDAY), build="before")  # fmt: skip
    found = lead_notes(builds.connection, "before", [1, 2, 3])
    assert {sha: [note[:24] for note in notes] for sha, notes in found.items()} == {
        "sha1": ["2 leads known by e-mail "],
        "sha2": ["1 lead known by e-mail c"],
    }
    assert lead_notes(builds.connection, None, [1, 2]) == {}
    assert lead_notes(builds.connection, "now", [1, 2]) == {}


def test_a_lead_known_by_email_that_two_files_of_one_import_give_is_noted() -> None:
    builds = TwoBuilds()
    builds.files(1, 2, 3, 4)
    builds.put("lead", lead(1), lead(2), lead(3, file=3), lead(4, file=4), lead(5),
               {"lead_id": "ads:7", "_file_id": 1})  # fmt: skip
    builds.put_aside("lead", lead(1, TUESDAY, 2), lead(2, TUESDAY, 2), lead(2, TUESDAY, 2),
                     lead(3, file=2), lead(4, file=2), lead(5, TUESDAY, 1),
                     {"lead_id": "ads:7", "_file_id": 2}, lead(3, file=4))  # fmt: skip
    builds.put_aside("lead", lead(1, file=3), reason=REPEATED)
    found = lead_notes(builds.connection, None, [1, 2, 3])
    assert {sha: [note.partition(" instead")[0] for note in notes]
            for sha, notes in found.items()} == {
        "sha2": ["2 leads count from 1.csv", "1 lead counts from 3.csv"]
    }  # fmt: skip


def person(number: int, file: int = 1, **said: Any) -> dict[str, Any]:
    return {"person_id": f"p{number}", "_file_id": file, **said}


def test_values_that_a_file_has_none_of_and_the_build_before_has_are_noted() -> None:
    builds = TwoBuilds()
    builds.files(1, 2, 3)
    builds.put("person", person(1), person(2), person(3), person(4, 2), person(5, 2),
               person(6, 3), person(5, 2, account_id="a1"))  # fmt: skip
    builds.put("person", person(1, account_id="a1", created_at=MONDAY), person(2, account_id="a2"),
               person(3), person(4, account_id="a1"), person(6, account_id="a1"),
               build="before")  # fmt: skip
    found = emptied_notes(builds.connection, "before", [1, 2])
    assert list(found) == ["sha1"], "what some of its records have, a file does not lack"
    [note] = found["sha1"]
    assert note.startswith("records of person lose ")
    assert ": account_id (of 2) and created_at (of 1). " in note
    assert emptied_notes(builds.connection, None, [1, 2]) == {}
    assert emptied_notes(builds.connection, "now", [1, 2]) == {}
    rename = "alter table before.main.person rename {} to {}"
    builds.connection.execute(rename.format("created_at", "began_at"))
    try:
        assert emptied_notes(builds.connection, "before", [1, 2]) == {}, "what it has is not known"
    finally:
        builds.connection.execute(rename.format("began_at", "created_at"))


def test_values_that_an_older_file_of_the_import_gave_are_noted() -> None:
    builds = TwoBuilds()
    builds.files(1, 2)
    builds.put("deal", {"deal_id": "d1"}, {"deal_id": "d2"}, {"deal_id": "d3"})
    builds.put_aside("deal", {"deal_id": "d1", "amount": 0, "_file_id": 2},
                     {"deal_id": "d2", "created_at": MONDAY, "_file_id": 2},
                     {"deal_id": "d2", "amount": 5, "_file_id": 2},
                     {"deal_id": "d3", "amount": 5, "_file_id": 1},
                     {"deal_id": "d3", "recurring_amount": 5, "_file_id": 3})  # fmt: skip
    builds.put_aside("deal", {"deal_id": "d3", "account_id": "a", "_file_id": 2}, reason=REPEATED)
    [note] = emptied_notes(builds.connection, None, [1, 2])["sha1"]
    assert ": amount (of 2) and created_at (of 1). " in note
    assert emptied_notes(builds.connection, None, [1]) == {}


def deal(number: int, began: str, file: int, **said: Any) -> dict[str, Any]:
    return {"deal_id": f"d{number}", "created_at": began, "_file_id": file, **said}


def _ordered(*, newest: str = "2026-04-05", **said: Any) -> dict[str, list[str]]:
    """Note a file that knows of a newer deal, and loses to the file after it."""
    builds = TwoBuilds()
    builds.files(1, 2, as_of_at=said.pop("as_of", None))
    builds.put("deal", deal(1, "2026-01-02", 2), deal(2, "2026-01-03", 2),
               deal(3, newest, 1), **said)  # fmt: skip
    builds.put_aside("deal", deal(1, "2026-01-02", 1, outcome="won"), deal(2, "2026-01-03", 1))
    return order_notes(builds.connection, [1, 2])


def test_of_files_in_the_wrong_order_the_one_that_began_later_is_noted() -> None:
    [note] = _ordered()["sha1"]
    assert note.startswith("1 deal counts as 2.csv says") and " 92 days before " in note
    assert note.endswith(" 2026-04-06 or later")
    assert _ordered(newest="2026-01-04") != {}, "a day is enough"
    assert _ordered(newest="2026-01-03 23:00") == {}
    assert _ordered(as_of="2026-05-01") == {}, "the other file's own stamp decides"


def test_of_files_in_the_wrong_order_those_count_that_this_import_names() -> None:
    builds = TwoBuilds()
    builds.files(1, 2, 3)
    held = [deal(n, "2026-01-02", 2) for n in (1, 2)]
    builds.put("deal", *held, deal(3, "2026-04-05", 1), deal(4, "2026-01-01", 3))
    builds.put_aside("deal", *(deal(n, "2026-01-02", 1, outcome="won") for n in (1, 2)))
    builds.put_aside("deal", deal(4, "2026-01-01", 1, outcome="won"), reason=REPEATED)
    found = order_notes(builds.connection, [1, 2, 3])
    assert [note.partition(",")[0] for note in found.pop("sha1")] == [
        "2 deal records count as 2.csv says"
    ]
    assert found == {}
    assert order_notes(builds.connection, [1]) == order_notes(builds.connection, [2, 3]) == {}
    stamped = TwoBuilds()
    stamped.files(1, 2)
    stamped.put("deal", deal(1, "2026-01-02", 2, recorded_at=TUESDAY), deal(3, "2026-04-05", 1))
    stamped.put_aside("deal", deal(1, "2026-01-02", 1, outcome="won"))
    assert order_notes(stamped.connection, [1, 2]) == {}, "a record's own stamp decides"


def test_each_table_is_balanced_against_the_build_before() -> None:
    builds = TwoBuilds()
    builds.put("deal", deal(1, MONDAY, 2), deal(2, MONDAY, 2, amount=5), deal(3, MONDAY, 2),
               deal(4, MONDAY, 2, created_at_has_time=True), deal(5, MONDAY, 1))  # fmt: skip
    builds.put_aside("deal", deal(5, TUESDAY, 2), deal(5, TUESDAY, 2), deal(1, TUESDAY, 2))
    builds.put("deal", deal(1, MONDAY, 1), deal(2, MONDAY, 1), deal(5, MONDAY, 1),
               deal(4, MONDAY, 1, created_at_has_time=False), deal(9, MONDAY, 1),
               deal(8, MONDAY, 1), build="before")  # fmt: skip
    builds.put("lead", lead(1, file=2))
    builds.put("person", person(1, file=1), build="before")
    builds.put("account", {"account_id": "a1"})
    for row, table in ((2, "touch"), (2, "touch"), (3, "touch"), (4, None), (9, "deal")):
        file = 1 if row == 9 else 2
        builds.put("quarantine", {"row": row, "table_name": table, "_file_id": file})
    told = {row.table: row for row in compare(builds.connection, "now", "before", [2])}
    # Gone: six were there, one is new, five are left.
    assert told == {
        "deal": TableBalance("deal", 5, 1, 2, 2, 0, 2),
        "lead": TableBalance("lead", 1, 1, 0, 0, 0, 0),
        "person": TableBalance("person", 0, 0, 0, 0, 0, 1),
        "touch": TableBalance("touch", 2, 0, 0, 0, 2, 0),
    }
    told = {row.table: row for row in compare(builds.connection, "now", None, [2])}
    assert told["deal"] == TableBalance("deal", 5, 4, 0, 1, 0, 0) and "person" not in told
    told = {row.table: row for row in compare(builds.connection, "now", "now", [2])}
    assert told["deal"] == TableBalance("deal", 5, 0, 0, 5, 0, 0)


def test_records_that_lose_to_an_earlier_import_are_counted_by_file() -> None:
    builds = TwoBuilds()
    builds.put("deal", *(deal(n, MONDAY, 1) for n in (1, 2, 3)), deal(4, MONDAY, 3),
               deal(5, MONDAY, 2))  # fmt: skip
    builds.put("lead", lead(1), lead(2))
    builds.put_aside("deal", deal(1, TUESDAY, 2), deal(1, TUESDAY, 2), deal(2, TUESDAY, 2),
                     deal(4, TUESDAY, 2), deal(3, TUESDAY, 4), deal(5, TUESDAY, 3))  # fmt: skip
    builds.put_aside("lead", lead(1, file=2))
    assert outdated(builds.connection, "now", [2, 3]) == {2: (3, "1.csv")}
