"""Small letters of the agreement are those of the engine, for every letter there is."""

from __future__ import annotations

import duckdb

from smarketing.small_letters import lowered


def test_every_letter_is_made_small_as_the_engine_does() -> None:
    letters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    with duckdb.connect() as connection:
        asked = "select letter, lower(letter) from (select unnest($1) as letter)"
        told = connection.execute(asked, [letters]).fetchall()
    assert [letter for letter, small in told if lowered(letter) != small] == []


def test_a_letter_is_the_same_wherever_it_stands() -> None:
    assert lowered("ΛΟΓΟΣ İPTAL Straße") == "λογοσ iptal straße"
    assert lowered("") == ""
