"""Marts that stay in the warehouse: the same answers as where they are here, or one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
import small_agreements
from duckdb import DuckDBPyConnection as Connection
from figures import PARTS, QUERIES, blocks_of, kept
from small_company import small_company
from sqlglot import exp
from warehouse_kit import staying_there

from smarketing.access import AccessError
from smarketing.analysis.kpis.values import measure_all
from smarketing.build.marts.staying import MAY_STAY, staying
from smarketing.engine import DuckDBEngine, Filters
from smarketing.engine.compile import parse, shared_tree, sql_files
from smarketing.engine.known import KnownBuild
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.sight import WHOLE, Sight
from smarketing.engine.warehouse import WarehouseError
from smarketing.errors import UsageError
from smarketing.periods import Period

VIEWER = Sight((), False, "salt")


def reads_live(name: str) -> bool:
    read = {table.name for table in shared_tree("queries", name, "duckdb").find_all(exp.Table)}
    return bool(read & {*MAY_STAY})


#: Whatever reads a mart that may stay.
ASKED = sorted(name for name in set(sql_files("queries")) - set(PARTS) if reads_live(name))


@pytest.fixture(scope="module")
def store(server: str) -> Iterator[Connection]:
    """The small company's build, whose large marts stayed in PostgreSQL."""
    with closing(open_warehouse(server)) as warehouse, pytest.MonkeyPatch.context() as patched:
        patched.setenv("SMARKETING_WAREHOUSE", server)
        yield staying_there(small_company(), warehouse)
        warehouse.drop()


def engine_on(store: Connection, sight: Sight = WHOLE) -> DuckDBEngine:
    return DuckDBEngine(store.cursor(), sight)


def test_enough_is_asked() -> None:
    assert len(ASKED) > 15


@pytest.mark.parametrize("name", ASKED)
def test_a_query_says_what_it_says_of_marts_that_are_here(store: Connection, name: str) -> None:
    blocks = blocks_of(engine_on(store), name, shared_tree("queries", name, "duckdb"))
    assert [line for block in blocks for line in block] == kept(QUERIES)[name]


SCOPES = [
    Sight((("segment", ("enterprise",)),)),
    Sight((("owner", ("r1", "(unknown)")), ("region", ("DACH", "(unknown)")))),
]
QUESTIONS = [
    "with scope as (select * from fct_touch) select kind, count(*) as n, max(occurred_at) as at, "
    "avg(is_automated::int) as share from scope group by 1 order by 1",
    "with scope as (select * from fct_journey) select count(*) as n, max(position) as last, "
    "sum(unit_number) as numbers from scope",
    "with scope as (select * from touch) select side, count(*) as n from scope "
    "group by 1 order by 1 desc",
    "with scope as (select * from dim_person) select count(*) as n from scope",
]


@pytest.mark.parametrize("sight", [Sight(), *SCOPES])
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_scope_keeps_back_there_what_it_keeps_back_here(
    store: Connection, sight: Sight, question: str
) -> None:
    tree = parse(question, "q")
    here = DuckDBEngine(small_company()._connection.cursor(), sight)
    there = engine_on(store, sight)
    assert there.rows(tree) == here.rows(tree)
    assert there.run(tree).equals(here.run(tree))
    assert there.run(tree).dtypes.equals(here.run(tree).dtypes)


def test_filters_and_a_dimension_go_along(store: Connection) -> None:
    tree = parse(
        "with scope as (select '(all)' as key, t.* from fct_touch as t) "
        "select key, count(*) as n from scope group by 1 order by 1", "q",
    )  # fmt: skip
    filters = Filters.of(channel=["email", "paid_search"])
    here, there = DuckDBEngine(small_company()._connection.cursor()), engine_on(store)
    found = there.rows(tree, None, filters, "channel")
    assert found == here.rows(tree, None, filters, "channel")
    assert there.has("fct_touch")
    assert there.columns("fct_touch") == here.columns("fct_touch")
    assert '"fct_touch"' not in there.sql(tree, None, filters, "channel")
    assert "smarketing_b70000_parity.fct_touch" in there.sql(tree, None, filters, "channel")


def test_what_would_have_to_be_masked_there_is_not_shown(store: Connection) -> None:
    here = DuckDBEngine(small_company()._connection.cursor(), VIEWER)
    there = engine_on(store, VIEWER)
    for kept_back in ("campaign", "content", "person_id", "*"):
        with pytest.raises(AccessError, match="where nobody is masked"):
            there.rows(parse(f"select {kept_back} from fct_touch", "q"))
    counted = parse("select channel, count(*) as n from fct_touch group by 1 order by 1", "q")
    assert there.rows(counted) == here.rows(counted)
    people = parse("select full_name from dim_person order by 1", "q")
    assert there.rows(people) == here.rows(people)


def test_a_text_that_names_people_is_not_shown_beside_what_stays_there(
    store: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = parse(
        "select l.source_detail, count(*) as n from fct_touch as t "
        "inner join dim_lead as l on l.lead_id = t.lead_id group by 1 order by 1", "q",
    )  # fmt: skip
    monkeypatch.setattr(KnownBuild, "is_address", lambda *_: False)
    monkeypatch.setattr(KnownBuild, "has_contacts", lambda *_: False)
    monkeypatch.setattr(KnownBuild, "texts_of_people", lambda *_: "")
    assert engine_on(store, VIEWER).rows(asked)
    monkeypatch.setattr(KnownBuild, "texts_of_people", lambda *_: "kept.naming.some")
    with pytest.raises(AccessError, match="where nobody is masked"):
        engine_on(store, VIEWER).rows(asked)


def test_where_the_warehouse_is_away_that_is_said_and_all_else_stands(
    store: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_on(store)
    touches = parse("select count(*) as n from fct_touch", "q")
    monkeypatch.setenv("SMARKETING_WAREHOUSE", "postgresql://ann:hush@127.0.0.1:1/x")
    with pytest.raises(
        WarehouseError,
        match=r"127\.0\.0\.1:1/x could not be reached .*fct_journey and fct_touch st",
    ) as away:
        engine.rows(touches)
    assert "hush" not in str(away.value) and "published" not in str(away.value)
    for address in ("", "oracle://x/y"):
        monkeypatch.setenv("SMARKETING_WAREHOUSE", address)
        with pytest.raises(WarehouseError, match="set SMARKETING_WAREHOUSE to its address"):
            engine.rows(touches)
    assert engine.rows(parse("select count(*) as n from touch", "q"))[0]["n"] > 1000


def test_kpis_of_marts_that_are_away_hide_no_other(
    store: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_WAREHOUSE", "postgresql://127.0.0.1:1/y")
    kpis = [
        kpi for kpi in small_agreements.agreement().kpis if kpi.mart in ("fct_touch", "fct_deal")
    ]
    windows = {"now": Period("", dt.date(2026, 1, 1), dt.date(2026, 4, 1))}
    values = measure_all(engine_on(store), kpis, windows)
    away = {kpi.id for kpi in kpis if kpi.mart == "fct_touch"}
    assert away and {*values.missing} == away
    assert {kpi for kpi, _, _ in values.found} == {kpi.id for kpi in kpis} - away
    assert all("could not be reached" in why for why in values.missing.values())


def test_a_build_that_is_gone_there_is_said(
    store: Connection,
) -> None:
    engine = engine_on(store)
    live = engine._live
    assert live is not None
    vars(engine)["_live"] = replace(live, place="smarketing_b1_gone")
    with pytest.raises(WarehouseError, match=r"does not exist.*run: smarketing build"):
        engine.rows(parse("select count(*) as n from fct_touch", "q"))


@pytest.mark.parametrize(
    ("named", "days", "said"),
    [
        ("fct_touches", "", "Unknown mart that can stay .* Did you mean 'fct_touch'"),
        ("fct_deal", "", "Unknown mart that can stay in a warehouse 'fct_deal'"),
        ("fct_touch", "400", "SMARKETING_KEEP_PERSONAL_DAYS finds silent people"),
    ],
)
def test_what_cannot_stay_is_refused(
    monkeypatch: pytest.MonkeyPatch, named: str, days: str, said: str
) -> None:
    monkeypatch.setenv("SMARKETING_LIVE_MARTS", named)
    if days:
        monkeypatch.setenv("SMARKETING_KEEP_PERSONAL_DAYS", days)
    with pytest.raises(UsageError, match=said):
        staying()


def test_marts_that_stay_are_named_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_LIVE_MARTS", " fct_touch, fct_journey,")
    assert staying() == {*MAY_STAY}
    monkeypatch.delenv("SMARKETING_LIVE_MARTS")
    assert staying() == frozenset()
