"""What a draft asks about money that went back, rows that are no record of their own, and cents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smarketing.sources.drafting import scaffold
from smarketing.sources.profile import load_source

ENDED = "Deal ID,Status,Created,Closed,Amount,Currency"


def drafted(folder: Path, name: str, text: str) -> tuple[str, dict[str, str]]:
    """Draft a source from one file: what it asks, and the SELECT of each table."""
    (folder / name).write_text(text, encoding="utf-8")
    out = scaffold([folder / name], "ours", folder / "ours")
    (found,) = load_source(out).objects.values()
    selects = {path.name.split(".")[0]: path.read_text("utf-8") for path in out.glob("*.sql")}
    return " ".join(found.undecided), selects


@pytest.mark.parametrize(
    ("header", "rows", "asked"),
    [
        ("Date,Type,Amount", "2026-03-01,Invoice,9.50 2026-03-02,Credit Note,4.50", "gives money"),
        ("Datum,Belegart,Betrag", "2026-03-01,Gutschrift,9.50", "'Gutschrift'"),
        ("Date,Type,Amount", "2026-03-01,Avoir,-9.50", ""),
        ("Date,Type,Amount", "2026-03-01,Credit card,9.50", ""),
        ("Date,Status,Amount", "2026-03-01,Paid,9.50 2026-03-02,Voided,4.50", "'Voided'"),
        ("Date,Status,Amount", "2026-03-01,Paid,9.50", ""),
    ],
)
def test_costs_that_were_given_back_or_called_off_are_asked_about(
    tmp_path: Path, header: str, rows: str, asked: str
) -> None:
    lines = rows.replace(" 2026", "\n2026")
    question, _ = drafted(tmp_path, "expenses.csv", f"{header},Currency\n" + _in_euros(lines))
    assert asked in question if asked else not question


def _in_euros(lines: str) -> str:
    return "".join(f"{line},EUR\n" for line in lines.splitlines())


@pytest.mark.parametrize(
    ("header", "first", "second", "asked"),
    [
        ("Refunded amount", "0.00", "30.00", "still holds it"),
        ("Refunded amount", "0.00", "0.00", ""),
        ("Refunded", "false", "true", "still holds it"),
        ("Refunded", "false", "false", ""),
    ],
)
def test_refunds_beside_an_amount_are_asked_about(
    tmp_path: Path, header: str, first: str, second: str, asked: str
) -> None:
    row = "2026-01-01,2026-03-01,100.50,EUR"
    text = f"{ENDED},{header}\n1,Won,{row},{first}\n2,Won,{row},{second}\n"
    question, _ = drafted(tmp_path, "deals.csv", text)
    assert asked in question if asked else not question


@pytest.mark.parametrize(
    ("header", "rows", "asked"),
    [
        (ENDED, [("100.50", ""), ("50.25", "")], "'7' in column 'Deal ID' stands on rows"),
        (ENDED, [("100.50", ""), ("", "")], "only the last of them would count"),
        (ENDED, [("100.50", ""), ("100.50", "")], ""),
        (f"{ENDED},Modified", [("1.50", ",2026-03-02"), ("2.50", ",2026-03-03")], ""),
    ],
)
def test_a_deal_on_rows_with_different_amounts_is_asked_about(
    tmp_path: Path, header: str, rows: list[tuple[str, str]], asked: str
) -> None:
    """Rows of its products, unlike versions of the deal, or the deal again for each contact."""
    lines = (f"7,Won,2026-01-01,2026-03-01,{amount},EUR{rest}" for amount, rest in rows)
    question, _ = drafted(tmp_path, "deals.csv", "\n".join((header, *lines)) + "\n")
    assert asked in question if asked else not question


def test_amounts_of_an_api_that_writes_cents_are_asked_about(tmp_path: Path) -> None:
    charge = {"id": "ch_1", "amount": 9900, "amount_captured": 9900, "livemode": True,
              "currency": "jpy", "status": "won", "created": 1772359200}  # fmt: skip
    question, _ = drafted(tmp_path, "charges.json", json.dumps([charge]))
    assert "the API of Stripe writes amounts in the smallest unit" in question


def test_who_opted_out_by_one_of_several_flags_has_opted_out(tmp_path: Path) -> None:
    text = "Prospect Id,Email,Opted Out,Do Not Email,Status\n1,a@b.de,1,0,New\n2,c@d.de,0,1,New\n"
    question, selects = drafted(tmp_path, "prospects.csv", text)
    assert not question
    assert 'flag_value(trim(r."Opted Out")), false) or coalesce(flag_value(trim(r."Do Not E' in (
        " ".join(selects["person"].split())
    )
    text = "Id,Email,Do Not Email,Consent\n1,a@b.de,0,Unsubscribed\n2,c@d.de,1,Subscribed\n"
    _, selects = drafted(tmp_path / "ours", "contacts.csv", text)
    assert (
        """case when flag_value(r."Do Not Email") then 'true' else coalesce(case"""
        in (selects["person"])
    )


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Contact us (Responses) - Form Responses 1.csv", "Timestamp,Email Address,Your name"),
        ("Anfrage (Antworten) - Formularantworten 1.csv", "Zeitstempel,E-Mail-Adresse,Ihr Name"),
        ("responses-kQ8zT1.csv", "Submit Date (UTC),Your email?,First name,Network ID"),
    ],
)
def test_answers_to_a_form_under_the_name_of_their_system_are_touches(
    tmp_path: Path, name: str, header: str
) -> None:
    rest = ",x" * (header.count(",") - 2)
    text = f"{header}\n2026-03-02 10:00:00,a@b.de,Ann{rest}\n2026-03-03 10:00:00,c@d.de,Bob{rest}\n"
    question, selects = drafted(tmp_path, name, text)
    assert not question
    assert set(selects) == {"person", "touch"}
    assert "'form_submission' as kind" in selects["touch"]


@pytest.mark.parametrize(
    ("header", "row", "asked"),
    [
        ("Recurring Amount,Billing Period", "80.50,monthly", "when 'monthly' then 1 else 12"),
        ("Recurring Amount,Billing Period", "966.50,annual", "when '…' then 1 else 12"),
        ("ARR,Billing Period", "966.50,monthly", ""),
        ("Recurring Amount", "966.50", ""),
        ("MRR", "80.50", '`r."MRR" as recurring_amount, 1 as _months`'),
        ("Fee", "80.50", "`… as recurring_amount, 1 as _months`"),
    ],
)
def test_of_how_many_months_what_a_contract_brings_is_asked_and_how_to_say_it(
    tmp_path: Path, header: str, row: str, asked: str
) -> None:
    text = f"Contract ID,Customer ID,Start date,{header}\nk1,a1,2026-01-01,{row}\n"
    question, _ = drafted(tmp_path, "contracts.csv", text)
    assert asked in question if asked else not question
