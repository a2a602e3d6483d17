"""Calls of which no known word says how they ended are told by the file that holds them."""

from __future__ import annotations

import re
from contextlib import closing

import duckdb
from builders import default_agreement

from smarketing.build.importing.call_notes import ENDS, call_notes, direction_notes, kind_notes


def test_outcomes_that_no_word_is_known_for_are_told_with_how_often_they_stand() -> None:
    rows = [
        *(("call", None, said, 1) for said in ("Erreicht", "Erreicht ", "niemand da", "B", "C")),
        *(("call", "outbound", said, 2) for said in ("Connected", "left-voicemail", " ", None)),
        ("sales_call", None, "Spoke", 2), ("call", "inbound", "Rang", 2),
        ("meeting", None, "Fun", 2), ("call", None, "Other import", 3),
    ]  # fmt: skip
    with closing(duckdb.connect(":memory:")) as connection:
        connection.execute("attach ':memory:' as now")
        connection.execute(
            "create table now.main.file_info as from (values (1, 'a'), (2, 'b'), (3, 'c')) "
            "t(_file_id, sha256)"
        )
        connection.execute(
            "create table now.main.touch (kind text, direction text, outcome text, _file_id int)"
        )
        connection.executemany("insert into now.main.touch values (?, ?, ?, ?)", rows)
        said = call_notes(connection, [1, 2])
        first = {sha: [note.partition(". They")[0] for note in n] for sha, n in said.items()}
        known = "nothing that is known of whether somebody was reached:"
        assert first == {
            "a": [
                f"the outcomes of 5 calls say {known} 'Erreicht' (2), 'B' (1), 'C' (1) and 1 more"
            ],
            "b": [f"the outcome of 1 call says {known} 'Spoke' (1)"],
        }
        assert call_notes(connection, []) == {}


def test_kinds_that_are_compared_and_written_otherwise_are_told() -> None:
    rows = [("call", 1), ("Call", 1), ("Call", 1), ("Email sent", 1), ("Demo", 1), (None, 1)]
    with closing(duckdb.connect(":memory:")) as connection:
        connection.execute("attach ':memory:' as now")
        connection.execute("create table now.main.file_info as select 1 as _file_id, 'a' as sha256")
        connection.execute("create table now.main.touch (kind text, _file_id int)")
        connection.executemany("insert into now.main.touch values (?, ?)", rows)
        told = kind_notes(connection, [1])["a"]
        assert [note.partition(",")[0] for note in told] == [
            "2 touches are of the kind 'Call'", "1 touch is of the kind 'Email sent'",
        ]  # fmt: skip
        assert kind_notes(connection, []) == {}


def test_words_for_who_began_a_touch_that_are_not_known_are_told() -> None:
    ways = (" Outbound", "INBOUND", "missed", None, " ", "Saída", "Saída ", "both")
    rows = [(way, 1) for way in ways] + [("both", 2), ("out", 3)]
    with closing(duckdb.connect(":memory:")) as connection:
        connection.execute("attach ':memory:' as now")
        connection.execute(
            "create table now.main.file_info as from (values (1, 'a'), (2, 'b'), (3, 'c')) "
            "t(_file_id, sha256)"
        )
        connection.execute("create table now.main.touch (direction text, _file_id int)")
        connection.executemany("insert into now.main.touch values (?, ?)", rows)
        said = direction_notes(connection, [1, 2])
        known = "who began it in words that are not known:"
        assert {sha: [note.partition(". ")[0] for note in n] for sha, n in said.items()} == {
            "a": [f"3 touches say {known} 'Saída' (2), 'both' (1)"],
            "b": [f"1 touch says {known} 'both' (1)"],
        }
        assert direction_notes(connection, []) == {}


def test_the_words_are_those_that_the_figures_of_calls_know() -> None:
    kpi = next(kpi for kpi in default_agreement().kpis if kpi.id == "calls_made")
    listed = re.search(r"outcome in \(([^)]*)\)", str(kpi.filter))
    assert listed and set(re.findall(r"'(\w+)'", listed[1])) == set(ENDS)
