"""Ids that begin anew in a later file are refused; a corrected export is not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from build_kit import Shop, core_shop

from smarketing.errors import RefusedError

__all__ = ["core_shop"]

PEOPLE = "person_id,email,full_name,created_at"
LEADS = "lead_id,person_id,created_at"
DEALS = "deal_id,name,amount,currency,outcome,created_at"
COSTS = "cost_id,incurred_on,team,category,amount,currency"


@pytest.fixture
def shop(core_shop: Shop) -> Shop:
    return core_shop


def people(of: str, month: int, count: int) -> list[str]:
    return [f"{n},{of}{n}@{of}.com,{of} {n},2026-{month:02}-{n:02}" for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("kind", "header", "first", "later"),
    [
        ("person", PEOPLE, people("ada", 1, 5), people("bo", 2, 7)),
        ("lead", LEADS, ["1,p1,2026-01-02", "2,p2,2026-01-03"],
         ["1,p8,2026-02-02", "2,p9,2026-02-03"]),
        ("deal", DEALS, ["1,A,10,EUR,won,2026-01-02", "2,B,20,EUR,won,2026-01-03"],
         ["1,C,30,EUR,won,2026-02-02", "2,D,40,EUR,won,2026-02-03"]),
        ("cost", COSTS, ["1,2026-01-02,marketing,tool,10,EUR", "2,2026-01-03,sales,tool,20,EUR"],
         ["1,2026-02-02,marketing,tool,30,EUR", "2,2026-02-03,marketing,tool,40,EUR"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("apart", [True, False])
def test_ids_that_begin_anew_overwrite_nobody(
    shop: Shop, kind: str, header: str, first: Sequence[str], later: Sequence[str], apart: bool
) -> None:
    january = shop.write(f"january/{kind}.csv", header, *first)
    february = shop.write(f"february/{kind}.csv", header, *later)
    if apart:
        shop.take(january)
    with pytest.raises(RefusedError, match="another") as refused:
        shop.take(*([] if apart else [january]), february)
    reason = refused.value.reasons[-1]
    assert f"{len(first)} of the {len(first)} ids" in reason
    assert ("--mode full" in reason) is apart
    shop.take(february, mode="full")
    assert shop.rows(f"select count(*) from {kind}") == [(len(later),)]


def test_what_leads_to_records_that_begin_anew_is_left_out_with_them(shop: Shop) -> None:
    shop.take(shop.write("january/person.csv", PEOPLE, *people("ada", 1, 5)))
    february = shop.write("february/person.csv", PEOPLE, *people("bo", 2, 5))
    leads = shop.write("february/lead.csv", LEADS, "l9,1,2026-02-02")
    with pytest.raises(RefusedError) as refused:
        shop.take(february, leads)
    assert len(refused.value.reasons) == 2
    assert "lead.csv is left out with person.csv" in " ".join(refused.value.reasons)


@pytest.mark.parametrize(
    "later",
    [
        [f"{n},new{n}@other.com,ada {n},2026-01-{n:02}" for n in range(1, 6)],
        [f"{n},ada{n}@ada.com,Ada Of {n},2026-03-{n:02}" for n in range(1, 6)],
        [*people("ada", 1, 3), "4,x@x.com,x,2026-02-01", "5,y@y.com,y,2026-02-02"],
        ["1,x@x.com,x,2026-02-01"],
        [f"{n},new{n}@other.com,," for n in range(1, 6)],
    ],
    ids=["addresses", "names and days", "two of five", "one", "no other word"],
)
def test_a_corrected_export_is_taken(shop: Shop, later: list[str]) -> None:
    shop.take(shop.write("january/person.csv", PEOPLE, *people("ada", 1, 5)))
    report = shop.take(shop.write("february/person.csv", PEOPLE, *later))
    assert not report.refused and shop.rows("select count(*) from person") == [(5,)]


@pytest.mark.parametrize(
    ("kind", "header", "first", "later"),
    [
        ("person", "person_id,email,full_name", ["1,a.b@old.com,A B", "2,c.d@old.com,C D"],
         ['1,a.b@new.com,"Bee, A"', '2,c.d@new.com,"Dee, C"']),
        ("person", "person_id,email,full_name", ["1,ab@old.com,a b", "2,cd@old.com,c d"],
         ['1,ba@new.com,"B, A"', '2,dc@new.com,"D, C"']),
        ("account", "account_id,name,domain", ["1,Acme,acme.com", "2,Bolt,bolt.com"],
         ["1,ACME GmbH,acme.de", "2,Bolt Ltd,bolt.uk"]),
        ("lead", "lead_id,person_id,account_id", ["1,a@old.com,old", "2,b@old.com,old"],
         ["1,a@new.com,new", "2,b@new.com,new"]),
        ("person", PEOPLE, ["1,a@a.com,A,2026-01-02T10:07:11Z", "2,b@b.com,B,2026-01-03T10:07:12Z"],
         ["1,x@x.com,X,2026-01-02T03:07:11Z", "2,y@y.com,Y,2026-01-03T03:07:12Z"]),
        ("deal", "deal_id,name,amount,currency",
         ["0061x00000ABCd1AAA,A,1,EUR", "8f3a-77bc,B,2,EUR"],
         ["0061x00000ABCd1AAA,C,3,EUR", "8f3a-77bc,D,4,EUR"]),
        ("cost", COSTS, ["i1,2026-01-02,sales,tool,1,EUR", "i1,2026-01-05,sales,tool,2,EUR",
         "i2,2026-01-06,sales,tool,3,EUR", "i2,2026-01-09,sales,tool,4,EUR"],
         ["i1,2026-01-02,sales,tool,1,EUR", "i1,2026-01-05,sales,tool,2,EUR",
         "i2,2026-01-06,sales,tool,3,EUR", "i2,2026-01-09,sales,tool,4,EUR",
         "i3,2026-01-09,sales,tool,4,EUR"]),
    ],
    ids=["domains", "names", "companies", "sparse", "zone", "ids of no counter", "lines of an id"],
)  # fmt: skip
def test_what_is_told_in_another_way_stays_one_record(
    shop: Shop, kind: str, header: str, first: Sequence[str], later: Sequence[str]
) -> None:
    shop.take(shop.write(f"january/{kind}.csv", header, *first))
    assert not shop.take(shop.write(f"february/{kind}.csv", header, *later)).refused


def test_the_same_amounts_of_the_next_month_are_other_costs(shop: Shop) -> None:
    january, february = (
        shop.write(
            f"{month}/cost.csv",
            COSTS,
            *(f"{n},2026-0{month}-0{n},sales,tool,{n}0,EUR" for n in range(1, 5)),
        )
        for month in (1, 2)
    )
    shop.take(january)
    with pytest.raises(RefusedError, match="'1' has another day"):
        shop.take(february)


def test_another_account_of_a_system_is_told_how_to_be_kept_apart(shop: Shop) -> None:
    header = (
        "Record ID,Email,Create Date,Lifecycle Stage,Became a Lead Date,Original Traffic Source"
    )
    rows = "{0},{1}{0}@{1}.com,2026-0{2}-0{0} 10:00,Lead,2026-0{2}-0{0},Paid Search"
    shop.take(shop.write("one/contacts.csv", header, *(rows.format(n, "a", 1) for n in (1, 2, 3))))
    other = shop.write("two/contacts.csv", header, *(rows.format(n, "b", 2) for n in (1, 2, 3)))
    with pytest.raises(RefusedError, match="of another account of HubSpot"):
        shop.take(other)
    folder = other.parent / "second"
    folder.mkdir()
    (folder / "profile.yaml").write_text("name: hubspot_2\nextends: hubspot\n")
    shop.take(other, source=folder)
    assert shop.rows("select count(*) from person") == [(6,)]
