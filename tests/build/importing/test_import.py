"""Importing small files: what lands, what each report says, what a second import changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.build import build, import_files, stale_reasons
from smarketing.build.importing.told import told
from smarketing.errors import SourceError, StoreError, UsageError

__all__ = ["core_shop"]

DEALS = (
    "deal_id,account_id,amount,currency,created_at,closed_at,outcome",
    "d1,a1,100.50,EUR,2026-01-05,2026-02-01,won",
    "d2,a1,200,USD,2026-01-06,,open",
)


@pytest.fixture
def shop(core_shop: Shop) -> Shop:
    return core_shop


@pytest.fixture
def whole_shop(tmp_path: Path) -> Shop:
    """Return a shop whose builds make every mart."""
    return Shop(tmp_path)


def test_a_first_import_lands_types_and_publishes(whole_shop: Shop) -> None:
    report = whole_shop.take(whole_shop.write("deals.csv", *DEALS), by="ana")
    assert whole_shop.rows(
        "select deal_id, account_id, amount, currency, created_at::varchar, created_at_has_time, "
        "closed_at is null, outcome, source, _row from deal order by deal_id"
    ) == [
        # 2026-01-05 is a local day: midnight in Berlin is 23:00 UTC of the day before.
        ("generic:d1", "generic:a1", 10050, "EUR", "2026-01-04 23:00:00", False, False, "won",
         "generic", 2),
        ("generic:d2", "generic:a1", 20000, "USD", "2026-01-05 23:00:00", False, True, "open",
         "generic", 3),
    ]  # fmt: skip
    assert [(f.file, f.rows, f.used, f.unused, f.quarantined) for f in report.files] == [
        ("deals.csv", 2, 2, 0, 0)
    ]
    assert whole_shop.table(report, "deal") == (2, 2, 0, 0, 0)
    assert report.refused == ()
    assert whole_shop.rows("select build_id from build_info") == [(report.build_id,)]
    assert whole_shop.rows("select import_id, mode from file_info") == [(report.import_id, "add")]


def test_the_json_has_the_keys_of_the_contract(shop: Shop) -> None:
    document = shop.take(shop.write("deals.csv", *DEALS)).as_dict()
    assert {"import_id", "build_id", "files", "tables"} <= set(document)
    (file,), (table,) = document["files"], document["tables"]
    assert {"file", "sha256", "rows", "used", "unused", "quarantined"} <= set(file)
    keys = {"table", "produced", "new", "changed", "unchanged", "quarantined"}
    assert keys <= set(table)
    assert len(file["sha256"]) == 64


def test_the_same_file_again_changes_nothing(whole_shop: Shop) -> None:
    path = whole_shop.write("deals.csv", *DEALS)
    first = whole_shop.take(path)
    again = whole_shop.take(path)
    assert whole_shop.table(again, "deal") == (2, 0, 0, 2, 0)
    assert again.build_id == first.build_id
    assert len(list((whole_shop.home / "landing").iterdir())) == 1


def test_the_same_content_under_another_name_is_the_same_file(shop: Shop) -> None:
    shop.take(shop.write("deals.csv", *DEALS))
    again = shop.take(shop.write("deals (1).csv", *DEALS))
    assert [f.file for f in again.files] == ["deals (1).csv"]
    assert shop.table(again, "deal") == (2, 0, 0, 2, 0)
    assert shop.rows("select count(*) from deal") == [(2,)]


def test_two_equal_files_in_one_import_are_read_once(shop: Shop) -> None:
    report = shop.take(shop.write("deals.csv", *DEALS), shop.write("deals_copy.csv", *DEALS))
    assert [(f.file, f.rows, f.used, f.unused, f.quarantined) for f in report.files] == [
        ("deals.csv", 2, 2, 0, 0),
        ("deals_copy.csv", 2, 0, 2, 0),
    ]
    assert report.files[1].unused_reasons == (("the same file as deals.csv", 2),)
    assert shop.table(report, "deal") == (2, 2, 0, 0, 0)


def test_new_changed_and_unchanged_are_told_apart(shop: Shop) -> None:
    shop.take(shop.write("deals.csv", *DEALS))
    report = shop.take(
        shop.write(
            "deals_later.csv",
            DEALS[0],
            DEALS[1],
            "d2,a1,250,USD,2026-01-06,,open",
            "d3,a2,1,EUR,2026-02-07,,open",
        )
    )
    assert shop.table(report, "deal") == (3, 1, 1, 1, 0)
    assert shop.rows("select amount from deal where deal_id = 'generic:d2'") == [(25000,)]
    first = shop.rows("select used, unused from file_info order by import_id limit 1")
    assert first == [(0, 2)]
    reasons = shop.rows("select reason, rows from file_unused")
    assert reasons == [("superseded by a newer version", 2)]


def test_mode_full_replaces_the_source(shop: Shop) -> None:
    shop.take(shop.write("deals.csv", *DEALS))
    report = shop.take(shop.write("deals_full.csv", *DEALS[:2]), mode="full")
    assert shop.table(report, "deal") == (1, 0, 0, 1, 0)
    assert [row.removed for row in report.tables] == [1]
    assert shop.rows("select deal_id from deal") == [("generic:d1",)]
    assert [row[0] for row in shop.rows("select file from file_info")] == ["deals_full.csv"]


def test_mode_full_keeps_other_sources(shop: Shop) -> None:
    cost = shop.write(
        "google.csv",
        "customer_id,date,id,clicks,cost_micros,impressions,device,base_campaign",
        "1,2026-01-05,77,3,1500000,40,MOBILE,c/1",
    )
    shop.take(cost, source="google_ads")
    shop.take(shop.write("deals.csv", *DEALS), mode="full")
    assert shop.rows("select source, amount from cost") == [("google_ads", 150)]


def test_full_with_the_same_files_changes_nothing(shop: Shop) -> None:
    path = shop.write("deals.csv", *DEALS)
    first = shop.take(path, mode="full")
    again = shop.take(path, mode="full")
    assert again.build_id == first.build_id
    assert shop.table(again, "deal") == (2, 0, 0, 2, 0)


def test_a_dry_run_leaves_no_trace(whole_shop: Shop) -> None:
    path = whole_shop.write("deals.csv", *DEALS)
    report = whole_shop.take(path, dry_run=True)
    assert whole_shop.table(report, "deal") == (2, 2, 0, 0, 0)
    assert report.build_id is None
    assert sorted(item.name for item in whole_shop.home.iterdir()) == ["agreement.yaml"]
    whole_shop.take(path)
    before = sorted(str(item) for item in whole_shop.home.rglob("*"))
    again = whole_shop.take(
        whole_shop.write("more.csv", DEALS[0], "d9,a1,5,EUR,2026-02-01,,open"), dry_run=True
    )
    assert whole_shop.table(again, "deal") == (1, 1, 0, 0, 0)
    assert sorted(str(item) for item in whole_shop.home.rglob("*")) == before


def test_a_named_file_of_no_source_is_refused_and_the_others_land(shop: Shop) -> None:
    strange = shop.write("strange.csv", "colour,weight", "red,2", "blue,3")
    report = shop.take(shop.write("deals.csv", *DEALS), strange)
    assert len(report.refused) == 1
    assert "strange.csv" in report.refused[0]
    assert shop.rows("select count(*) from deal") == [(2,)]
    with pytest.raises(SourceError, match=r"strange\.csv"):
        shop.take(strange)


def test_a_file_of_no_source_in_a_folder_is_counted(shop: Shop) -> None:
    shop.write("deals.csv", *DEALS)
    shop.write("strange.csv", "colour,weight", "red,2", "blue,3")
    shop.write(".hidden.csv", *DEALS)
    report = shop.take(shop.inbox)
    assert report.refused == ()
    assert [(f.file, f.rows, f.used, f.unused, f.quarantined) for f in report.files] == [
        ("deals.csv", 2, 2, 0, 0),
        ("strange.csv", 2, 0, 2, 0),
    ]
    assert report.files[1].unused_reasons == (("no known source", 2),)
    (note,) = report.files[1].notes
    assert note.startswith("of no known source: its columns are colour, weight")
    assert "smarketing source new" in note


def test_documents_among_the_files_of_a_folder_are_named(shop: Shop) -> None:
    shop.write("deal.csv", "deal_id,amount", "d1,1")
    for name in ("more/contract.pdf", "photo.PNG", "README.md", ".hidden.pdf"):
        shop.write(name, "x")
    report = shop.take(shop.inbox)
    assert report.passed_over == ("more/contract.pdf", "photo.PNG")
    assert report.as_dict()["passed_over"] == ["more/contract.pdf", "photo.PNG"]


def test_a_file_below_a_folder_is_called_by_its_path(shop: Shop) -> None:
    shop.write("north/deals.csv", *DEALS[:2])
    shop.write("south/deals.csv", DEALS[0], DEALS[2])
    report = shop.take(shop.inbox)
    assert [f.file for f in report.files] == ["north/deals.csv", "south/deals.csv"]
    assert shop.rows("select distinct _file from deal order by 1") == [
        ("north/deals.csv",),
        ("south/deals.csv",),
    ]


def test_a_required_column_missing_names_it(shop: Shop) -> None:
    path = shop.write(
        "costs.csv", "cost_id,amount,currency,category,campaign_id", "c1,2,EUR,media,"
    )
    with pytest.raises(SourceError, match="incurred_on"):
        shop.take(path, source="generic")


def test_wrong_arguments_are_usage_errors(shop: Shop) -> None:
    path = shop.write("deals.csv", *DEALS)
    with pytest.raises(UsageError, match="Valid: add, full"):
        shop.take(path, mode="replace")
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        shop.take(path, as_of="last week")
    with pytest.raises(UsageError, match="salesforce"):
        shop.take(path, source="salesfroce")
    with pytest.raises(UsageError, match="no_such"):
        import_files(shop.home, [shop.inbox / "no_such.csv"])
    assert not (shop.home / "builds").exists()


def test_nothing_to_build_says_how_to_begin(shop: Shop) -> None:
    with pytest.raises(StoreError, match="smarketing import"):
        build(shop.home)


def test_a_changed_agreement_makes_the_build_stale_until_built_again(whole_shop: Shop) -> None:
    whole_shop.take(whole_shop.write("deals.csv", *DEALS))
    assert stale_reasons(whole_shop.home) == ()
    text = (whole_shop.home / "agreement.yaml").read_text()
    (whole_shop.home / "agreement.yaml").write_text(
        text.replace("Europe/Berlin", "America/New_York")
    )
    assert stale_reasons(whole_shop.home) == ("the agreement has changed",)
    report = build(whole_shop.home)
    assert stale_reasons(whole_shop.home) == ()
    assert report.rows == {"deal": 2}
    assert whole_shop.rows("select created_at::varchar from deal where deal_id like '%d1'") == [
        ("2026-01-05 05:00:00",)
    ]


def test_a_build_is_a_function_of_landing_agreement_and_code(whole_shop: Shop) -> None:
    whole_shop.take(whole_shop.write("deals.csv", *DEALS))
    before = whole_shop.rows("select * exclude (_file_id) from deal order by deal_id")
    for path in (whole_shop.home / "builds").iterdir():
        path.unlink()
    (whole_shop.home / "CURRENT").unlink()
    build(whole_shop.home)
    assert whole_shop.rows("select * exclude (_file_id) from deal order by deal_id") == before


def test_progress_tells_the_steps(whole_shop: Shop) -> None:
    told: list[tuple[str, float]] = []
    whole_shop.take(
        whole_shop.write("deals.csv", *DEALS),
        progress=lambda step, share: told.append((step, share)),
    )
    assert told[0][0] == "reading deals.csv"
    assert told[-1][0] == "publishing"
    assert all(0 <= share <= 1 for _, share in told)
    shares = [share for _, share in told]
    assert shares == sorted(shares)


def test_statuses_and_stages_that_the_agreement_lacks_are_said_with_what_to_do(
    whole_shop: Shop,
) -> None:
    report = whole_shop.take(
        whole_shop.write(
            "lead.csv", "lead_id,status,created_at",
            "l1,Gärung,2026-01-05", "l2,Gärung,2026-01-05", "l3,Konvertiert,2026-01-05", "l4,,",
        ),
        whole_shop.write(
            "lead_stage_event.csv", "lead_id,stage,entered_at",
            "l1,Gärung,2026-01-06", "l3,Konvertiert,2026-01-07",
        ),
    )  # fmt: skip
    assert [str(unmapped) for unmapped in report.unmapped] == ["“Gärung” (2 leads)"]
    assert report.as_dict()["unmapped_statuses"] == [{"status": "Gärung", "leads": 2}]
    said = " ".join(told(report, "add"))
    assert "stages or exits" not in said and "“Gärung” (2 leads). By it" in said
    assert "which one it is. Then import again." in said and "Correct it" not in said


def test_a_file_of_unknown_stages_alone_is_not_called_wrong(shop: Shop) -> None:
    events = ("lead_id,stage,entered_at", "l1,Gärung,2026-01-06", "l2,Reife,2026-01-06")
    report = shop.take(shop.write("lead_stage_event.csv", *events))
    assert report.refusal.endswith("which one it is (and 1 more); then import it again.")
    mixed = shop.take(shop.write("lead_stage_event.csv", *events[:2], "l2,Reife,no day"))
    assert mixed.refusal.endswith("correct the file and import it again.")


def test_costs_of_no_team_are_said(shop: Shop) -> None:
    report = shop.take(
        shop.write(
            "costs.csv", "cost_id,incurred_on,amount,currency,team",
            "k1,2026-01-05,1200.50,EUR,", "k2,2026-01-06,300,JPY,", "k3,2026-01-06,9,EUR,marketing",
        )
    )  # fmt: skip
    assert [str(teamless) for teamless in report.teamless] == [
        "1 cost worth €1,200.50 names no team",
        "1 cost worth ¥300 names no team",
    ]
    assert report.as_dict()["costs_without_team"][0]["amount"] == 1200.5


def test_two_sheets_of_the_same_days_without_ids_count_once_or_are_said(shop: Shop) -> None:
    header = "incurred_on,team,category,amount,currency,campaign_id"
    shop.take(
        shop.write(
            "a.csv", header,
            "2026-01-05,marketing,media,100,EUR,", "2026-01-06,marketing,media,50,EUR,",
            "2026-01-07,marketing,Events,500,EUR,Fair", "2026-01-08,marketing,print,9,EUR,",
        ),
        source="generic",
    )  # fmt: skip
    report = shop.take(
        shop.write(
            "b.csv", header,
            "05.01.2026,Marketing,Media,100.00,€,", "06.01.2026,marketing,,55.00,EUR,",
            "07.01.2026,,event,501.00,EUR,", "08.01.2026,marketing,salaries,900.00,EUR,",
            "07.01.2026,marketing,events,7.00,EUR,Booth", "09.01.2026,marketing,media,1.00,EUR,",
        ),
        source="generic",
    )  # fmt: skip
    # The first row is the same cost, written otherwise; the next two may be what is held already.
    assert shop.rows("select count(*), sum(amount) from cost") == [(9, 2123_00)]
    assert [str(overlap) for overlap in report.overlaps] == [
        "2 costs of b.csv worth €556.00, on 6 Jan 2026 to 7 Jan 2026, beside a.csv"
    ]
    assert report.as_dict()["costs_that_may_count_twice"][0]["amount"] == 556.0
    again = shop.take(shop.write("c.csv", "cost_id,incurred_on,amount,currency", "k,2026-01-08,9,"))
    assert [str(assumed) for assumed in again.assumed] == [
        "1 amount of generic (cost) came without a currency and was taken as EUR"
    ]
    assert "(cost) came without a currency and was taken as EUR. If" in " ".join(told(again, "add"))
    # What was taken for the same table before is said once; Data health goes on naming it.
    more = shop.take(shop.write("d.csv", "cost_id,incurred_on,amount,currency", "l,2026-01-09,9,"))
    assert [(one.amounts, one.was_told) for one in more.assumed] == [(2, True)]
    assert "without a currency" not in " ".join(told(more, "add"))
    # One that has an id is a cost of its own, beside which those without are named.
    assert [(o.file, o.other_file, o.costs) for o in again.overlaps] == [
        ("b.csv", "c.csv", 1), ("a.csv", "c.csv", 1),
    ]  # fmt: skip


def test_an_encoding_that_is_said_is_that_of_files_which_are_not_utf8(shop: Shop) -> None:
    """Also of a file that was landed before, whose hash is the same."""
    header = "person_id,email,full_name"
    path = shop.write("person.csv", header, "1,p@x.es,Peña", encoding="cp1252")
    with pytest.raises(SourceError, match="--encoding cp1252"):
        shop.take(path)
    named = "select full_name from person"
    shop.take(path, encoding="cp1257")
    assert shop.rows(named) == [("Peńa",)]
    shop.take(path, encoding="windows-1252")
    assert shop.rows(named) == [("Peña",)]
    with pytest.raises(UsageError, match="Unknown encoding 'klingon'"):
        shop.take(path, encoding="klingon")


def test_channels_that_no_rule_maps_are_said_with_what_to_do(whole_shop: Shop) -> None:
    report = whole_shop.take(
        whole_shop.write("lead.csv", "lead_id,channel,created_at", "l1,Brieftaube,", "l2,Email,"),
        whole_shop.write(
            "campaign.csv", "campaign_id,name,channel", "c1,One,Brieftaube", "c2,Two,Rauch",
        ),
        whole_shop.write(
            "touch.csv", "touch_id,lead_id,side,utm_source,occurred_at",
            "t1,l1,marketing,flaschenpost,2026-01-05", "t2,l1,sales,handschlag,2026-01-05",
        ),
    )  # fmt: skip
    assert list(map(str, report.unruled)) == [
        "“Brieftaube” (2 records)", "“Rauch” (1 record)", "“flaschenpost” (1 record)",
    ]  # fmt: skip
    assert report.as_dict()["unmapped_channels"][0] == {"channel": "Brieftaube", "records": 2}
    said = " ".join(told(report, "add"))
    assert "no rule maps these channels: “Brieftaube” (2 records)" in said
