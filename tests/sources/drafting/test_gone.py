"""Records that are no longer any are left out where a file says so, else asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.sources import load_source, scaffold

HEAD = "Deal ID,Deal Name,Amount,Stage,Created,Close Date,{}\n"
ROWS = "D1,One,100.50,Won,2026-01-02,2026-02-01,{}\nD2,Two,200.50,Won,2026-01-03,2026-02-02,{}\n"


def drafted(folder: Path, header: str, one: str, two: str) -> tuple[str | None, list[str]]:
    """Return the header by which records are told to be deleted, and what is asked."""
    path = folder / "deals.csv"
    path.write_text(HEAD.format(header) + ROWS.format(one, two), encoding="utf-8")
    [item] = load_source(scaffold([path], "ours", folder / "ours")).objects.values()
    return item.deleted, list(item.undecided)


@pytest.mark.parametrize(
    ("header", "one", "two"),
    [
        ("Is Deleted", "No", "Yes"),
        ("deleted_at", "", "2026-02-03 10:00:00"),
        ("Deleted on", "", ""),
        ("deleted_at", "0001-01-01T00:00:00Z", "2026-02-03T10:00:00Z"),
        ("__hevo__marked_deleted", "false", "true"),
    ],
)
def test_what_a_file_calls_deleted_is_left_out(
    tmp_path: Path, header: str, one: str, two: str
) -> None:
    assert drafted(tmp_path, header, one, two) == (header, [])


@pytest.mark.parametrize(
    ("header", "one", "two", "asked"),
    [
        ("Archived", "No", "Yes", "'Archived' says 'Yes' of some rows, as of records that"),
        ("Archived", "No", "No", ""),
        ("Record Status", "Active", "Deleted", "'Record Status' says 'Deleted' of some rows"),
        ("op", "I", "D", "'op' says 'D' of some rows, as of records that were deleted"),
        ("Size", "I", "D", ""),
        ("Archived At", "", "2026-02-03", "'Archived At' holds '2026-02-03' of some rows, as of"),
        ("Deleted At", "never", "2026-02-03", "'Deleted At' holds '2026-02-03' of some rows, as"),
        ("Deleted At", "0", "1767345600", "'Deleted At' holds '1767345600' of some rows, as of"),
        ("Archived At", "", "9999-12-31", ""),
        ("Removed At", "", "2026-02-03", "'Removed At' holds '2026-02-03' of some rows, as of"),
        ("Is Removed", "No", "Yes", "'Is Removed' says 'Yes' of some rows, as of records that"),
        ("Archived At", "", "", ""),
        ("Deletion Date", "2031-02-01", "2031-02-02", "'Deletion Date' has a day in every row"),
        ("is_current", "true", "false", "'is_current' says 'false' of some rows, as of rec"),
    ],
)  # fmt: skip
def test_what_may_be_gone_is_asked_about(
    tmp_path: Path, header: str, one: str, two: str, asked: str
) -> None:
    deleted, questions = drafted(tmp_path, header, one, two)
    assert deleted is None and len(questions) == bool(asked)
    assert all(asked in question for question in questions)


def test_what_was_spent_counts_whenever_its_ad_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    rows = "2026-01-01,A,10.50,EUR,\n2026-01-02,A,20.25,EUR,2026-02-01\n"
    path.write_text("Date,Campaign,Cost,Currency,Deleted At\n" + rows, encoding="utf-8")
    [item] = load_source(scaffold([path], "ours", tmp_path / "ours")).objects.values()
    assert item.deleted is None and not item.undecided


@pytest.mark.parametrize(
    ("header", "two", "asked"),
    [
        ("Merged into", "D1", "'Merged into' (D1) names the record that one was merged into"),
        ("Dublette von", "D1", "'Dublette von' (D1) names the record that one was merged into"),
        ("Merged into", "", ""),
    ],
)
def test_what_was_merged_into_another_is_asked_about(
    tmp_path: Path, header: str, two: str, asked: str
) -> None:
    _, questions = drafted(tmp_path, header, "", two)
    assert asked in " ".join(questions) if asked else questions == []


@pytest.mark.parametrize("header", ["Snapshot Date", "snapshot_at"])
def test_of_snapshots_the_newest_counts_wherever_it_stands(tmp_path: Path, header: str) -> None:
    path = tmp_path / "deals.csv"
    rows = ROWS.format("2026-03-01", "2026-03-01") + ROWS.format("2026-02-01", "2026-02-01")
    path.write_text(HEAD.format(header) + rows.replace("Two,200.50", "Two,100.50"), "utf-8")
    source = load_source(scaffold([path], "ours", tmp_path / "ours"))
    [item] = source.objects.values()
    assert (item.modified, item.undecided) == (header, ())
    assert f'r."{header}" as _modified' in source.selects["deal"][0].sql
