"""The demo company's files: the same for a seed, sound, and with the planted truths in them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from smarketing.agreement import UNKNOWN, UNMAPPED, load_agreement
from smarketing.demo import AGREEMENT, demo_files, prepare_home
from smarketing.errors import UsageError
from smarketing.store.schema import core_tables
from tools.demo.generate import generate


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    generate(folder)
    return folder


@pytest.fixture(scope="module")
def demo() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for path in sorted(demo_files().glob("*.csv")):
        connection.execute(f"create table \"{path.stem}\" as select * from read_csv('{path}')")
        for column in core_tables()[path.stem].columns:
            if column.type == "instant" and has(connection, path.stem, column.name):
                connection.execute(
                    f'alter table "{path.stem}" alter "{column.name}" type timestamp '
                    f"using timezone('UTC', \"{column.name}\"::timestamptz)"
                )
    return connection


def has(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    found = connection.execute(f'describe "{table}"').fetchall()
    return column in {row[0] for row in found}


def one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.csv"))
    }


def test_a_seed_gives_the_same_bytes_and_they_are_the_committed_ones(fresh: Path):
    assert digests(fresh) == digests(demo_files())


def test_another_seed_gives_another_company(fresh: Path, tmp_path: Path):
    generate(tmp_path, touches=2_000, seed=1)
    generate(tmp_path / "again", touches=2_000, seed=1)
    generate(tmp_path / "other", touches=2_000, seed=2)
    assert digests(tmp_path) == digests(tmp_path / "again")
    assert digests(tmp_path)["lead.csv"] != digests(tmp_path / "other")["lead.csv"]


def test_the_files_are_core_tables_and_small(fresh: Path):
    tables = core_tables()
    files = sorted(fresh.glob("*.csv"))
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert {path.stem for path in files} == set(tables)
    for path in files:
        with path.open(encoding="utf-8") as file:
            header = file.readline().strip().replace('"', "").split(",")
        known = {column.name for column in tables[path.stem].columns}
        assert set(header) <= known, path.name
        assert set(tables[path.stem].required) <= set(header), path.name


def test_any_number_of_touches_exactly(tmp_path: Path):
    rows = generate(tmp_path, touches=12_345, kind="parquet")
    assert rows["touch"] == 12_345
    query = f"select count(distinct touch_id) from '{tmp_path / 'touch.parquet'}'"
    assert one(duckdb.connect(), query) == (12_345,)
    with pytest.raises(UsageError, match="too small"):
        generate(tmp_path, touches=10)
    with pytest.raises(UsageError, match="xml"):
        generate(tmp_path, kind="xml")  # type: ignore[arg-type]


def test_every_key_is_unique_and_every_reference_leads_somewhere(demo):
    for table in core_tables().values():
        keys = ", ".join(f'"{key}"' for key in table.key)
        groups = f'select {keys} from "{table.name}" group by all having count(*) > 1'
        assert one(demo, f"select count(*) from ({groups})") == (0,), table.name
        for column in table.columns:
            target = column.references
            if target is None or not has(demo, table.name, column.name):
                continue
            dangling = (
                f'select count(*) from "{table.name}" as t where t."{column.name}" is not null '
                f'and t."{column.name}" not in (select "{target}_id" from "{target}" '
                "union all select alias_id from record_alias)"
            )
            assert one(demo, dangling) == (0,), (table.name, column.name)


def test_nothing_happens_after_the_last_day_or_in_the_wrong_order(demo):
    newest = one(
        demo,
        "select max(moment)::date from (select max(occurred_at) as moment from touch union all "
        "select max(entered_at) from lead_stage_event union all select max(created_at) from lead "
        "union all select max(closed_at) from deal union all select max(asked_at) from feedback)",
    )
    assert str(newest[0]) == "2026-06-30"
    assert one(demo, "select count(*) from deal where closed_at < created_at") == (0,)
    early = (
        "select count(*) from lead_stage_event e join lead l using (lead_id) "
        "where e.entered_at < l.created_at"
    )
    assert one(demo, early) == (0,)
    assigned = (
        "select count(*) from lead_assignment a where not exists (select 1 from lead_stage_event e "
        "where e.lead_id = a.lead_id and e.stage = 'mql' and e.entered_at <= a.assigned_at)"
    )
    assert one(demo, assigned) == (0,)
    assert one(
        demo, "select count(*) from deal where outcome = 'open' and closed_at is not null"
    ) == (0,)
    assert one(demo, "select count(*) from cost where incurred_on > date '2026-06-30'") == (0,)


def test_no_creation_second_is_shared_as_by_a_load(demo):
    for table in ("lead", "deal", "account", "person"):
        shared = one(
            demo,
            f'select max(n) from (select count(*) n from "{table}" group by created_at)',
        )
        assert shared[0] < 20, table


def test_the_size_of_the_company(demo):
    assert one(demo, "select count(*) from member") == (12,)
    assert 58 <= one(demo, "select count(*) from campaign")[0] <= 64
    assert one(demo, "select count(distinct currency) from deal") == (3,)
    committee = one(
        demo,
        "select avg(n) from (select count(*) n from deal_contact join deal using (deal_id) "
        "where kind = 'new' group by deal_id)",
    )
    assert 4 <= committee[0] <= 7


def test_the_agreement_classifies_nearly_everything_and_some_things_not_on_purpose(demo):
    rules = load_agreement(AGREEMENT).classification
    segments = {
        rules.segment_of(n) for (n,) in demo.execute("select employees from account").fetchall()
    }
    assert segments == {"micro", "small", "mid_market", "enterprise"}
    titles = demo.execute("select title, count(*) from person group by 1").fetchall()
    personas = {rules.persona_of(title) for title, _ in titles}
    assert len(personas - {UNMAPPED, UNKNOWN}) == 5 and UNMAPPED in personas
    channels: dict[str, int] = {}
    for raw, source, medium, count in demo.execute(
        "select channel, utm_source, utm_medium, count(*) from touch where side = 'marketing' "
        "group by all"
    ).fetchall():
        channel = rules.channel_of(raw, utm_source=source, utm_medium=medium)
        channels[channel] = channels.get(channel, 0) + count
    assert {"(unmapped)", "(unknown)"} <= set(channels)
    assert len(set(channels) - {UNMAPPED, UNKNOWN}) >= 7
    known = sum(count for name, count in channels.items() if name not in (UNMAPPED, UNKNOWN))
    assert 0.98 <= known / sum(channels.values()) < 1
    leads = {
        rules.channel_of(raw) for (raw,) in demo.execute("select channel from lead").fetchall()
    }
    assert len(leads - {UNMAPPED, UNKNOWN}) == 8
    regions = {
        rules.region_of(raw) for (raw,) in demo.execute("select country from account").fetchall()
    }
    assert {"dach", "north_america", UNMAPPED, UNKNOWN} <= regions


def test_truth_1_a_webinar_series_whose_mqls_sales_rejects(demo):
    rows = demo.execute(
        """
        with passed as (
          select l.lead_id, coalesce(c.name like 'Automation Tuesday%', false) as series,
            bool_or(e.stage = 'mql') as mql, bool_or(e.stage = 'rejected') as rejected,
            bool_or(e.stage = 'rejected' and e.reason in ('No budget', 'Student')) as by_reason
          from lead l
          left join campaign c using (campaign_id)
          join lead_stage_event e using (lead_id)
          group by all
        )
        select series, count(*), sum(mql::int), sum(rejected::int), sum(by_reason::int)
        from passed group by 1 order by 1
        """
    ).fetchall()
    (_, others, other_mqls, other_rejected, _), (_, leads, mqls, rejected, by_reason) = rows
    assert mqls / leads > other_mqls / others > 0.3
    assert mqls > 100
    assert rejected / mqls > 0.6 > 0.2 > other_rejected / other_mqls
    assert by_reason / rejected > 0.75


WON_TOUCHES = """
  with touches as (
    select d.deal_id, coalesce(t.channel, t.utm_medium) as channel, t.occurred_at,
      row_number() over (partition by d.deal_id order by t.occurred_at, t.touch_id) as place,
      row_number() over (partition by d.deal_id order by t.occurred_at desc, t.touch_id desc)
        as place_from_end
    from deal d
    join deal_contact dc using (deal_id)
    join touch t on t.person_id = dc.person_id and t.side = 'marketing'
      and t.kind not in ('email_sent', 'email_open')
      and t.occurred_at <= d.closed_at and t.occurred_at >= d.created_at - interval 180 day
    where d.outcome = 'won' and d.kind = 'new'
  )
"""


def test_truth_2_content_starts_the_journeys_that_last_touch_credits_to_others(demo):
    first, last, deals = one(
        demo,
        WON_TOUCHES
        + """
        select
          count(distinct deal_id) filter (where lower(channel) = 'content' and place = 1),
          count(distinct deal_id) filter (where lower(channel) = 'content' and place_from_end = 1),
          count(distinct deal_id)
        from touches
        """,
    )
    assert first / deals > 0.5
    assert last / deals < 0.05


def test_truth_3_three_weeks_of_slow_follow_up(demo):
    rows = demo.execute(
        """
        with handed as (
          select e.lead_id, e.entered_at,
            e.entered_at >= timestamp '2026-02-08 23:00' and e.entered_at < timestamp
              '2026-03-01 23:00' as slow,
            (select min(t.occurred_at) from touch t where t.lead_id = e.lead_id
              and t.side = 'sales' and not t.is_automated and t.occurred_at >= e.entered_at) as met
          from lead_stage_event e
          where e.stage = 'mql' and e.entered_at < timestamp '2026-06-20'
        )
        select slow, count(*), median(date_diff('minute', entered_at, met)),
          avg((met is null)::int)
        from handed group by 1 order by 1
        """
    ).fetchall()
    (_, _, usual, usually_never), (_, slow_count, slow, never) = rows
    assert slow_count > 40
    assert slow > 5 * usual
    assert never > 0.2 > 0.08 > usually_never


def test_truth_4_recycled_leads_come_back_and_win(demo):
    back, won, rate, usual = one(
        demo,
        """
        with returned as (
          select distinct e.lead_id from lead_stage_event e
          join lead_stage_event r on r.lead_id = e.lead_id and r.stage = 'recycled'
            and r.entered_at < e.entered_at
          where e.stage = 'mql'
        ),
        closed as (
          select d.outcome = 'won' as won, r.lead_id is not null as back
          from deal d
          join deal_contact dc on dc.deal_id = d.deal_id and dc.is_primary
          join lead l on l.person_id = dc.person_id and l.created_at < d.created_at
          left join returned r on r.lead_id = l.lead_id
          where d.outcome in ('won', 'lost') and d.kind = 'new'
        )
        select count(*) filter (where back), count(*) filter (where back and won),
          avg(won::int) filter (where back), avg(won::int) filter (where not back)
        from closed
        """,
    )
    assert back >= 15 and won >= 10
    assert rate > usual + 0.08


def test_truth_5_a_quarter_far_over_budget_that_brought_no_more(demo):
    rows = demo.execute(
        """
        with spend as (
          select campaign_id, sum(amount / 1.08) as euros from cost group by 1
        ),
        leads as (select campaign_id, count(*) as leads from lead group by 1)
        select c.name, s.euros / c.budget as used, l.leads
        from campaign c join spend s using (campaign_id) join leads l using (campaign_id)
        where c.channel = 'Paid Social' order by c.campaign_id
        """
    ).fetchall()
    over = {name: used for name, used, _ in rows if used > 1.2}
    assert list(over) == ["LinkedIn deciders 2025-Q4"]
    assert over["LinkedIn deciders 2025-Q4"] > 2
    leads = {name: count for name, _, count in rows}
    typical = sorted(leads.values())[len(leads) // 2]
    assert leads["LinkedIn deciders 2025-Q4"] < 1.5 * typical


def test_truth_6_a_few_won_deals_have_no_touch(demo):
    untouched = demo.execute(
        """
        select d.deal_id from deal d
        where d.outcome = 'won' and d.kind = 'new' and exists (
          select 1 from deal_contact dc where dc.deal_id = d.deal_id
        ) and not exists (
          select 1 from deal_contact dc join touch t using (person_id)
          where dc.deal_id = d.deal_id
        )
        """
    ).fetchall()
    assert 4 <= len(untouched) <= 10


def test_a_home_gets_the_demo_agreement_once(tmp_path: Path):
    path = prepare_home(tmp_path / "home")
    agreement = load_agreement(path)
    assert agreement.company == "Taktwerk 42"
    assert agreement.service_levels.commitment.count == 65
    path.write_text("extends: default\ncompany: Ours 3\n", encoding="utf-8")
    assert load_agreement(prepare_home(tmp_path / "home")).company == "Ours 3"
