"""How fast credit is shared out, against the bare join that finds the eligible touches.

SMARKETING_BENCH_TOUCHES=1000000 pytest benchmarks/bench_attribution.py -s
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from journey_store import build_marts, write_store
from measuring import CONFIG, MEMORY, THREADS, TOUCHES, Cost, apart, best, found

from smarketing.agreement import load_agreement
from smarketing.analysis.attribution.attribute import attributions
from smarketing.analysis.attribution.question import Question
from smarketing.analysis.attribution.settings import AttributionSettings, asked
from smarketing.analysis.attribution.totals import rule_totals
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

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
#: The same touches written down, as a pass over them would need them.
BARE_TOUCHES = BARE_JOIN.replace(
    "select count(*), sum(t.occurred_us), count(distinct t.channel)",
    "create or replace temp table bare_touches as "
    "select u.unit_number, t.occurred_us, t.touch_id, t.channel",
).replace("select person_id, side,", "select touch_id, person_id, side,")
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


WRITTEN = """
create or replace table bare_journey as
select u.unit_number, t.occurred_us, t.touch_id, t.channel, t.raw_channel, t.campaign_id, t.kind,
  t.side
from (select *, epoch_us(occurred_at) as occurred_us from fct_touch where is_usable) as t
join fct_unit_person as p on p.person_id = t.person_id
join fct_unit as u on u.unit_number = p.unit_number
where t.occurred_us <= u.until_us and t.occurred_us >= u.since_us - $lookback * 86400000000
"""


@pytest.fixture(scope="module")
def store(bench_folder: Path) -> Path:
    """Return the store of this size."""
    return store_of(bench_folder, TOUCHES)


def store_of(folder: Path, touches: int) -> Path:
    """Return a store with so many touches, written if it is not there yet."""
    path = folder / f"journeys-{touches}.duckdb"
    if not path.exists():
        apart(write_store, path, touches)
    return path


@pytest.fixture(scope="module")
def journeys(store: Path) -> Iterator[DuckDBEngine]:
    """Open the store read-only, as a page does."""
    with opened(store) as engine:
        yield engine


def opened(path: Path) -> DuckDBEngine:
    """Open a store with the threads and the memory of the benchmarks."""
    return DuckDBEngine.open(path, threads=THREADS, memory_limit=MEMORY)


def query(engine: DuckDBEngine, sql: str, lookback: int) -> Any:
    """Run a bare query on the store."""
    return engine._connection.cursor().execute(sql, {"lookback": lookback}).fetchall()


def bare_join(engine: DuckDBEngine, sql: str) -> Cost:
    """Measure a bare join over won deals at the agreed lookback."""
    return best(lambda: query(engine, sql, AGREEMENT.attribution.lookback_days), 5)


@pytest.mark.parametrize("models", [FOUR, EIGHT], ids=["four models", "eight models"])
@pytest.mark.parametrize("choice", ["as agreed", "other lookback", "other people"])
def test_models_against_the_bare_join(
    benchmark: Any, journeys: DuckDBEngine, models: tuple[str, ...], choice: str
) -> None:
    """Credit by channel under several models, exact rounding included: at most the bare join."""
    settings = asked(AGREEMENT, ALWAYS)
    if choice == "other lookback":
        settings = replace(settings, lookback_days=settings.lookback_days + 1)
    if choice == "other people":
        settings = replace(settings, people="account")
    counted, written = bare_join(journeys, BARE_JOIN), bare_join(journeys, BARE_TOUCHES)

    def run() -> object:
        return rule_totals(Question(journeys, settings, "channel"), models, {})

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    cost = best(run, 5)
    found(
        f"{len(models)} models over {TOUCHES:,} touches, {choice}, at most the bare join",
        f"{cost.seconds:.3f} s. Join written, {written.seconds:.3f} s: {cost.times(written)}. "
        f"Join counted, {counted.seconds:.3f} s: {cost.times(counted)}",
        cost.seconds <= written.seconds,
    )


def join_journeys(path: Path, lookback: int, written: bool) -> object:
    """Run the bare join of all journeys in a fresh process, with or without writing them."""
    if not written:
        with opened(path) as engine:
            return query(engine, BARE_JOURNEYS, lookback)
    with duckdb.connect(str(path), config=CONFIG) as connection:
        connection.execute(WRITTEN, {"lookback": lookback})
        connection.execute("checkpoint")
        connection.execute("drop table bare_journey")
    return None


@pytest.mark.parametrize("mart", ["fct_journey", "fct_credit"])
def test_marts_against_the_bare_join(
    benchmark: Any, store: Path, tmp_path: Path, mart: str
) -> None:
    """The journeys in order, written to disk: at most four times the join that finds them."""
    lookback = AGREEMENT.attribution.max_lookback_days
    own = tmp_path / "own.duckdb"
    shutil.copy(store, own)
    counted = apart(join_journeys, own, lookback, False)
    written = apart(join_journeys, own, lookback, True)
    kept: list[Cost] = []
    benchmark.pedantic(lambda: kept.append(apart(build_marts, own, (mart,))), rounds=1)
    cost = kept[0]
    found(
        f"building {mart} of {TOUCHES:,} touches, at most 4x the bare join"
        + (", < 4 GB" if mart == "fct_credit" else ""),
        f"{cost.seconds:.2f} s. Join written, {written.seconds:.2f} s: {cost.times(written)}. "
        f"Join counted, {counted.seconds:.2f} s: {cost.times(counted)}. {cost.peak_mb:.0f} MB",
        cost.seconds <= 4 * written.seconds and cost.peak_mb < MOST_MB,
    )


def test_growth_is_linear(benchmark: Any, journeys: DuckDBEngine, bench_folder: Path) -> None:
    """Ten times the touches cost at most eleven times the seconds."""
    agreed = asked(AGREEMENT, ALWAYS)
    settings = replace(agreed, lookback_days=agreed.lookback_days + 1)
    with opened(store_of(bench_folder, TOUCHES // 10)) as small:
        tenth = best(lambda: rule_totals(Question(small, settings, "channel"), EIGHT, {}), 5)

    def run() -> object:
        return rule_totals(Question(journeys, settings, "channel"), EIGHT, {})

    benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    whole = best(run, 3)
    growth = whole.seconds / tenth.seconds / 10
    found(
        f"eight models from {TOUCHES // 10:,} to {TOUCHES:,} touches, at most 1.1x linear",
        f"{tenth.seconds:.3f} s to {whole.seconds:.3f} s: {growth:.2f}x linear",
        growth <= 1.1,
    )


#: Seconds a thousand resamples of 100,000 deals may take.
BOOTSTRAPS = {"linear": 10.0, "markov": 30.0, "shapley_set": 10.0}


def bootstrap(path: Path, model: str, settings: AttributionSettings) -> int:
    """Attribute with intervals in a fresh process; return how many deals there were."""
    with opened(path) as engine:
        (answer,) = attributions(engine, AGREEMENT, settings, model=model, intervals=True)
        return answer.deals


@pytest.mark.parametrize("model", BOOTSTRAPS)
def test_bootstraps(benchmark: Any, store: Path, model: str) -> None:
    """A thousand resamples of the accounts, 90 % intervals and ranks held."""
    kept: list[Cost] = []
    settings = asked(AGREEMENT, ALWAYS, measure="pipeline")
    task: Callable[[], None] = lambda: kept.append(  # noqa: E731 - pedantic wants a callable
        apart(bootstrap, store, model, settings)
    )
    benchmark.pedantic(task, rounds=1)
    cost, limit = kept[0], BOOTSTRAPS[model]
    found(
        f"{model} with its bootstrap (100,000 deals: < {limit:g} s, < 2 GB)",
        f"{cost.seconds:.1f} s for {cost.answer:,} deals, {cost.peak_mb:.0f} MB",
        cost.seconds < limit and cost.peak_mb < 2048 if cost.answer >= 100_000 else None,
    )
