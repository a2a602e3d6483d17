"""Which header of a table carries which column of an object, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from smarketing.sources.objects import ObjectProfile, Reading, TotalRows, alternatives
from smarketing.sources.spend import Spend, header_currency


def item(**values: Any) -> ObjectProfile:
    return ObjectProfile.model_validate(values)


DEALS = item(
    columns={"Id": ["Deal ID", "Key"], "Amount": "Value", "Owner": None},
    translated={
        "de": {"Id": ("Vorgang",), "Amount": ("Betrag",), "Other": ("Anderes",),
               "Entered": ('Betreten "*"',)},
        "fr": {"Id": ("Affaire",), "Amount": ("Montant",)},
    },
    families={"Entered": ['Date entered "*"', "Entered at"]},
    required=["Id | Owner", "Amount"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "mapping", "language"),
    [
        (["id", "VALUE"], {"Id": "id", "Amount": "VALUE"}, None),
        (["Key", "Deal ID"], {"Id": "Deal ID"}, None),
        (["Deal_ID", "deal id"], {"Id": "Deal_ID"}, None),
        (["Vorgang", "Betrag"], {"Id": "Vorgang", "Amount": "Betrag"}, "de"),
        (["Affaire", "Montant"], {"Id": "Affaire", "Amount": "Montant"}, "fr"),
        (["Id", "Betrag"], {"Id": "Id", "Amount": "Betrag"}, "de"),
        (["Id", "Vorgang"], {"Id": "Id"}, None),
        (["Anderes"], {}, None),
        ([], {}, None),
    ],
)
def test_the_own_name_goes_before_aliases_and_a_language_that_knows_more(
    headers: list[str], mapping: dict[str, str], language: str | None
) -> None:
    found = DEALS.read(headers)
    assert (found.mapping, found.language, found.families) == (mapping, language, {})
    assert DEALS.mapping(headers) == mapping


def test_a_family_has_what_stands_in_the_place_of_its_hole() -> None:
    headers = ["Date entered 'Demo'", "DATE ENTERED “Won”", "Entered at", 'Date entered ""', "Id"]
    found = DEALS.read([*headers, 'date entered "Demo"'])
    assert found.families == {
        "Entered": (("Date entered 'Demo'", "Demo"), ("DATE ENTERED “Won”", "Won"),
                    ("Entered at", "")),
    }  # fmt: skip
    assert found.headers == {"Id", *headers[:3]}
    assert DEALS.read(['Betreten "x y"', "Vorgang"]).families == {
        "Entered": (('Betreten "x y"', "x y"),)
    }
    assert DEALS.read(['Betreten "x y"', "Id"]).families == {
        "Entered": (('Betreten "x y"', "x y"),)
    }


def test_what_is_required_may_be_one_of_several() -> None:
    assert alternatives("Id | Owner") == ("Id", "Owner") and alternatives("A|B") == ("A|B",)
    assert DEALS.lacks(Reading({"Owner": "o"})) == ("Amount",)
    assert DEALS.lacks(Reading({"Amount": "a"})) == ("Id | Owner",)
    assert DEALS.lacks(Reading({"Id": "i"}, {"Amount": ()})) == ()


def test_the_names_of_a_column_are_those_of_every_language() -> None:
    assert DEALS.names("Id") == ("Id", "Deal ID", "Key", "Vorgang", "Affaire")
    assert DEALS.names("Unknown") == ("Unknown",) and DEALS.names(None) == ()
    assert DEALS.headers("Amount") == {"amount", "value", "betrag", "montant"}
    assert DEALS.headers(None) == frozenset()


COSTS = item(
    columns={"Spend": ["Cost"], "Day": [], "Spend (EUR)": []},
    translated={"de": {"Spend": ("Kosten",)}},
    spend={"amount": "Spend"},
)


@pytest.mark.parametrize(
    ("headers", "mapping", "currency"),
    [
        (["Cost (USD)", "Day"], {"Spend": "Cost (USD)", "Day": "Day"}, "USD"),
        (["Cost (USD)", "cost"], {"Spend": "cost"}, None),
        (["Cost (USD)", "Kosten"], {"Spend": "Kosten"}, None),
        (["Clicks (USD)", "Cost (USD)"], {"Spend": "Cost (USD)"}, "USD"),
        (["Clicks (USD)"], {}, None),
        (["Cost (all)"], {}, None),
        (["Kosten (CHF)"], {"Spend": "Kosten (CHF)"}, "CHF"),
    ],
)
def test_the_header_of_an_amount_may_have_a_currency(
    headers: list[str], mapping: dict[str, str], currency: str | None
) -> None:
    found = COSTS.read(headers)
    assert (found.mapping, found.currency) == (mapping, currency)


def test_only_the_amount_of_a_report_of_spend_has_one() -> None:
    assert item(columns={"Cost": []}).read(["Cost (USD)"]) == Reading({})


@pytest.mark.parametrize(
    ("headers", "mapping"),
    [
        (["Created (UTC)", "Id"], {"Created": "Created (UTC)", "Id": "Id"}),
        (["Created (UTC)", "Created"], {"Created": "Created"}),
        (["Closed (UTC)"], {"Closed (UTC)": "Closed (UTC)"}),
        (["Nothing (UTC)"], {}),
        (["Id"], {"Id": "Id"}),
    ],
)
def test_the_header_of_a_time_may_have_a_zone(headers: list[str], mapping: dict[str, str]) -> None:
    times = item(columns={"Created": [], "Closed (UTC)": [], "Id": []})
    assert times.read(headers).mapping == mapping


@pytest.mark.parametrize(
    ("given", "lists"),
    [
        ("Ids", {"Ids": ";"}),
        (["Ids", "Tags"], {"Ids": ";", "Tags": ";"}),
        ({"Ids": ","}, {"Ids": ","}),
        (None, {}),
    ],
)
def test_lists_have_a_sign_between_their_items(given: Any, lists: dict[str, str]) -> None:
    assert item(list=given).lists == lists


@pytest.mark.parametrize(
    ("given", "patterns"),
    [
        ("Sum.", (r"^Sum\.",)),
        (["A", {"pattern": "b$", "column": "c"}], ("^A", "b$")),
        ({"pattern": "x"}, ("x",)),
        (None, ()),
    ],
)
def test_total_rows_are_words_or_patterns(given: Any, patterns: tuple[str, ...]) -> None:
    assert tuple(row.pattern for row in item(total_rows=given).total_rows) == patterns
    with pytest.raises(ValidationError, match="no regular expression"):
        TotalRows(pattern="(")


@pytest.mark.parametrize(
    ("given", "columns"),
    [
        (None, {}),
        (["Id", 7], {"Id": (), "7": ()}),
        ({"Id": "Key", "A": ["b", 3], "C": None, "D": 4},
         {"Id": ("Key",), "A": ("b", "3"), "C": (), "D": ("4",)}),
    ],
)  # fmt: skip
def test_columns_are_names_or_have_aliases(given: Any, columns: dict[str, Any]) -> None:
    assert item(columns=given).columns == columns
    assert item(key="Id", files=None, signs=["a", "b"]).signs == ("a", "b")
    assert item(key="Id").key == ("Id",) and item(files=None).files == ()


@pytest.mark.parametrize(
    ("given", "by"),
    [
        (None, ()),
        ("Device", (("Device",),)),
        (["Device", ["Set ID", "Set"]], (("Device",), ("Set ID", "Set"))),
        ((), ()),
    ],
)
def test_a_report_of_spend_is_cut_by_columns_or_by_groups(given: Any, by: Any) -> None:
    spend = Spend(by=given, account=None, campaign="Campaign", unsummed=["Asset"])  # type: ignore[arg-type]
    assert (spend.by, spend.account, spend.campaign) == (by, (), ("Campaign",))
    cut = ["Campaign", *(name for names in by for name in names)]
    assert [*spend.cut_by()] == cut and [*spend.columns()] == [*cut, "Asset"]


def test_the_columns_of_a_report_of_spend_stand_in_one_order() -> None:
    spend = Spend(amount="Cost", platform="Network", account=("Id", "Name"), campaign=("C",))
    assert [*spend.cut_by()] == ["Network", "Id", "Name", "C"]
    assert [*spend.columns()] == ["Cost", "Network", "Id", "Name", "C"]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Amount spent (MXN)", ("Amount spent", "MXN")),
        (" Cost in EUR ", ("Cost", "EUR")),
        ("Spend, USD", ("Spend", "USD")),
        ("Cost", None),
        ("Cost (all)", None),
        ("Cost (€)", ("Cost", "EUR")),
    ],
)
def test_a_header_has_a_name_and_a_currency(header: str, told: tuple[str, str] | None) -> None:
    assert header_currency(header) == told
