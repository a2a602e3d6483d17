"""Files none of whose records is in any period are named."""

from __future__ import annotations

from contextlib import closing

import duckdb

from smarketing.build.importing.undated_notes import undated_notes


def test_files_of_which_no_record_has_a_day_are_named() -> None:
    with closing(duckdb.connect(":memory:")) as connection:
        run = connection.execute
        run("attach ':memory:' as now")
        run("create table now.main.file_info as from (values (1, 'a'), (2, 'b'), (3, 'c'), "
            "(4, 'd'), (5, 'e'), (6, 'f')) t(_file_id, sha256)")  # fmt: skip
        run("create table now.main.lead as from (values ('l1', 1, null), ('l2', 1, null), "
            "('l3', 2, null), ('l4', 2, timestamp '2026-01-05'), ('l5', 3, null), ('l6', 5, null), "
            "('l7', 6, null)) t(lead_id, _file_id, created_at)")  # fmt: skip
        run("alter table now.main.lead add column converted_deal_id varchar")
        run("update now.main.lead set converted_deal_id = 'd2' where lead_id = 'l6'")
        run("create table now.main.lead_stage_event as from (values "
            "('l1', null), ('l5', timestamp '2026-01-05')) t(lead_id, entered_at)")  # fmt: skip
        run("create table now.main.deal as from (values ('d1', 4, null, null, null), "
            "('d2', 9, timestamp '2026-01-05', null, null), "
            "('d3', 9, null, timestamp '2026-01-05', 'l7')) "
            "t(deal_id, _file_id, created_at, closed_at, lead_id)")  # fmt: skip
        run("create table now.main.feedback as select 1 as _file_id, null as asked_at limit 0")
        run("create table now.main.contract as select 1 as _file_id, null as starts_on limit 0")
        assert undated_notes(connection, [1, 2, 3, 4]) == {
            "a": ["nothing says of any of its 2 records of lead when the inquiry came (created_at):"
                  " no period holds them"],
            "d": ["nothing says of its one deal when it was opened (created_at), nor when it was "
                  "won or lost (closed_at): no period holds it"],
        }  # fmt: skip
        assert undated_notes(connection, [2, 3, 5, 6]) == {}, (
            "a deal that came of a lead has its days"
        )
