"""Files in any order, in one import or many, are the same records; `full` obeys their order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from build_kit import Shop, core_shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

__all__ = ["core_shop"]

HEAD = "deal_id,amount,modified_at"
DEALS = "select deal_id, amount from deal order by 1"
#: Versions of deals: never two of one deal with the same stamp.
VERSIONS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 99), st.integers(1, 28)),
    min_size=2,
    max_size=10,
    unique_by=lambda version: (version[0], version[2]),
)
quick = settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(shop: Shop, files: list[list[str]]) -> list[Path]:
    return [shop.write(f"deals_{n}.csv", HEAD, *lines) for n, lines in enumerate(files) if lines]


@quick
@given(VERSIONS, st.integers(0, 2**32))
def test_under_add_neither_order_nor_number_of_imports_matters(
    core_shop: Shop,
    tmp_path_factory: pytest.TempPathFactory,
    versions: list[tuple[str, int, int]],
    seed: int,
) -> None:
    newest = {key: amount for key, amount, _ in sorted(versions, key=lambda v: v[2])}
    expected = [(f"generic:{key}", amount * 100) for key, amount in sorted(newest.items())]
    rng = random.Random(seed)
    files: list[list[str]] = [[], [], []]
    for key, amount, day in versions:
        rng.choice(files).append(f"{key},{amount},2026-01-{day:02d} 10:00")
    for together in (True, False):
        shop = Shop(tmp_path_factory.mktemp("shop"))
        paths = written(shop, files)
        rng.shuffle(paths)
        for group in [paths] if together else [[path] for path in paths]:
            shop.take(*group, source="generic")
        assert shop.rows(DEALS) == expected


@quick
@given(st.lists(st.permutations(range(3)), min_size=3, max_size=3))
def test_under_full_the_order_of_naming_decides_whatever_landed_before(
    core_shop: Shop, tmp_path_factory: pytest.TempPathFactory, orders: list[list[int]]
) -> None:
    """Three files say three amounts of one deal without a stamp, and each knows one of its own."""
    shop = Shop(tmp_path_factory.mktemp("shop"))
    names = ("a", "b", "c")
    paths = written(shop, [["d,1,", "a,7,"], ["d,2,", "b,7,"], ["d,3,", "c,7,"]])
    shop.take(shop.write("before.csv", HEAD, "gone,1,"), source="generic")
    for order in orders:
        named = order[: 1 + order[0]]
        shop.take(*(paths[n] for n in named), source="generic", mode="full")
        own = [(f"generic:{names[n]}", 700) for n in sorted(named)]
        assert shop.rows(DEALS) == [*own, ("generic:d", 100 * (named[-1] + 1))]


def test_a_correction_that_seems_older_says_so_and_what_to_do(core_shop: Shop) -> None:
    closed = f"{HEAD},outcome,closed_at"
    june = core_shop.write("june.csv", closed, "a,1,,won,2026-05-04", "b,2,,won,2026-06-04")
    fixed = core_shop.write("fixed.csv", closed, "a,9,,won,2026-05-04", "c,3,,won,2026-05-01")
    assert core_shop.take(june).files[0].notes == ()
    [file] = core_shop.take(fixed).files
    assert (file.used, file.unused) == (1, 1)
    assert file.notes == (
        "1 record was passed over, since june.csv, imported before, seems newer. If this file is "
        "the correction, import it again with --as-of and the day of the correction, or with a "
        "column modified_at",
    )
    assert dict(core_shop.rows(DEALS))["generic:a"] == 100
    [file] = core_shop.take(fixed, as_of="2026-06-30").files
    assert file.notes == ()
    assert dict(core_shop.rows(DEALS))["generic:a"] == 900
    [file] = core_shop.take(june).files
    assert file.notes == (), "what was landed before, and is named again, corrects nothing"


def test_a_narrower_export_says_what_its_records_lose(core_shop: Shop) -> None:
    wide = f"{HEAD},created_at"
    core_shop.take(core_shop.write("one.csv", wide, "a,1,,2026-01-01", "b,1,,"))
    narrow = core_shop.write(
        "two.csv", "deal_id,name,modified_at", "a,A,2026-02-01", "b,B,2026-02-01"
    )
    [file] = core_shop.take(narrow).files
    undated = (
        "nothing says of any of its 2 records of deal when it was opened (created_at), nor when it "
        "was won or lost (closed_at): no period holds them"
    )
    assert file.notes == (
        "records of deal lose what an older file gave and this one has none of: amount (of 2) and "
        "created_at (of 1). If it still holds, add the columns to the export and import it again; "
        "else take the import back (smarketing undo), and import again what else was in it",
        undated,
    )
    [file] = core_shop.take(
        core_shop.write("three.csv", wide, "a,5,2026-03-01,", "b,,2026-03-01,")
    ).files
    assert file.notes == (undated,)


def test_a_narrower_export_beside_a_wider_one_says_what_its_records_lose(core_shop: Shop) -> None:
    wide = core_shop.write("one.csv", f"{HEAD},created_at", "a,1,,2026-01-01", "b,1,,")
    other = core_shop.write("three.csv", f"{HEAD},created_at", "a,2,,2026-01-01", "b,2,,")
    narrow = core_shop.write(
        "two.csv", "deal_id,name,modified_at", "a,A,2026-02-01", "b,B,2026-02-01"
    )
    files = core_shop.take(wide, other, narrow).files
    notes = {file.file: file.notes for file in files}
    assert (notes["one.csv"], notes["three.csv"]) == ((), ())
    assert "one has none of: amount (of 2) and created_at (of 1)." in notes["two.csv"][0]


def test_a_newer_export_of_the_same_records_has_nothing_to_say(core_shop: Shop) -> None:
    day = f"{HEAD},created_at"
    rows = "a,1,2026-01-01 10:00,2026-01-01", "b,1,2026-01-02 10:00,2026-01-01"
    core_shop.take(core_shop.write("one.csv", day, *rows))
    two = core_shop.write("two.csv", day, "a,2,2026-02-01 10:00,2026-01-01", rows[1])
    [file] = core_shop.take(two).files
    assert file.notes == ()
    old = core_shop.write("old.csv", HEAD, "a,7,2025-01-01 10:00", "b,7,2025-01-01 10:00")
    [file] = core_shop.take(old).files
    assert file.notes[0].startswith("2 records were passed over, since two.csv, imported before")
