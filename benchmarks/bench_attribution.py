"""How fast attribution is, against the bare join that finds the touches, and against its peers.

    pytest benchmarks/bench_attribution.py -s

One store of ten million touches, a million leads and a hundred thousand deals (less with
`SMARKETING_BENCH_TOUCHES=1000000`). Ratios within one run are what counts; where other work shares
the machine, processor seconds say more than the clock, so ratios are of those.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bench_attribution_store import MARTS, MEMORY, THREADS, mart_statement, write_touches

from smarketing.agreement import load_agreement
from smarketing.analysis.attribution import AttributionSettings, asked
from smarketing.analysis.attribution.fitted import fit
from smarketing.analysis.attribution.intervals import key_spread, rule_spreads
from smarketing.analysis.attribution.store_paths import unit_journeys
from smarketing.analysis.attribution.totals import rule_totals
from smarketing.engine import NO_FILTERS, DuckDBEngine
from smarketing.periods import parse_window

TOUCHES = int(os.environ.get("SMARKETING_BENCH_TOUCHES", "10000000"))
EIGHT = (
    "first", "last", "last_non_direct", "linear", "position", "j_shaped", "w_shaped", "full_path",
)  # fmt: skip
AGREEMENT = load_agreement()
WINDOW = parse_window("2020-01-01", "2030-01-01")
#: The eligible touches of the won deals' committees, as one would look for them without marts.
JOIN = """
create or replace temp table found as
select d.deal_id, d.won_amount, t.touch_id, t.occurred_at, t.channel
from fct_deal as d
join deal_contact as c on c.deal_id = d.deal_id
join fct_touch as t on t.person_id = c.person_id
where d.outcome = 'won' and t.side = 'marketing'
  and t.kind not in (select kind from agreement_excluded_kind)
  and t.occurred_at >= d.created_at - interval 180 day and t.occurred_at <= d.closed_at
"""
#: Every touch of everyone on every deal and lead, as the journey mart has to find them.
WIDE_JOIN = """
create or replace temp table found as
select u.unit_number, p.in_committee, p.in_primary, p.in_account, t.touch_id, t.occurred_at,
  t.channel, t.raw_channel, t.campaign_id, t.kind, t.side
from fct_unit as u
join fct_unit_person as p on p.unit_number = u.unit_number
join fct_touch as t on t.person_id = p.person_id
where epoch_us(t.occurred_at) >= u.since_us - 730 * 86400000000
  and epoch_us(t.occurred_at) <= u.until_us
"""


def cost(run: Callable[[], Any], rounds: int = 3) -> tuple[float, float]:
    """Return the smallest (processor seconds, seconds) of some runs."""
    found = []
    for _ in range(rounds):
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        run()
        after = resource.getrusage(resource.RUSAGE_SELF)
        used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        found.append((used, time.perf_counter() - began))
    return min(found)


def build(path: Path, touches: int) -> dict[str, float]:
    """Write a store and its marts; processor seconds of the marts and of the wide join."""
    write_touches(path, touches)
    seconds = {}
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"set threads = {THREADS}; set memory_limit = '{MEMORY}'")
        for name in MARTS:
            statement = mart_statement(connection, name)
            seconds[name] = cost(lambda text=statement: connection.execute(text), 1)[0]
        seconds["wide join"] = cost(lambda: connection.execute(WIDE_JOIN), 2)[0]
    return seconds


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, dict[str, float]]]:
    """Build the whole store and one of a tenth."""
    folder = tmp_path_factory.mktemp("bench")
    return {
        size: (folder / f"{size}.duckdb", build(folder / f"{size}.duckdb", size))
        for size in (TOUCHES // 10, TOUCHES)
    }


@pytest.fixture(scope="module")
def engine(stores: dict[int, tuple[Path, dict[str, float]]]) -> Iterator[DuckDBEngine]:
    """Open the whole store as a page does."""
    path = stores[TOUCHES][0]
    with DuckDBEngine.open(path, threads=THREADS, memory_limit=MEMORY) as opened:
        yield opened


def question(**given: Any) -> AttributionSettings:
    """Ask for other days than agreed, so that the pass runs over the journeys, not a stored sum."""
    return asked(AGREEMENT, WINDOW, lookback_days=180 - 1, **given)


def test_building_the_journeys(stores: dict[int, tuple[Path, dict[str, float]]]) -> None:
    """At most four times the join that finds the touches, and linear."""
    small, whole = stores[TOUCHES // 10][1], stores[TOUCHES][1]
    ratio = whole["fct_journey"] / whole["wide join"]
    growth = whole["fct_journey"] / small["fct_journey"] / 10
    print(f"\njourney mart {whole['fct_journey']:.1f} s, {ratio:.2f} x join, growth x {growth:.2f}")
    assert ratio <= 4
    assert growth <= 1.1


def test_eight_models_in_one_pass(
    benchmark: Any, engine: DuckDBEngine, stores: dict[int, tuple[Path, dict[str, float]]]
) -> None:
    """At most the time of the bare join, exact rounding and counting of deals included."""

    def run(opened: DuckDBEngine = engine) -> Any:
        return rule_totals(opened, question(), "channel", NO_FILTERS, EIGHT, {})

    cursor = engine._connection.cursor()
    join, join_wall = cost(lambda: cursor.execute(JOIN).fetchall())
    passed, passed_wall = cost(run)
    benchmark.pedantic(run, rounds=3)
    with DuckDBEngine.open(stores[TOUCHES // 10][0], threads=THREADS) as opened:
        growth = passed / cost(lambda: run(opened))[0] / 10
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"\neight models {passed:.2f} s ({passed_wall:.2f} on the clock), bare join {join:.2f} s "
        f"({join_wall:.2f}): {passed / join:.2f} x; growth x {growth:.2f}; {memory:.1f} GB"
    )
    assert passed <= join
    assert growth <= 1.1
    assert memory < 4


@pytest.mark.parametrize(
    ("model", "order", "most"), [("linear", 1, 10), ("markov", 1, 30), ("markov", 3, 60)]
)
def test_a_bootstrap_over_accounts(
    benchmark: Any, engine: DuckDBEngine, model: str, order: int, most: float
) -> None:
    """Every deal's account drawn again: all linear models in 10 s, a chain refitted in 30."""
    settings = replace(question(measure="pipeline"), order=order)
    if model == "linear":
        totals = rule_totals(engine, settings, "channel", NO_FILTERS, EIGHT, {})

        def run() -> Any:
            return rule_spreads(engine, settings, "channel", NO_FILTERS, totals, {})
    else:
        units = unit_journeys(engine, settings, "channel", NO_FILTERS)

        def run() -> Any:
            return key_spread(units, model, fit(units, model, settings), settings)

    benchmark.pedantic(run, rounds=1)
    seconds = benchmark.stats.stats.min
    print(f"\nbootstrap of {model} (order {order}): {seconds:.1f} s on the clock")
    assert seconds < most
