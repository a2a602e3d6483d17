"""Marts that are kept, or made again in part, say what those of a build from nothing say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from build_kit import Shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing.build import build
from smarketing.build.again import renew as renewing
from smarketing.build.again.renew import PARTS, restricted
from smarketing.build.marts import order as marts
from smarketing.errors import QueryError

TOUCH = (
    "touch_id,person_id,lead_id,account_id,kind,side,channel,campaign_id,occurred_at,utm_campaign"
)
LEADS = [
    f"l{n},p{n % 12},a{n % 5},inquiry,2026-0{n % 5 + 1}-{n % 27 + 1:02d}T09:00:00Z,webinar"
    for n in range(30)
]
STAGES = [
    f"l{n},{stage},2026-0{n % 5 + 1}-{n % 27 + 1:02d}T{hour}:00:00Z,entry"
    for n in range(30)
    for stage, hour in (("mql", 10), ("sal", 12), ("sql", 15))[: n % 4]
]
DEALS = [
    f"d{n},a{n % 5},Deal {n},{n}00.5,EUR,2026-0{n % 5 + 1}-15T08:00:00Z,"
    f"{'2026-06-01T08:00:00Z' if n % 3 else ''},{('open', 'won', 'lost')[n % 3]},l{n}"
    for n in range(12)
]
CONTACTS = [
    f"d{n},p{(n + m) % 12},{'true' if m == 0 else 'false'}" for n in range(9) for m in (0, 3)
]


def touches(first: int, count: int, month: int = 3) -> list[str]:
    """Return touches of persons, leads, accounts and of nobody, by campaign and by UTM name."""
    return [
        f"t{n},{f'p{n % 14}' if n % 4 else ''},{f'l{n % 31}' if n % 3 else ''},"
        f"{f'a{n % 6}' if n % 5 else ''},{('webinar', 'email_open', 'call')[n % 3]},"
        f"{('marketing', 'sales')[n % 7 == 0]},{('webinar', 'direct', '')[n % 3]},"
        f"{f'c{n % 3}' if n % 2 else ''},2026-0{month}-{n % 27 + 1:02d}T{n % 24:02d}:30:00Z,"
        f"{'spring' if n % 11 == 0 else ''}"
        for n in range(first, first + count)
    ]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return a small company, imported."""
    shop = Shop(tmp_path_factory.mktemp("company"))
    shop.take(
        shop.write(
            "account.csv", "account_id,name,domain", *(f"a{n},A{n},a{n}.com" for n in range(5))
        ),
        shop.write(
            "person.csv", "person_id,account_id,email", *(f"p{n},a{n % 5}," for n in range(12))
        ),
        shop.write(
            "campaign.csv", "campaign_id,name,channel", "c0,Spring,webinar", "c1,Fair,event"
        ),
        shop.write("lead.csv", "lead_id,person_id,account_id,lead_type,created_at,channel", *LEADS),
        shop.write("lead_stage_event.csv", "lead_id,stage,entered_at,kind", *STAGES),
        shop.write(
            "deal.csv",
            "deal_id,account_id,name,amount,currency,created_at,closed_at,outcome,lead_id",
            *DEALS,
        ),
        shop.write("deal_contact.csv", "deal_id,person_id,is_primary", *CONTACTS),
        shop.write("touch.csv", TOUCH, *touches(0, 200)),
    )
    return shop


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the marts that are made as a whole."""
    told: list[str] = []
    whole = marts.make_mart

    def watch(connection: Any, name: str, *rest: Any) -> None:
        told.append(name)
        whole(connection, name, *rest)

    monkeypatch.setattr(marts, "make_mart", watch)
    return told


def copied(shop: Shop, folder: Path) -> Shop:
    """Return a copy of a shop, to go on with."""
    import shutil

    own = Shop(folder)
    shutil.rmtree(own.home)
    shutil.copytree(shop.home, own.home)
    return own


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but those that say when and how the build was made."""
    rows = shop.rows("select table_name from duckdb_tables() order by 1")
    return shop.tables(name for (name,) in rows if name != "build_info")


def check(shop: Shop) -> None:
    """Compare the published build with one from nothing."""
    renewed = everything(shop)
    build(shop.home)
    fresh = everything(shop)
    assert sorted(fresh) == sorted(renewed)
    for name, rows in fresh.items():
        assert renewed[name] == rows, name


def test_new_touches_make_only_their_own_rows_again(
    landed: Shop, tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "MOST", 0.9)
    shop = copied(landed, tmp_path)
    shop.take(shop.write("more.csv", TOUCH, *touches(200, 4), *touches(7, 1, month=2)))
    assert not {*PARTS} & {*made}  # in part
    assert {"fct_origin", "handoff_touch"} <= {*made}  # they read touches
    assert not {"fct_cost", "dim_person", "fct_unit", "fct_stage_entry"} & {*made}  # as they were
    check(shop)
    assert {*PARTS} <= {*made}


@pytest.mark.parametrize(
    "files",
    [
        [
            ("touch", [TOUCH, *touches(300, 3, month=7)]),  # a later as-of
            ("touch", [TOUCH, "t7,p1,,,webinar,marketing,webinar,,,"]),  # loses its time
            ("touch", [TOUCH, "t900,p1,l900,,webinar,marketing,,,2026-03-04T05:06:07Z,"]),
            ("touch", [TOUCH, "t901,p2,,,webinar,marketing,podcast,,2026-03-05T05:06:07Z,"]),
            ("touch", [TOUCH, *touches(100, 150)]),  # too many to be made in part
        ],
        [
            ("person", ["person_id,account_id,email", "p3,a4,someone@new.com"]),
            ("cost", ["cost_id,incurred_on,amount,campaign_id", "k1,2026-03-01,9.5,c1"]),
            ("campaign", ["campaign_id,name,channel", "c2,New,event", "c1,Fair,webinar"]),
            ("fx_rate", ["currency,rate_on,rate", "USD,2026-03-01,0.5"]),
            ("deal", ["deal_id,account_id,amount,outcome,closed_at", "d1,a1,70,lost,2026-06-20"]),
        ],
    ],
    ids=["touches", "others"],
)
def test_whatever_comes_the_build_is_the_same(
    landed: Shop, tmp_path: Path, files: list[tuple[str, list[str]]]
) -> None:
    shop = copied(landed, tmp_path)
    for number, (name, lines) in enumerate(files):
        shop.take(shop.write(f"{number}/{name}.csv", *lines))
    check(shop)


FILES = st.lists(
    st.one_of(
        st.builds(
            lambda first, month: ("touch", TOUCH, touches(first, 3, month)),
            st.integers(0, 260),
            st.integers(1, 9),
        ),
        st.builds(
            lambda n, m: ("deal_contact", "deal_id,person_id,is_primary", [f"d{n},p{m},false"]),
            st.integers(0, 12),
            st.integers(0, 12),
        ),
        st.builds(
            lambda n, day: (
                "lead_stage_event",
                "lead_id,stage,entered_at,kind",
                [f"l{n},opportunity,2026-05-{day:02d}T08:00:00Z,entry"],
            ),
            st.integers(0, 31),
            st.integers(1, 28),
        ),
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES)
def test_any_sequence_of_imports(
    tmp_path_factory: pytest.TempPathFactory,
    landed: Shop,
    monkeypatch: pytest.MonkeyPatch,
    files: list[tuple[str, str, list[str]]],
) -> None:
    monkeypatch.setattr(renewing, "MOST", 0.9)
    shop = copied(landed, tmp_path_factory.mktemp("again"))
    for number, (name, head, lines) in enumerate(files):
        shop.take(shop.write(f"{number}/{name}.csv", head, *lines))
    check(shop)


def test_a_select_is_restricted_where_it_reads_the_table_and_only_there() -> None:
    among = "where a in (select a from k)"
    some = restricted("select u.a from unit as u join other as o on o.a = u.a", "unit", among)
    assert some.count("(SELECT * FROM unit WHERE a IN (SELECT a FROM k))") == 1
    assert "other AS o" in some
    twice = "select a from unit union all select a from unit"
    with pytest.raises(QueryError, match="2 times in the query, not once"):
        restricted(twice, "unit", among)
