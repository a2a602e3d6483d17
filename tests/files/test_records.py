"""What is a record, what is broken and what is neither: in delimited text."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError
from smarketing.files import delimited
from smarketing.files.read import LandedTable, read_file

COST = "cost_id,incurred_on,impressions,amount,clicks,category,currency\n"
SHIFTED = "c2,2026-01-02,,2000,200.00,20,,\n"
GOOD = "c1,2026-01-01,1000,100.00,10,media,EUR\n"


def read(folder: Path, content: str, names: tuple[str, ...] = ()) -> list[LandedTable]:
    path = folder / "f.csv"
    path.write_text(content)
    return read_file(path, folder / "out", header_names=names)


def keys(table: LandedTable) -> list[object]:
    """Return the first value of each record landed."""
    return list(pq.read_table(table.parquet, columns=[table.columns[0]]).column(0).to_pylist())


def skipped(table: LandedTable) -> dict[str, int]:
    return {part.reason: part.rows for part in table.skipped}


@pytest.mark.parametrize(
    "body", [GOOD + SHIFTED, SHIFTED, SHIFTED + GOOD * 3, GOOD * 1500 + SHIFTED]
)
def test_one_separator_too_many_is_never_a_shifted_record(tmp_path: Path, body: str) -> None:
    [table] = read(tmp_path, COST + body)
    assert "c2" not in keys(table) and table.rows == body.count("c1")
    assert [(bad.value, bad.reason) for bad in table.bad_rows] == [
        (SHIFTED.strip(), "8 cells where the header has 7")
    ]


@pytest.mark.parametrize("rows", [3, 1200])
def test_a_separator_at_the_end_of_every_record_is_forgiven(tmp_path: Path, rows: int) -> None:
    body = "".join(f"{n},x,\n" if n % 2 else f"{n},,\n" for n in range(rows))
    with patch.object(delimited, "_land_with_care", wraps=delimited._land_with_care) as careful:
        [table] = read(tmp_path, f"id,name\n{body}")
    assert (table.columns, table.rows, table.bad_rows) == (("id", "name"), rows, ())
    assert careful.called == (rows < 1000), "a large file is read the fast way"


def test_the_one_record_that_lacks_the_separator_of_all_others_is_broken(tmp_path: Path) -> None:
    body = "".join(f"{n},x,5,\n" for n in range(40))
    [table] = read(tmp_path, f"id,name,amount\n{body}99,5,\n")
    assert (table.rows, len(table.bad_rows)) == (40, 1)
    assert table.bad_rows[0].reason == "3 cells where the other records have 4"


def test_one_separator_too_few_where_the_header_ends_in_blanks(tmp_path: Path) -> None:
    [table] = read(tmp_path, "id,name,amount,\n1,a,3,\n2,3,\n4,b,6,\n5,,c,6\n")
    assert keys(table) == ["1", "4"]
    assert [bad.reason for bad in table.bad_rows] == [
        "3 cells where the header has 4",
        "a value beyond the last of the 3 headers",
    ]


FOLLOWS = "text follows a closing quote"
STRAY = "a quote stands inside an unquoted value"
ELSEWHERE = "a quote opens here and closes in another record"


@pytest.mark.parametrize(
    ("body", "kept", "reasons"),
    [
        ('1,x,3\n4,y"z,6\n7,"q, r",9\n', ["1", "7"], [STRAY]),
        ('1,x,3\n4,y",6\n7,q,9\n', ["1", "7"], [STRAY]),
        ('1,x,3\n4,"y,6\n7,"q",9\n8,w,4\n', ["1", "7", "8"], [FOLLOWS]),
        ('1,"x,3\n4,y,6\n8,z",2\n9,w,3\n', ["4", "9"], [ELSEWHERE, STRAY]),
        ('1,"x,3\n8,z",2\n9,"a, b",3\n', ["9"], [ELSEWHERE, STRAY]),
        ('1,"x""y,3\n4,"ok",6\n7,"q, r",9\n', ["4", "7"], [FOLLOWS]),
        ('1,"C:\\new",3\n2,"5\\" pipe",5\n3,"say ""hi""",6\n', ["1", "3"], [FOLLOWS]),
        ('1, x,3\n2, "y",5\n3,z,6\n', ["1", "3"], [STRAY]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", [0, 1500])
def test_one_stray_quote_costs_its_own_record_only(
    tmp_path: Path, body: str, kept: list[str], reasons: list[str], more: int
) -> None:
    rest = "".join(f'{100 + n},"a{n}",1\n' for n in range(more))
    [table] = read(tmp_path, f"id,name,amount\n{body}{rest}")
    assert keys(table)[: len(kept)] == kept and table.rows == len(kept) + more
    assert [bad.reason for bad in table.bad_rows] == reasons
    assert table.dialect == "comma"


def test_values_with_line_breaks_and_separators_are_whole(tmp_path: Path) -> None:
    body = '1,"x\ny, z",3\n9,"many\n\nlines, with, commas",3\n10,"a, b",4\n'
    [table] = read(tmp_path, f"id,name,amount\n{body}")
    assert (keys(table), table.bad_rows) == (["1", "9", "10"], ())


def test_quotes_are_plain_characters_where_nothing_is_quoted(tmp_path: Path) -> None:
    [table] = read(tmp_path, 'id\tname\n1\t12" pipe\n2\t5" x 6"\n3\t7" tube\n')
    assert (keys(table), table.dialect) == (["1", "2", "3"], "tab, quote none")
    late = "".join(f"{n}\tx\n" for n in range(3000)) + '9\t"wrapped"\n'
    [table] = read(tmp_path, f'id\tname\n1\t12" pipe\n2\t5" x 6"\n3\t7" tube\n{late}')
    assert [bad.value for bad in table.bad_rows] == ['9\t"wrapped"']


@pytest.mark.parametrize(
    "second",
    ["hs_object_id,dealname,amount", "(text),(text),(EUR)", "number,string,currency"],
)
@pytest.mark.parametrize("more", [0, 1500])
def test_a_second_line_of_the_header_is_no_record(tmp_path: Path, second: str, more: int) -> None:
    rest = "".join(f"{n},x,{n}\n" for n in range(more))
    text = f"Record ID,Deal Name,Amount\n{second}\n1,A,5\n2,B,6\n{rest}"
    [table] = read(tmp_path, text, ("Record ID", "Deal Name", "Amount", "hs_object_id", "dealname"))
    assert keys(table)[:2] == ["1", "2"] and table.rows == 2 + more
    assert skipped(table) == {"second line of the header": 1}


@pytest.mark.parametrize("titles", [("Week 1", "Week 2"), ("Week 1,,", "Week 2,,")])
def test_titles_between_records_are_no_records(tmp_path: Path, titles: tuple[str, str]) -> None:
    text = f"id,name,amount\n{titles[0]}\n1,A,5\n2,B,6\n{titles[1]}\n3,C,7\n4,D,8\n"
    [table] = read(tmp_path, text)
    assert (keys(table), skipped(table)) == (["1", "2", "3", "4"], {"title between records": 2})


def test_a_record_cut_short_is_no_title(tmp_path: Path) -> None:
    [table] = read(tmp_path, "id,name,amount\n1,A,5\n2,B,6\n3,C,7\n4")
    assert (keys(table), [bad.value for bad in table.bad_rows]) == (["1", "2", "3"], ["4"])


@pytest.mark.parametrize("between", ["\n", "\nDeals\n", "\nDeals,,\n\n", ",,\n", ""])
def test_tables_one_below_the_other(tmp_path: Path, between: str) -> None:
    names = ("lead_id", "name", "created", "deal_id", "stage", "closed")
    text = (
        "lead_id,name,created\n1,A,2026-01-05\n2,B,2026-01-06\n"
        f"{between}deal_id,stage,closed\nd1,won,2026-02-05\nd2,lost,2026-02-06\n"
    )
    leads, deals = read(tmp_path, text, names)
    assert (keys(leads), keys(deals)) == (["1", "2"], ["d1", "d2"])
    assert (leads.name, deals.name) == ("f.csv", "f.csv[table 2]")
    assert deals.columns == ("deal_id", "stage", "closed")


def test_exports_of_one_table_under_titles_are_one(tmp_path: Path) -> None:
    text = "id,name,n\n1,A,5\nTotal,,5\n\nFebruary\nid,name,n\n2,B,6\nTotal,,6\n"
    [table] = read(tmp_path, text)
    assert (keys(table), [total.row for total in table.totals]) == (["1", "2"], [3, 8])
    assert skipped(table) == {
        "total row": 2, "header repeated": 1, "title between records": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    "above", ["1,A,2026-01-05\n2,B,2026-01-06\n", "Report\n\n1,A,2026-01-05\n"]
)
@pytest.mark.parametrize("names", [(), ("id", "name", "day")])
def test_a_preamble_that_would_swallow_records_is_refused(
    tmp_path: Path, above: str, names: tuple[str, ...]
) -> None:
    with pytest.raises(SourceError, match=r"header below . rows? that looks? like .*1, A"):
        read(tmp_path, f"{above}id,name,day\n3,C,2026-01-07\n", names)


def test_names_among_the_values_are_no_header(tmp_path: Path) -> None:
    text = "Feld,Text,Menge\nx1,Vorname,5\nx2,Nachname,6\nx9,email,phone\nx3,Ort,7\n"
    [table] = read(tmp_path, text, ("Email", "Phone", "Street"))
    assert table.columns == ("Feld", "Text", "Menge")


@pytest.mark.parametrize(
    "above",
    [
        "# exported by x\n# Account: Acme, Inc\n",
        "Date range,2024-01-01,2024-01-31\nAccount,123-456,\n",
        "My report,,\n,,\n",
    ],
)
def test_facts_and_remarks_above_the_header_are_a_preamble(tmp_path: Path, above: str) -> None:
    [table] = read(tmp_path, f"{above}id,name,n\n1,A,5\n2,B,6\n")
    assert table.columns == ("id", "name", "n") and keys(table) == ["1", "2"]
    assert skipped(table) == {"preamble above the header": above.count("\n") - above.count(",,\n,")}


@pytest.mark.parametrize("first", ["#", "#Id", "Name"])
def test_a_sign_of_a_remark_in_names_and_keys_is_none(tmp_path: Path, first: str) -> None:
    [table] = read(tmp_path, f"{first},Email,Total\n#1001,a@b.co,5\n#1002,c@d.co,6\n")
    assert (table.columns[0], keys(table)) == (first, ["#1001", "#1002"])


REPORT = "Owner,Deal,Amount,Close\nKim,A,1000,2026-01-01\nKim,B,2000,2026-01-02\n"


@pytest.mark.parametrize("more", [0, 1500])
def test_subtotals_counts_and_totals_anywhere(tmp_path: Path, more: int) -> None:
    rest = "".join(f"Ann,x{n},1,2026-01-01\n" for n in range(more))
    text = (
        f"{REPORT}Subtotal,,3000,\nLee,C,4000,2026-01-03\nZwischensumme,,4000,\n{rest}"
        'Lee Total,,"EUR 4,000.00",\n,Count,3,\nGrand Totals (3 records),,,\n'
        "Confidential Information - Do Not Distribute\nAcme GmbH\n"
    )
    [table] = read(tmp_path, text)
    assert keys(table)[:3] == ["Kim", "Kim", "Lee"] and table.rows == 3 + more
    assert not table.bad_rows
    assert skipped(table) == {"total row": 5, "footer below the records": 2}
    assert [(total.kind, total.label, dict(total.values)) for total in table.totals] == [
        ("subtotal", "Subtotal", {"Amount": "3000"}),
        ("subtotal", "Zwischensumme", {"Amount": "4000"}),
        ("subtotal", "Lee Total", {"Amount": "EUR 4,000.00"}),
        ("count", "Count", {"Amount": "3"}),
        ("total", "Grand Totals (3 records)", {}),
    ]


@pytest.mark.parametrize("more", [0, 1500])
@pytest.mark.parametrize("label", ["Total of 2 results", "Résultats de 2 campagnes", "Gesamt: 2"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_total_with_a_number_in_its_name_and_dashes_for_blanks(
    tmp_path: Path, place: int, label: str, more: int
) -> None:
    rows = [["2026-01-05", f"Spring {n}", "1.50"] for n in range(2 + more)]
    total = ["-", "--", "3.00"]
    total[place] = label
    lines = [["Day", "Campaign", "Cost"], *rows, total]
    [table] = read(tmp_path, "\n".join(map(",".join, lines)) + "\n")
    assert (table.rows, skipped(table)) == (2 + more, {"total row": 1})
    assert [total.label for total in table.totals] == [label]


def test_a_table_above_one_that_is_better_known_is_no_preamble(tmp_path: Path) -> None:
    names = ("lead_id", "created_at", "channel", "deal_id", "name", "amount", "outcome")
    leads = "lead_id,created_at,channel\n1,2026-01-05,email\n2,2026-01-06,email\n"
    deals = "deal_id,name,amount,outcome\nd1,N1,1001,won\n"
    path = tmp_path / "all.csv"
    for between in ("", "\n"):
        path.write_text(leads + between + deals)
        tables = read_file(path, tmp_path / f"out{len(between)}", header_names=names)
        assert [(t.columns[0], t.rows, t.skipped) for t in tables] == [
            ("lead_id", 2, ()),
            ("deal_id", 1, ()),
        ]


def test_headings_of_groups_are_no_records(tmp_path: Path) -> None:
    text = (
        "Name,Amount,Close\nOpportunity Owner: Kim Ost (2 records),,\nA,5,2026-01-01\n"
        "B,6,2026-01-02\nVerantwortlich: Lee (1 Datensatz)\nC,7,2026-01-03\n"
    )
    [table] = read(tmp_path, text)
    assert (keys(table), skipped(table)) == (["A", "B", "C"], {"heading of a group": 2})


@pytest.mark.parametrize("place", ["first", "last"])
def test_a_total_without_a_label_is_told_by_its_sums(tmp_path: Path, place: str) -> None:
    records = ["A;1.234,50;10", "B;1.000,00;20"]
    rows = [";2.234,50;30", *records] if place == "first" else [*records, ";2.234,50;30"]
    [table] = read(tmp_path, "\n".join(["Kampagne;Kosten;Klicks", *rows]))
    assert keys(table) == ["A", "B"]
    assert dict(table.totals[0].values) == {"Kosten": "2.234,50", "Klicks": "30"}
    [table] = read(tmp_path, "\n".join(["Kampagne;Kosten;Klicks", *records, ";2.234,51;31"]))
    assert keys(table) == ["A", "B", None], "a record without a name is a record"


def test_footers_apart_from_the_records_are_none(tmp_path: Path) -> None:
    text = "Opportunity ID,Name,Amount\n006Q01,Alpha,5\n006Q02,Beta,6\n,,\nWon deals,,\nAcme,,\n"
    [table] = read(tmp_path, text)
    assert (keys(table), skipped(table)) == (["006Q01", "006Q02"], {"footer below the records": 2})


SECTIONS = """\
Attendee Report
Report Generated:,2026-03-12
Topic,Webinar ID,Duration
Cutting costs,861 2345 6789,68
Host Details,
Attended,User Name,Email,Join Time
Yes,Ina Holt,ina@ours.test,2026-03-11 15:55
Attendee Details,
Attended,User Name,First Name,Email,Registration Time
Yes,Ada Berg,Ada,ada@acme.test,2026-03-02 09:12
No,Tom Fuchs,Tom,tom@fuchs.test,2026-03-03 11:02
"""


@pytest.mark.parametrize("names", [(), ("Attended", "User Name", "First Name", "Email")])
def test_each_section_of_a_report_is_a_table_called_after_its_title(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    host, attendee = read(tmp_path, SECTIONS, names)
    assert (host.name, host.rows) == ("f.csv[Host Details]", 1)
    assert (attendee.name, attendee.rows) == ("f.csv[Attendee Details]", 2)
    assert attendee.columns[2:4] == ("First Name", "Email")
    assert not host.bad_rows and not attendee.bad_rows


def test_groups_under_one_header_are_no_sections(tmp_path: Path) -> None:
    group = "{}\nName,Owner,Stage,Value\n{},Ina,Won,1000\n{},Ina,Lost,500\n"
    [table] = read(
        tmp_path, "Deals\n" + group.format("Active", "A", "B") + group.format("Done", "C", "D")
    )
    assert (table.name, keys(table)) == ("f.csv", ["A", "B", "C", "D"])


def test_the_sum_below_each_group_is_no_record(tmp_path: Path) -> None:
    """Of a group of one record the sum is a copy, told by those of the others; no sum, no total."""
    head = "Name,Owner,Stage,Value,ID\n"
    groups = (
        f"Active\n{head}A,Ina,Won,1000,1\nB,Ina,Lost,500,2\n,,,1500,\n\n"
        f"Done\n{head}C,Ina,Won,700,3\nD,Ina,Won,250,4\n,,,950,\n\n"
        f"Late\n{head}E,Ina,Won,80,5\n,,,80,\n"
    )
    [table] = read(tmp_path, "Deals\n" + groups)
    assert keys(table) == ["A", "B", "C", "D", "E"]
    assert [(t.kind, dict(t.values)["Value"]) for t in table.totals] == [
        ("subtotal", "1500"),
        ("subtotal", "950"),
        ("subtotal", "80"),
    ]
    [table] = read(tmp_path, "Deals\n" + groups.replace("1500", "1501").replace("950", "951"))
    assert table.rows == 8 and not table.totals


def test_facts_below_the_records_are_a_footer(tmp_path: Path) -> None:
    """A record that was cut short is none, and one that follows the facts is broken as before."""
    head = "Date,Campaign,Impressions,Cost\n2026-02-01,A,10,1.50\n2026-02-02,A,10,1.50\n"
    facts = "\nReport Time:,2026/02/03 10:00 GMT\nGroup By:,Campaign\nMRC Accredited Metrics,none\n"
    [table] = read(tmp_path, head + facts)
    assert (table.rows, table.bad_rows) == (2, ()) and skipped(table) == {
        "footer below the records": 3
    }
    [table] = read(tmp_path, f"{head}2026-02-03,A\n")
    assert [bad.row for bad in table.bad_rows] == [4]
    [table] = read(tmp_path, f"{head}{facts}2026-02-03,A,10,1.50\n")
    assert table.rows == 3 and [bad.row for bad in table.bad_rows] == [5, 6, 7]


def test_a_group_named_once_is_named_in_each_of_its_rows(tmp_path: Path) -> None:
    """Its total says which blanks are of it; a blank of no such group stays one."""
    text = (
        "Campaign,Day,Cost,Clicks\nSpring,2026-01-03,100.50,10\n,2026-01-04,50.00,5\n"
        "Spring Total,,150.50,15\nSummer,2026-01-03,10.00,1\nSummer Total,,10.00,1\n"
        ",2026-01-05,7.00,1\nGrand Total,,167.50,17\n"
    )
    [table] = read(tmp_path, text)
    assert keys(table) == ["Spring", "Spring", "Summer", None]
    assert [(t.label, t.kind) for t in table.totals] == [
        ("Spring Total", "subtotal"),
        ("Summer Total", "subtotal"),
        ("Grand Total", "total"),
    ]
    assert table.notes == (
        "the name of a group in 'Campaign' is also that of the rows below it: 1",
    )


def test_facts_above_the_sections_of_a_report_are_said_of_each(tmp_path: Path) -> None:
    zone = SECTIONS.replace("Topic,", "Time Zone: America/New_York\nTopic,", 1)
    assert [
        "Time Zone: America/New_York" in table.above
        for table in read(tmp_path, zone, ("Topic", "Webinar ID", "Attended", "Email"))
    ] == [True, True]


@pytest.mark.parametrize("last", ["", "\nOther Attended\nUser Name,Join Time\n+49,2026-03-11\n"])
def test_sections_are_found_wherever_the_best_known_header_stands(
    tmp_path: Path, last: str
) -> None:
    event = "Webinar Details\nTopic,ID,Start,Minutes,Viewers,Peak\nCosts,86,2026-03-11,6,2,3\n"
    text = event + SECTIONS[SECTIONS.index("Host Details") :] + last
    tables = read(tmp_path, text, ("attended", "username", "jointime"))
    assert [table.name for table in tables][:2] == [
        "f.csv[Host Details]",
        "f.csv[Attendee Details]",
    ]


def test_a_separator_behind_each_record_of_a_section_is_forgiven(tmp_path: Path) -> None:
    text = "".join(f"{line},\n" if "@" in line else f"{line}\n" for line in SECTIONS.splitlines())
    assert [(t.rows, t.bad_rows) for t in read(tmp_path, text)] == [(1, ()), (2, ())]


LEADS = """\
{}
Lead ID,Email,Status,Created
01,ana@alpha.test,New,2026-01-05
02,bo@beta.test,New,2026-01-06
{}
Lead ID,Email,Status,Created,Event
03,cy@gamma.test,New,2026-01-07,Fair
04,di@delta.test,New,2026-01-08,Fair
"""


@pytest.mark.parametrize("titles", [("Web leads", "Event leads"), ("Speakers", "Visitors")])
def test_titles_of_other_tables_make_no_sections(tmp_path: Path, titles: tuple[str, str]) -> None:
    tables = read(tmp_path, LEADS.format(*titles), ("leadid", "email", "status", "created"))
    assert [table.name for table in tables] == ["f.csv", "f.csv[table 2]"]
    assert [key for table in tables for key in keys(table)] == ["01", "02", "03", "04"]


def test_a_table_of_facts_above_titled_records_is_a_preamble(tmp_path: Path) -> None:
    text = (
        "All amounts in USD\nSelection\nOwner,Pipeline,Period\nKim,Sales,2026-01-01\nDeals\n"
        "Deal ID,Deal name,Amount,Status,Created\n1,A,100.50,Won,2026-01-05\n"
        "2,B,200.00,Lost,2026-01-05\n"
    )
    [table] = read(tmp_path, text, ("dealid", "dealname", "amount", "status", "created", "owner"))
    assert (keys(table), table.above[0]) == (["1", "2"], "All amounts in USD")
