"""Bad and unusual input on the command line: one clear sentence, the right exit, nothing lost."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from build_kit import Shop, core_shop, stop_at_core

from smarketing.cli import main
from smarketing.store.builds import current_build

__all__ = ["core_shop"]

DEALS = "deal_id,amount,currency,outcome,closed_at"
WINDOW = ("--from", "2025-01-01", "--to", "2026-07-01")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process on a home: exit code, standard output and error."""

    def call(home: Path, *args: object) -> tuple[int, str, str]:
        monkeypatch.setenv("SMARKETING_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["smarketing", *map(str, args)])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        return code, *capsys.readouterr()

    return call


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a shop with one deal in its store; only copied."""
    folder = tmp_path_factory.mktemp("sold")
    with pytest.MonkeyPatch.context() as patched:
        stop_at_core(patched)
        made = Shop(folder)
        made.take(made.write("deal.csv", DEALS, "1,10,EUR,won,2024-01-31"))
    return folder


@pytest.fixture
def shop(core_shop: Shop, sold: Path) -> Shop:
    """A shop of a test's own with one deal in its store."""
    shutil.copytree(sold, core_shop.home.parent, dirs_exist_ok=True)
    return core_shop


def refused(answer: tuple[int, str, str], code: int, *parts: str) -> None:
    """Assert the exit code, nothing on standard output, and one sentence with these parts."""
    assert answer[:2] == (code, "")
    assert answer[2].startswith("smarketing: ") and answer[2].count("\n") == 1
    for part in parts:
        assert part in answer[2]


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (("name,amount,outcome", "A,5,won"), ("generic deal", "'deal_id'", "missing")),
        (("deal_id,amuont,outcome", "1,5,won"), ("'amuont'", "Did you mean 'amount'?")),
        (("deal_id,amount,amount,outcome", "1,5,6,won"), ("the column 'amount' twice",)),
        (("a,b", "1,2"), ("no known source", "smarketing source new")),
    ],
)
def test_a_file_of_no_source_alone_fails(
    core_shop: Shop, run: Run, lines: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    core_shop.write("deal.csv", *lines)
    code, _, err = run(core_shop.home, "import", core_shop.inbox, "--json")
    assert code == 1 and err.count("\n") == 1
    for part in parts:
        assert part in err


def test_what_cannot_be_read_is_named_on_standard_error(core_shop: Shop, run: Run) -> None:
    rows = ("1,abc,EUR,won,2024-01-31", "2,5,EUR,wonn,2024-01-31", "3,7,EUR,won,2024-01-31")
    path = core_shop.write("deal.csv", DEALS, *rows)
    code, out, err = run(core_shop.home, "import", path, "--json")
    document = json.loads(out)
    assert code == 0 and document["files"][0]["quarantined"] == 2
    assert "2 rows went to quarantine" in err
    assert "deal.csv, line 2: amount 'abc' not an amount" in err
    assert "deal.csv, line 3: outcome 'wonn' not one of open, won, lost" in err
    assert [unread["value"] for unread in document["unread"]] == ["abc", "wonn"]


def test_an_answer_of_no_kind_counts_in_no_figure_and_is_not_used(
    core_shop: Shop, run: Run
) -> None:
    rows = ("r1,2026-03-01,nps,10", "r2,2026-03-02,,0")
    path = core_shop.write("feedback.csv", "feedback_id,asked_at,kind,score", *rows)
    code, out, err = run(core_shop.home, "import", path, "--json")
    (file,) = json.loads(out)["files"]
    assert (code, file["used"], file["quarantined"]) == (0, 1, 1)
    assert "feedback.csv, line 3: kind missing" in err


def test_a_file_of_which_nothing_can_be_read_fails_and_the_others_are_imported(
    shop: Shop, run: Run
) -> None:
    bad = shop.write("bad.csv", DEALS, "2,x,EUR,won,", "3,y,EUR,won,")
    good = shop.write("good.csv", DEALS, "4,5,EUR,won,2024-01-31")
    code, out, err = run(shop.home, "import", bad, good, "--json")
    assert code == 1 and err.count("\n") == 1
    assert "No record of bad.csv could be read, all 2 went to quarantine" in err
    assert "bad.csv, line 2: amount 'x' not an amount" in err
    assert [file["used"] for file in json.loads(out)["files"]] == [0, 1]
    assert shop.rows("select count(*) from deal") == [(2,)]


@pytest.mark.parametrize("rows", [("2,x,EUR,won,", "3,y,EUR,won,"), ()])
@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_a_full_import_never_replaces_what_there_is_by_nothing(
    shop: Shop, run: Run, rows: tuple[str, ...], dry_run: tuple[str, ...]
) -> None:
    bad = shop.write("bad.csv", DEALS, *rows)
    refused(
        run(shop.home, "import", bad, "--mode", "full", *dry_run), 1, "Nothing was changed", "full"
    )
    assert shop.rows("select count(*) from deal") == [(1,)]
    assert run(shop.home, "build")[0] == 0
    assert shop.rows("select count(*) from deal") == [(1,)]


def test_a_full_import_says_what_it_takes_out(shop: Shop, run: Run) -> None:
    less = shop.write("less.csv", DEALS, "9,5,EUR,won,2024-01-31")
    code, _, err = run(shop.home, "import", less, "--mode", "full")
    assert (code, "took records out of the store" in err, "1 of deal" in err) == (0, True, True)


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (("kpii",), ("No such command 'kpii'", "Did you mean 'kpi'?", "smarketing --help")),
        (("kpi", "--perid", "x"), ("--perid", "--period", "smarketing kpi --help")),
        (("import",), ("Name files or folders to import", "--from")),
        (("plan", "--revenue", "much", "--by", "2026-12-31"), ("--revenue", "number")),
        (("source", "nw"), ("'nw'", "smarketing source --help")),
        (("funnel", "--at", "2026-01-01", *WINDOW), ("--at", "--from", "one or the other")),
    ],
)
def test_wrong_usage_is_one_sentence(
    tmp_path: Path, run: Run, args: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    refused(run(tmp_path, *args), 2, *parts)


def test_a_source_that_is_gone_is_said_at_every_build(shop: Shop, run: Run) -> None:
    path = next((shop.home / "landing").glob("*/manifest.json"))
    path.write_text(path.read_text().replace('"generic"', '"oldcrm"'))
    code, _, err = run(shop.home, "build")
    assert code == 0 and err.count("\n") == 1
    assert "The 1 records of deal.csv are in no figure: its source no longer exists" in err


@pytest.mark.parametrize(
    ("damage", "command"),
    [
        ("drop table fct_cost", ("attribution", *WINDOW)),
        ("drop table fct_stage_count", ("funnel", *WINDOW)),
        ("alter table fct_handoff drop column reason", ("handoff",)),
    ],
)
def test_a_build_of_older_code_says_to_build_again(
    demo_home: Path, tmp_path: Path, run: Run, damage: str, command: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home / "builds", home / "builds")
    shutil.copyfile(demo_home / "CURRENT", home / "CURRENT")
    with duckdb.connect(str(current_build(home))) as connection:
        connection.execute(damage)
    refused(run(home, *command), 1, "another version of Smarketing", "Run: smarketing build")


def test_values_that_would_be_counted_wrong_are_quarantined(core_shop: Shop) -> None:
    """Each in a file of its own."""
    cases = (
        ("99999999999999999,EUR,won,2024-01-31,new", "amount"),
        ("5,EUR,won,2024-01-31,neww", "kind"),
        ("5,EUR,won,0001-01-01,new", "closed_at"),
        ("5,EUR,won,9999-12-31,new", "closed_at"),
        ("inf,EUR,won,2024-01-31,new", "amount"),
        ("5,EURO,won,2024-02-30,new", "closed_at"),
    )
    paths = [
        core_shop.write(f"deal{n}.csv", f"{DEALS},kind", f"{n},{row}")
        for n, (row, _) in enumerate(cases)
    ]
    report = core_shop.take(*paths)
    assert sorted((unread.file, unread.column) for unread in report.unread) == [
        (f"deal{n}.csv", column) for n, (_, column) in enumerate(cases)
    ]
    assert core_shop.table(report, "deal") == (len(cases), 0, 0, 0, len(cases))


def test_an_amount_is_read_right_or_not_at_all(core_shop: Shop) -> None:
    """Each in a file of its own: what stands in a column says how its other values are read."""
    cases = (
        ("$99.99", "USD", 9999), ("$99.99", "", None), ("$99.99", "EUR", None),
        ("€99.99", "", 9999), ("99.99 EUR", "EUR", 9999), ("USD 10", "EUR", None),
        ("10 USD", "USD", 1000), ("£5", "USD", None), ("−500", "EUR", -50000),
        ("(500.00)", "EUR", -50000), ("500-", "EUR", -50000), ("50%", "EUR", None),
        ("5k", "EUR", None), ("1.5E+3", "EUR", 150000), ("1e400", "EUR", None),
        ('"1,234,567.89"', "EUR", 123456789), ('"12,34"', "EUR", 1234), ("0x10", "EUR", None),
    )  # fmt: skip
    paths = [
        core_shop.write(f"{n}.csv", DEALS, f"{n},{amount},{currency},won,", f"of{n},7,EUR,won,")
        for n, (amount, currency, _) in enumerate(cases)
    ]
    report = core_shop.take(*paths)
    read = dict(core_shop.rows("select deal_id, amount from deal"))
    unread = {one.file: one.column for one in report.unread}
    balanced = {file.file: (file.used, file.quarantined) for file in report.files}
    assert len(report.unread) == len(unread)
    for n, (amount, currency, minor) in enumerate(cases):
        found = read.get(f"generic:{n}"), unread.get(f"{n}.csv"), balanced[f"{n}.csv"]
        wanted = (None, "amount", (1, 1)) if minor is None else (minor, None, (2, 0))
        assert found == wanted, (amount, currency)


def test_another_currency_than_the_row_s_is_the_reason_given(core_shop: Shop) -> None:
    report = core_shop.take(core_shop.write("deal.csv", DEALS, "1,$5,EUR,won,", "2,x,EUR,won,"))
    assert [(unread.line, unread.reason) for unread in report.unread] == [
        (2, "in another currency than its row"),
        (3, "not an amount"),
    ]


def test_ids_that_a_spreadsheet_rounded_are_never_taken_for_one(core_shop: Shop) -> None:
    rows = ("1.23457E+15,1,EUR,won,", "1.23457E+15,2,EUR,won,", "E+1,3,EUR,won,")
    report = core_shop.take(core_shop.write("deal.csv", DEALS, *rows))
    assert core_shop.rows("select deal_id from deal") == [("generic:E+1",)]
    assert report.unread[0].reason.startswith("an id that a spreadsheet rounded")


def test_ids_beyond_the_digits_of_a_spreadsheet_s_numbers_are_never_taken_for_one(
    core_shop: Shop,
) -> None:
    path = core_shop.inbox / "deals.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, DEALS.split(","))
        for row, key in enumerate((5123456000000123001, 5123456000000123002, 1234567), start=1):
            sheet.write_row(row, 0, [key, row, "EUR", "won", ""])
    report = core_shop.take(path)
    assert core_shop.rows("select deal_id from deal") == [("generic:1234567",)]
    (unread,) = report.unread
    assert (unread.column, unread.values) == ("deal_id", 2)
    assert unread.reason.startswith("an id that a spreadsheet rounded")


@pytest.mark.parametrize("written", ["1.23E+17", '"1,23457E+11"', "1e+17", "6.0E+17"])
def test_references_that_a_spreadsheet_rounded_lead_nowhere(core_shop: Shop, written: str) -> None:
    rows = (f"2026-01-05,100,EUR,marketing,{written}", "2026-01-06,50,EUR,marketing,77")
    path = core_shop.write("costs.csv", "incurred_on,amount,currency,team,campaign_id", *rows)
    report = core_shop.take(path)
    assert core_shop.rows("select campaign_id from cost") == [("generic:77",)]
    (unread,) = report.unread
    assert (unread.line, unread.column, unread.values) == (2, "campaign_id", 1)
    assert "format the column as text" in unread.reason


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("9999-12-31", None), ("2999-12-31", None), ("31.12.9999", None), ("12/31/9999", None),
        ("9999-12-31T00:00:00Z", None), ("", None), ("2027-12-31", "2027-12-31"),
    ],
)  # fmt: skip
def test_an_end_that_nobody_has_set_is_open(core_shop: Shop, given: str, read: str | None) -> None:
    head = "contract_id,account_id,starts_on,ends_on"
    report = core_shop.take(core_shop.write("contract.csv", head, f"1,a,2026-01-01,{given}"))
    assert core_shop.rows("select ends_on::varchar from contract") == [(read,)]
    assert report.unread == ()


def test_a_year_nobody_can_mean_is_the_reason_given(core_shop: Shop) -> None:
    head = "contract_id,account_id,starts_on,ends_on"
    rows = ("1,a,0001-01-01,", "2,a,9999-12-31,", "3,a,soon,", "4,a,0000-00-00,")
    report = core_shop.take(core_shop.write("contract.csv", head, *rows))
    assert {(unread.line, unread.reason, unread.values) for unread in report.unread} == {
        (2, "in a year before 1900 or after 2199", 2),
        (4, "not a date", 1),
    }
    assert core_shop.rows("select contract_id, starts_on from contract") == [("generic:4", None)]


@pytest.mark.parametrize(
    ("last", "is_total"),
    [
        ("Total,30,,,", True), ("Grand Total,30,EUR,,", True), ("Total,30,EUR,,", True),
        ("Total,,EUR,,", False), ("Total,30,EUR,won,2024-01-31", False),
    ],
)  # fmt: skip
def test_a_total_is_no_record(core_shop: Shop, last: str, is_total: bool) -> None:
    rows = ("1,10,EUR,won,2024-01-31", "2,20,EUR,won,2024-01-31", last)
    report = core_shop.take(core_shop.write("deal.csv", DEALS, *rows))
    assert report.files[0].unused == is_total
    assert core_shop.rows("select count(*) from deal") == [(2 if is_total else 3,)]


def test_json_on_one_line_balances(core_shop: Shop) -> None:
    records = '[{"deal_id":1,"amount":10.5,"outcome":"won"},{"deal_id":2,"amount":"x"},7]'
    report = core_shop.take(core_shop.write("deal.json", records))
    file = report.files[0]
    assert (file.rows, file.used, file.unused, file.quarantined) == (3, 1, 0, 2)
    assert sorted(unread.line for unread in report.unread) == [2, 3]


def test_a_plain_file_named_gz_is_read(core_shop: Shop) -> None:
    core_shop.take(core_shop.write("deal.csv.gz", DEALS, "1,5,EUR,won,2024-01-31"))
    assert core_shop.rows("select amount from deal") == [(500,)]


def test_rates_not_above_nothing_are_quarantined(core_shop: Shop) -> None:
    rows = ("USD,2024-01-01,0.9", "USD,2024-01-02,0", "USD,2024-01-03,-1")
    report = core_shop.take(core_shop.write("fx_rate.csv", "currency,rate_on,rate", *rows))
    assert core_shop.table(report, "fx_rate") == (3, 1, 0, 0, 2)


def test_a_decimal_comma_is_told_from_the_column(core_shop: Shop) -> None:
    rows = ("1;1.234,56;won", "2;1.000;won", "3;-7,00;won")
    core_shop.take(core_shop.write("deal.csv", "deal_id;amount;outcome", *rows))
    found = core_shop.rows("select deal_id, amount from deal order by 1")
    assert found == [("generic:1", 123456), ("generic:2", 100000), ("generic:3", -700)]


def test_minor_units_are_the_currency_s_own(core_shop: Shop) -> None:
    rows = ("1,1234,JPY,won,", "2,1234.567,KWD,won,", "3,-5.55,EUR,won,")
    core_shop.take(core_shop.write("deal.csv", DEALS, *rows))
    found = core_shop.rows("select amount from deal order by deal_id")
    assert found == [(1234,), (1234567,), (-555,)]


def test_unusual_ids_stay_as_they_are(core_shop: Shop) -> None:
    ids = ("007", "7", "a:b", "'q'", "Üñ😀", "=cmd|' /C calc'!A0")
    rows = [f"{name},1,EUR,won," for name in ids]
    core_shop.take(core_shop.write("deal.csv", DEALS, *rows))
    found = {name for (name,) in core_shop.rows("select deal_id from deal")}
    assert found == {f"generic:{name}" for name in ids}


def test_a_table_of_our_own_is_not_taken_for_another_system_s(core_shop: Shop) -> None:
    core_shop.take(core_shop.write("account.csv", "account_id,name", "1,Acme"))
    assert core_shop.rows("select account_id, source from account") == [("generic:1", "generic")]


def test_a_file_of_ten_thousand_columns_is_read(core_shop: Shop) -> None:
    many = [f"c{number}" for number in range(10_000)]
    path = core_shop.write("deal.csv", ",".join([DEALS, *many]), "1,5,EUR,won," + "," * len(many))
    report = core_shop.take(path, source="generic")
    assert (report.files[0].rows, report.files[0].used) == (1, 1)


def test_what_holds_no_table_is_passed_over_in_a_folder_and_refused_by_name(
    core_shop: Shop, run: Run
) -> None:
    core_shop.write("deal.csv", DEALS, "1,5,EUR,won,")
    graph = core_shop.write("graph.graphml", '<graphml xmlns="x">', "</graphml>")
    core_shop.write("logo.png", "\x89PNG")
    core_shop.write("notes.md", "# Notes")
    code, out, err = run(core_shop.home, "import", core_shop.inbox, "--json")
    assert code == 0 and "passed over, since no table is read from such files: logo.png" in err
    assert [file["file"] for file in json.loads(out)["files"]] == ["deal.csv"]
    refused(run(core_shop.home, "import", graph), 1, "graph.graphml is a web page or XML")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("garbage", "is no day; write it as YYYY-MM-DD"),
        ("2024-02-30", "is no day; write it as YYYY-MM-DD"),
        ("0001-01-01", "is out of range; years run"),
        ("2999-01-01", "is out of range; years run"),
    ],
)
def test_an_as_of_that_no_data_have_is_refused(shop: Shop, run: Run, text: str, says: str) -> None:
    refused(run(shop.home, "import", shop.inbox, "--as-of", text), 2, f"The as-of '{text}' {says}")


@pytest.mark.parametrize(
    "manifest", ["{broken", "[]", "{}", '{"format": 1, "files": [{"x": 1}]}', None]
)
def test_a_damaged_manifest_stops_a_build(shop: Shop, run: Run, manifest: str | None) -> None:
    path = next((shop.home / "landing").glob("*/manifest.json"))
    path.unlink() if manifest is None else path.write_text(manifest)
    for command in (("build",), ("import", shop.write("deal2.csv", DEALS, "2,5,EUR,won,"))):
        refused(run(shop.home, *command), 1, str(path), "import its files again")
    assert shop.rows("select count(*) from deal") == [(1,)]


@pytest.mark.parametrize("damage", ["gone", "garbage", "cut short"])
def test_a_damaged_landed_file_stops_a_build(shop: Shop, run: Run, damage: str) -> None:
    path = next((shop.home / "landing").glob("*/*/*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(b"no parquet" if damage == "garbage" else whole[: len(whole) // 2])
    if damage == "gone":
        path.unlink()
    refused(run(shop.home, "build"), 1, "deal.csv", "import its files again")
    path.write_bytes(whole)
    assert run(shop.home, "build")[0] == 0


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00junk", b"../../elsewhere", None])
def test_a_damaged_pointer_is_named_and_mended(shop: Shop, run: Run, damage: bytes | None) -> None:
    pointer = shop.home / "CURRENT"
    pointer.unlink()
    pointer.mkdir() if damage is None else pointer.write_bytes(damage)
    refused(run(shop.home, "check"), 1, "Run: smarketing" if damage == b"" else "build")
    if damage is None:
        pointer.rmdir()
    assert run(shop.home, "build")[0] == 0
    assert shop.rows("select count(*) from deal") == [(1,)]


@pytest.mark.parametrize("command", ["check", "kpi", "worklist"])
def test_a_build_of_a_newer_version_is_refused(shop: Shop, run: Run, command: str) -> None:
    with duckdb.connect(str(current_build(shop.home))) as connection:
        connection.execute("update build_info set version = '99.0'")
    refused(run(shop.home, command), 1, "made by Smarketing 99.0", "upgrade")


@pytest.mark.parametrize("command", [("demo",), ("build",), ("kpi",), ("import", "{file}")])
def test_a_home_that_is_a_file_is_named(tmp_path: Path, run: Run, command: tuple[str, ...]) -> None:
    file = tmp_path / "deal.csv"
    file.write_text(f"{DEALS}\n1,5,EUR,won,\n")
    refused(run(file, *(part.format(file=file) for part in command)), 1, str(file))


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (("plan", "--revenue", "nan", "--by", "2026-12-31"), ("nan is not above 0",)),
        (("plan", "--revenue", "inf", "--by", "2026-12-31"), ("inf is not above 0 and at most",)),
        (("plan", "--revenue", "1e30", "--by", "2026-12-31"), ("1e+30 is not above 0 and at",)),
        (("plan", "--revenue", "1", "--by", "9999-12-31"), ("9999", "2199")),
        (("funnel", "--at", "9999-12-31"), ("9999-12-31", "2199")),
        (("funnel", "--from", "0001-01-01", "--to", "2026-01-01"), ("0001-01-01", "1970")),
        (("funnel", *WINDOW, "--where", "segment=enterprize"), ("Did you mean 'enterprise'?",)),
        (("kpi", "--where", "channel=webinarr"), ("Did you mean 'webinar'?",)),
        (("attribution", *WINDOW, "--where", "region=dachh"), ("Did you mean 'dach'?",)),
        (("worklist", "--owner", "nobody at all"), ("Unknown owner 'nobody at all'",)),
    ],
)
def test_what_cannot_be_asked_is_refused(
    demo_home: Path, run: Run, args: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    refused(run(demo_home, *args), 2, *parts)


def test_a_date_that_lacks_something_is_told_so(core_shop: Shop) -> None:
    """Each in a file of its own."""
    cases = (
        ("Jan-26", "no day with a year"),
        ("2026-W05", "a week, and no day of it"),
        ("Q1 2026", "no day with a year but several months"),
        ("2026-01-05 10:00 CET", "a time of a zone by its name"),
        ("2026-01-05 10:00:00 Europe/Berlin", "a time of a zone by its name"),
    )
    head, other = "deal_id,created_at", "2026-01-05 10:00"
    paths = [
        core_shop.write(f"deal{n}.csv", head, f"{n},{written}", f"of{n},{other}")
        for n, (written, _) in enumerate(cases)
    ]
    told = {one.file: one.reason for one in core_shop.take(*paths).unread}
    for n, (written, reason) in enumerate(cases):
        assert told[f"deal{n}.csv"].startswith(reason), written


def test_dashes_of_any_length_are_no_value(core_shop: Shop) -> None:
    rows = ("1,—,—,EUR", "2,–,n/a,EUR", "3,2026-01-05,5,EUR", "4,#NV,(not set),EUR")
    report = core_shop.take(
        core_shop.write("deal.csv", "deal_id,created_at,amount,currency", *rows)
    )
    assert report.unread == ()
    assert core_shop.rows("select count(*), count(amount), count(created_at) from deal") == [
        (4, 1, 1)
    ]


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--mode", "full")])
def test_an_import_of_which_every_file_is_refused_is_one_document_of_json(
    core_shop: Shop, run: Run, more: tuple[str, ...]
) -> None:
    one = core_shop.write("one.csv", "a,b", "1,2")
    other = core_shop.write("other.csv", "c,d", "1,2")
    code, out, err = run(core_shop.home, "import", one, other, "--json", *more)
    document = json.loads(out)
    assert code == 1 and document["dry_run"] is ("--dry-run" in more)
    assert document["import_id"] is None and document["tables"] == []
    assert "one.csv" in document["refused"][0] and "other.csv" in document["refused"][1]
    assert all(reason in err for reason in document["refused"])
