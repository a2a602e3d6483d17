"""Which version of a record is current, merges, and what order and splitting may not change."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarketing.build import build
from smarketing.build.core.versions import REPEATED, SAME, SUPERSEDED, key_hash
from smarketing.errors import SourceError
from smarketing.store.builds import list_builds
from smarketing.store.schema import core_tables

__all__ = ["core_shop"]

HEAD = "deal_id,amount,outcome,created_at,closed_at,modified_at"
DEALS = "select deal_id, amount from deal order by 1"


def test_the_records_own_stamp_decides_whatever_the_order_of_import(core_shop: Shop) -> None:
    newer = core_shop.write(
        "new.csv", HEAD, "d1,200,won,2026-01-05,2026-03-01,2026-03-02T10:00:00Z"
    )
    older = core_shop.write("old.csv", HEAD, "d1,100,open,2026-01-05,,2026-02-01T10:00:00Z")
    core_shop.take(newer)
    report = core_shop.take(older)
    assert core_shop.rows(DEALS) == [("generic:d1", 20000)]
    assert core_shop.table(report, "deal") == (1, 0, 0, 1, 0)
    assert [(f.used, f.unused) for f in report.files] == [(0, 1)]
    assert core_shop.rows("select recorded_at::varchar from deal") == [("2026-03-02 10:00:00",)]


@pytest.mark.parametrize(
    "stamps", [("1770000000000", "1760000000000"), ("05.02.2026 10:00", "06.12.2025 10:00")]
)
def test_a_deletion_is_newer_by_its_stamp_however_that_is_written(
    core_shop: Shop, stamps: tuple[str, str]
) -> None:
    head = "id,dealname,dealstage,amount,createdate,archived,hs_lastmodifieddate"
    gone, there = (
        core_shop.write(f"deals_{flag}.csv", head, f"9,X,closedwon,900,2025-01-05,{flag},{stamp}")
        for flag, stamp in zip(("true", "false"), stamps, strict=True)
    )
    core_shop.take(gone, source="hubspot")
    core_shop.take(there, source="hubspot")
    assert core_shop.rows(DEALS) == []


def test_two_keys_of_which_the_store_makes_one_hash_are_two_records(core_shop: Shop) -> None:
    people = ["xxxx1033@firma63.io", "xxxx1034@firma64.io"]
    head, told = "person_id,full_name,modified_at", "2026-01-05T10:00:00Z"
    core_shop.take(core_shop.write("person.csv", head, *(f"{key},Ann,{told}" for key in people)))
    newer = core_shop.write("newer.csv", head, f"{people[0]},Bo,2026-02-05T10:00:00Z")
    core_shop.take(newer)
    older = core_shop.write("older.csv", head, f"{people[0]},Cy,2025-02-05T10:00:00Z")
    assert core_shop.table(core_shop.take(older), "person") == (1, 0, 0, 1, 0)
    names = core_shop.rows("select full_name from person order by person_id")
    assert names == [("Bo",), ("Ann",)]
    both = f"select count(distinct {key_hash(core_tables()['person'])}) from person"
    assert core_shop.rows(both) == [(2,)], "older versions are found by it"


@pytest.mark.parametrize("turned", [False, True])
def test_a_person_of_two_roles_or_records_is_primary_if_either_is(
    core_shop: Shop, turned: bool
) -> None:
    lines = ["d1,p1,true", "d1,p2,false", "d2,p3,true", "d2,p3,", "d3,p1,false"]
    core_shop.take(
        core_shop.write("person.csv", "person_id,full_name", "p1,Ann", "p2,Ann", "p3,Bo"),
        core_shop.write(
            "deal_contact.csv", "deal_id,person_id,is_primary", *(lines[::-1] if turned else lines)
        ),
        core_shop.write("record_alias.csv", "table,alias_id,id", "person,p2,p1"),
    )
    told = core_shop.rows("select deal_id, person_id, is_primary from deal_contact order by all")
    assert [(deal[-2:], person[-2:], primary) for deal, person, primary in told] == [
        ("d1", "p1", True),
        ("d2", "p3", True),
        ("d3", "p1", False),
    ]


def test_without_a_stamp_the_as_of_of_the_file_decides(core_shop: Shop) -> None:
    newer = core_shop.write("new.csv", "deal_id,amount", "d1,200")
    older = core_shop.write("old.csv", "deal_id,amount", "d1,100", "d2,5")
    core_shop.take(newer, as_of="2026-03-31")
    report = core_shop.take(older, as_of="2026-02-28")
    assert core_shop.rows(DEALS) == [("generic:d1", 20000), ("generic:d2", 500)]
    assert core_shop.table(report, "deal") == (2, 1, 0, 1, 0)
    assert core_shop.rows("select as_of_day::varchar from build_info") == [("2026-03-31",)]


def test_an_as_of_is_derived_from_what_happened(core_shop: Shop) -> None:
    """The older export's newest stamp is 1 February, the newer one's 1 March."""
    newer = core_shop.write("new.csv", HEAD, "d1,200,won,2026-01-05,2026-03-01,")
    older = core_shop.write(
        "old.csv", HEAD, "d1,100,open,2026-01-05,,", "d2,1,lost,2026-01-01,2026-02-01,"
    )
    core_shop.take(newer)
    core_shop.take(older)
    assert core_shop.rows(DEALS) == [("generic:d1", 20000), ("generic:d2", 100)]


def test_with_nothing_else_the_later_import_and_then_the_later_row_decide(core_shop: Shop) -> None:
    core_shop.take(core_shop.write("a.csv", "deal_id,amount", "d1,1", "d1,2"))
    assert core_shop.rows(DEALS) == [("generic:d1", 200)]
    report = core_shop.take(core_shop.write("b.csv", "deal_id,amount", "d1,3"))
    assert core_shop.rows(DEALS) == [("generic:d1", 300)]
    assert core_shop.table(report, "deal") == (1, 0, 1, 0, 0)
    assert core_shop.rows("select count(*) from superseded") == [(2,)]


def test_an_older_export_changes_nothing_that_the_newer_said(core_shop: Shop) -> None:
    newer = core_shop.write("new.csv", HEAD, "d1,200,won,2026-01-05,2026-03-01,2026-03-02")
    core_shop.take(newer)
    before = core_shop.rows("select * exclude (_file_id) from deal")
    older = core_shop.write("old.csv", HEAD, "d1,150,open,2026-01-05,,2026-02-02")
    core_shop.take(older)
    assert core_shop.rows("select * exclude (_file_id) from deal") == before


def test_merged_records_lead_to_the_survivor(core_shop: Shop) -> None:
    """a2 was merged into a3 and a3 into a1: the deal of a2 is a1's, the account a2 is no more."""
    core_shop.take(
        core_shop.write("account.csv", "account_id,name,tier", "a1,One,", "a2,Two,", "a3,Three,"),
        core_shop.write("deals.csv", "deal_id,account_id", "d1,a2", "d2,a1"),
        core_shop.write("record_alias.csv", "table,alias_id,id", "account,a2,a3", "account,a3,a1"),
        core_shop.write("contract.csv", "contract_id,account_id", "k1,a3"),
    )
    assert core_shop.rows("select account_id, name from account") == [("generic:a1", "One")]
    assert core_shop.rows("select distinct account_id from deal") == [("generic:a1",)]
    assert core_shop.rows("select account_id from contract") == [("generic:a1",)]
    merged = core_shop.rows("select file, reason, rows from file_unused")
    assert merged == [("account.csv", "merged into another record", 2)]


def test_a_merge_into_a_record_nobody_exported_takes_its_id(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("account.csv", "account_id,name,tier", "a2,Two,"),
        core_shop.write("record_alias.csv", "table,alias_id,id", "account,a2,a9"),
    )
    assert core_shop.rows("select account_id, name from account") == [("generic:a9", "Two")]


def test_merges_in_a_circle_are_no_merges(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("account.csv", "account_id,name,tier", "a1,One,", "a2,Two,"),
        core_shop.write("record_alias.csv", "table,alias_id,id", "account,a1,a2", "account,a2,a1"),
    )
    assert core_shop.rows("select count(*) from account") == [(2,)]
    assert core_shop.rows("select * from merge_circle order by alias_id") == [
        ("account", "generic:a1", "generic:a2"),
        ("account", "generic:a2", "generic:a1"),
    ]


def test_two_merged_people_on_one_deal_become_one_contact(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("deal_contact.csv", "deal_id,person_id,role", "d1,p1,buyer", "d1,p2,user"),
        core_shop.write("record_alias.csv", "table,alias_id,id", "person,p2,p1"),
    )
    assert core_shop.rows("select deal_id, person_id from deal_contact") == [
        ("generic:d1", "generic:p1")
    ]


def test_the_same_ids_of_two_sources_stay_two_records(core_shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "profile.yaml").write_text("name: other\nextends: generic\n")
    core_shop.take(core_shop.write("deals.csv", "deal_id,amount", "d1,1"))
    core_shop.take(core_shop.write("deals_2.csv", "deal_id,amount", "d1,2"), source=other)
    assert core_shop.rows(DEALS) == [("generic:d1", 100), ("other:d1", 200)]


def test_a_file_named_again_for_another_source_moves_there(core_shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "profile.yaml").write_text("name: other\nextends: generic\n")
    path = core_shop.write("deals.csv", "deal_id,amount", "d1,1")
    core_shop.take(path)
    core_shop.take(path, source=other)
    assert core_shop.rows(DEALS) == [("other:d1", 100)]
    core_shop.take(path)
    assert core_shop.rows(DEALS) == [("other:d1", 100)]


def test_a_source_of_ones_own_is_kept_and_its_change_is_a_new_build(
    core_shop: Shop, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "profile.yaml").write_text("name: other\nextends: generic\n")
    path = core_shop.write("deals.csv", "deal_id,amount", "d1,1")
    core_shop.take(path, source=other)
    (other / "deal.sql").write_text(
        "-- from: deal\nselect d._row, d._file_id, d.deal_id, '7' as amount from deal d\n"
    )
    report = core_shop.take(path, source=other)
    assert core_shop.rows(DEALS) == [("other:d1", 700)]
    assert core_shop.table(report, "deal") == (1, 0, 1, 0, 0)
    assert len(list_builds(core_shop.home)) == 2
    for item in other.iterdir():
        item.unlink()
    more = core_shop.write("more.csv", "deal_id,amount", "d2,1")
    core_shop.take(more, source="generic")
    assert core_shop.rows(DEALS) == [("generic:d2", 100), ("other:d1", 700)]


RECORDS = st.lists(
    st.tuples(
        st.sampled_from("abcde"), st.integers(0, 99), st.dates().filter(lambda d: d.year > 1950)
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda record: (record[0], record[2]),
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, cut=st.integers(0, 12), shuffled=st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    core_shop: Shop,
    records: list[tuple[str, int, object]],
    cut: int,
    shuffled: object,
) -> None:
    """One file, the file in two halves, and its rows in another order give the same deals."""
    lines = [f"{key},{amount},{day}" for key, amount, day in records if str(day) < "2150"]
    if not lines:
        return
    expected: dict[str, tuple[str, int]] = {}
    for line in lines:
        key, amount, day = line.split(",")
        if key not in expected or expected[key][0] < day:
            expected[key] = (day, int(amount))
    answer = [(f"generic:{key}", amount * 100) for key, (_, amount) in sorted(expected.items())]
    head = "deal_id,amount,modified_at"
    mixed = list(lines)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    for parts in ([lines], [lines[:cut], lines[cut:]], [mixed]):
        shop = Shop(tmp_path_factory.mktemp("shop"))
        files = [shop.write(f"deals_{n}.csv", head, *part) for n, part in enumerate(parts) if part]
        report = shop.take(*files)
        assert shop.rows(DEALS) == answer
        assert sum(f.used for f in report.files) == len(answer)
        assert all(f.rows == f.used + f.unused + f.quarantined for f in report.files)


def test_a_source_may_take_the_name_of_a_built_in_one(core_shop: Shop, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "profile.yaml").write_text("name: generic\nextends: generic\n")
    (own / "deal.sql").write_text(
        "-- from: deal\nselect d._row, d._file_id, d.deal_id, '7' as amount from deal d\n"
    )
    path = core_shop.write("deals.csv", "deal_id,amount", "d1,1")
    core_shop.take(path)
    assert core_shop.rows(DEALS) == [("generic:d1", 100)]
    core_shop.take(path, source=own)
    assert core_shop.rows(DEALS) == [("generic:d1", 700)]


def test_a_source_in_an_unknown_timezone_is_refused(core_shop: Shop, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "profile.yaml").write_text("name: own\nextends: generic\ntimezone: Europe/Bonn\n")
    path = core_shop.write("deals.csv", "deal_id,amount", "d1,1")
    with pytest.raises(SourceError, match="unknown timezone 'Europe/Bonn'"):
        core_shop.take(path, source=own)


def test_a_key_given_twice_in_one_file_is_told_from_an_older_version(core_shop: Shop) -> None:
    twice = core_shop.write("twice.csv", "deal_id,amount", "d1,1", "d1,2", "d2,3")
    report = core_shop.take(twice)
    assert report.repeated == {"twice.csv": 1}
    assert core_shop.rows(DEALS) == [("generic:d1", 200), ("generic:d2", 300)]
    core_shop.take(core_shop.write("later.csv", "deal_id,amount", "d1,4"))
    reasons = "select reason, rows from file_unused order by 1"
    told = [(REPEATED, 1), (SUPERSEDED, 1)]
    assert core_shop.rows(reasons) == told
    build(core_shop.home)
    assert core_shop.rows(reasons) == told, "the same from nothing"


def test_records_that_are_the_same_in_every_cell_count_once_and_are_said_so(
    core_shop: Shop,
) -> None:
    """A cost without an id is known by its content alone, whatever files it is split over."""
    head = "incurred_on,amount,currency,team"
    row, other = "2026-01-05,100,EUR,marketing", "2026-01-06,50,EUR,marketing"
    report = core_shop.take(core_shop.write("costs.csv", head, row, row, other))
    assert (report.alike, report.repeated) == ({"costs.csv": 1}, {})
    assert core_shop.rows("select sum(amount) from cost") == [(15000,)]
    assert core_shop.rows("select reason, rows from file_unused") == [(SAME, 1)]
    report = core_shop.take(core_shop.write("part.csv", head, row))
    assert report.alike == {}
    assert core_shop.rows("select sum(amount) from cost") == [(15000,)]


def test_versions_of_one_file_with_stamps_of_their_own_are_versions(core_shop: Shop) -> None:
    rows = ("d1,1,open,2026-01-05,,2026-02-01", "d1,2,open,2026-01-05,,2026-03-01")
    report = core_shop.take(core_shop.write("history.csv", HEAD, *rows))
    assert report.repeated == {}
    assert core_shop.rows("select reason from file_unused") == [(SUPERSEDED,)]
