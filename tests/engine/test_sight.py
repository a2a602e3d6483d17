"""What somebody sees of a build: never a row more than the scope, never a person by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from builders import make_store
from sqlglot import exp

from smarketing.access import Access, AccessError
from smarketing.engine import DuckDBEngine, Filters, open_engine
from smarketing.engine.compile import parse, sql_files
from smarketing.engine.filters import UNKNOWN
from smarketing.engine.masks import without_contacts
from smarketing.engine.sight import Sight, restrict
from smarketing.errors import QueryError

SCOPES = [
    (("region", ("dach",)),),
    (("owner", ("Mira Aspenbrook",)),),
    (("region", ("dach", "uk_ireland")), ("segment", ("enterprise",))),
]
#: What counts or lists what belongs to no region, segment or owner.
WHOLE_ONLY = {"attribution/cost", "customers/cost"}
#: What an owner may see of their own, and nobody of a region or segment.
OF_OWNERS = {"planning/quotas"}


@pytest.fixture(scope="module")
def whole(demo_home: Path) -> DuckDBEngine:
    return open_engine(demo_home)


@pytest.fixture(scope="module", params=SCOPES, ids=lambda scope: "-".join(d for d, _ in scope))
def scoped(demo_home: Path, request: pytest.FixtureRequest) -> DuckDBEngine:
    return open_engine(demo_home, Access("member", scope=request.param))


@pytest.fixture(scope="module")
def viewer(demo_home: Path) -> DuckDBEngine:
    return open_engine(demo_home, Access("viewer"))


def all_of(table: str) -> exp.Query:
    return parse(f"select * from {table}", table)


def tables(engine: DuckDBEngine) -> list[str]:
    rows = engine.rows(
        parse(
            "select table_name from duckdb_tables() where database_name = current_database()", "t"
        )
    )
    return sorted(str(row["table_name"]) for row in rows)


def visible(whole: DuckDBEngine, scoped: DuckDBEngine) -> Iterator[tuple[str, int, int]]:
    """Each table that a scope opens, its rows seen and its rows in all."""
    for table in tables(whole):
        try:
            seen = scoped.run(all_of(table))
        except AccessError:
            continue
        yield table, len(seen), len(whole.run(all_of(table)))


def test_rows_of_a_scope_are_those_that_its_filter_keeps(
    whole: DuckDBEngine, scoped: DuckDBEngine
) -> None:
    """By hand: a table with the scope's columns shows what a WHERE over them keeps, no more."""
    narrowed = 0
    for table in tables(whole):
        columns = {d for d, _ in scoped.sight.scope}
        by_another = table.startswith("map_") or table in ("dim_campaign", "dim_person", "account")
        if by_another or not columns <= whole.columns(table):
            continue
        frame = whole.run(all_of(table))
        for dimension, values in scoped.sight.scope:
            frame = frame[frame[dimension].fillna(UNKNOWN).isin(values)]
        assert len(scoped.run(all_of(table))) == len(frame), table
        narrowed += 1
    assert narrowed > 12


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna Vey <anna.vey@acme.example>", "Anna Vey <•••@acme.example>"),
        ("to:a@b.de,c@d.co.uk call +49 (0)30 123-456 78", "to:•••@b.de,•••@d.co.uk call •••"),
        ("Search @ Expo 2026", "Search @ Expo 2026"),
        ("spring+sale+2025-06-01", "spring+sale+2025-06-01"),
        ("Café C++ 2026", "Café C++ 2026"),
    ],
)
def test_a_name_is_shown_without_how_to_reach_somebody(name: str, shown: str) -> None:
    sql = exp.select(without_contacts(exp.Literal.string(name))).sql("duckdb")
    assert duckdb.sql(sql).fetchall() == [(shown,)]


def test_names_of_companies_and_campaigns_are_masked_wherever_a_table_has_them(
    viewer: DuckDBEngine, whole: DuckDBEngine
) -> None:
    named = {"account", "campaign", "raw_campaign", "utm_campaign"}
    found = 0
    for table in tables(whole):
        if not table.startswith(("map_", "agreement_")):
            for column in sorted(named & whole.columns(table)):
                # Of a build of which nothing is known: without any contact there is no mask.
                read = parse(f"select {column} from {table}", table).copy()
                restrict(read, viewer.sight, {table: whole.columns(table)})
                assert "regexp_replace" in read.sql("duckdb").lower(), (table, column)
                found += 1
    assert found >= 10


def test_every_record_of_a_customer_is_narrowed_and_points_to_no_other(
    whole: DuckDBEngine, scoped: DuckDBEngine
) -> None:
    found = {table: (seen, rows) for table, seen, rows in visible(whole, scoped)}
    for table in ("fct_touch", "touch", "person", "dim_person", "fct_journey", "deal_contact"):
        seen, rows = found[table]
        assert 0 < seen < rows, table
    deals = set(scoped.run(all_of("fct_deal"))["deal_id"])
    for table in ("fct_touch", "deal_contact", "deal_stage_event", "fct_attributed"):
        assert set(scoped.run(all_of(table))["deal_id"].dropna()) <= deals, table
    leads = set(scoped.run(all_of("dim_lead"))["lead_id"])
    for table in ("lead", "lead_stage_event", "score_event", "handoff_pass", "lead_assignment"):
        assert set(scoped.run(all_of(table))["lead_id"]) <= leads, table


def test_every_question_is_narrowed_or_refused(scoped: DuckDBEngine) -> None:
    refused = set()
    for name in sql_files("queries"):
        if name == "attribution/eligible":
            continue  # a part that another question is made of
        try:
            scoped.compile(name, _anything(name))
        except AccessError:
            refused.add(name)
    asked = {dimension for dimension, _ in scoped.sight.scope}
    kept = WHOLE_ONLY if asked == {"owner"} else WHOLE_ONLY | OF_OWNERS
    assert {name for name in refused if not name.startswith("health/")} == kept


def _anything(name: str) -> dict[str, str]:
    text = next(iter(sql_files("queries")[name].values())).read_text(encoding="utf-8")
    return {str(slot.this): "" for slot in parse(text, name).find_all(exp.Placeholder)}


def test_a_table_that_nobody_thought_of_is_kept_back(demo_home: Path) -> None:
    engine = open_engine(demo_home, Access("admin", scope=SCOPES[0]))
    for table in ("quarantine", "fct_cost", "file_info", "superseded"):
        with pytest.raises(AccessError, match="not kept by region"):
            engine.run(all_of(table))
        with pytest.raises(AccessError):
            engine.columns(table)


@pytest.mark.parametrize(
    "text",
    [
        "select * from main.fct_deal",
        "select * from MAIN.FCT_DEAL",
        "select * from query_table('fct_deal')",
        "select * from query('select * from fct_deal')",
        "select * from duckdb_tables()",
        "select * from information_schema.tables",
        "with fct_deal as (select * from fct_deal) select * from fct_deal",
        "with x as (select 1 as n) select * from nowhere",
        "select * from read_csv('/etc/passwd')",
    ],
)
def test_no_other_way_leads_to_a_table(demo_home: Path, text: str) -> None:
    engine = open_engine(demo_home, Access("viewer", scope=SCOPES[0]))
    with pytest.raises(QueryError):
        engine.run(parse(text, "attack"))


@pytest.mark.parametrize(
    "text",
    [
        "select count(*) as n from FCT_DEAL",
        "select (select count(*) from fct_deal) as n",
        "with x as (select * from fct_deal) select count(*) as n from x",
        "select count(*) as n from (select deal_id from fct_deal union select deal_id from deal)",
        "select count(*) as n from dim_date as d left join fct_deal as f on true where d.day_number"
        " = (select min(day_number) from dim_date)",
    ],
)
def test_every_way_of_reading_is_narrowed(demo_home: Path, whole: DuckDBEngine, text: str) -> None:
    engine = open_engine(demo_home, Access("viewer", scope=SCOPES[0]))
    wanted = whole.rows(parse("select count(*) as n from fct_deal where region = 'dach'", "w"))
    assert engine.rows(parse(text, "read")) == wanted


def test_a_value_cannot_widen_the_scope(demo_home: Path) -> None:
    evil = "dach') or ('1' = '1"
    engine = open_engine(demo_home, Access("viewer", scope=(("region", (evil,)),)))
    assert len(engine.run(all_of("fct_deal"))) == 0
    mine = open_engine(demo_home, Access("viewer", scope=SCOPES[0]))
    tree = parse("select count(*) as n from fct_deal where $sight_region_0 is not null", "x")
    (row,) = mine.rows(tree, {"sight_region_0": "uk_ireland"})
    (own,) = mine.rows(parse("select count(*) as n from fct_deal", "y"))
    assert row == own


def test_a_viewer_reads_no_name_and_no_address_anywhere(
    whole: DuckDBEngine, viewer: DuckDBEngine
) -> None:
    people = whole.run(parse("select email, full_name from dim_person", "people"))
    ours = set(whole.run(all_of("member"))["name"])
    secret = {*people["email"].dropna(), *people["full_name"].dropna()} - ours
    assert len(secret) > 1000
    for table in tables(whole):
        frame = viewer.run(all_of(table))
        for column in frame.columns:
            if "string" in str(frame[column].dtype):
                said = set(frame[column].dropna().unique())
                assert not said & secret, f"{table}.{column}"


def test_how_people_are_masked(whole: DuckDBEngine, viewer: DuckDBEngine) -> None:
    text = (
        "select person_id, email, full_name from dim_person "
        "where email is not null order by person_id limit 1"
    )
    (whole_row,) = whole.rows(parse(text, "p"))
    (row,) = viewer.rows(parse(text, "p"))
    domain = str(whole_row["email"]).rpartition("@")[2]
    initials = " ".join(f"{word[0]}." for word in str(whole_row["full_name"]).split())
    assert row == {
        "person_id": whole_row["person_id"],
        "email": f"•••@{domain}",
        "full_name": initials,
    }


def test_a_deal_is_called_by_its_company_where_people_are_not_named(
    whole: DuckDBEngine, viewer: DuckDBEngine
) -> None:
    """Somebody may have written a person into the name of a deal, and nothing tells."""
    names = set(whole.run(all_of("fct_deal"))["name"])
    for table in ("fct_deal", "deal", "fct_unit", "fct_credit", "fct_origin", "fct_quota"):
        shown = viewer.run(all_of(table))["name"].dropna()
        assert len(shown) and not set(shown) & names, table
    text = "select deal_id, account, name from fct_deal order by deal_id limit 1"
    (row,) = viewer.rows(parse(text, "d"))
    assert row["name"] == f"{row['account']} · {row['deal_id'].partition(':')[2]}"
    leads = "select name, unit_id from fct_unit where deal_id is null limit 1"
    (lead,) = viewer.rows(parse(leads, "l"))
    assert lead["name"] == lead["unit_id"]


def test_an_id_that_is_an_address_is_masked_alike_wherever_it_stands() -> None:
    import duckdb

    columns = {"dim_person": frozenset({"person_id"}), "lead": frozenset({"person_id"})}
    tree = parse(
        "select p.person_id from dim_person as p inner join lead as l on l.person_id = p.person_id",
        "ids",
    ).copy()
    sight = Sight(names_people=False, salt="s")
    restrict(tree, sight, columns)
    connection = duckdb.connect()
    connection.execute(
        "create table dim_person as select unnest(['x:a@b.de', 'a@b.de', 'x:7']) as person_id"
    )
    connection.execute("create table lead as from dim_person")
    ids = sorted(row[0] for row in connection.execute(tree.sql("duckdb"), sight.params).fetchall())
    assert len(ids) == 3 and "x:7" in ids
    assert not any("@" in i or "b.de" in i for i in ids)
    assert sum(i.startswith("x:") for i in ids) == 2


def test_the_secret_of_the_home_is_never_shown(demo_home: Path, viewer: DuckDBEngine) -> None:
    assert len(viewer.sight.salt) == 64
    assert viewer.sight.salt not in viewer.sql(all_of("dim_lead"))
    with pytest.raises(QueryError) as caught:
        viewer.run(parse("select nothing from dim_lead", "x"))
    assert viewer.sight.salt not in str(caught.value)
    assert (demo_home / "salt").stat().st_mode & 0o077 == 0


def test_filters_stay_within_the_scope() -> None:
    scope = (("region", ("dach", "uk_ireland")),)
    assert Filters().within(scope) == Filters.of(region=["dach", "uk_ireland"])
    assert Filters.of(region=["uk_ireland"]).within(scope) == Filters.of(region=["uk_ireland"])
    assert Filters.of(region=["uk_ireland", "us"]).within(scope) == Filters.of(
        region=["uk_ireland"]
    )
    with pytest.raises(AccessError, match="us is outside"):
        Filters.of(region=["us"]).within(scope)


def test_what_is_whole_is_asked_as_it_stands(whole: DuckDBEngine) -> None:
    assert whole.sql(all_of("fct_deal")) == sqlglot.parse_one("select * from fct_deal").sql(
        "duckdb", pretty=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "select * from dim_person",
        "select p.* from dim_person as p",
        "select p from dim_person as p",
        "select dim_person from dim_person",
        "select max(P) from dim_person as p",
        "select columns('.*') from dim_person",
        "select columns(c -> c like '%mail%') from dim_person",
        "select #1, #2, #3, #4, #5 from dim_person",
        "from dim_person",
        "select b, c, d, e from dim_person as p(a, b, c, d, e)",
        "select a, b, c from (dim_person) as p(a, b, c)",
        "with all_of as (select * from dim_person) select a.email from all_of as a",
        'select "EMAIL", Full_Name from dim_person',
        "select q.email from (select p.email from dim_person as p) as q",
        "select a.email from dim_person as a natural join dim_person as b",
        "select max(email) from dim_person group by person_id having count(*) > 0",
        "select person_id from dim_person order by email",
    ],
)
def test_a_column_is_masked_however_a_statement_reads_it(
    viewer: DuckDBEngine, whole: DuckDBEngine, text: str
) -> None:
    """Only columns that a statement names are masked, so it must be known which those are."""
    query = parse(text, "read")
    people = whole.run(parse("select email, full_name from dim_person", "people"))
    known = {str(value) for column in people for value in people[column].dropna()}
    seen = viewer.run(query)
    words = " ".join(str(value) for column in seen for value in seen[column])
    assert len(seen) and not any(value in words for value in known if len(value) > 6)
    if "order by" in text:
        assert "•••" in viewer.sql(query)


def test_rows_in_scope_are_looked_for_once_for_a_build_and_a_scope(demo_home: Path) -> None:
    """In memory, beside the build; a reader is shown the condition itself, to run it."""
    touches = parse("select count(*) as n from fct_touch", "touches")
    held = parse(
        "select table_name from duckdb_tables() where database_name = 'kept' order by 1", "held"
    )
    build = sorted((demo_home / "builds").glob("*.duckdb"))[-1].stat()
    counted, kept = [], []
    for region in ("dach", "uk_ireland", "dach"):
        engine = open_engine(demo_home, Access("viewer", scope=(("region", (region,)),)))
        assert "in_scope" in engine.compile(touches).sql
        assert "CASE" in engine.sql(touches) and "in_scope" not in engine.sql(touches)
        shown = parse(engine.sql(touches), "shown")
        counted.append([engine.rows(touches), open_engine(demo_home).rows(shown)])
        kept.append(open_engine(demo_home).rows(held))
    assert all(asked == shown for asked, shown in counted)
    assert counted[0] == counted[2] != counted[1]
    assert kept[1] == kept[2] and len(kept[1]) > len(kept[0])
    after = sorted((demo_home / "builds").glob("*.duckdb"))[-1].stat()
    assert (after.st_size, after.st_mtime_ns) == (build.st_size, build.st_mtime_ns)


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("from fct_unit_person as p join fct_unit as u on u.unit_number = p.unit_number", True),
        ("from fct_unit as u join fct_unit_person as p on p.rank = 1 and "
         "(p.unit_number = u.unit_number)", True),
        ("from fct_unit_person as p join fct_unit as u on u.unit_id = p.person_id", False),
        ("from fct_unit_person as p join fct_unit as u on u.unit_number = p.unit_number "
         "or p.rank = 1", False),
        ("from fct_unit_person as p left join fct_unit as u on u.unit_number = p.unit_number",
         False),
        ("from fct_unit_person as p cross join fct_unit as u", False),
        ("from fct_unit_person as p join fct_deal as u on u.deal_number = p.unit_number", False),
        ("from fct_unit_person as p where exists (select 1 from fct_unit as u join dim_date as d "
         "on u.unit_number = p.unit_number)", False),
    ],
)  # fmt: skip
def test_a_row_that_is_joined_to_a_visible_one_is_not_asked_for_twice(
    text: str, once: bool
) -> None:
    """Only where it can be no other: an inner join to the table that it goes by, by that column."""
    columns = {
        "fct_unit_person": frozenset({"unit_number", "person_id", "rank"}),
        "fct_unit": frozenset({"unit_number", "unit_id", "region"}),
        "fct_deal": frozenset({"deal_number", "region"}),
        "dim_date": frozenset({"day_number"}),
    }
    tree = parse(f"select p.person_id {text}", text).copy()
    restrict(tree, Sight((("region", ("dach",)),)), columns)
    said = tree.sql("duckdb")
    assert ("unit_number IN (SELECT unit_number FROM fct_unit WHERE" in said) is not once
    assert said.count("sight_region_0") >= 1


def test_whether_an_id_is_an_address_is_read_off_the_build() -> None:
    people = [{"person_id": "ada@acme.de"}, {"person_id": "p7"}]
    leads = [{"lead_id": "l1", "person_id": "p7"}]
    whole = make_store({"person": people, "lead": leads})
    viewer = DuckDBEngine(whole._connection, Sight(names_people=False, salt="s"))
    asked = viewer.sql(parse("select l.lead_id, l.person_id from dim_lead as l", "l"))
    assert "md5" not in asked.lower()
    found = viewer.run(parse("select p.person_id from dim_person as p", "p"))["person_id"]
    assert not any("@" in str(one) for one in found) and "p7" in set(found)
