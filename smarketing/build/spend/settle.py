"""From every cost that reports of spend name to those that count, each of them once.

`settle_spend` runs over the costs of all files together, so that the order in which they were
imported decides nothing but which of two versions of a row is the newer one.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import duckdb

from smarketing.build.core.broken import AddingError
from smarketing.build.core.given_rows import FLAG, NUMBER, TEXT, write_rows
from smarketing.build.core.versions import set_aside
from smarketing.build.core.views import MAIN
from smarketing.build.spend.campaigns import Mention, groups
from smarketing.build.spend.periods import known_elsewhere
from smarketing.store.schema import core_tables

DIFFERENCE = f"""
create table if not exists {MAIN}.spend_difference (
    source varchar, campaign_id varchar, starts_on date, ends_on date, currency varchar,
    counted_amount bigint, other_amount bigint, counted_file varchar, other_file varchar
)
"""
_OVERLAP = f"""
create or replace table {MAIN}.cost_overlap (
    cost_id varchar, source varchar, file varchar, file_id integer, day date, currency varchar,
    amount bigint, other_source varchar, other_file varchar, other_file_id integer
)
"""
_WITHOUT_ID = f"{MAIN}.cost where contains(cost_id, ':row-')"
"""The costs that may be without an id of their own: their sources made one of their rows."""
_OF_SEVERAL_SOURCES = f"""(
select 1 from {MAIN}.cost where coalesce(impressions, clicks) is not null
having count(distinct source) > 1)"""
"""Whether more than one source has reports of platforms, which count more than money."""
_OF_SEVERAL_FILES = f"""(
select 1 from {MAIN}.cost where coalesce(impressions, clicks) is not null
group by source having count(distinct _file_id) > 1)"""
"""Whether a source has more than one such report."""
_WITNESSES = f"""
insert into {MAIN}.file_total
select s.source, s.file, 'cost', 'amount', s.currency, t.amount, t.sum_amount, t.agrees, t._file_id
from temp.spend_total as t join temp.spend as s
on s.cost_id = t.cost_id and s._file_id = t._file_id and s._row = t._row
where t.of_no_campaign
"""
"""The totals that came as rows of their own are witnesses as those that the reader knows."""
ELSEWHERE = ("the same spend is counted", "it covers several days")
"""How the reasons begin for which a row is not counted where it stands."""
_LONGEST_DAYS = 3660
_MENTION = "platform, campaign_id, campaign_name, is_named, account_id, account_name"


def settle_spend(connection: duckdb.DuckDBPyConnection) -> None:
    """Set aside the costs that are counted from elsewhere, and give the others their ids.

    Totals of other rows go first, then periods of which days are known, then all but one of the
    cuts of the same days. Cuts that do not come to the same are written to `spend_difference`.
    """
    connection.execute(DIFFERENCE)
    _run(connection, "rows")
    _run(connection, "gather")
    if not _any(connection, "temp.spend"):
        return
    _run(connection, "totals")
    connection.execute(_WITNESSES)
    _leave_out(connection, "temp.spend_total")
    _run(connection, "places")
    _run(connection, "older")
    _leave_out(connection, "temp.spend_older")
    _find_groups(connection)
    _run(connection, "cuts")
    known_elsewhere(connection)
    _run(connection, "refused")
    _run(connection, "whole")
    connection.execute(
        "insert into temp.spend_refused select speaks_of, starts_on, ends_on, shape, why "
        "from temp.spend_whole"
    )
    _run(connection, "differences")
    _leave_out(
        connection,
        "(select s.cost_id, s._file_id, s._row, r.why from temp.spend s join temp.spend_refused r "
        "on r.speaks_of = s.speaks_of and r.starts_on = s.starts_on and r.ends_on = s.ends_on "
        "and r.shape = s.shape)",
    )
    _run(connection, "identity")


def spread_periods(connection: duckdb.DuckDBPyConnection, carried: int) -> None:
    """Spread each cost that covers several days evenly over them; its parts keep `covers_until`.

    The costs of the first `carried` files are spread already. AddingError says that new ones may
    replace such a cost, so that all must be read together.
    """
    new = f"{MAIN}.cost where _file_id > {carried}"
    if not _any(connection, new):
        return
    if carried and _any(connection, f"{MAIN}.cost where covers_until is not null"):
        raise AddingError
    connection.execute(
        f"update {MAIN}.cost set covers_until = null where covers_until = incurred_on"
    )
    if _any(connection, f"{MAIN}.cost where covers_until is not null"):
        _run(connection, "spread")


def find_overlaps(connection: duckdb.DuckDBPyConnection) -> None:
    """Write to `cost_overlap` the costs that another file may hold once more.

    Those without an id beside others of their kind, platforms' reports that two sources agree on,
    day by day, and what two reports of a source count alike under different names. They count all
    the same: nothing says whether it is the same money.
    """
    connection.execute(_OVERLAP)
    if _any(connection, _WITHOUT_ID):
        _run(connection, "overlaps")
    if _any(connection, _OF_SEVERAL_SOURCES):
        _run(connection, "twins")
    if _any(connection, _OF_SEVERAL_FILES):
        _run(connection, "again")


def check_periods(connection: duckdb.DuckDBPyConnection) -> None:
    """Put costs whose last day comes before the first, or years after it, into quarantine."""
    wrong = f"covers_until < incurred_on or covers_until > incurred_on + {_LONGEST_DAYS}"
    connection.execute(
        f"insert into {MAIN}.quarantine select source, import_id, _file, _row, 'cost', "
        "'covers_until', cast(covers_until as varchar), case when covers_until < incurred_on "
        "then 'before the first day' else 'more than ten years after the first day' end, _file_id "
        f"from {MAIN}.cost where {wrong}"
    )
    connection.execute(f"delete from {MAIN}.cost where {wrong}")


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _run(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(_sql(name))


def _any(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    return connection.execute(f"select 1 from {rows} limit 1").fetchone() is not None


def _leave_out(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """Set costs aside, by their id, file and row, and take them out of what is to be settled."""
    connection.execute(f"create or replace temp table left_out as select * from {rows}")
    same = "l.cost_id = {0}.cost_id and l._file_id = {0}._file_id and l._row = {0}._row"
    set_aside(
        connection,
        core_tables()["cost"],
        f"select c.rowid as _id, any_value(l.why) as _why from {MAIN}.cost c "
        f"join temp.left_out l on {same.format('c')} group by 1",
    )
    connection.execute(
        f"delete from temp.spend as s using temp.left_out as l where {same.format('s')}"
    )


def _find_groups(connection: duckdb.DuckDBPyConnection) -> None:
    """Number in temp.spend what each cost was paid for, whatever its report calls it."""
    mentions = connection.execute(f"select distinct {_MENTION} from temp.spend").fetchall()
    names = connection.execute(
        "select distinct s.platform, c.campaign_id, c.name from campaign c "
        "join (select distinct source, platform from temp.spend) s on s.source = c.source "
        "where c.name is not null"
    ).fetchall()
    known = groups([Mention(*row) for row in mentions], names)
    numbers: dict[Hashable, int] = {}
    rows = [(*row, numbers.setdefault(known[Mention(*row)], len(numbers))) for row in mentions]
    mention = _MENTION.split(", ")
    columns = [(name, FLAG if name == "is_named" else TEXT) for name in mention]
    create = "create or replace temp table spend_group as"
    write_rows(connection, create, [*columns, ("speaks_of", NUMBER)], rows)
    same = " and ".join(f"s.{c} is not distinct from g.{c}" for c in mention)
    connection.execute(
        "update temp.spend as s set speaks_of = g.speaks_of "
        f"from temp.spend_group as g where {same}"
    )
    connection.execute("drop table temp.spend_group")
