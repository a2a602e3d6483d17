"""A word of which a SELECT says that its source does not know it."""

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
