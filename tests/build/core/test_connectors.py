"""Rows that a connector marks as deleted where it lands the tables of a source count nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.build.accounting.balances import MARKED
from smarketing.sources import scaffold

__all__ = ["core_shop"]

ID = "0061x00000ABCd{}AAA"
HEADER = "id,name,stage_name,amount,close_date,created_date,is_closed,is_won,{}"
ROW = f"{ID},D,Closed Won,100,2026-01-20,2026-01-05T10:00:00Z,true,true,{{}}"


@pytest.mark.parametrize(
    ("mark", "gone", "kept"),
    [("_fivetran_deleted", "true", "false"), ("_sdc_deleted_at", "2026-02-01T00:00:00Z", "")],
)
def test_what_a_connector_marks_as_deleted_is_gone(
    core_shop: Shop, mark: str, gone: str, kept: str
) -> None:
    shop = core_shop
    header = HEADER.format(mark)
    first = shop.write("opportunity.csv", header, ROW.format(1, kept), ROW.format(2, gone))
    report = shop.take(first)
    assert [(f.used, f.unused) for f in report.files] == [(1, 1)]
    assert shop.rows("select deal_id from deal") == [("salesforce:" + ID.format(1),)]
    shop.take(shop.write("later/opportunity.csv", header, ROW.format(1, gone)))
    assert shop.rows("select count(*) from deal") == [(0,)]


def test_a_source_that_knows_no_deletion_leaves_them_out_too(
    core_shop: Shop, tmp_path: Path
) -> None:
    shop = core_shop
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "profile.yaml").write_text(
        "name: mine\nobjects:\n  deals:\n    files: ['deals*']\n    required: [number]\n"
        "    columns: {number: [], name: []}\n"
    )
    (folder / "deal.sql").write_text(
        "-- from: deals\nselect r._row, r._file_id, r.number as deal_id, r.name from deals r\n"
    )
    path = shop.write("deals.csv", "number,name,_fivetran_deleted", "1,A,false", "2,B,true")
    report = shop.take(path, source=folder)
    assert report.files[0].unused_reasons == ((MARKED, 1),)
    assert shop.rows("select deal_id from deal") == [("mine:1",)]


DRAFTED = "deal_id,name,amount,currency,status,created_at,closed_at,{}"
DEAL = "{},Deal,100,EUR,Won,2026-01-05,2026-01-20,{}"


def drafted(shop: Shop, mark: str, kept: str) -> Path:
    """A source drafted from a file of two deals that a connector keeps, which is taken by it."""
    rows = (DEAL.format(number, kept) for number in (1, 2))
    first = shop.write("deals.csv", DRAFTED.format(mark), *rows)
    folder = scaffold([first], "mine", first.parent / "mine")
    shop.take(first, source=folder)
    return folder


def test_a_drafted_source_lets_go_of_what_a_later_file_marks_as_deleted(core_shop: Shop) -> None:
    shop, mark = core_shop, "_fivetran_deleted"
    folder = drafted(shop, mark, "false")
    assert shop.rows("select count(*) from deal") == [(2,)]
    later = shop.write("later/deals.csv", DRAFTED.format(mark), DEAL.format(2, "true"))
    shop.take(later, source=folder)
    assert shop.rows("select deal_id from deal") == [("mine:1",)]


@pytest.mark.parametrize("nothing", ["NULL", "NaT", "None"])
def test_a_word_for_nothing_is_no_day_of_deletion(core_shop: Shop, nothing: str) -> None:
    shop = core_shop
    header = HEADER.format("_sdc_deleted_at")
    shop.take(shop.write("opportunity.csv", header, ROW.format(1, nothing)))
    assert shop.rows("select count(*) from deal") == [(1,)]


def test_a_record_that_a_later_file_has_again_is_back(core_shop: Shop) -> None:
    shop = core_shop
    header = HEADER.format("_fivetran_deleted")
    shop.take(shop.write("opportunity.csv", header, ROW.format(1, "true")))
    shop.take(shop.write("later/opportunity.csv", header, ROW.format(1, "false")))
    assert shop.rows("select count(*) from deal") == [(1,)]


def test_a_day_of_deletion_in_a_later_file_counts_for_a_draft(core_shop: Shop) -> None:
    shop, mark = core_shop, "_sdc_deleted_at"
    folder = drafted(shop, mark, "")
    rows = (DEAL.format(*each) for each in ((2, "2026-02-01"), (3, ""), ("", "2026-02-01")))
    later = shop.write("later/deals.csv", DRAFTED.format(mark), *rows)
    assert shop.take(later, source=folder).files[0].quarantined == 0
    assert shop.rows("select deal_id from deal order by 1") == [("mine:1",), ("mine:3",)]


NEVER = "0001-01-01T00:00:00Z"


def test_a_day_of_deletion_of_a_systems_own_counts(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    folder = drafted(shop, "deleted_at", "")
    days = ((2, "2026-02-01 10:00"), (3, "0000-00-00"), (4, "2026-02-01"), (5, NEVER))
    later = shop.write(
        "later/deals.csv", DRAFTED.format("deleted_at"), *(DEAL.format(*each) for each in days)
    )
    shop.take(later, source=folder)
    assert shop.rows("select deal_id from deal order by 1") == [
        ("mine:1",),
        ("mine:3",),
        ("mine:5",),
    ]


def test_a_record_of_which_a_later_file_holds_ended_versions_alone_is_gone(core_shop: Shop) -> None:
    shop = core_shop
    header = HEADER.format("system_modstamp,dbt_valid_to")
    shop.take(
        shop.write("opportunity.csv", header, *(ROW.format(n, "2026-01-21,") for n in (1, 2)))
    )
    ended, present = "2026-01-21,2026-02-01", "2026-02-01,"
    later = (ROW.format(1, ended), ROW.format(1, present), ROW.format(2, ended))
    report = shop.take(shop.write("later/opportunity.csv", header, *later))
    assert shop.rows("select deal_id from deal") == [("salesforce:" + ID.format(1),)]
    assert (report.files[0].used, report.files[0].unused) == (1, 2)
