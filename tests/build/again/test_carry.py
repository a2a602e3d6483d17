"""A build that carries the core tables of the one before says what a build from nothing says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from build_kit import Shop, core_shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing.build import build
from smarketing.build.core.select_shape import is_plain, reads
from smarketing.build.progress import Progress
from smarketing.store.schema import core_tables

__all__ = ["core_shop"]

TOLD = (
    "quarantine", "superseded", "currency_assumed", "future_stamp", "file_info", "file_unused",
    "source_info", "load_stamp", "dangling",
)  # fmt: skip
HEAD = "deal_id,account_id,amount,currency,created_at,closed_at,outcome,modified_at"


def everything(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the core tables and of what became of the files."""
    found = shop.tables((*core_tables(), *TOLD))
    found["build"] = shop.rows("select as_of_at, as_of_day, landing_hash from build_info")
    return found


def check(shop: Shop) -> None:
    """Compare the published build with one from nothing."""
    carried = everything(shop)
    build(shop.home)
    assert everything(shop) == carried


@pytest.fixture
def watched(core_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[Shop, list[bool]]:
    """Return a shop and a list that tells for each build whether it carried anything."""
    from smarketing.build import assemble as assembly

    told: list[bool] = []
    assemble = assembly.assemble

    def watch(path: Path, recipe: assembly.Recipe, progress: Progress) -> list[str]:
        told.append(recipe.carried is not None)
        return assemble(path, recipe, progress)

    monkeypatch.setattr(assembly, "assemble", watch)
    return core_shop, told


def test_an_added_file_is_carried_onto_the_build_before(watched: tuple[Shop, list[bool]]) -> None:
    shop, told = watched
    shop.take(
        shop.write("account.csv", "account_id,name,tier", "a1,One,"),
        shop.write("deals.csv", HEAD, "d1,a1,1,,2026-01-05,,open,", "d2,a7,x,EUR,,,open,"),
    )
    report = shop.take(
        shop.write("more.csv", HEAD, "d1,a1,2,,2026-01-05,2026-02-01,won,", "d3,a8,5,,,,open,")
    )
    assert told == [False, True]
    assert shop.table(report, "deal") == (2, 1, 1, 0, 0)
    assert shop.rows("select deal_id, amount from deal order by 1") == [
        ("generic:d1", 200),
        ("generic:d3", 500),
    ]
    assert shop.rows("select records from currency_assumed") == [(3,)]
    check(shop)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("full", []),
        ("record_alias.csv", ["table,alias_id,id", "account,a1,a2"]),
        ("member.csv", ["member_id,name", "m1,Ann"]),
        ("agreement", []),
        ("as_of", []),
    ],
)
def test_what_bears_on_earlier_rows_is_built_from_nothing(
    watched: tuple[Shop, list[bool]], name: str, lines: list[str]
) -> None:
    shop, told = watched
    first = shop.write("deals.csv", HEAD, "d1,a1,1,EUR,2026-01-05,,open,")
    shop.take(first)
    more = shop.write("more.csv", HEAD, "d2,a1,2,EUR,2026-01-05,,open,")
    if name == "full":
        shop.take(more, mode="full")
    elif name == "as_of":
        shop.take(first, more, as_of="2026-05-01")
    elif name == "agreement":
        text = (shop.home / "agreement.yaml").read_text()
        (shop.home / "agreement.yaml").write_text(text.replace("EUR", "USD"))
        shop.take(more)
    else:
        shop.take(shop.write(name, *lines))
    assert told == [False, False]
    check(shop)


def test_merges_are_carried_unless_a_table_of_merged_records_grows(
    watched: tuple[Shop, list[bool]],
) -> None:
    """a1 was merged into a2, which is exported later: only then is a1 known to be set aside."""
    shop, told = watched
    shop.take(
        shop.write("record_alias.csv", "table,alias_id,id", "account,a1,a2"),
        shop.write("account.csv", "account_id,name,tier", "a1,One,"),
        shop.write("deals.csv", HEAD, "d1,a1,1,EUR,2026-01-05,,open,"),
    )
    shop.take(shop.write("more.csv", HEAD, "d2,a1,2,EUR,2026-01-06,,open,"))
    assert told == [False, True]
    assert shop.rows("select deal_id, account_id from deal order by 1") == [
        ("generic:d1", "generic:a2"),
        ("generic:d2", "generic:a2"),
    ]
    told.clear()
    shop.take(shop.write("accounts.csv", "account_id,name,tier", "a2,Two,"))
    assert told == [False]
    assert shop.rows("select account_id, name from account") == [("generic:a2", "Two")]
    assert shop.rows("select reason from superseded") == [("merged into another record",)]
    check(shop)


def test_lookups_are_made_again_when_what_they_look_up_is_new(
    watched: tuple[Shop, list[bool]],
) -> None:
    """A Salesforce membership takes its channel from the campaign, which comes later here."""
    shop, told = watched
    member = "Id,CampaignId,LeadId,Status,HasResponded,FirstRespondedDate,CreatedDate"
    shop.take(
        shop.write(
            "CampaignMember.csv",
            member,
            "00v000000000001,701000000000001,00Q000000000001,Responded,1,2026-01-05,2026-01-01",
        )
    )
    campaign = "701000000000001AAA,Fair,Event,2026-01-01"
    shop.take(shop.write("Campaign.csv", "Id,Name,Type,StartDate", campaign))
    assert told == [False, False]
    assert shop.rows("select channel from touch") == [("Event",)]
    check(shop)


def test_what_a_new_file_settles_changes_no_earlier_one(
    watched: tuple[Shop, list[bool]], tmp_path: Path
) -> None:
    shop, told = watched
    own = tmp_path / "own"
    own.mkdir()
    (own / "profile.yaml").write_text(
        "name: own\nobjects:\n  Deal:\n    key: [nr]\n    required: [nr]\n"
        "    columns: [nr, value, won_on]\n"
    )
    (own / "deal.sql").write_text(
        "-- from: Deal\nselect d._row, d._file_id, d.nr as deal_id, d.value as amount, "
        "d.won_on as closed_at from Deal d\n"
    )
    shop.take(shop.write("a.csv", "nr,value,won_on", "d1,12.50,25/12/2024"), source=own)
    shop.take(shop.write("b.csv", "nr,value,won_on", 'd2,"5,50",12/30/2024'), source=own)
    shop.take(shop.write("c.csv", "nr,value,won_on", "d3,7,2024-05-06"), source=own)
    assert told == [False, True, True]
    assert shop.rows("select deal_id, amount, closed_at::date::varchar from deal order by 1") == [
        ("own:d1", 1250, "2024-12-24"),
        ("own:d2", 550, "2024-12-29"),
        ("own:d3", 700, "2024-05-05"),
    ]
    check(shop)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2", "d3", "d4", ""]),
        st.sampled_from(["a1", "a2", ""]),
        st.sampled_from(["1", "2.5", "x", "1.234,50", ""]),
        st.sampled_from(["EUR", "USD", "", "??"]),
        st.sampled_from(["2026-01-05", "2026-01-06T10:00:00Z", "13/01/2026", "02/03/2026", ""]),
        st.sampled_from(["2026-02-01", ""]),
        st.sampled_from(["won", "open", "lost", "odd"]),
        st.sampled_from(["2026-03-01", "2026-04-01T12:00:00Z", ""]),
    ).map(lambda row: ",".join(f'"{cell}"' for cell in row)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports=st.lists(ROWS, min_size=2, max_size=3))
def test_any_sequence_of_imports_says_what_a_build_from_nothing_says(
    tmp_path_factory: pytest.TempPathFactory, core_shop: Shop, imports: list[list[str]]
) -> None:
    from smarketing.errors import SourceError

    shop = Shop(tmp_path_factory.mktemp("shop"))
    landed = 0
    for number, rows in enumerate(imports):
        path = shop.write(f"deals_{number}.csv", HEAD, *rows)
        try:
            landed += not shop.take(path).refused
        except SourceError:
            continue  # dates that nothing settles
    if landed:
        check(shop)


def test_what_a_select_reads_is_told_from_its_tree() -> None:
    assert is_plain("select d._row, trim(d.a) as b from Deal d where d.a is not null")
    for sql in (
        "select d._row from Deal d left join Deal_current c on c.id = d.id",
        "select d._row from Deal d where not exists (select 1 from Deal_current)",
        "select d._row from Deal d union all select d._row from Deal d",
        "select d._row, row_number() over (order by d.a) as n from Deal d",
        "select max(d._row) as _row from Deal d",
        "select distinct d._row from Deal d",
        "with x as (select * from Deal) select _row from x",
        "select d._row, unnest(string_split(d.a, ';')) as b from Deal d",
    ):
        assert not is_plain(sql), sql
    assert reads("select 1 from Deal d left join Campaign_current c on true") == {
        "deal",
        "campaign_current",
    }
