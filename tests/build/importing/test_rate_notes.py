"""Amounts that no exchange rate converts are told by the file that holds them."""

from __future__ import annotations

from contextlib import closing

import duckdb

from smarketing.build.importing.rate_notes import rate_notes


def test_amounts_without_a_rate_are_told_with_their_worth() -> None:
    with closing(duckdb.connect(":memory:")) as connection:
        run = connection.execute
        run("attach ':memory:' as now")
        run("create table now.main.file_info as select unnest([1, 2]) as _file_id, "
            "unnest(['a', 'b']) as sha256")  # fmt: skip
        for table in "deal", "cost":
            key = f"{table}_id"
            run(f"create table now.main.{table} as from (values ('x', 1), ('y', 1), ('z', 2), "
                f"('n', 2)) t({key}, _file_id)")  # fmt: skip
            run(f"create table now.main.fct_{table} as from (values ('x', 'USD', 150050, false), "
                "('y', 'USD', 100, false), ('z', 'JPY', 300, false), ('n', 'EUR', 9, true), "
                f"('n', 'USD', null, false)) t({key}, currency, amount, rate_known)")  # fmt: skip
        said = rate_notes(connection, [1, 2])
        then = "or the seven before. Import rates too (a file with currency, rate_on, rate); if"
        own = "is the company's own currency, say so in agreement.yaml instead (currency:"
        two = f"are in no total, as there is no exchange rate from USD for their days {then} USD "
        one = f"is in no total, as there is no exchange rate from JPY for its day {then} JPY "
        two, one = f"{two}{own} USD)", f"{one}{own} JPY)"
        assert said == {
            "a": [f"2 deals worth $1,501.50 {two}", f"2 costs worth $1,501.50 {two}"],
            "b": [f"1 deal worth ¥300 {one}", f"1 cost worth ¥300 {one}"],
        }
        assert rate_notes(connection, []) == {}
