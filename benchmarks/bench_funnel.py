"""How fast the funnel and the handoff answer, against the bare grouping of the same events.

    pytest benchmarks/bench_funnel.py -s

A store of 250,000 leads, or a tenth as many as the other benchmarks have touches
(`SMARKETING_BENCH_LEADS` sets it apart: 1000000 is the size of the goals), five stage events a
lead, half of the leads handed over. Ratios within one run are what counts; seconds depend on the
machine.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from measuring import MEMORY, THREADS, TOUCHES, found

from smarketing.agreement import load_agreement
from smarketing.analysis.funnel.settings import REENTRY, SKIPS, FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff
from smarketing.build.marts.order import build_marts
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import Period
from smarketing.store.schema import core_tables

LEADS = int(os.environ.get("SMARKETING_BENCH_LEADS", max(TOUCHES // 10, 250_000)))
WINDOW = Period("all", dt.date(2025, 1, 1), dt.date(2026, 7, 1))
TYPES = {"id": "text", "text": "text", "int": "bigint", "real": "double", "bool": "boolean",
         "date": "date", "instant": "timestamp", "amount": "bigint"}  # fmt: skip
FLOOR = """
select sum(n), max(first_at), max(last_at) from (
  select lead_id, count(*) as n, min(entered_at) as first_at, max(entered_at) as last_at
  from fct_stage_entry group by lead_id
)
"""
INFRASTRUCTURE = """
create table build_info as select 'bench' as build_id, timestamp '2026-06-30 18:00' as as_of_at,
  date '2026-06-30' as as_of_day, $hash as agreement_hash, $currency as currency,
  2 as minor_digits, $timezone as timezone, '0' as version,
  timestamp '2026-06-30 18:00' as built_at,
  'bench' as code_hash;
create table load_stamp (table_name text, source text, stamp timestamp, records bigint,
  share double, rule text);
create table source_info as select 'demo' as source, timestamp '2026-06-30 18:00' as as_of_at,
  date '2026-06-30' as as_of_day, 1 as files, 1 as rows;
create table dangling (table_name text, source text, column_name text, references_table text,
  records bigint, example text);
create table quarantine (source text, import_id text, file text, "row" bigint, table_name text,
  column_name text, value text, reason text);
"""
LEAD = """
insert into lead by name
select 'demo:L' || i as lead_id, 'demo:P' || i as person_id, 'demo:M' || i % 12 as owner_id,
  timestamp '2025-01-01' + to_seconds((hash(i) % 40000000)::bigint) as created_at,
  true as created_at_has_time, ['inbound', 'outbound', 'partner'][1 + i % 3] as lead_type,
  ['webinar', 'paid search', 'referral', 'content', 'event'][1 + i % 5] as channel,
  'demo' as source, timestamp '2026-06-30' as recorded_at
from range($leads) as t(i)
"""
MEMBER = """
insert into member by name
select 'demo:M' || i as member_id, 'Member ' || i as name, 'sales_development' as team,
  50 as capacity_per_month, 'demo' as source, timestamp '2026-06-30' as recorded_at
from range(12) as t(i)
"""
# Half of the leads have up to eight events after their creation (a mean of eight where they do):
# skips, an exit with a return, and the walk to customer.
EVENT = """
insert into lead_stage_event by name
select 'demo:L' || i as lead_id,
  ['mql', 'sal', 'recycled', 'mql', 'sal', 'sql', 'opportunity', 'customer'][k] as stage,
  timestamp '2025-01-01' + to_seconds((hash(i) % 40000000)::bigint)
    + to_seconds((k * 86400 * 3 + hash(i * 10 + k) % 200000)::bigint) as entered_at,
  true as entered_at_has_time, case when k = 3 then 'exit' else 'entry' end as kind,
  case when k = 3 then ['timing', 'budget', 'no need'][1 + i % 3] end as reason,
  'demo' as source, timestamp '2026-06-30' as recorded_at
from range($leads) as t(i), range(1, 9) as u(k)
where i % 2 = 0 and not (k = 2 and i % 7 = 0)
"""
TOUCH = """
insert into touch by name
select 'demo:T' || i || '-' || k as touch_id, 'demo:L' || i as lead_id,
  'demo:P' || i as person_id, 'call' as kind, 'sales' as side, 'outbound' as direction,
  false as is_automated,
  timestamp '2025-01-01' + to_seconds((hash(i) % 40000000)::bigint)
    + to_seconds((3 * 86400 + hash(i * 10 + 1) % 200000 + k * 7200)::bigint) as occurred_at,
  true as occurred_at_has_time, ['no_answer', 'connected'][k] as outcome, 'demo:M' || i % 12
    as actor_id, 'demo' as source, timestamp '2026-06-30' as recorded_at
from range($leads) as t(i), range(1, 3) as u(k)
where i % 2 = 0 and i % 20 <> 0
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """Build the store once and open it read-only, as a page does."""
    path = tmp_path_factory.mktemp("bench") / "store.duckdb"
    began = time.perf_counter()
    write_store(path)
    print(f"\nstore of {LEADS:,} leads built in {time.perf_counter() - began:.1f} s")
    with DuckDBEngine.open(path, threads=THREADS, memory_limit=MEMORY) as opened:
        yield opened


def write_store(path: Path, leads: int = LEADS) -> None:
    """Write core tables and build every mart."""
    agreement = load_agreement()
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"set threads = {THREADS}")
        for table in core_tables().values():
            columns = [f'"{c.name}" {TYPES[c.type]}' for c in table.columns]
            columns += [
                f'"{c.name}_has_time" boolean' for c in table.columns if c.type == "instant"
            ]
            columns += ["source text", "import_id text", "recorded_at timestamp", "_file text"]
            connection.execute(f'create table "{table.name}" ({", ".join(columns)}, _row bigint)')
        facts = {"$hash": agreement.hash, "$currency": agreement.currency,
                 "$timezone": agreement.timezone}  # fmt: skip
        text = INFRASTRUCTURE
        for name, value in facts.items():
            text = text.replace(name, f"'{value}'")
        connection.execute(text)
        connection.execute(MEMBER)
        for statement in (LEAD, EVENT, TOUCH):
            connection.execute(statement, {"leads": leads})
        build_marts(connection, agreement)


def best(run: Callable[[], Any], rounds: int = 3) -> float:
    """Return the fastest of some runs, in seconds."""
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


@pytest.fixture(scope="module")
def floor(engine: DuckDBEngine) -> float:
    """Return the seconds of one bare grouping of the stage events by lead."""
    cursor = engine._connection.cursor()
    events = cursor.execute("select count(*) from fct_stage_entry").fetchall()[0][0]
    seconds = best(lambda: cursor.execute(FLOOR).fetchall())
    print(f"floor: grouping {events:,} events by lead {seconds:.3f} s")
    return seconds


CHOICES = [
    *(FunnelSettings("cohort", skips, reentry, WINDOW) for skips in SKIPS for reentry in REENTRY),
    *(FunnelSettings("entered", skips, reentry, WINDOW) for skips in SKIPS for reentry in REENTRY),
    *(FunnelSettings("snapshot", skips, at=dt.datetime(2026, 1, 1, 12)) for skips in SKIPS),
]


def judged(what: str, seconds: float, floor: float) -> None:
    """Note a funnel against the bare grouping."""
    found(
        f"{what}, < 1 s and at most 3x the bare grouping",
        f"{seconds:.3f} s against {floor:.3f} s: {seconds / floor:.2f}x",
        seconds < 1 and seconds <= 3 * floor,
    )


@pytest.mark.parametrize("settings", CHOICES, ids=lambda settings: settings.label)
def test_any_funnel(
    benchmark: Any, engine: DuckDBEngine, floor: float, settings: FunnelSettings
) -> None:
    """The goal is under a second, and at most three times the bare grouping."""
    benchmark.pedantic(funnel, (engine, settings), rounds=3, warmup_rounds=1)
    seconds = benchmark.stats.stats.min
    judged(f"funnel of {LEADS:,} leads, {settings.label}", seconds, floor)


@pytest.mark.parametrize("by", ["channel", "owner"])
def test_a_funnel_by_a_dimension(
    benchmark: Any, engine: DuckDBEngine, floor: float, by: str
) -> None:
    """Cut and filtered, the same bounds."""
    settings = FunnelSettings(window=WINDOW)
    filters = Filters.of(lead_type=["inbound", "partner"])
    benchmark.pedantic(funnel, (engine, settings, filters, by), rounds=3, warmup_rounds=1)
    seconds = benchmark.stats.stats.min
    judged(f"funnel of {LEADS:,} leads by {by}, filtered", seconds, floor)


def test_the_handoff(benchmark: Any, engine: DuckDBEngine) -> None:
    """The whole handoff of every pass ever: the goal is under two seconds."""
    agreement = load_agreement()
    handed = engine._connection.cursor().execute("select count(*) from fct_handoff").fetchall()
    result = benchmark.pedantic(handoff, (engine, agreement, WINDOW), rounds=3, warmup_rounds=1)
    assert sum(part.met for part in result.obligations) > 0
    seconds = benchmark.stats.stats.min
    found(f"handoff of {handed[0][0]:,} passes, < 2 s", f"{seconds:.2f} s", seconds < 2)


def test_growth_is_linear(
    benchmark: Any,
    engine: DuckDBEngine,
    floor: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Four times the leads cost 1.1 times four times the seconds, or as the bare grouping grows."""
    path = tmp_path_factory.mktemp("small") / "store.duckdb"
    write_store(path, LEADS // 4)
    settings = FunnelSettings(window=WINDOW)
    with DuckDBEngine.open(path, threads=THREADS, memory_limit=MEMORY) as small:
        quarter = best(lambda: funnel(small, settings), 7)
        cursor = small._connection.cursor()
        grown = floor / best(lambda: cursor.execute(FLOOR).fetchall(), 7)
    benchmark.pedantic(funnel, (engine, settings), rounds=7, warmup_rounds=1)
    whole = benchmark.stats.stats.min
    growth = whole / quarter / max(4, grown)
    found(
        f"funnel from {LEADS // 4:,} to {LEADS:,} leads, at most 1.1x linear or as the grouping",
        f"{quarter:.3f} s to {whole:.3f} s, the grouping {grown:.1f}x: {growth:.2f}x linear",
        growth <= 1.1,
    )
