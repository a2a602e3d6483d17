"""How fast credit is shared out, against the bare join that finds the eligible touches.

SMARKETING_BENCH_TOUCHES=1000000 pytest benchmarks/bench_attribution.py -s
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from companies import import_store, write_company
from measuring import MEMORY, THREADS, TOUCHES, Cost, apart, best, found

from smarketing.agreement import load_agreement
from smarketing.analysis.attribution.attribute import attributions
from smarketing.analysis.attribution.settings import AttributionSettings, asked
from smarketing.analysis.attribution.totals import rule_totals
from smarketing.engine import NO_FILTERS, DuckDBEngine
from smarketing.ingest.marts import mart_params, mart_sql
from smarketing.periods import Period
from smarketing.store.builds import current_build

AGREEMENT = load_agreement()
ALWAYS = Period("all", dt.date(2000, 1, 1), dt.date(2100, 1, 1))
FOUR = ("first", "last", "linear", "position")
EIGHT = (*FOUR, "j_shaped", "w_shaped", "full_path", "time_decay")
MOST_MB = 4096

#: Which touches are eligible for which deals, found from the marts and counted: people of the
#: deal, side, kinds, window. No order, no weights, no rounding, nothing written.
BARE_JOIN = """
select count(*), sum(t.occurred_us), count(distinct t.channel)
from (
  select person_id, side, channel, epoch_us(occurred_at) as occurred_us
  from fct_touch
  where is_usable and side = 'marketing'
    and kind not in (select kind from agreement_excluded_kind)
) as t
join fct_unit_person as p on p.person_id = t.person_id and p.in_default = 1
join fct_unit as u on u.unit_number = p.unit_number
where u.unit_kind = 'deal' and u.outcome = 'won'
  and t.occurred_us <= u.revenue_us
  and t.occurred_us >= coalesce(u.created_us, u.revenue_us) - $lookback * 86400000000
"""
#: The same for every deal and lead within the longest lookback, as the journey mart is asked.
BARE_JOURNEYS = """
select count(*), sum(t.occurred_us), count(distinct t.channel)
from (
  select person_id, channel, epoch_us(occurred_at) as occurred_us from fct_touch where is_usable
) as t
join fct_unit_person as p on p.person_id = t.person_id
join fct_unit as u on u.unit_number = p.unit_number
where t.occurred_us <= u.until_us and t.occurred_us >= u.since_us - $lookback * 86400000000
"""


def query(engine: DuckDBEngine, sql: str, lookback: int) -> Any:
    """Run a bare query on the build."""
    return engine._connection.cursor().execute(sql, {"lookback": lookback}).fetchall()


def bare_join(engine: DuckDBEngine) -> Cost:
    """Measure the bare join over won deals at the agreed lookback."""
    return best(lambda: query(engine, BARE_JOIN, AGREEMENT.attribution.lookback_days), 5)


@pytest.mark.parametrize("models", [FOUR, EIGHT], ids=["four models", "eight models"])
@pytest.mark.parametrize("choice", ["as agreed", "other lookback", "other people"])
def test_models_against_the_bare_join(
    benchmark: Any, engine: DuckDBEngine, models: tuple[str, ...], choice: str
) -> None:
    """Credit by channel under several models, exact rounding included: at most the bare join."""
    settings = asked(AGREEMENT, ALWAYS)
    if choice == "other lookback":
        settings = replace(settings, lookback_days=settings.lookback_days + 1)
    if choice == "other people":
        settings = replace(settings, people="account")
    bare = bare_join(engine)

    def run() -> object:
        return rule_totals(engine, settings, "channel", NO_FILTERS, models, {})

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    cost = best(run, 5)
    found(
        f"{len(models)} models over {TOUCHES:,} touches, {choice}, at most the bare join",
        f"{cost.seconds:.3f} s against {bare.seconds:.3f} s: {cost.times(bare)}",
        cost.seconds <= bare.seconds,
    )


def build_mart(home: Path, name: str, target: Path) -> None:
    """Build one mart of a store again into another file."""
    with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY}) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(f"attach '{target}' as target (recovery_mode no_wal_writes)")
        connection.execute(f"attach '{current_build(home)}' as build (read_only)")
        connection.execute("use build")
        sql = mart_sql(name, mart_params(connection))
        connection.execute(f"create table target.{name} as {sql}")
        connection.execute("checkpoint target")


def join_journeys(home: Path, lookback: int) -> object:
    """Run the bare join of all journeys in a fresh process."""
    with DuckDBEngine.open(current_build(home), threads=THREADS, memory_limit=MEMORY) as engine:
        return query(engine, BARE_JOURNEYS, lookback)


@pytest.mark.parametrize("mart", ["fct_journey", "fct_credit"])
def test_marts_against_the_bare_join(benchmark: Any, home: Path, tmp_path: Path, mart: str) -> None:
    """The journeys in order, written to disk: at most four times the join that finds them."""
    bare = apart(join_journeys, home, AGREEMENT.attribution.max_lookback_days)
    kept: list[Cost] = []
    benchmark.pedantic(
        lambda: kept.append(apart(build_mart, home, mart, tmp_path / "mart.duckdb")), rounds=1
    )
    cost = kept[0]
    found(
        f"building {mart} of {TOUCHES:,} touches, at most 4x the bare join"
        + (", < 4 GB" if mart == "fct_credit" else ""),
        f"{cost.seconds:.2f} s against {bare.seconds:.2f} s: {cost.times(bare)}; "
        f"{cost.peak_mb:.0f} MB",
        cost.seconds <= 4 * bare.seconds and cost.peak_mb < MOST_MB,
    )


def test_growth_is_linear(benchmark: Any, engine: DuckDBEngine, bench_folder: Path) -> None:
    """Ten times the touches cost at most eleven times the seconds."""
    folder = bench_folder / "tenth"
    if not (folder / "home" / "CURRENT").exists():
        apart(write_company, folder / "company", TOUCHES // 10, "parquet")
        apart(import_store, folder / "home", [folder / "company"])
    settings = replace(asked(AGREEMENT, ALWAYS), lookback_days=89)
    build = current_build(folder / "home")
    with DuckDBEngine.open(build, threads=THREADS, memory_limit=MEMORY) as small:
        tenth = best(lambda: rule_totals(small, settings, "channel", NO_FILTERS, EIGHT, {}), 5)

    def run() -> object:
        return rule_totals(engine, settings, "channel", NO_FILTERS, EIGHT, {})

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    whole = best(run, 3)
    growth = whole.seconds / tenth.seconds / 10
    found(
        f"eight models from {TOUCHES // 10:,} to {TOUCHES:,} touches, at most 1.1x linear",
        f"{tenth.seconds:.3f} s to {whole.seconds:.3f} s: {growth:.2f}x linear",
        growth <= 1.1,
    )
    if "SMARKETING_BENCH_FOLDER" not in os.environ:
        shutil.rmtree(folder)


BOOTSTRAPS = {"linear": 10.0, "markov": 30.0, "shapley_set": None}


def bootstrap(home: Path, model: str, settings: AttributionSettings) -> int:
    """Attribute with intervals in a fresh process; return how many deals there were."""
    with DuckDBEngine.open(current_build(home), threads=THREADS, memory_limit=MEMORY) as engine:
        (answer,) = attributions(engine, AGREEMENT, settings, model=model, intervals=True)
        return answer.deals


@pytest.mark.parametrize("model", BOOTSTRAPS)
def test_bootstraps(benchmark: Any, home: Path, model: str) -> None:
    """A thousand resamples of the accounts, 90 % intervals and ranks held."""
    kept: list[Cost] = []
    settings = asked(AGREEMENT, ALWAYS, measure="pipeline")
    task: Callable[[], None] = lambda: kept.append(  # noqa: E731 - pedantic wants a callable
        apart(bootstrap, home, model, settings)
    )
    benchmark.pedantic(task, rounds=1)
    cost, limit = kept[0], BOOTSTRAPS[model]
    found(
        f"{model} with its bootstrap (100,000 deals: < {limit or 10:g} s, < 2 GB)",
        f"{cost.seconds:.1f} s for {cost.answer:,} deals, {cost.peak_mb:.0f} MB",
        cost.seconds < (limit or 10) and cost.peak_mb < 2048 if cost.answer >= 100_000 else None,
    )
