"""Sheets of costs: what a draft reads, and what it asks rather than guess."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from profile_views import produce

from smarketing.sources.drafting.columns import Sheet
from smarketing.sources.drafting.scaffold import scaffold
from smarketing.sources.drafting.shapes import Shape
from smarketing.sources.drafting.stretches import days_of_month, days_of_week
from smarketing.sources.profile import load_source


def questions(folder: Path, text: str) -> list[str]:
    """Draft a source from a file of spend, and give what it asks."""
    (folder / "spend.csv").write_text(text, encoding="utf-8")
    source = load_source(scaffold([folder / "spend.csv"], "ours", folder / "ours"))
    return list(source.objects["spend"].undecided)


@pytest.mark.parametrize(
    ("header", "rows", "asked"),
    [
        ("Date,Channel,Cumulative spend", "2026-01-05,a,1.5 2026-01-06,a,2.5", "sums up"),
        ("Date,Channel,Ausgaben kumuliert", "2026-01-05,a,1.5 2026-01-06,a,2.5", "sums up"),
        ("Date,Ads,Fairs,Total", "2026-01-05,1.50,2.00,3.50", "'Total' may add up 'Ads', 'Fairs'"),
        ("Day,Clicks,Cost", "2026-01-05,4,30500000 2026-01-06,4,10250000", "counts in millionths"),
        ("Channel,Jan 2026,Feb 2026", "a,1.50,2.50", "a column for each day or month"),
        ("Kanal,Januar,Februar,Summe", "a,1.50,2.50,4.00", "a column for each day or month"),
        ("Date,Channel,Cost", "2026-01-01,a,1.5 2026-02-01,a,2.5 2026-03-01,a,9.5", "month apart"),
        ("Month,Channel,Cost", "January,a,1.5 February,a,2.5", "on which day"),
        ("Date,Channel,Planned spend", "2026-01-05,a,1.50", "'Planned spend' (1.50)"),
        ("Date,Type,Amount", "2026-01-05,Actual,1.50 2026-01-06,Planned,9.50", "holds 'Planned'"),
        ("Date,Status,Amount", "2026-01-05,paid,1.50 2026-01-06,planned,9.50", "holds 'planned'"),
        ("Date,Project phase,Cost", "2026-01-05,Actual,1.5 2026-01-06,Planned,9.5", "'Planned'"),
        ("Date,For,Cost", "2026-01-05,1.1.26-31.3.26,9.5 2026-02-06,,1.5", "last day of several"),
        ("Date,Item type,Cost", "2026-01-05,a,1.5 2026-01-06,b,1.5 2026-01-06,Soll,9.5", "'Soll'"),
        ("Date,Title,Cost", "2026-01-05,Invoice,1.5 2026-01-06,Budget,9.5", "holds 'Budget'"),
        ("Date,Vendor,Cost", "2026-01-05,Spent,1.5 2026-01-06,Committed,9.5", "'Committed'"),
        ("Date,Description,Cost", "2026-01-05,Fair,1.5 2026-01-06,Planned,9.5", "'Planned'"),
        ("Date,Vendor,Cost", "2026-01-05,Fair,100.50 2026-01-31,VAT_19_%,19.10", "'VAT_19_%', as"),
        ("Datum,Posten,Kosten", "2026-01-05,Messe,100.50 2026-01-31,MwSt.,19.10", "the tax on"),
        ("Day,Item,Cost", "2026-01-05,Fair,100.50 2026-01-31,January-sum,100.50", "adds up others"),
        ("Day,Item,Cost", "2026-01-05,A,1.5 2026-01-05,Average,1.5", "'Average', as of a row that"),
        ("Day,Item,Cost", "2026-01-05,A,1.5 2026-01-05,B,9.5 2026-01-05,Total_A,1.5", "'Total_A'"),
        ("Day,Item,Cost", "2026-01-05,A,1.5 2026-01-05,B,9.5 2026-01-05,Max,9.5", "holds 'Max'"),
        (
            "Day,Item,Cost",
            "2026-01-05,A,1.5 2026-01-05,B,2.5 2026-01-05,,4.0 2026-01-06,A,9.5 2026-01-06,,9.5",
            "are blank in column 'Item' are the sums of the others",
        ),
        (
            "Day,Item,Cost",
            "2026-01-05,All_items,4.0 2026-01-05,A,1.5 2026-01-05,B,2.5",
            "hold 'All_items' in column 'Item'",
        ),
        ("Week ending,Item,Cost", "2026-01-11,a,7.5 2026-02-01,a,7.5", "after a stretch of days"),
        ("Month ended,Item,Cost", "2026-01-31,a,7.5 2026-02-28,a,7.5", "after a stretch of days"),
        ("Bi-week,Item,Cost", "2026-01-05,a,7.5 2026-01-19,a,7.5", "after a stretch of days"),
        ("Quarter start,Item,Cost", "2026-01-01,a,7.5 2026-04-01,a,7.5", "a stretch of days"),
        ("Semana_terminada,Item,Cost", "11/01/2026,a,7.5 18/01/2026,a,7.5", "a stretch of days"),
        ("Start,End,Item,Cost", "2026-01-01,2026-02-01,a,7.5 2026-02-01,2026-03-01,a,7.5", "next"),
        ("Start,End,Item,Cost", "2026-01-05,,a,7.5 2026-01-12,2026-01-18,a,7.5", "blank in some"),
        ("Date,Media cost,Agency fee,Total cost", "2026-01-05,1.50,0.50,2.00", "all its parts"),
        ("Date,Clicks,Media Cost,Total Media Cost", "2026-01-05,4,1.50,2.00", "all its parts"),
    ],
)  # fmt: skip
def test_what_a_sheet_leaves_open_is_asked(
    tmp_path: Path, header: str, rows: str, asked: str
) -> None:
    [question] = questions(tmp_path, "\n".join((header, *rows.split(" "))))
    assert asked in question


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Date,Channel,Cost,Cumulative cost", "2026-01-05,a,1.50,9.50"),
        ("Date,Net amount,Channel", "2026-01-05,1.50,a"),
        ("Date,Vendor,Cost", "2026-01-05,a,1.50\n2026-01-05,b,2.50\n2026-01-05,,4.50"),
        ("Date,Owner,Cost", "2026-01-05,Max,1.50\n2026-01-05,Ann,2.50"),
        ("Time period,Channel,Cost", "2026-01-05,a,1.50"),
        ("Start,End,Item,Cost", "2026-01-01,2026-01-01,a,7.5\n2026-01-02,2026-01-02,a,7.5"),
        ("Event,From,To,Booth cost,Total cost", "x,2026-01-05,2026-01-07,1.00,3.00"),
        ("Day,Clicks,Cost", "2026-01-05,4,30500"),
        ("Day,Clicks,Currency,Cost", "2026-01-05,4,VND,1250000\n2026-01-06,4,VND,1350000"),
        ("Day,Clicks,Cost (IDR)", "2026-01-05,4,1250000\n2026-01-06,4,1350000"),
        ("metrics.cost_micros,segments.date,campaign.id", "30500000,2026-01-05,77"),
        ("stat_time_day,campaign_id,stat_cost,show_cnt,click_cnt", "2026-01-05 00:00:00,7,1.5,9,1"),
        ("Month,Channel,Kosten EUR", "2026-01,a,1.50"),
        ("Date,Vendor,Cost", "2026-01-05,Ivana Moms-to-be Fair,1.50"),
        ("Date,Vendor,Cost", "2026-01-05,Total Energies,1.50"),
        ("Date,Name,Cost", "2026-01-05,Fair,1.50\n2026-01-05,Booth,1.50\n2026-01-06,Target,2.5"),
    ],
)  # fmt: skip
def test_what_a_sheet_says_is_not_asked(tmp_path: Path, header: str, row: str) -> None:
    assert questions(tmp_path, f"{header}\n{row}\n") == []


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2028/2", "2028-02-01", "2028-02-29"),
        ("202612", "2026-12-01", "2026-12-31"),
        ("04/2026", "2026-04-01", "2026-04-30"),
        ("Feb 2026", "2026-02-01", "2026-02-28"),
        ("Feb-26", "2026-02-01", "2026-02-28"),
        ("Feb '26", "2026-02-01", "2026-02-28"),
        ("März 2026", "2026-03-01", "2026-03-31"),
        ("août 2026", "2026-08-01", "2026-08-31"),
        ("Kasım 2026", "2026-11-01", "2026-11-30"),
        ("marzo de 2026", "2026-03-01", "2026-03-31"),
        ("2026年2月", "2026-02-01", "2026-02-28"),
        ("2026-02-01 00:00:00", "2026-02-01", "2026-02-28"),
        ("01.02.2026", "2026-02-01", "2026-02-28"),
    ],
)
def test_a_month_is_read_as_its_days(written: str, first: str, last: str) -> None:
    assert days(written) == (first, last)
    assert days(written, later="next month") == ("next month", None), "stays, to be quarantined"


@pytest.mark.parametrize("written", ["2", "02", "Februar"])
def test_a_month_beside_its_year(written: str) -> None:
    assert days(written, year="2026") == ("2026-02-01", "2026-02-28")


@pytest.mark.parametrize(
    "written",
    [
        "Q1 2026",
        "2026-02-03",
        "13/2026",
        "2026",
        "Lorem 2026",
        "2",
        "01/02/2026",
        "1/1/2026",
        "02.01.2026",
    ],
)
def test_what_is_no_month_is_none(written: str) -> None:
    assert days(written) is None


@pytest.mark.parametrize(
    ("header", "rows", "days"),
    [
        ("Month", "01/01/2026 02/01/2026 03/01/2026", ["2026-02-01", "2026-02-28"]),
        ("Month", "01/01/2026 01/02/2026 01/03/2026", ["2026-02-01", "2026-02-28"]),
        ("Week", "2026-01-05 2026-01-12", ["2026-01-12", "2026-01-18"]),
        ("Woche", "05.01.2026 12.01.2026", ["12.01.2026", "2026-01-18"]),
        ("Week", "2026-W02 2026-W03", ["2026-01-12", "2026-01-18"]),
        ("Week", "W02-2026 W03-2026", ["2026-01-12", "2026-01-18"]),
        ("KW", "KW_2_2026 KW_3_2026", ["2026-01-12", "2026-01-18"]),
        ("KW", "KW_02/2026 KW_53/2026", ["2026-12-28", "2027-01-03"]),
        ("Periode", "2026-KW52 2026-KW01", ["2025-12-29", "2026-01-04"]),
        ("Week", "2025-W52 2025-W53", ["2025-W53", None]),
        ("Week starting", "2026-01-04 2026-01-11", ["2026-01-11", "2026-01-17"]),
    ],
)
def test_a_row_of_a_week_or_of_a_month_covers_its_days(
    header: str, rows: str, days: list[str | None]
) -> None:
    values = tuple(row.replace("_", " ") for row in rows.split())
    sheet = Sheet.of("cost", {header: Shape(header, values, len(values), len(values), len(values))})
    [column] = sheet.columns
    if header == "Month":
        found = days_of_month(sheet, column)
    else:
        found = days_of_week(column, is_start="range_start" in column.header.meanings)
    assert found is not None
    with duckdb.connect() as connection:
        made = f'select {found[0]}, {found[1]} from (select ? as "{header}") r'
        assert list(connection.execute(made, [values[1]]).fetchone() or ()) == days


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Week", "2026-01-04 2026-01-11"),
        ("Week starting", "2026-01-05 2026-01-13"),
        ("Week", "2 3"),
        ("Semaine", "S02_2026 S03_2026"),
        ("Week", '"Week_2,_2026" "Week_3,_2026"'),
        ("Quarter", "Q1_2026 Q2_2026"),
    ],
)
def test_what_may_be_another_stretch_is_asked(tmp_path: Path, header: str, rows: str) -> None:
    lines = (f"{day.replace('_', ' ')},9,4,1.50" for day in rows.split())
    [question] = questions(tmp_path, "\n".join((f"{header},Impressions,Clicks,Cost", *lines)))
    assert "'Start date' and 'End date'" in question


@pytest.mark.parametrize(
    ("called", "days"),
    [
        ("Month", "2026-01-01 2026-02-01 2026-03-01"),
        ("Month", "01.01.2026 01.02.2026 01.03.2026"),
        ("Week starting", "2026-01-04 2026-01-11 2026-01-18 2026-01-25"),
        ("Start date,End date", "2026-01-01,2026-03-31 2026-04-01,2026-06-30"),
    ],
)
def test_the_advice_about_days_can_be_followed(tmp_path: Path, called: str, days: str) -> None:
    lines = [f"{day},9,4,1.50" for day in days.split()]
    if "," not in called:
        (tmp_path / "before").mkdir()
        text = "\n".join(("Date,Impressions,Clicks,Cost", *lines))
        [question] = questions(tmp_path / "before", text)
        assert f"call the column '{called}'" in question
    text = "\n".join((f"{called},Impressions,Clicks,Cost", *lines))
    assert questions(tmp_path, text) == []


def days(
    written: str, later: str | None = None, year: str | None = None
) -> tuple[str | None, str | None] | None:
    """Read a column of one month as drafted, then another value by the same expressions."""
    cells = {"Month": written} | ({"Year": year} if year else {})
    sheet = Sheet.of("cost", {h: Shape(h, (text,), 1, 1, 1) for h, text in cells.items()})
    found = days_of_month(sheet, sheet.columns[0])
    if found is None:
        return None
    values = (later or written, year)
    with duckdb.connect() as connection:
        row = connection.execute(
            f'select {found[0]}, {found[1]} from (select ? as "Month", ? as "Year") r', values
        ).fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(
    ("header", "row", "currency"),
    [
        ("日付,媒体,費用", "2026-01-05,展示会,1493円", "'JPY'"),
        ("Date,Vendor,Cost", "2026-01-05,Fair,150.50 Kč", "'CZK'"),
        ("Date,Vendor,Cost", "2026-01-05,Fair,150.50 $ CA", "'CAD'"),
        ("Date,Vendor,Cost (TL)", "2026-01-05,Fair,150.50", "'TRY'"),
        ("Tarih,Vendor,Tutar TL", "2026-01-05,Fair,150.50", "'TRY'"),
        ("Date,Vendor,Cost (Ft)", "2026-01-05,Fair,150.50", "'HUF'"),
        ("Date,Vendor,Cost (Forint)", "2026-01-05,Fair,150.50", "'HUF'"),
        ("Date,Vendor,Cost (lei)", "2026-01-05,Fair,150.50", "'RON'"),
        ("Date,Vendor,Cost (zł)", "2026-01-05,Fair,150.50", "'PLN'"),
        ("Date,Vendor,Cost,Funding currency", "2026-01-05,Fair,150.50,TRY", 'r."Funding currency"'),
        (
            "Date,Vendor,Cost,Currency of the order,Currency of the order: name",
            "2026-01-05,Fair,150.50,8f1d-aa11,US Dollar",
            'r."Currency of the order: name"',
        ),
    ],
)
def test_the_currency_is_known_by_whatever_is_written(
    tmp_path: Path, header: str, row: str, currency: str
) -> None:
    assert not questions(tmp_path, f"{header}\n{row}\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert f"{currency} as currency" in sql


def test_the_day_beside_a_month_is_the_day(tmp_path: Path) -> None:
    rows = "2026-01,2026-01-05,a,1.50\n2026-01,2026-01-06,a,2.50"
    assert not questions(tmp_path, f"Month,Day,Channel,Cost\n{rows}\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert 'r."Day" as incurred_on' in sql and "as covers_until" not in sql


@pytest.mark.parametrize("header", ["First day,Last day", "Erster Tag,Letzter Tag"])
def test_first_and_last_days_are_those_of_a_stretch(tmp_path: Path, header: str) -> None:
    assert not questions(tmp_path, f"{header},Item,Cost\n2026-01-01,2026-01-31,Fair,1.50\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert f'r."{header.split(",")[1]}" as covers_until' in sql


def test_a_header_s_currency_is_held_against_the_row_s(tmp_path: Path) -> None:
    assert not questions(tmp_path, "Date,Vendor,Cost (CHF),Currency\n2026-01-05,Fair,150.50,EUR\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert """when r."Currency" <> 'CHF' then nullif(trim(r."Cost (CHF)"), '') || ' CHF'""" in sql


@pytest.mark.parametrize(("cell", "first"), [("150.50 kr", "SEK"), ("$150.50", "USD")])
def test_a_sign_of_several_currencies_is_asked_about(tmp_path: Path, cell: str, first: str) -> None:
    [question] = questions(tmp_path, f"Date,Vendor,Cost\n2026-01-05,Fair,{cell}\n")
    assert f"amounts like '{cell}', and nothing says which currency that is" in question
    assert question.endswith(f"as in `currency: {first}`")


@pytest.mark.parametrize(
    "header",
    [
        *("Cost (USD k)", "Cost EUR (k)", "Cost EUR (x1000)", "Cost (EUR mn)"),
        *("Cost (USD, thousands)", "Kosten in Tsd. EUR", "Kosten (Tsd.)", "Cost k€", "Cost (M€)"),
        *("Cost ('000)", "Cost (INR Cr)", "Cost (lakhs)", "Cost_k", "Cost (in millions)"),
        *("Cost TEUR", "Cost €m", "Cost (10^3 EUR)"),
    ],
)
def test_a_scale_in_the_header_of_an_amount_is_asked_about(tmp_path: Path, header: str) -> None:
    [asked] = questions(tmp_path, f'Date,Vendor,"{header}"\n2026-01-05,Fair,12.5\n')
    assert "thousands or millions" in asked


@pytest.mark.parametrize("header", ["Cost SEK", "Cost (USD) Meta", "Cost MKT", "Cost (net, EUR)"])
def test_letters_that_are_no_scale_are_none(tmp_path: Path, header: str) -> None:
    asked = questions(tmp_path, f'Date,Vendor,"{header}"\n2026-01-05,Fair,12.5\n')
    assert not any("thousands or millions" in question for question in asked)


@pytest.mark.parametrize("header", ["Cost (kr)", "Cost kr", "Cost (Rs.)", "Cost (dollars)"])
def test_a_word_of_several_currencies_in_a_header_is_asked_about(
    tmp_path: Path, header: str
) -> None:
    [question] = questions(tmp_path, f"Date,Vendor,{header}\n2026-01-05,Fair,150.50\n")
    assert "which several currencies are called" in question


def test_amounts_bare_and_as_an_object_are_asked_about(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "name": "a", "amount": {"amount": "10.00", "currency": "EUR"}, "status": "won"},
        {"id": 2, "name": "b", "amount": "20.00", "status": "won"},
    ]
    closed = [{**row, "closed_at": "2026-02-05"} for row in rows]
    (tmp_path / "deals.json").write_text(json.dumps(closed), encoding="utf-8")
    source = load_source(scaffold([tmp_path / "deals.json"], "ours", tmp_path / "ours"))
    asked = source.objects["deals"].undecided
    assert any('coalesce(r."amount", r."amount.amount") as amount' in text for text in asked)


@pytest.mark.parametrize(
    ("campaign", "asks"), [("Campaign", True), ("Campaign ID,Campaign", False)]
)
def test_ids_of_campaigns_that_costs_know_by_name_are_asked_about(
    tmp_path: Path, campaign: str, asks: bool
) -> None:
    cost = "Spring" if asks else "701A,Spring"
    (tmp_path / "costs.csv").write_text(f"Month,{campaign},Cost\n2026-01,{cost},1.50\n")
    leads = (
        "Lead ID,Email,Created,Campaign ID,Campaign Name\n1,ann@alfa.io,2026-01-05,701A,Spring\n"
    )
    (tmp_path / "leads.csv").write_text(leads)
    files = [tmp_path / "costs.csv", tmp_path / "leads.csv"]
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    asked = source.objects["leads"].undecided
    assert any("know campaigns by their names" in text for text in asked) == asks


@pytest.mark.parametrize("header", ["Cost (all)", "Cost (net)", "Cost (real)", "Cost (FR)"])
def test_other_words_in_brackets_are_no_currency(tmp_path: Path, header: str) -> None:
    questions(tmp_path, f"Date,Vendor,{header}\n2026-01-05,Fair,150.50\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert "as currency" not in sql


def test_a_day_without_values_gives_way_to_a_date_that_has_some(tmp_path: Path) -> None:
    assert not questions(tmp_path, "Expensed,Merchant,Amount,Tag\n2026-01-05,Fair,150.50,\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert 'r."Expensed" as incurred_on' in sql


def test_the_number_of_a_document_is_no_id_of_a_cost(tmp_path: Path) -> None:
    """Two suppliers may give the same one, and a cost of a card has none."""
    file = tmp_path / "spend.csv"
    file.write_text("Date,Num,Name,Amount\n2026-01-03,,A,5.00\n2026-01-04,12,B,7.00\n")
    scaffold([file], "ours", tmp_path / "ours")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text()
    assert "'row-' || md5" in sql and 'r."Num" as cost_id' not in sql
    file.write_text("Date,Expense ID,Name,Amount\n2026-01-03,e1,A,5.00\n2026-01-04,e2,B,7.00\n")
    scaffold([file], "ours", tmp_path / "own")
    assert 'r."Expense ID" as cost_id' in (tmp_path / "own" / "cost.spend.sql").read_text()


@pytest.mark.parametrize("header", ["Cost ID", "Cost No", "Expense No", "Kosten-Nr."])
def test_the_number_of_a_cost_identifies_it_and_is_no_amount(tmp_path: Path, header: str) -> None:
    rows = "0501,2026-01-05,Fair,1000.50\n0502,2026-01-06,Tool,250.00\n"
    assert not questions(tmp_path, f"{header},Date,Vendor,Amount\n{rows}")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert 'r."Amount" as amount' in sql and f'r."{header}" as cost_id' in sql


def test_a_code_of_costs_and_a_count_of_rows_identify_none(tmp_path: Path) -> None:
    header, rows = (
        "Cost code,Expense No,Date,Amount",
        "4711,1,2026-01-05,5.50\n4712,2,2026-01-06,7.50",
    )
    assert not questions(tmp_path, f"{header}\n{rows}\n")
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text(encoding="utf-8")
    assert 'r."Amount" as amount' in sql and "'row-' || md5" in sql


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("Montant TTC", True),
        ("Montant HT", False),
        ("Betrag CHF inkl. MwSt", True),
        ("Betrag zzgl. MwSt", False),
        ("Importo (IVA incl.)", True),
        ("광고비(VAT 포함)", True),
        ("총비용(VAT포함)", True),
        ("SEM Kosten inkl. MwSt. ohne Skonto", True),
        ("Net à payer TTC", True),
        ("Amount including taxes", True),
        ("광고비(VAT별도)", False),
        ("Amount (excluding 19% VAT)", False),
        ("Spend (VAT not included)", False),
        ("VAT excluded spend", False),
        ("Spend with VAT", True),
        ("VAT included spend", True),
        ("Spend incl. VAT excl. discount", True),
        ("Spend VAT excluded GST incl.", True),
        ("Amount", False),
    ],
)
def test_costs_whose_header_speaks_of_the_tax_alone_are_asked_about(
    tmp_path: Path, header: str, asked: bool
) -> None:
    said = questions(tmp_path, f"Date,{header}\n2026-01-05,119.50\n2026-01-06,238.25\n")
    assert all(header in one for one in said)
    assert bool(said) if asked else not any("the tax" in one for one in said)


def test_rows_that_two_columns_call_a_tax_are_asked_about_once(tmp_path: Path) -> None:
    text = "Date,Item,Kind,Cost\n2026-01-05,Fair,Event,100.50\n2026-01-31,VAT,MwSt.,19.10\n"
    [said] = [one for one in questions(tmp_path, text) if "the tax" in one]
    assert said.startswith("column 'Item' holds 'VAT' and column 'Kind' holds 'MwSt.', as of")


@pytest.mark.parametrize(
    ("header", "row", "net"),
    [
        ("Date,Net amount,VAT,Gross amount", "2026-01-05,1.50,0.29,1.79", "Net amount"),
        ("Date,Montant TTC,Montant HT", "2026-01-05,1.79,1.50", "Montant HT"),
        ("Datum,Betrag brutto,Betrag netto", "2026-01-05,1.79,1.50", "Betrag netto"),
        ("Datum,Nettobetrag,USt.,Bruttobetrag", "2026-01-05,1.50,0.29,1.79", "Nettobetrag"),
    ],
)
def test_costs_count_without_tax_where_both_are_given(
    tmp_path: Path, header: str, row: str, net: str
) -> None:
    assert questions(tmp_path, f"{header}\n{row}") == []
    assert f'r."{net}" as amount' in (tmp_path / "ours" / "cost.spend.sql").read_text()
    assert "count without tax" in (tmp_path / "ours" / "profile.yaml").read_text()


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Date,Amount incl. VAT,Amount excl. VAT,Amount excl. VAT and fees", "1.79,1.50,1.20"),
        ("Date,Net cost Google,Net cost Meta,Gross cost", "0.75,0.75,1.79"),
        ("Date,Total cost,Net", "1.79,1.50"),
        ("Date,Gross spend,Net spend (after agency commission)", "1.79,1.50"),
        ("Date,Spend,Net spend after credits", "1.79,1.50"),
        ("Date,Net cost,Gross cost", ",1.79 1.50,1.79"),
        ("Date,Net cost,Gross cost", "0,1.79 1.50,1.79"),
    ],
)
def test_amounts_that_may_be_of_two_things_are_asked_about(
    tmp_path: Path, header: str, rows: str
) -> None:
    lines = [f"2026-01-0{n},{row}" for n, row in enumerate(rows.split(" "), start=5)]
    [question] = questions(tmp_path, "\n".join((header, *lines)))
    assert question.startswith("nothing says which column holds the amount that was spent")


@pytest.mark.parametrize(
    ("header", "row", "net"),
    [
        ("Net amount,Gross amount", "1.50,1.79", "Net amount"),
        ("Gross value (EUR),Net value (EUR)", "1.79,1.50", "Net value (EUR)"),
        ("Net amount Y1,Net amount Y2,Gross amount", "0.75,0.75,1.79", None),
        ("Gross annual value,Net annual value,Net monthly value", "21.50,18.10,1.50", None),
        ("Gross amount,Net amount paid so far", "1.79,0.30", None),
        ("Net monthly amount,Gross amount", "1.50,21.50", None),
        ("Net price,Quantity,Gross price", "1.50,3,1.79", None),
        ("Net amount paid so far", "0.30", None),
    ],
)
def test_deals_count_without_tax_where_both_are_given_of_the_whole_amount(
    tmp_path: Path, header: str, row: str, net: str | None
) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(f"Deal ID,Status,Closed on,{header}\n1,Won,2026-03-01,{row}\n")
    scaffold([file], "ours", tmp_path / "ours")
    sql = (tmp_path / "ours" / "deal.deals.sql").read_text(encoding="utf-8")
    assert (f'r."{net}" as amount' in sql) if net else " as amount" not in sql


def test_a_vendor_may_be_called_like_a_plan(tmp_path: Path) -> None:
    assert questions(tmp_path, "Date,Vendor,Cost\n2026-01-05,Target,1.5\n2026-01-06,Fair,2.5") == []


def test_weights_are_no_amounts_with_and_without_tax(tmp_path: Path) -> None:
    [question] = questions(tmp_path, "Date,Net weight,Gross weight\n2026-01-05,1.50,1.79")
    assert "'Net weight' (1.50), 'Gross weight' (1.79)" in question


@pytest.mark.parametrize(
    ("total", "asked"),
    [("$4.00", ["currency: USD"]), ("¥4.00", ["currency: CNY"]), ("£4.00", []), ("4.00", [])],
)
def test_the_currency_may_stand_with_the_total_alone(
    tmp_path: Path, total: str, asked: list[str]
) -> None:
    days = "2026-01-05,a,9,4,1.50\n2026-01-06,a,9,4,2.50\n"
    text = f"Day,Campaign,Impressions,Clicks,Cost\n{days}Total,,18,8,{total}\n"
    found = questions(tmp_path, text)
    assert [part for part in asked if part in found[0]] == asked and len(found) == len(asked)
    sql = (tmp_path / "ours" / "cost.spend.sql").read_text()
    assert ("'GBP' as currency" in sql) is total.startswith("£")


def test_an_amount_is_asked_for_by_what_looks_most_like_money(tmp_path: Path) -> None:
    text = "Grootboekrekening,Boekdatum,Bedrag debet\n4510,2026-01-05,12.50\n4511,2026-01-06,9.75"
    [question] = [q for q in questions(tmp_path, text) if "amount" in q]
    assert "the amount that was spent: 'Bedrag debet' (12.50), 'Grootboekrekening' (" in question
    assert (
        "Write it into cost.spend.sql and take the dashes before its lines away, as in "
        '`r."Bedrag debet" as amount`' in question
    )


def test_a_report_whose_cost_is_not_known_is_no_list_of_campaigns(tmp_path: Path) -> None:
    text = "Datum;Kampaň;ID kampaně;Kliky;Cena\n5. 1. 2026;A;7;3;12,50 Kč\n6. 1. 2026;A;7;4;9,75 Kč"
    path = tmp_path / "sklik-kampane.csv"
    path.write_text(text, encoding="utf-8")
    [item] = load_source(scaffold([path], "ours", tmp_path / "ours")).objects.values()
    [question] = item.undecided
    assert "is in no figure. If 'Cena' (" in question and "'costs' before the name" in question
    path = path.rename(tmp_path / "costs sklik-kampane.csv")
    source = load_source(scaffold([path], "ours", tmp_path / "again"))
    assert 'r."Cena" as amount' in source.selects["cost"][0].sql


@pytest.mark.parametrize("given", ["2026-01 2026-02", "2026-Q1 2026-Q2", "2026-W05 2026-W06"])
def test_months_and_weeks_that_are_called_days_are_asked_about(tmp_path: Path, given: str) -> None:
    rows = "\n".join(f"{day},a,9,4,1.50" for day in given.split())
    [question] = questions(tmp_path, f"Date,Campaign,Impressions,Clicks,Cost\n{rows}\n")
    assert question.startswith("column 'Date' holds 2026-") and "no day" in question
    assert "call the column 'Month' or 'Week', if that is what each row covers" in question


def test_a_platform_s_costs_are_media_of_marketing_and_rows_without_day_or_amount_are_none(
    tmp_path: Path,
) -> None:
    (tmp_path / "spend.csv").write_text(
        "Day,Campaign ID,Amount spent,Clicks\n2026-01-05,c1,2.5,3\n", encoding="utf-8"
    )
    source = load_source(scaffold([tmp_path / "spend.csv"], "ours", tmp_path / "ours"))
    names = ("Day", "Campaign ID", "Amount spent", "Clicks")
    rows = (("2026-01-05", "c1", "2.5", "3"), ("2026-01-05", "c1", "", "3"), ("", "c1", "2.5", "3"))
    told = [dict(zip(names, row, strict=True)) for row in rows]
    (made,) = produce(source, "cost", {"spend": told})
    wanted = {"cost_id": "1-2", "incurred_on": "2026-01-05", "team": "marketing",
              "category": "media", "amount": "2.5", "campaign_id": "c1", "clicks": "3"}  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted


def test_what_campaigns_cost_is_asked_by_whatever_word_of_cost(tmp_path: Path) -> None:
    path = tmp_path / "campaigns.csv"
    path.write_text("Campaign ID,Campaign Name,Acquisition Cost,Cost per click\na,A,9.50,0.25\n")
    [item] = load_source(scaffold([path], "ours", tmp_path / "ours")).objects.values()
    [question] = item.undecided
    assert question.startswith("column 'Acquisition Cost' (9.50) holds what campaigns cost")
    path.write_text("Campaign ID,Campaign Name,Cost per click\na,A,0.25\n")
    [item] = load_source(scaffold([path], "ours", tmp_path / "again")).objects.values()
    assert not item.undecided


def test_a_column_of_costs_for_each_channel_is_told_to_be_turned(tmp_path: Path) -> None:
    text = "Month,Google,Meta\n2025-01,1001,2000.5\n2025-02,1002,2000.5"
    asked = questions(tmp_path, text)[-1]
    assert asked.startswith("if 'Google', 'Meta' hold the amounts of a channel each")
    assert "Unpivot Columns" in asked
