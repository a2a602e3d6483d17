"""Deals whose contacts' names are nobody's are read without them, and the import says so."""

from __future__ import annotations

from build_kit import Shop, core_shop

from smarketing.sources import scaffold

__all__ = ["core_shop"]


def test_a_deal_is_read_though_the_name_of_its_contact_is_nobodys(core_shop: Shop) -> None:
    shop = core_shop
    deals = shop.write(
        "deals.csv", "ID,Value,Status,Won time,Deal created,Contact person",
        "1,5,won,2026-02-01,2026-01-01,Berg Ana", "2,5,won,2026-02-03,2026-01-02,Lind Bo",
    )  # fmt: skip
    people = shop.write("people.csv", "ID,Name,Email", "1,Ana Berg,a@b.co", "2,Bo Lind,b@b.co")
    folder = scaffold([deals, people], "mine", shop.home.parent / "mine")
    for mode in ("add", "full"):
        report = shop.take(deals, people, source=folder, mode=mode)
        [balance] = [file for file in report.files if file.file == "deals.csv"]
        assert (balance.rows, balance.used, balance.quarantined) == (2, 2, 0)
        assert (report.unread, report.refusal) == ((), "")
        assert balance.notes == (
            "2 names of deals' contacts, first 'Berg Ana' (line 2), are of no person of the "
            "source, or of two: these deals are read without. Export the contacts' ids or e-mail "
            "addresses too",
        )
    assert shop.rows("select count(*) from deal") == [(2,)]
    assert shop.rows("select value from quarantine order by 1") == [("Berg Ana",), ("Lind Bo",)]
