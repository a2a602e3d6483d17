"""What a build's records make anew is what a build of the same files makes."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from build_kit import Shop

from smarketing.agreement import load_home_agreement
from smarketing.build.again import replay as replaying
from smarketing.build.again.replay import Replay, TooManyRowsError
from smarketing.build.marts import order as marts
from smarketing.build.marts.handoff_clock import CLOCK
from smarketing.build.marts.order import mart_reads
from smarketing.engine import DuckDBEngine
from smarketing.store.builds import current_build

FILES = {
    "account": ("account_id,name,domain", "a1,One,one.com", "a2,Two,two.com"),
    "lead": (
        "lead_id,person_id,account_id,lead_type,created_at,channel",
        *(f"l{n},,a{n % 2 + 1},inquiry,2026-05-{n + 1:02d}T09:00:00Z,webinar" for n in range(8)),
    ),
    "lead_stage_event": (
        "lead_id,stage,entered_at,kind",
        *(f"l{n},mql,2026-05-{n + 2:02d}T10:00:00Z,entry" for n in range(8)),
        *(f"l{n},sal,2026-05-{n + 4:02d}T10:00:00Z,entry" for n in range(4)),
    ),
    "deal": (
        "deal_id,account_id,name,amount,currency,created_at,closed_at,outcome,lead_id",
        "d1,a1,One,100,USD,2026-05-01,2026-05-20,won,l1",
        "d2,a2,Two,200,USD,2026-05-02,,open,l2",
    ),
    "contract": (
        "contract_id,account_id,deal_id,recurring_amount,currency,starts_on,ends_on",
        "k1,a1,d1,100,USD,2026-05-21,2026-06-20",
    ),
    "fx_rate": ("currency,rate_on,rate", "USD,2026-05-01,0.5", "USD,2026-06-18,0.8"),
    "touch": (
        "touch_id,person_id,lead_id,account_id,kind,side,channel,occurred_at",
        *(
            f"t{n},,l{n % 8},a{n % 2 + 1},webinar,marketing,webinar,2026-05-{n + 1:02d}T08:00:00Z"
            for n in range(20)
        ),
    ),
}
EARLY, LATE = "2026-06-01", "2026-06-25"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a small company, its data up to the first of June."""
    shop = Shop(tmp_path_factory.mktemp("held"))
    shop.take(*(shop.write(f"{name}.csv", *rows) for name, rows in FILES.items()), as_of=EARLY)
    return shop


def engine_on(shop: Shop) -> DuckDBEngine:
    return DuckDBEngine.open(current_build(shop.home))


def marts_in(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: connection.execute(f'from "{name}" order by all').fetchall() for name in mart_reads()
    }


def anew(shop: Shop, day: str) -> Replay:
    as_of = dt.datetime.fromisoformat(day)
    agreement = load_home_agreement(shop.home)
    return Replay(engine_on(shop), agreement, as_of, as_of.date(), is_same_program=True)


def by_another_version(shop: Shop) -> Replay:
    """Return the records at their own date, made anew by a version that did not make them."""
    engine, agreement = engine_on(shop), load_home_agreement(shop.home)
    return Replay(engine, agreement, engine.as_of_at, engine.as_of_day, is_same_program=False)


@pytest.mark.parametrize("is_same_program", [True, False])
def test_at_a_later_date_it_is_the_build_of_that_date(
    held: Shop, tmp_path: Path, is_same_program: bool
) -> None:
    """The later build has one file more, which repeats what was known of the accounts."""
    later = Shop(tmp_path)
    shutil.rmtree(later.home)
    shutil.copytree(held.home, later.home)
    later.take(later.write("account.csv", *FILES["account"]), as_of=LATE)
    with duckdb.connect(str(current_build(later.home)), read_only=True) as connection:
        wanted = marts_in(connection)
        [(at, day)] = connection.execute("select as_of_at, as_of_day from build_info").fetchall()
    agreement = load_home_agreement(held.home)
    replay = Replay(engine_on(held), agreement, at, day, is_same_program=is_same_program)
    engine = replay.on(mart_reads())
    for name, rows in wanted.items():
        found = replay._connection.execute(f'from "{name}" order by all').fetchall()
        assert found == rows, name
    assert engine.as_of_day == day
    changed = {"fct_contract", "fct_deal", "fct_stage_count"}
    assert changed <= replay._changed
    assert not {"fct_touch", "dim_person", "fct_journey"} & replay._changed


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that holds the marts a replay makes, in their order."""
    made: list[str] = []
    whole = marts.make_mart

    def watch(connection: Any, name: str, *rest: Any) -> None:
        made.append(name)
        whole(connection, name, *rest)

    monkeypatch.setattr(replaying, "make_mart", watch)
    return made


def test_only_what_is_asked_for_and_may_be_another_is_made(held: Shop, told: list[str]) -> None:
    replay = anew(held, LATE)
    replay.on(["dim_person"])
    assert not told  # nothing under it asks for the date
    replay.on(["fct_deal_conversion"])
    replay.on(["fct_deal_conversion"])
    assert told[0] == "fct_deal" and told[-1] == "fct_deal_conversion"
    assert len(told) == len(set(told))
    assert not {"dim_person", "dim_lead", "fct_cost", "fct_touch"} & set(told)


def test_another_version_makes_what_it_makes_by_another_statement(
    held: Shop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by, made = marts.made_by, {CLOCK: "another program"}
    monkeypatch.setattr(
        replaying, "made_by", lambda name, values: made.get(name) or by(name, values)
    )
    by_another_version(held).on(mart_reads())
    assert told == [CLOCK]  # by no statement, so that any program may make another thing of it
    told.clear()
    made["fct_deal"] = "another statement"
    by_another_version(held).on(["fct_deal_conversion", "dim_person"])
    assert told == ["fct_deal"]  # comes out as it was, and so does what is made of it


def test_a_rule_that_another_version_reads_otherwise_reaches_what_is_made_of_it(
    held: Shop, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes webinars for events: of deals, which have no channel, that says nothing."""
    whole = marts.write_given

    def otherwise(connection: Any, *rest: Any) -> None:
        whole(connection, *rest)
        connection.execute("update map_channel set channel = 'events'")

    monkeypatch.setattr(replaying, "write_given", otherwise)
    replay = by_another_version(held)
    replay.on(["fct_touch"])
    assert "fct_touch" in told and not {"fct_contract", "fct_cost"} & set(told)
    assert "fct_touch" in replay._changed


def test_beyond_so_many_rows_nobody_waits(held: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "MOST_ROWS", 1)
    with pytest.raises(TooManyRowsError, match="too many rows"):
        anew(held, LATE).on(["fct_deal"])
    anew(held, EARLY).on(["dim_person"])  # nothing of it has to be made


def test_a_replay_leaves_the_build_as_it_is(held: Shop) -> None:
    before = current_build(held.home).read_bytes()
    anew(held, LATE).on(mart_reads())
    assert current_build(held.home).read_bytes() == before
