"""What a SELECT says of a row beside its columns: a word it does not know, and months."""

from __future__ import annotations

from build_kit import Shop, core_shop

from smarketing.sources import scaffold

__all__ = ["core_shop"]

_HEAD = "Email,Registration Date,Attended"


def test_a_row_with_a_word_that_its_source_does_not_know_goes_to_quarantine(
    core_shop: Shop,
) -> None:
    first = core_shop.write("webinar attendees 1.csv", _HEAD, "a@x.de,2026-03-01,Yes",
        "b@x.de,2026-03-02,No")  # fmt: skip
    later = core_shop.write("webinar attendees 2.csv", _HEAD, "c@x.de,2026-04-01,Perhaps",
        "d@x.de,2026-04-02,Joined")  # fmt: skip
    source = scaffold([first], "ours", core_shop.inbox / "ours")
    report = core_shop.take(later, source=str(source))
    assert core_shop.table(report, "touch") == (2, 1, 0, 0, 1)
    [said] = map(str, report.unread)
    assert "line 2" in said and "'Attended: Perhaps' means nothing to its source" in said


def test_an_amount_of_some_months_counts_as_a_years_however_it_is_written(core_shop: Shop) -> None:
    file = core_shop.write("contracts.csv", "Contract ID;Customer ID;Start date;ARR;Months",
        "k1;a1;2026-01-01;1.050,56;1", "k2;a1;2026-01-01;100,01;3", "k3;a1;2026-01-01;7,00;12",
        "k4;a1;2026-01-01;7,00;monthly", "k5;a1;2026-01-01;;")  # fmt: skip
    source = scaffold([file], "ours", core_shop.inbox / "ours")
    select = source / "contract.contracts.sql"
    text = select.read_text("utf-8")
    said = text.replace("as recurring_amount", 'as recurring_amount, r."Months" as _months')
    select.write_text(said, encoding="utf-8")
    report = core_shop.take(file, source=str(source))
    assert core_shop.rows("select contract_id, recurring_amount from contract order by 1") == [
        ("ours:k1", 1_260_672), ("ours:k2", 40_004), ("ours:k3", 700), ("ours:k5", None),
    ]  # fmt: skip
    unread = " ".join(map(str, report.unread))
    assert "line 5" in unread and "1 of a monthly one" in unread and "7,00" not in unread
