"""A source's SQL is one SELECT over its own views: everything else is refused where it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.errors import SourceError
from smarketing.sources import builtin_sources, load_source
from smarketing.sources.one_select import check_select
from smarketing.sources.selects import own_views

VIEWS = ("Deals", "Deals_current")
PATH = Path("crm/deal.sql")

PLAIN = [
    "select d._row, d.\"Id\" as deal_id from Deals d",
    "-- from: Deals\nselect * from deals;\n",
    "with won as (select * from Deals), more as (select * from won) select * from more",
    "with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select * from r",
    "select a from Deals where not exists (select 1 from Deals_current c where c.a = Deals.a)",
    "select row_number() over (partition by a order by b) as n, sum(x) filter (where y) from Deals",
    "select unnest(string_split(a, ';')) as one from Deals",
    "select d.a, u.x from Deals d, unnest(string_split(d.a, ';')) as u(x)",
    "select case when lower(a) in ('1', 'true') then 'won' end, coalesce(a, md5(b)) from Deals",
    "select a::date, try_cast(b as integer), extract(year from c), a ->> 'x' from Deals",
    "select nullif(trim(a), ''), split_part(a, ':', 1), d.a.lower(), list_sort([a]) from Deals d",
    "select distinct on (a) a from Deals qualify row_number() over (order by a) = 1 limit 10",
    "select case when flag_value(trim(won)) then 'won' end as outcome from Deals",
    "select a from Deals union all by name select b as a from Deals",
    "select a from (values ('x'), ('y')) v(a) semi join Deals using (a)",
    "select 'attach; drop -- read_csv(' as a, E'\\'; drop table x --' as b from Deals",
]  # fmt: skip


@pytest.mark.parametrize("sql", PLAIN)
def test_a_select_over_its_own_views_is_let_through(sql: str) -> None:
    check_select(sql, VIEWS, PATH)


def test_every_select_of_the_built_in_sources_obeys_the_rule() -> None:
    for source in builtin_sources().values():
        for select in (select for group in source.selects.values() for select in group):
            check_select(select.sql, own_views(source.objects), select.path)


TABLE_FUNCTIONS = [
    "read_csv('/etc/passwd')",
    "read_csv_auto('x.csv')",
    "read_parquet('x.parquet')",
    "parquet_scan('x')",
    "parquet_metadata('x')",
    "read_json('x')",
    "read_json_auto('x')",
    "read_ndjson_objects('x')",
    "read_text('/etc/passwd')",
    "read_blob('/etc/passwd')",
    "glob('/*')",
    "query('select 1')",
    "query_table('Deals')",
    "duckdb_settings()",
    "duckdb_secrets()",
    "pragma_database_list()",
    "sniff_csv('x')",
    "sqlite_scan('x', 'y')",
    "postgres_scan('x', 'y', 'z')",
    "iceberg_scan('s3://x')",
    "json_execute_serialized_sql('x')",
    "range(10)",
    "no_such_function('x')",
]
PLACES = [
    "select * from {f}",
    "from {f}",
    "select * from Deals, {f}",
    "select * from Deals left join {f} on true",
    "select * from Deals, lateral (select * from {f})",
    "select (select count(*) from {f}) from Deals",
    "select a from Deals where a in (from {f})",
    "select a from Deals where exists (from {f})",
    "select a from Deals order by (select 1 from {f})",
    "select a from Deals limit (select count(*) from {f})",
    "select a from Deals group by (select 1 from {f})",
    "select sum(a) filter (where exists (from {f})) from Deals",
    "select sum(a order by (select 1 from {f})) from Deals",
    "select sum(a) over (partition by (select 1 from {f})) from Deals",
    "select * replace ((select 1 from {f}) as a) from Deals",
    "select case when true then (select 1 from {f}) end from Deals",
    "select list_transform([1], lambda x: (select 1 from {f})) from Deals",
    "select [(select 1 from {f}) for x in [1]] from Deals",
    "select a from Deals qualify (select true from {f})",
    "select a from Deals union all select * from {f}",
    "with x as (select * from {f}) select * from x",
    "with x as materialized (from {f}) select 1 from Deals",
    "with recursive x as (from Deals union all from {f}) select * from x",
    "select * from (unpivot (from {f}) on a, b)",
    "values ((select 1 from {f}))",
]


@pytest.mark.parametrize("function", TABLE_FUNCTIONS)
def test_no_table_function_is_called(function: str) -> None:
    name = function.partition("(")[0]
    with pytest.raises(
        SourceError, match=f"crm/deal.sql, line 1: it calls the table function {name};"
    ):
        check_select(f"select * from {function}", VIEWS, PATH)


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_wherever_it_hides(place: str) -> None:
    with pytest.raises(SourceError, match="the table function read_text"):
        check_select(place.format(f="read_text('/etc/passwd')"), VIEWS, PATH)


STATEMENTS = [
    "attach 'x.db' as x",
    "copy Deals to '/tmp/x.csv'",
    "copy Deals from '/tmp/x.csv'",
    "install httpfs",
    "load httpfs",
    "pragma database_list",
    "set threads = 1",
    "set enable_external_access = true",
    "reset threads",
    "create table x as select 1",
    "create macro m() as table select 1",
    "insert into Deals values (1)",
    "update Deals set a = 1",
    "delete from Deals",
    "merge into Deals using Deals x on true when matched then delete",
    "drop view Deals",
    "export database '/tmp/x'",
    "import database '/tmp/x'",
    "call pragma_version()",
    "execute p",
    "explain select 1",
    "begin",
    "checkpoint",
    "use memory",
    "vacuum",
    "create secret s (type s3)",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_other_statement_runs(statement: str) -> None:
    word = statement.split()[0]
    refused = f"crm/deal.sql, line 2: it is no SELECT but holds '{word}'"
    for text in (f"-- from: Deals\n{statement}", f"select * from Deals;\n{statement};"):
        with pytest.raises(SourceError, match=refused):
            check_select(text, VIEWS, PATH)


@pytest.mark.parametrize(
    ("sql", "line", "why"),
    [
        ("select 1 from Deals;\n\nselect 2", 3, "holds 2 statements"),
        ("-- nothing", 1, "holds 0 statements"),
        ("select 'ü',\n  a\nfrom Leads", 3, "reads 'Leads', which is no view of its source"),
        ("select a from Deal", 1, r"\(Did you mean 'Deals'\?\)"),
        ("select *\nfrom 'other.parquet'", 2, "reads 'other.parquet'"),
        ('select * from "/etc/passwd"', 1, "reads '/etc/passwd'"),
        ("select * from 'https://example.com/x.csv'", 1, "reads 'https://"),
        ("select * from build.main.person", 1, "reads 'build.main.person'"),
        ("select * from raw.source_hubspot.contacts", 1, "reads 'raw.source_hubspot.contacts'"),
        ("select * from source_hubspot.Deals", 1, "reads 'source_hubspot.Deals'"),
        ("select * from information_schema.tables", 1, "reads 'information_schema.tables'"),
        ("select * from duckdb_tables", 1, "reads 'duckdb_tables'"),
        ("with person as (select * from person) select * from person", 1, "reads 'person'"),
        ("select * from (with p as (from Deals) from p),\np", 2, "reads 'p'"),
        ("select a,\ngetenv('HOME') from Deals", 2, r"hold \(getenv\)"),
        ("select a.getenv() from Deals", 1, r"hold \(getenv\)"),
        ("select current_setting('threads') from Deals", 1, r"hold \(current_setting\)"),
        ("select getvariable('x') from Deals", 1, r"hold \(getvariable\)"),
        ("select nextval('s') from Deals", 1, r"hold \(nextval\)"),
        ("select random() from Deals", 1, r"hold \(random\)"),
        ("select now() from Deals", 1, r"hold \(now\)"),
        ("select current_date from Deals", 1, r"hold \(current_date\)"),
        ("select pg_sleep(9) from Deals", 1, r"hold \(pg_sleep\)"),
        ("select write_log('x') from Deals", 1, r"hold \(write_log\)"),
        ("select columns(lambda c: c = getenv('x')) from Deals", 1, "getenv"),
        ("select lowr(a) from Deals", 1, r"unknown function lowr \(Did you mean 'lower'\?\)"),
        ("select $1 from Deals", 1, "has a parameter"),
        ("select ? from Deals", 1, "has a parameter"),
        ("select * from Deals using sample 5", 1, "takes a random sample"),
        ("describe Deals", 1, "uses show ref"),
        ("show tables", 1, "uses show ref"),
        ("with x as (insert into Deals values (1) returning *) from x", 1, "changes a table"),
        ("with x as (delete from Deals returning *) from x", 1, "changes a table"),
        ("select a\nfrom Deals where (", 2, "cannot be parsed"),
        ("select a from Deals /* open", 1, "cannot be parsed"),
        ("select " + "(" * 3000 + "1" + ")" * 3000, 1, "cannot be parsed"),
    ],
)  # fmt: skip
def test_what_is_not_its_own_is_refused_with_its_line(sql: str, line: int, why: str) -> None:
    with pytest.raises(SourceError, match=why) as refused:
        check_select(sql, VIEWS, PATH)
    message = str(refused.value)
    assert message.startswith(f"crm/deal.sql, line {line}: it ") and "\n" not in message


def test_it_is_refused_when_the_source_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text("name: crm\nobjects: {Deals: {columns: [Id]}}\n")
    sql = tmp_path / "deal.sql"
    sql.write_text("-- from: Deals\nselect d._row\nfrom Deals d, glob('*') g\n")
    with pytest.raises(SourceError, match=r"deal\.sql, line 3: it calls the table function glob"):
        load_source(tmp_path)
    sql.write_text("-- from: Deals\nselect d._row, d._file_id from Deals_current d\n")
    assert load_source(tmp_path).selects.keys() == {"deal"}


def test_a_source_that_extends_another_has_the_views_of_both(tmp_path: Path) -> None:
    (tmp_path / "profile.yaml").write_text(
        "name: ours\nextends: hubspot\nobjects: {notes: {columns: [Id]}}\n"
    )
    (tmp_path / "deal.sql").write_text(
        "-- from: deals\nselect d._row from deals d left join notes_current n on n.Id = d.id\n"
    )
    assert "deal" in load_source(tmp_path).selects


def test_the_line_is_told_however_long_the_text_before_it() -> None:
    sql = "select a\n" + "-- words\n" * 40 + "from\n  Other"
    with pytest.raises(SourceError, match=r"deal\.sql.*\b43\b.*reads 'Other'"):
        check_select(sql, VIEWS, PATH)
