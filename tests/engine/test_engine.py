"""The engine: filters, dimensions, values and helpers enter a query through its syntax tree."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pandas as pd
import pytest
import sqlglot
from builders import make_store
from sqlglot import exp

from smarketing.engine import NO_FILTERS, DuckDBEngine, Filters
from smarketing.engine.compile import compile_query, parse, read_sql
from smarketing.engine.per_engine import HELPERS, expand_helpers
from smarketing.engine.sight import Sight
from smarketing.errors import QueryError, StoreError, UsageError

QUERY = """
with scope as (
    select '(all)' as key, d.deal_amount, d.closed_day
    from fct_deal as d
    where d.closed_day >= $start
)
select key, count(*) as deals, sum(deal_amount) as amount from scope group by key order by key
"""


def query() -> exp.Query:
    return parse(QUERY, "case").copy()


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return make_store(
        {
            "account": [
                {"account_id": "a1", "employees": 5000, "country": "DE"},
                {"account_id": "a2", "employees": 5, "country": "DE"},
            ],
            "deal": [
                _deal("d1", "a1", 100_00),
                _deal("d2", "a2", 10_50),
                _deal("d3", None, 1_00),
            ],
        }
    )


def _deal(deal_id: str, account_id: str | None, amount: int) -> dict[str, object]:
    return {
        "deal_id": deal_id,
        "account_id": account_id,
        "amount": amount,
        "outcome": "won",
        "created_at": "2026-05-01 09:00",
        "closed_at": "2026-06-01",
    }


START = {"start": dt.date(2026, 1, 1)}


def test_a_query_answers_with_exact_integers(engine: DuckDBEngine) -> None:
    frame = engine.run(query(), START)
    assert frame.to_dict("records") == [{"key": "(all)", "deals": 3, "amount": 111_50}]
    assert str(frame["amount"].dtype) == "int64[pyarrow]"


def test_by_replaces_the_key_and_unknowns_are_named(engine: DuckDBEngine) -> None:
    frame = engine.run(query(), START, by="segment")
    found = dict(zip(frame["key"], frame["amount"], strict=True))
    assert sum(found.values()) == 111_50
    assert found["(unknown)"] == 1_00
    assert len(found) == 3


def test_filters_keep_the_named_values_only(engine: DuckDBEngine) -> None:
    whole = engine.run(query(), START, by="segment")
    for key, amount in zip(whole["key"], whole["amount"], strict=True):
        kept = engine.run(query(), START, Filters.of(segment=[key]))
        assert kept["amount"].tolist() == [amount]


def test_a_blank_dimension_is_filtered_by_unknown(engine: DuckDBEngine) -> None:
    kept = engine.run(query(), START, Filters.of(owner="(unknown)"))
    assert kept["deals"].tolist() == [3]


def test_a_filter_value_is_bound_never_spliced(engine: DuckDBEngine) -> None:
    evil = "x' or '1'='1"
    assert engine.run(query(), START, Filters.of(segment=[evil])).empty
    assert "x'' or ''1''=''1" in engine.sql(query(), START, Filters.of(segment=[evil]))


def test_shown_sql_runs_by_itself_and_agrees(engine: DuckDBEngine) -> None:
    text = engine.sql(query(), START, Filters.of(region=["dach", "(unknown)"]), "segment")
    assert "$" not in text
    shown = engine.run(parse(text, "shown"))
    run = engine.run(query(), START, Filters.of(region=["dach", "(unknown)"]), "segment")
    pd.testing.assert_frame_equal(shown, run)


def test_an_unknown_dimension_names_the_nearest(engine: DuckDBEngine) -> None:
    with pytest.raises(UsageError, match="Did you mean 'segment'"):
        engine.run(query(), START, by="segmnt")
    with pytest.raises(UsageError, match="Did you mean 'region'"):
        Filters.of(regoin=["x"])


def test_a_dimension_that_the_mart_lacks_is_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match="fct_deal has no such column"):
        engine.run(query(), START, by="hour")


def test_a_query_without_scope_cannot_be_filtered(engine: DuckDBEngine) -> None:
    plain = parse("select count(*) as n from fct_deal", "plain").copy()
    assert engine.run(plain)["n"].tolist() == [3]
    with pytest.raises(QueryError, match="no scope"):
        engine.run(plain, filters=Filters.of(segment="x"))


def test_a_missing_value_is_named(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match=r"needs a value for \$start"):
        engine.run(query())


def test_an_unknown_query_is_refused_by_name(engine: DuckDBEngine) -> None:
    with pytest.raises(UsageError, match="Unknown query 'no_such_question'"):
        engine.run("no_such_question")
    with pytest.raises(UsageError, match=r"Unknown mart 'fct_deel'.*Did you mean 'fct_deal'"):
        read_sql("marts", "fct_deel", "duckdb")


def test_what_is_no_select_is_refused_in_one_line() -> None:
    with pytest.raises(QueryError, match=r"^The query 'q' cannot be parsed: [^\n]+$") as refused:
        parse("select (a\nfrom t\nwhere b", "q")
    assert "Expecting )" in str(refused.value)
    with pytest.raises(QueryError, match=r"^The query 'q' is not a SELECT"):
        parse("drop table t", "q")


def test_a_failing_query_quotes_its_sql(engine: DuckDBEngine) -> None:
    wrong = parse("select cast(name as int) as n from fct_deal", "wrong").copy()
    with pytest.raises(QueryError, match="in the query"):
        engine.run(wrong)


def test_filters_reach_both_sides_of_a_union() -> None:
    tree = parse(
        "with scope as (select segment, n from t union all select segment, n from u)"
        " select sum(n) as n from scope",
        "union",
    )
    text = compile_query(tree, {}, Filters.of(segment=["smb"])).sql
    assert text.count("$filter_segment_0") == 2


def test_a_projection_of_that_name_is_what_is_filtered() -> None:
    tree = parse(
        "with scope as (select coalesce(d.segment, a.segment) as segment from d"
        " inner join a on a.id = d.id) select count(*) as n from scope",
        "joined",
    )
    text = compile_query(tree, {}, Filters.of(segment=["smb"])).sql
    assert "COALESCE(CAST(COALESCE(d.segment, a.segment) AS TEXT), '(unknown)')" in text


def test_threads_share_an_engine(engine: DuckDBEngine) -> None:
    with ThreadPoolExecutor(4) as pool:
        frames = list(pool.map(lambda _: engine.run(query(), START), range(16)))
    assert all(frame["amount"].tolist() == [111_50] for frame in frames)


def test_python_variables_are_not_tables(engine: DuckDBEngine) -> None:
    secret = pd.DataFrame({"x": [1]})
    assert len(secret) == 1
    with pytest.raises(QueryError):
        engine.run(parse("select x from secret", "peek"))


def test_a_file_that_is_no_build_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(StoreError, match="smarketing build"):
        DuckDBEngine.open(path)
    (tmp_path / "y.duckdb").write_text("not a database, but long enough to be looked at" * 20)
    with pytest.raises(StoreError, match="cannot be opened"):
        DuckDBEngine.open(tmp_path / "y.duckdb")


def test_filters_are_one_value_however_they_are_built() -> None:
    one = Filters.of(segment=["b", "a", "a"], region="dach", channel=[], owner=None)
    two = Filters.from_mapping({"region": ["dach"], "segment": ("a", "b")})
    assert one == two
    assert hash(one) == hash(two)
    assert one.as_dict() == {"region": ["dach"], "segment": ["a", "b"]}
    assert one.without("region") == Filters.of(segment=["a", "b"]) == one.only("segment")
    assert one.with_(region=None) == one.without("region")
    assert not NO_FILTERS


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("local_day(timestamp '2026-03-28 23:30:00', 'Europe/Berlin')", dt.date(2026, 3, 29)),
        ("local_day(timestamp '2026-03-29 22:30:00', 'Europe/Berlin')", dt.date(2026, 3, 30)),
        ("local_hour(timestamp '2026-03-29 01:30:00', 'Europe/Berlin')", 3),
        ("day_start(date '2026-03-30', 'Europe/Berlin')", dt.datetime(2026, 3, 29, 22)),
        ("day_start(date '2026-03-29', 'Europe/Berlin')", dt.datetime(2026, 3, 28, 23)),
        ("iso_weekday(date '2026-06-07')", 7),
        ("seconds_between(timestamp '2026-01-01', timestamp '2026-01-01 00:00:01.5')", 1.5),
        ("days_between(date '2026-02-27', date '2026-03-01')", 2),
        ("add_days(date '2026-02-27', 2)", dt.date(2026, 3, 1)),
        ("whole_second(timestamp '2026-01-01 10:00:01.9')", dt.datetime(2026, 1, 1, 10, 0, 1)),
        ("email_domain('a@b.com')", "b.com"),
        ("email_domain('nobody')", None),
    ],
)
def test_a_helper_answers_on_duckdb(call: str, answer: object) -> None:
    tree = expand_helpers(sqlglot.parse_one(f"select {call}", read="duckdb"), "duckdb")
    assert duckdb.sql(tree.sql("duckdb")).fetchall() == [(answer,)]


def test_a_helper_counts_its_arguments() -> None:
    with pytest.raises(QueryError, match=r"local_day takes \(instant, zone\)"):
        expand_helpers(sqlglot.parse_one("select local_day(x)", read="duckdb"), "duckdb")


def test_helpers_nest_and_keep_their_order_of_reckoning() -> None:
    tree = sqlglot.parse_one("select day_start(add_days(date '2026-01-31', 1), 'UTC')")
    text = expand_helpers(tree, "duckdb").sql("duckdb")
    assert duckdb.sql(text).fetchall() == [(dt.datetime(2026, 2, 1),)]
    tree = sqlglot.parse_one("select add_days(date '2026-01-31', case when true then 1 end)")
    text = expand_helpers(tree, "duckdb").sql("duckdb")
    assert duckdb.sql(text).fetchall() == [(dt.date(2026, 2, 1),)]


def test_every_helper_says_what_it_answers() -> None:
    assert all(helper.answers and "duckdb" in helper.versions for helper in HELPERS.values())


@pytest.mark.parametrize(
    "attack",
    [
        "select content from read_text('/etc/passwd')",
        "select file from glob('/*')",
        "select * from read_csv('https://example.com/x.csv')",
        "select * from '/etc/passwd'",
    ],
)
def test_a_query_reaches_its_build_and_no_file(engine: DuckDBEngine, attack: str) -> None:
    with pytest.raises(QueryError, match=r"disabled by configuration|not exist"):
        engine.run(parse(attack, "peek"))


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0])
def test_the_largest_whole_numbers_are_exact_both_ways(engine: DuckDBEngine, number: int) -> None:
    tree = parse(f"select cast('{number}' as hugeint) as n, cast(null as hugeint) as m", "wide")
    assert engine.rows(tree) == [{"n": number, "m": None}]
    frame = engine.run(tree)
    assert frame["n"].tolist() == [number] and str(frame["n"].dtype) == "int64[pyarrow]"


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_a_number_that_is_larger_is_refused_both_ways(engine: DuckDBEngine, number: int) -> None:
    tree = parse(f"select 1 as ok, cast('{number}' as hugeint) as n", "wide")
    for ask in (engine.rows, engine.run):
        with pytest.raises(QueryError, match="A sum in 'n' is too large to be true"):
            ask(tree)


INFO = (
    "create table build_info as select 'b' as build_id, timestamp '2026-07-01' as as_of_at,"
    " date '2026-07-01' as as_of_day, 'EUR' as currency, 2 as minor_digits, 'UTC' as timezone,"
    " '' as agreement_hash, '0' as version, '' as code_hash"
)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> DuckDBEngine:
    monkeypatch.setattr("smarketing.engine.ready._READY", {})
    connection = duckdb.connect(":memory:")
    connection.execute(INFO)
    return DuckDBEngine(connection)


def test_statements_are_kept_ready_up_to_a_number_and_the_oldest_goes(
    monkeypatch: pytest.MonkeyPatch, own: DuckDBEngine
) -> None:
    monkeypatch.setattr("smarketing.engine.ready.KEPT", 2)
    trees = [parse(f"select {number} as n", "one") for number in range(3)]
    found = [own.compile(trees[place]).tree for place in (0, 1, 0, 2, 1, 0)]
    assert found[2] is found[0] and found[4] is found[1] and found[5] is not found[0]


def test_a_statement_is_ready_for_every_build_of_the_same_tables_and_the_same_kind_of_sight(
    own: DuckDBEngine,
) -> None:
    tree = parse("select b.build_id, p.person_id from build_info as b, dim_person as p", "one")
    statements = {}
    for place, (id_of, more) in enumerate(
        (("p7", ""), ("p8", ""), ("a@b.de", ""), ("p9", ", 1 as x"))
    ):
        connection = duckdb.connect(":memory:")
        connection.execute(INFO)
        connection.execute(f"create table dim_person as select '{id_of}' as person_id{more}")
        for names in (True, False):
            engine = DuckDBEngine(connection, Sight(names_people=names, salt="s"))
            statements[place, names] = engine.compile(tree).tree
            assert names or not any("@" in str(row["person_id"]) for row in engine.rows(tree))
    assert statements[0, True] is statements[1, True] is statements[2, True]
    assert statements[0, False] is statements[1, False] is not statements[0, True]
    assert statements[2, False] is not statements[0, False], "there an id is an address"
    assert statements[3, True] is not statements[0, True], "a table has another column there"


def test_a_build_is_opened_with_as_much_of_the_machine_as_is_said(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "b.duckdb")) as made:
        made.execute(INFO)
    with DuckDBEngine.open(tmp_path / "b.duckdb", memory_limit="123MiB", threads=1) as opened:
        asked = "select current_setting('threads'), current_setting('memory_limit')"
        assert opened._connection.execute(asked).fetchall() == [(1, "123.0 MiB")]


def info_alone() -> DuckDBEngine:
    """An engine over a build that says of itself what it is, and holds nothing else."""
    connection = duckdb.connect(":memory:")
    connection.execute(INFO)
    return DuckDBEngine(connection)


def test_a_query_of_a_file_is_kept_ready_by_its_name() -> None:
    own = info_alone()
    one, same, other = (
        own.compile("/".join(parts)).tree
        for parts in (("health", "totals"), ("health", "totals"), ("health", "cost_sources"))
    )
    assert one is same and other is not one
    tree = parse("select 1 as n", "one")
    assert own.compile(tree).tree is not own.compile(tree.copy()).tree


def test_a_build_without_what_is_asked_for_says_that_it_is_of_another_version() -> None:
    with pytest.raises(StoreError) as told:
        info_alone().rows(parse("select a from fct_deal", "own"))
    assert str(told.value) == (
        "The build b was made by another version of Smarketing and does not hold what this one "
        "asks for (Table with name fct_deal does not exist). Run: smarketing build."
    )
    with pytest.raises(QueryError, match=r"(?s)of_nobody does not exist.*in the query:"):
        info_alone().rows(parse("select a from of_nobody", "own"))


def test_a_damaged_build_is_said_in_the_first_line_of_what_went_wrong() -> None:
    def broken(*_: object, **__: object) -> None:
        raise duckdb.IOException("one\ntwo\nthree")

    own = info_alone()
    assert own.has("build_info")
    own._connection = cast(Any, SimpleNamespace(
        cursor=lambda: SimpleNamespace(sql=broken, execute=broken, close=lambda: None)
    ))  # fmt: skip
    for ask in (own.rows, own.table):
        with pytest.raises(StoreError, match=r"^The build b cannot be read \(one\): it is damaged"):
            ask(parse("select 1 as n", "one"))
