"""Exports of one kind whose columns changed over the months are drafted as one kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.sources import load_source, scaffold

_WINTER = (
    "Deal ID,Title,Value,Currency,Status,Stage,Created,Lost reason\n"
    "7,A,10,EUR,open,Demo,2026-01-02,\n8,B,20,EUR,lost,Demo,2026-01-03,dear\n"
)
_SPRING = (
    "Deal ID,Title,Value,Currency,Status,Stage,Created,Label,Update time\n"
    "7,A,10,EUR,won,Demo,2026-01-02,hot,2026-04-02\n"
    "9,C,30,EUR,open,Demo,2026-04-01,,2026-04-01\n"
)


def _drafted(folder: Path, winter: str, spring: str, name: str = "deals") -> Path:
    first, second = folder / f"{name}-2026-03-16.csv", folder / f"{name}-2026-05-01.csv"
    first.write_text(winter, encoding="utf-8")
    second.write_text(spring, encoding="utf-8")
    return scaffold([first, second], "ours", folder / "ours")


def test_they_are_one_object_with_all_columns(tmp_path: Path) -> None:
    source = load_source(_drafted(tmp_path, _WINTER, _SPRING))
    [(name, item)] = source.objects.items()
    assert name == "deals" and item.files == ("deals*",) and not item.undecided
    assert {"Label", "Lost reason", "Update time"} <= {*item.columns}
    assert item.required == ("Deal ID",)
    assert item.modified is None, "a file without a stamp would lose to each that has it"
    assert "_modified" not in source.selects["deal"][0].sql


def test_what_the_last_file_lacks_is_asked_where_figures_rest_on_it(tmp_path: Path) -> None:
    spring = _WINTER.replace(",Value", "").replace(",10,", ",").replace(",20,", ",")
    source = load_source(_drafted(tmp_path, _WINTER, spring))
    [item] = source.objects.values()
    [question] = [text for text in item.undecided if "the last of its files" in text]
    assert "has no 'Value', which others have" in question


def test_other_keys_or_few_common_columns_are_two_kinds(tmp_path: Path) -> None:
    other = "Deal ID,Title,Value,Close date\n7,A,10,2026-05-01\n9,C,30,2026-06-01\n"
    (tmp_path / "few").mkdir()
    few = load_source(_drafted(tmp_path / "few", _WINTER, other))
    assert len(few.objects) == 2
    keyed = _SPRING.replace("Deal ID", "Opportunity ID")
    assert len(load_source(_drafted(tmp_path, _WINTER, keyed)).objects) == 2


@pytest.mark.parametrize("flag", ["Is Duplicate", "Is Test", "Test?"])
def test_records_that_are_marked_as_duplicates_or_tests_are_asked_about(
    tmp_path: Path, flag: str
) -> None:
    path = tmp_path / "leads.csv"
    text = f"Lead ID,Name,Email,Created,{flag}\n1,A,a@x.de,2026-01-02,No\n"
    text += "2,A,a@x.de,2026-01-02,{}\n"
    for said, asked in ("Yes", 1), ("No", 0):
        path.write_text(text.format(said), encoding="utf-8")
        [item] = load_source(scaffold([path], "ours", tmp_path / said)).objects.values()
        found = [question for question in item.undecided if f"'{flag}' says 'Yes'" in question]
        assert len(found) == asked


@pytest.mark.parametrize(
    ("header", "tags", "asked"),
    [
        ("Tags", "VIP; Test", True),
        ("Labels", '["x", "test lead"]', True),
        ("Tags", "A/B test winner", False),
        ("Notes", "test", False),
    ],
)
def test_a_tag_that_calls_a_record_a_test_is_asked_about(
    tmp_path: Path, header: str, tags: str, asked: bool
) -> None:
    cell = tags.replace('"', '""')
    (tmp_path / "leads.csv").write_text(
        f'Lead ID,Email,Created,{header}\n1,a@x.de,2026-01-02,VIP\n2,b@x.de,2026-01-03,"{cell}"\n'
    )
    source = load_source(scaffold([tmp_path / "leads.csv"], "ours", tmp_path / "ours"))
    [item] = source.objects.values()
    assert any("as of tests" in question for question in item.undecided) == asked


def test_the_last_file_tells_what_is_lacking_whichever_came_before(tmp_path: Path) -> None:
    narrow = _WINTER.replace(",Value", "").replace(",10,", ",").replace(",20,", ",")
    for name, files in {"wide": (0, 1, 0), "narrow": (1, 0, 1)}.items():
        paths = [tmp_path / f"deals {name} {number}.csv" for number in range(3)]
        for number, (path, is_narrow) in enumerate(zip(paths, files, strict=True)):
            text = (_WINTER, narrow)[is_narrow]
            path.write_text(text.replace(",A,", f",A{number},"), encoding="utf-8")
        [item] = load_source(scaffold(paths, "ours", tmp_path / name)).objects.values()
        asked = [text for text in item.undecided if "has no 'Value', which others have" in text]
        assert len(asked) == files[-1]
        assert item.required == ("Deal ID",)


def test_a_currency_that_the_last_file_lacks_is_asked_about(tmp_path: Path) -> None:
    spring = _WINTER.replace(",Currency", "").replace(",EUR", "")
    [item] = load_source(_drafted(tmp_path, _WINTER, spring)).objects.values()
    assert [text for text in item.undecided if "has no 'Currency', which others have" in text]


@pytest.mark.parametrize("header", ["Owner", "Company ID", "Lead Source"])
def test_whose_records_are_is_asked_about_where_the_last_file_lacks_it(
    tmp_path: Path, header: str
) -> None:
    wide = _WINTER.splitlines()
    wide = [f"{line},{header if not number else 'Ann'}" for number, line in enumerate(wide)]
    source = load_source(_drafted(tmp_path, "\n".join(wide) + "\n", _WINTER))
    [item] = source.objects.values()
    assert any(f"has no '{header}', which others have" in text for text in item.undecided)


@pytest.mark.parametrize(("open_one", "asked"), [("not closed", True), ("", False)])
def test_a_day_of_closing_that_is_a_word_for_one_deal_is_asked_about(
    tmp_path: Path, open_one: str, asked: bool
) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(
        "Deal ID,Title,Value,Currency,Status,Created,Close Date\n7,A,10,EUR,won,2026-01-02,"
        f"2026-02-01\n8,B,20,EUR,open,2026-01-03,{open_one}\n",
        encoding="utf-8",
    )
    [item] = load_source(scaffold([path], "ours", tmp_path / "ours")).objects.values()
    found = [q for q in item.undecided if "'Close Date' is called like a close, and holds" in q]
    assert bool(found) is asked
    flagged = path.read_text(encoding="utf-8").replace("Close Date", "Closed")
    path.write_text(flagged.replace("2026-02-01", "yes").replace("not closed", "no"))
    [item] = load_source(scaffold([path], "ours", tmp_path / "flag")).objects.values()
    assert not any("is called like a close" in question for question in item.undecided)
