"""Which core table a file fills, by its name and by its columns."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.sources.drafting.columns import Sheet
from smarketing.sources.drafting.guess import find, guess, named_tables
from smarketing.sources.drafting.shapes import Shape
from smarketing.sources.drafting.work import _may_identify

MAIL, DAY, MONEY, TEXT = "a@b.co", "2026-01-05", "12.50", "Nord AG"
DEALS = {
    "Deal - ID": "11", "Deal - Title": TEXT, "Deal - Value": MONEY,
    "Deal - Weighted value": "6.00", "Deal - Currency of Value": "EUR", "Deal - Status": "Won",
    "Deal - Stage": "Offer", "Deal - Deal created": DAY, "Deal - Won time": DAY,
    "Deal - Lost time": "", "Deal - Expected close date": DAY, "Deal - Organization": TEXT,
    "Deal - Owner": "Kim",
}  # fmt: skip


def shapes(values: Mapping[str, str]) -> dict[str, Shape]:
    """One record: a value under each header."""
    return {
        header: Shape(header, (value,) if value else (), bool(value), bool(value), 1)
        for header, value in values.items()
    }


@pytest.mark.parametrize(
    ("stem", "tables"),
    [
        ("deals-1234567-12.csv", ["deal"]),
        ("Opportunities_2026.xlsx", ["deal"]),
        ("Verkaufschancen", ["deal"]),
        ("campaign members", ["touch"]),
        ("touchpoints_2026", ["touch"]),
        ("leads_export", ["lead"]),
        ("contact roles", ["deal_contact"]),
        ("lead_stage_history", ["lead_stage_event"]),
        ("Werbekosten 2026", ["cost"]),
        ("Oportunidades", ["deal"]),
        ("clientes potenciales", ["lead"]),
        ("export", []),
        ("leadership", []),
        ("auftraege", ["deal"]),
    ],
)
def test_a_file_s_name_says_what_it_holds(stem: str, tables: list[str]) -> None:
    assert named_tables(stem) == tables


@pytest.mark.parametrize(
    ("stem", "values", "table"),
    [
        ("export", {"Name": "A", "Amount": MONEY, "Stage": "Won", "Closed on": DAY}, "deal"),
        ("export", {"Day": DAY, "Spend": MONEY, "Clicks": "5"}, "cost"),
        ("campaign report", {"Day": DAY, "Campaign": "W", "Spend": MONEY, "Clicks": "5"}, "cost"),
        ("export", {"First Name": "A", "Last Name": "B", "E-mail": MAIL}, "person"),
        ("export", {"Lead ID": "l1", "E-mail": MAIL, "Lead Status": "New"}, "lead"),
        ("export", {"Company": TEXT, "Website": "a.de", "Industry": "Energy"}, "account"),
        ("customers", {"ID": "1", "First Name": "A", "E-mail": MAIL}, "person"),
        ("users", {"User ID": "1", "Email": MAIL, "Name": "A", "Unsubscribed": "no"}, "person"),
        ("users", {"User ID": "1", "Email": MAIL, "Name": "A", "Role": "AE"}, "member"),
        ("customers", {"ID": "1", "Name": TEXT, "Website": "a.de"}, "account"),
        ("export", {"Name": "A", "Industry": "Energy"}, "account"),
        ("export", {"Name": "A"}, None),
        ("export", {"Website": "a.de", "Industry": "Energy"}, None),
        ("export", {"Company": TEXT, "Email": MAIL, "Industry": "Energy"}, None),
        ("export", {"Id": "1", "Status": "Open", "Title": "Printer", "Email": MAIL}, None),
        ("export", {"SKU": "A1", "Price": MONEY, "Last counted": DAY}, None),
        ("export", {"Channel group": "Paid", "Sessions": "5", "Total revenue": MONEY}, None),
        ("77", DEALS, "deal"),
    ],
)
def test_columns_say_what_a_file_holds(
    stem: str, values: dict[str, str], table: str | None
) -> None:
    found = guess(stem, shapes(values))
    assert (found.table if found else None) == table


@settings(max_examples=25)
@given(st.permutations(list(DEALS)))
def test_the_order_of_columns_changes_nothing(order: list[str]) -> None:
    expected, found = (
        guess("deals", shapes({header: DEALS[header] for header in headers}))
        for headers in (list(DEALS), order)
    )
    assert expected is not None and found is not None
    assert {name: column.name for name, column in found.found.items()} == {
        name: column.name for name, column in expected.found.items()
    }
    assert {name: column.name for name, column in found.found.items()} == {
        "deal_id": "Deal - ID",
        "name": "Deal - Title",
        "amount": "Deal - Value",
        "currency": "Deal - Currency of Value",
        "stage": "Deal - Stage",
        "created_at": "Deal - Deal created",
        "expected_close_on": "Deal - Expected close date",
        "outcome": "Deal - Status",
        "owner_id": "Deal - Owner",
    }


def test_a_name_is_believed_only_where_the_values_are_like_it() -> None:
    found = guess("deals", shapes({"ID": "1", "Amount": "tbd", "Created": "soon", "Stage": "Won"}))
    assert found is not None and "amount" not in found.found and "created_at" not in found.found


def test_a_column_without_values_is_taken_by_its_name_and_after_any_other() -> None:
    found = guess("deals", shapes({"ID": "1", "Amount": "", "Deal value": MONEY, "Type": ""}))
    assert found is not None
    assert (found.found["amount"].name, found.found["kind"].name) == ("Deal value", "Type")


@pytest.mark.parametrize(
    ("header", "entity"),
    [("Account ID", "account"), ("Customer number", "account"), ("Contact ID", "person")],
)
def test_an_id_that_begins_with_zeros_is_no_telephone(header: str, entity: str) -> None:
    sheet = Sheet.of("deal", shapes({"Deal ID": "1", header: "0012345678"}))
    assert (column := sheet.reference(entity)) is not None and column.name == header
    assert (key := Sheet.of(entity, shapes({header: "0012345678"})).key()) and key.name == header


@pytest.mark.parametrize(
    ("header", "value"), [("Contact number", "01712345678"), ("Customer number", "+49 171 234567")]
)
def test_a_number_to_call_is_no_id(header: str, value: str) -> None:
    sheet = Sheet.of("deal", shapes({"Deal ID": "1", header: value}))
    assert not (sheet.references("person") or sheet.references("account"))


@pytest.mark.parametrize(
    ("stem", "header", "is_own"),
    [
        ("form_submissions", "Network ID", False),
        ("form_submissions", "Session ID", False),
        ("form_submissions", "Form ID", False),
        ("form_submissions", "Submission ID", True),
        ("form_submissions", "Form Submission ID", True),
        ("form_submissions", "Email Thread ID", False),
        ("webinar_registrations", "Webinar Registration ID", True),
        ("respuestas de formulario", "ID del formulario", False),
        ("sessions 2026", "Session ID", True),
        ("expenses", "Vendor ID", False),
        ("Ausgaben", "Projekt Nr", False),
        ("expenses", "Invoice No", True),
        ("expenses", "Vendor Invoice No", True),
        ("deals", "Store Order No", True),
        ("deals", "Partner Deal ID", True),
        ("leads", "Form ID", False),
        ("leads", "Form Response ID", True),
        ("leads", "Country Code", False),
        ("leads", "Offer Code", False),
        ("leads", "Lead Code", True),
        ("leads", "Code", True),
        ("leads", "Visitor ID", True),
        ("leads", "Newsletter Subscriber ID", True),
        ("deals", "Product Code", False),
        ("accounts", "Partner ID", True),
    ],
)
def test_what_later_records_are_of_as_well_identifies_none(
    stem: str, header: str, is_own: bool
) -> None:
    values = {header: "V871", "Date": DAY, "E-mail": MAIL, "Amount": MONEY, "Stage": "Won"}
    found = guess(stem, shapes(values))
    assert found is not None
    key = found.sheet.key()
    assert (key is not None and key.name == header) == is_own


@pytest.mark.parametrize(
    ("owner", "value", "named"),
    [
        ("Owner", "Zoe Ray", None),
        ("Owner", "005x01", "Sales Person"),
        ("Owner", "zoe@a.test", "Sales Person"),
        ("Owner ID", "17", "Sales Person"),
    ],
)
def test_an_owner_who_is_known_by_name_has_no_second_one(
    owner: str, value: str, named: str | None
) -> None:
    values = {"Deal ID": "d1", owner: value, "Sales Person": "Ann Lee", "Amount": MONEY}
    found = guess("deals", shapes({**values, "Stage": "Won", "Created": DAY}))
    assert found is not None
    assert found.found["owner_id"].name == owner
    name = found.found.get("owner_name")
    assert (name.name if name else None) == named


def test_calls_with_a_price_and_a_status_are_no_deals() -> None:
    calls = {"Sid": "CA9", "From": "09", "Status": "completed", "StartTime": DAY, "Price": "0.5"}
    found = guess("telephony calls", shapes(calls))
    assert found is not None and found.table == "touch"
    deals = guess("calls", shapes({**DEALS, "Call": TEXT}))
    assert deals is not None and deals.table == "deal", "they have an identifier"


@pytest.mark.parametrize(
    ("owner", "found"),
    [
        ({"Owner ID": "77"}, ("Owner ID", "Owner name")),
        ({"Owner ID": "kim"}, ("Owner ID", "Owner name")),
        ({"Owner ID": ""}, ("Owner ID", "Owner name")),
        ({"Owner": "kim@a.co"}, ("Owner", "Owner name")),
        ({"Owner": "4711"}, ("Owner", "Owner name")),
        ({"Owner": "Kim"}, ("Owner", None)),
        ({"Owner": ""}, ("Owner name", None)),
        ({}, ("Owner name", None)),
    ],
)
def test_beside_an_owner_by_name_a_second_column_names_somebody_else(
    owner: dict[str, str], found: tuple[str, str | None]
) -> None:
    deal = {"Deal ID": "1", "Amount": MONEY, "Stage": "Won", **owner, "Owner name": "Kim Ode"}
    said = guess("deals", shapes(deal))
    assert said is not None
    by = said.found.get("owner_name")
    assert (said.found["owner_id"].name, by and by.name) == found


@pytest.mark.parametrize(
    ("table", "headers", "key"),
    [
        ("deal", ("Owner ID", "Deal ID"), "Deal ID"),
        ("deal", ("Account ID", "Deal ID"), "Deal ID"),
        ("deal", ("External ID", "Deal ID"), "External ID"),
        ("lead", ("Reference ID", "Lead ID"), "Lead ID"),
    ],
)
def test_the_key_of_a_file_is_the_surest_of_its_ids(
    table: str, headers: tuple[str, ...], key: str
) -> None:
    sheet = Sheet.of(table, shapes({header: str(n) for n, header in enumerate(headers, 11)}))
    assert (found := sheet.key()) is not None and found.name == key


@pytest.mark.parametrize(
    ("value", "may"),
    [
        ("AB12", True), ("4711", True), ("a-17-b", True), ("2026-01-05", False),
        ("20260105", False), ("01712345678", False), ("12.5%", False), ("12.50", False),
        ("Nord AG", False), ("a@b.co", False), ("true", False), ("", False),
    ],
)  # fmt: skip
def test_a_column_of_an_unknown_name_may_identify_by_codes_and_whole_numbers(
    value: str, may: bool
) -> None:
    (column,) = Sheet.of("deal", shapes({"Foo": value})).columns
    assert _may_identify(column) is may


@pytest.mark.parametrize(("header", "value"), [("Row", "1"), ("Amount", "4711")])
def test_what_has_a_meaning_of_its_own_identifies_nothing(header: str, value: str) -> None:
    (column,) = Sheet.of("deal", shapes({header: value})).columns
    assert not _may_identify(column)


@pytest.mark.parametrize(
    ("headers", "deal"),
    [
        ("Id,OpportunityId,StageName,CreatedDate", "OpportunityId"),
        ("id,deal_id,stage,changed_at", "deal_id"),
        ("deal_id,stage,entered_at", "deal_id"),
        ("Id,Stage,Date", None),
    ],
)
def test_a_history_is_of_the_deal_that_it_names_and_not_of_its_own_rows(
    headers: str, deal: str | None
) -> None:
    values = dict.fromkeys(headers.split(","), ("8", "9"))
    values |= {h: (DAY, "2026-02-05") for h in values if "at" in h.casefold()[-4:]}
    sheet = Sheet.of("deal_stage_event", {h: Shape(h, v, 2, 2, 2) for h, v in values.items()})
    found = find(sheet).found.get("deal_id")
    assert (found and found.name) == deal
