"""An import of many files of which some are bad imports the others, and says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from build_kit import Shop, core_shop
from polluted import FILES, GOOD, packed

from smarketing.errors import SourceError

__all__ = ["core_shop"]


BAD = (
    *("empty.csv", "noise.csv", "one line.csv", "page.xls", "no quote closes.csv", "deep.json"),
    *("last corner.xlsx", "cut short.xlsx", "locked.xlsx", "cut short.parquet", "bomb.zip"),
)


def test_every_bad_file_is_one_refusal_and_the_good_one_is_imported(core_shop: Shop) -> None:
    for name in BAD:
        (core_shop.inbox / name).write_bytes(FILES[name].make())
    good = core_shop.write("lead.csv", *GOOD.splitlines())
    report = core_shop.take(core_shop.inbox, good)
    assert core_shop.rows("select count(*) from lead") == [(3,)]
    assert len(report.refused) == len(BAD)
    for name in BAD:
        assert [sentence for sentence in report.refused if sentence.startswith(name)], name


def test_a_member_of_an_archive_that_is_refused_is_said_and_the_others_go_on(
    core_shop: Shop,
) -> None:
    members = {
        "lead.csv": GOOD,
        "bad.csv": "1,2\n3,4\n",
        "deal.csv": "name,amount,outcome\nA,5,won\n",
        "att/1": b"x\0",
        "notes.txt": "Dear all,\nhere it is.\n",
    }
    path = core_shop.inbox / "all.zip"
    path.write_bytes(packed(members))
    report = core_shop.take(path)
    assert core_shop.rows("select count(*) from lead") == [(3,)]
    assert [sentence[:16] for sentence in report.refused] == [
        "all.zip/bad.csv ",
        "all.zip/deal.csv",
    ]
    assert report.files[0].notes == ("no tables, passed over: att/1, notes.txt",)
    with pytest.raises(SourceError, match="Nothing was changed"):
        core_shop.take(path, mode="full")


def test_a_name_that_is_not_utf8_is_refused_and_the_others_go_on(core_shop: Shop) -> None:
    good = core_shop.write("lead.csv", *GOOD.splitlines())
    odd = Path(os.fsdecode(os.fsencode(core_shop.inbox / "caf") + b"\xe9.csv"))
    try:
        odd.write_text(GOOD.replace("1,a", "9,a"))
    except OSError:
        pytest.skip("this file system has no such names")
    report = core_shop.take(odd, good)
    assert core_shop.rows("select count(*) from lead") == [(3,)]
    assert len(report.refused) == 1 and "caf\\xe9.csv" in report.refused[0]
