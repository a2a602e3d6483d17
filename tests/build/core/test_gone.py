"""What is told of a lead or deal that its source deleted makes neither of them again."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.build import build
from smarketing.build.core.gone import REASON
from smarketing.build.core.left_out import leaves_out
from smarketing.sources import TableSelect, scaffold

__all__ = ["core_shop"]

LEAD, DEAL, GONE = "00Q1x00000ABCd1AAA", "0061x00000ABCd1AAA", "00Q1x00000ABCd2AAA"
LEADS = "id,last_name,status,created_date,system_modstamp,is_deleted"
HISTORY = "id,lead_id,field,new_value,created_date"
TASKS = "id,who_id,what_id,activity_date,status,type"
DEALS = "id,stage_name,close_date,amount,system_modstamp,is_deleted"


def history(shop: Shop, *leads: str) -> Path:
    """A history by which each lead became an MQL and was given to someone."""
    rows = [
        f"017{at}x00000ABCd{place}AAA,{lead},{change},2026-01-06T10:00:00Z"
        for place, lead in enumerate(leads)
        for at, change in (("1", "Status,Qualified"), ("2", "Owner,0051x00000ABCd1AAA"))
    ]
    return shop.write("LeadHistory.csv", HISTORY, *rows)


def leads(shop: Shop, folder: str, *rows: str) -> Path:
    return shop.write(f"{folder}/Lead.csv", LEADS, *rows)


def told(shop: Shop) -> set[str]:
    """Return the leads that any core table names."""
    found: set[str] = set()
    for table in ("lead", "lead_stage_event", "lead_assignment", "touch"):
        found |= {lead for (lead,) in shop.rows(f"select lead_id from {table}") if lead}
    return found


def sales_lead(lead: str, month: int, gone: bool) -> str:
    return f"{lead},Lee,Qualified,2026-01-05T10:00:00Z,2026-0{month}-05T10:00:00Z,{int(gone)}"


def test_history_and_touches_of_a_deleted_lead_go_with_it(core_shop: Shop) -> None:
    shop = core_shop
    first = leads(shop, "a", sales_lead(LEAD, 1, False), sales_lead(GONE, 1, False))
    tasks = shop.write(
        "Task.csv", TASKS, *(f"00T{n}x00000ABCd1AAA,{lead},,2026-01-07,Completed,Call"
                             for n, lead in enumerate((LEAD, GONE)))
    )  # fmt: skip
    shop.take(first, history(shop, LEAD, GONE), tasks)
    assert told(shop) == {f"salesforce:{LEAD}", f"salesforce:{GONE}"}
    shop.take(leads(shop, "b", sales_lead(GONE, 2, True)))
    assert told(shop) == {f"salesforce:{LEAD}"}
    aside = shop.rows(f"select table_name from superseded where reason = '{REASON}' order by 1")
    assert aside == [("lead_assignment",), ("lead_stage_event",), ("touch",)]
    shop.take(leads(shop, "c", sales_lead(GONE, 3, False)))
    assert told(shop) == {f"salesforce:{LEAD}", f"salesforce:{GONE}"}


def test_a_history_that_comes_after_its_lead_was_deleted_counts_nowhere(core_shop: Shop) -> None:
    shop = core_shop
    shop.take(leads(shop, "a", sales_lead(LEAD, 1, False), sales_lead(GONE, 1, True)))
    report = shop.take(history(shop, LEAD, GONE))
    assert told(shop) == {f"salesforce:{LEAD}"}
    assert report.files[0].unused_reasons == ((REASON, 2),)
    build(shop.home)
    assert told(shop) == {f"salesforce:{LEAD}"}


def test_a_lead_that_only_its_history_names_stays(core_shop: Shop) -> None:
    core_shop.take(history(core_shop, LEAD))
    assert told(core_shop) == {f"salesforce:{LEAD}"}


def test_the_history_of_a_lead_merged_into_another_is_the_others(core_shop: Shop) -> None:
    shop = core_shop
    rows = (f"{sales_lead(LEAD, 1, False)},", f"{sales_lead(GONE, 2, True)},{LEAD}")
    shop.take(shop.write("Lead.csv", f"{LEADS},master_record_id", *rows), history(shop, LEAD, GONE))
    assert told(shop) == {f"salesforce:{LEAD}"}
    assert shop.rows(f"select 1 from superseded where reason = '{REASON}'") == []


def test_of_a_deleted_deal_a_touch_names_whom_it_touched(core_shop: Shop) -> None:
    shop = core_shop
    deals = shop.write("Opportunity.csv", DEALS, f"{DEAL},Closed Won,2026-01-20,100,2026-01-21,1")
    stages = shop.write(
        "OpportunityHistory.csv", "id,opportunity_id,stage_name,created_date",
        f"0081x00000ABCd1AAA,{DEAL},Closed Won,2026-01-20T10:00:00Z",
    )  # fmt: skip
    tasks = shop.write(
        "Task.csv", TASKS, *(f"00T{n}x00000ABCd1AAA,{who},{DEAL},2026-01-07,Completed,Call"
                             for n, who in enumerate(("0031x00000ABCd1AAA", "")))
    )  # fmt: skip
    shop.take(deals, stages, tasks)
    assert shop.rows("select count(*) from deal_stage_event") == [(0,)]
    assert shop.rows("select person_id, deal_id from touch") == [
        ("salesforce:0031x00000ABCd1AAA", None)
    ]


@pytest.mark.parametrize("mark", ["_fivetran_deleted", "__deleted"])
def test_what_a_connector_marks_takes_its_touches_with_it(core_shop: Shop, mark: str) -> None:
    shop = core_shop
    head = f"lead_id,contact_id,account_id,lead_created_at,lead_source,{mark}"
    rows = (f"L{n},C{n},A1,2026-01-05T10:00:00Z,web,{gone}" for n, gone in ((1, ""), (2, "true")))
    touches = (f"T{n},L{n},2026-01-06T10:00:00Z,email,email" for n in (1, 2))
    shop.take(
        shop.write("leads.csv", head, *rows),
        shop.write("touches.csv", "touch_id,lead_id,touch_timestamp,touch_type,touch_channel",
                   *touches),
        source="leadforge",
    )  # fmt: skip
    assert told(shop) == {"leadforge:L1"}


def test_a_drafted_source_lets_go_of_the_history_of_what_a_flag_calls_deleted(
    core_shop: Shop,
) -> None:
    shop = core_shop
    head = "lead_id,email,created_at,status,deleted"
    rows = (f"{n},p{n}@acme.de,2026-01-0{n},New,{gone}" for n, gone in ((1, "false"), (2, "true")))
    first = shop.write("leads.csv", head, *rows)
    calls = shop.write("calls.csv", "call_id,lead_id,called_at,direction",
                       *(f"c{n},{n},2026-01-07 10:00,outbound" for n in (1, 2)))  # fmt: skip
    folder = scaffold([first, calls], "mine", first.parent / "mine")
    (folder / "lead_stage_event.history.sql").write_text(
        "-- from: calls\nselect r._row, r._file_id, r.lead_id, 'mql' as stage, "
        "r.called_at as entered_at from calls r\n"
    )
    shop.take(first, calls, source=folder)
    assert told(shop) == {"mine:1"}


def test_what_a_where_leaves_out_comes_in_by_no_history_or_touch(core_shop: Shop) -> None:
    shop = core_shop
    head = "lead_id,email,created_at,status,MQL date"
    rows = (f"{n},p{n}@acme.de,2026-01-0{n},{said},2026-01-05"
            for n, said in ((1, "New"), (2, "Spam")))  # fmt: skip
    first = shop.write("leads.csv", head, *rows)
    calls = shop.write("calls.csv", "call_id,lead_id,called_at,direction,user",
                       *(f"c{n},{n},2026-01-07 10:00,outbound,Bo" for n in (1, 2, 3)))  # fmt: skip
    folder = scaffold([first, calls], "mine", first.parent / "mine")
    own = "select r._row, r._file_id, r.lead_id as touch_id, r.lead_id, r.lead_id as person_id, "
    (folder / "touch.came.sql").write_text(
        f"-- from: leads\n{own}'inquiry' as kind, 'marketing' as side, "
        "r.created_at as occurred_at from leads r\n"
    )
    select = folder / "lead.leads.sql"
    select.write_text(f"{select.read_text()}where coalesce(r.status, '') <> 'Spam'\n")
    shop.take(first, source=folder)
    assert told(shop) == {"mine:1"}
    report = shop.take(calls, source=folder)
    # Of lead 3 no file says that it is left out.
    assert told(shop) == {"mine:1", "mine:3"}
    assert report.files[0].unused_reasons == ((REASON, 1),)
    build(shop.home)
    assert told(shop) == {"mine:1", "mine:3"}
    assert shop.rows("select lead_id from lead_stage_event") == [("mine:1",)]


@pytest.mark.parametrize(
    ("sql", "leaves"),
    [
        ("select r.lead_id from leads r", False),
        ("select r.lead_id from leads r left join people p on p.id = r.id", False),
        ("select distinct r.lead_id from leads r", False),
        ("select r.lead_id from leads r union all select r.lead_id from more r", False),
        ("select r.lead_id from leads r where r.status <> 'Spam'", True),
        ("select r.lead_id from leads r join people p on p.id = r.id", True),
        ("select r.lead_id from leads r semi join people p on p.id = r.id", True),
        ("select r.lead_id from leads r, unnest(r.lists) l(name)", True),
        ("select r.lead_id from leads r group by 1 having count(*) = 1", True),
        ("select r.lead_id from leads r qualify row_number() over () = 1", True),
        ("select distinct on (r.email) r.lead_id from leads r", True),
        ("select r.lead_id from leads r limit 5", True),
        ("select r.lead_id from leads r except select r.lead_id from spam r", True),
    ],
)
def test_what_leaves_records_out_is_seen_however_it_is_written(sql: str, leaves: bool) -> None:
    path = Path("lead.leads.sql")
    assert leaves_out(TableSelect("lead", "leads", sql, path)) == leaves
    assert not leaves_out(TableSelect("touch", "leads", sql, path))


def test_a_record_that_a_later_file_leaves_out_and_an_earlier_one_holds_is_said(
    core_shop: Shop,
) -> None:
    """Lead 2 became spam: it is not in the second file's leads, and counts by the first."""
    shop, head = core_shop, "lead_id,email,created_at,status"
    first = shop.write("one/leads.csv", head, "1,a@acme.de,2026-01-01,New",
                       "2,b@acme.de,2026-01-02,New", "3,c@acme.de,2026-01-03,Spam")  # fmt: skip
    folder = scaffold([first], "mine", first.parent / "mine")
    select = folder / "lead.leads.sql"
    select.write_text(f"{select.read_text()}where coalesce(r.status, '') <> 'Spam'\n")
    assert shop.take(first, source=folder).files[0].notes == ()
    later = shop.write("two/leads.csv", head, "1,a@acme.de,2026-01-01,New",
                       "2,b@acme.de,2026-01-02,Spam", "4,d@acme.de,2026-01-04,Spam")  # fmt: skip
    notes = shop.take(later, source=folder).files[0].notes
    [note] = [note for note in notes if "left out of it" in note]
    assert note.startswith(
        "1 lead is left out of it by the source's own SELECT (mine:2), and it still counts as an "
        "earlier file has it"
    )
    assert told(shop) == {"mine:1", "mine:2"}


def test_a_touch_of_a_row_that_makes_no_lead_stays_with_whom_else_it_names(core_shop: Shop) -> None:
    shop = core_shop
    first = shop.write(
        "leads.csv", "lead_id,email,created_at,kind", "1,a@acme.de,2026-01-01,buyer",
        "1,a@acme.de,2026-01-03,buyer", "2,b@acme.de,2026-01-02,reader",
    )  # fmt: skip
    folder = scaffold([first], "mine", first.parent / "mine")
    profile = folder / "profile.yaml"
    profile.write_text(profile.read_text().replace("key: []", "key: lead_id"))
    place = "-- from: leads\nselect r._row, r._file_id, "
    (folder / "lead.leads.sql").write_text(
        f"{place}r.lead_id, r.created_at from leads r where r.kind = 'buyer' "
        "and not exists (select 1 from leads o where o.lead_id = r.lead_id and o._row < r._row)\n"
    )
    (folder / "touch.forms.sql").write_text(
        f"{place}r._row as touch_id, r.lead_id, r.lead_id as person_id, r.created_at as "
        "occurred_at, 'form_submit' as kind, 'marketing' as side from leads r\n"
    )
    shop.take(first, source=folder)
    named = shop.rows("select lead_id, person_id from touch order by touch_id")
    assert named == [("mine:1", "mine:1"), ("mine:1", "mine:1"), (None, "mine:2")]
