"""The rules by which a dialect is chosen, one by one; by hand."""

from __future__ import annotations

import pytest

from smarketing.errors import SourceError
from smarketing.files.dialect import (
    Sample,
    _consistent,
    _faults,
    _headless,
    _hint,
    _refine,
    _score,
    _several,
    _share_alike,
    _spaced,
    _unquoted,
    _wrapped,
    find_dialect,
    fits,
    sample_records,
)
from smarketing.files.tables import Dialect

COMMA = Dialect(",")


def sample(text: str) -> Sample:
    return Sample(tuple(text.splitlines(keepends=True)), complete=True)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("sep=;\na;b\n", ";"), ('\ufeff"SEP=|"\r\na|b\n', "|"), ("sep=\na\n", None),
        ("sep=;;\na\n", None), ("seq=;\na\n", None), ("a;b\n", None), ("", None), ("abcde\n", None),
    ],
)  # fmt: skip
def test_the_first_line_may_name_the_separator(text: str, mark: str | None) -> None:
    assert _hint(sample(text)) == mark


@pytest.mark.parametrize(
    ("cells", "header", "fit"),
    [
        (["1", "2"], ["a", "b"], True), (["1"], ["a", "b"], False), (["1"], ["a", " "], True),
        (["1", "2", ""], ["a", "b"], True), (["1", "2", "3"], ["a", "b"], False),
        ([], [], True), ([], ["", ""], True), (["1"], ["", "b"], False), (["1"], [], False),
    ],
)  # fmt: skip
def test_a_record_has_a_cell_for_each_named_header(
    cells: list[str], header: list[str], fit: bool
) -> None:
    assert fits(cells, header) is fit


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ('a, b\n1, "x"\n', True), ('a,b\n1, "x"\n', False), ("a, b\n1, x\n", False),
        ('a, b\n1, "x"\n2,y\n', True), ('a, b\n1, "x"\n2,y\n3,z\n', False),
        ('a, b\n1, "x"\nplain\n', True),
    ],
)  # fmt: skip
def test_a_space_stands_behind_separators_as_a_rule(text: str, spaced: bool) -> None:
    assert _spaced(sample(text), COMMA) is spaced


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("'a','b'\n", True), ("'a',b\n", False), ("'a','b',\"c\"\n", False), ("',''\n", False),
        ("'a,b'\n", False), ("x,'a'\n'b',y\r\n", True), ("'a,'b\n", False),
    ],
)  # fmt: skip
def test_single_quotes_stand_around_several_values(text: str, wrapped: bool) -> None:
    assert _wrapped(sample(text), COMMA) is wrapped


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('a,b\nx "y" z,1\n', True), ('a,b\nx"y,1\n', False), ('a,b\n"x",1\n', False),
        ('a,b\n5",1\n6",2\n7",3\n', True), ('a,b\n5",1\n6",2\n', False),
        ('a,b\n5" "x,1\n6,2,3\n', False), ('a,b\n "x" y,1\n', False),
    ],
)  # fmt: skip
def test_quotes_are_plain_characters_where_they_come_in_pairs_or_often(
    text: str, plain: bool
) -> None:
    assert _unquoted(sample(text), COMMA) is plain


def test_one_sign_is_stray_and_two_are_several() -> None:
    assert not _several(sample('a\n\\"b\n'), '\\"')
    assert _several(sample('\\"b\\"\n'), '\\"') and _several(sample('\\"\n\\"\n'), '\\"')


DIALECTS = [Dialect(mark) for mark in ",;|"]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("name;day\nAnn;2026-01-05\nBob;2026-01-06\n", ";"),
        ("name;day\nAnn;2026-01-05\nBob;2026-01-06\nCy\n", ";"),
        ("just words\n", None),
        ("a,b;c\n1,2;3\n4,5;6\n", None),
    ],
)
def test_the_only_one_that_cuts_is_taken(text: str, mark: str | None) -> None:
    found = _consistent(sample(text), DIALECTS)
    assert (found and found.delimiter) == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [("1;2\n3;4\n", ";"), ("1;2\n3\n", None), ("1\n2\n", None), ("1,2\n\n3,4\n", ","), ("", None)],
)
def test_records_of_one_width_need_no_header(text: str, mark: str | None) -> None:
    found = _headless(sample(text), DIALECTS)
    assert (found and found.delimiter) == mark


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("id,name\n1,x\n", COMMA),
        ('id,name\n1,"x \\"y\\", z"\n2,"x \\"y\\", z"\n', Dialect(",", escape="\\")),
        ('id, name\n1, "x, y"\n', Dialect(",", skip_space=True)),
        ("id,name,x\n1,'a','b'\n2,'c','d, e'\n", Dialect(",", "'")),
        ('id,name\n1,5" wide\n2,6" wide\n3,7" wide\n', Dialect(",", None)),
    ],
)
def test_how_quotes_work_is_told_by_the_records(text: str, dialect: Dialect) -> None:
    assert _refine(sample(text), COMMA, {"id", "name"}) == dialect
    assert find_dialect(sample(text), {"id", "name"}, "x.csv") == dialect


@pytest.mark.parametrize(
    ("text", "names", "mark"),
    [
        ("id;name\n1;a,b\n", {"id", "name"}, ";"),
        ("id,x;name,y;z\n1,2;3,4;5\n", {"id", "y;z"}, ","),
        ("sep=|\nid,name|x\n1,2|3\n", {"id", "name"}, "|"),
        ("sep=|\nid|name\n1|2\n", {"id", "name"}, "|"),
        ("name;day\nAnn;2026-01-05\n", {"name"}, ";"),
        ("name;day\nAnn;2026-01-05\n", set(), ";"),
        ("1;2\n3;4\n", set(), ";"),
        ("\nid\n1\n", {"id"}, ","),
    ],
)
def test_the_separator_is_told_by_known_headers_else_by_the_records(
    text: str, names: set[str], mark: str
) -> None:
    assert find_dialect(sample(text), names, "x.csv").delimiter == mark


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.csv is empty"),
        ("\n \n", "x.csv is empty"),
        ("\n" + "words " * 20 + "\n", "its first line is '" + ("words " * 20)[:60] + "'"),
        ("," * (1 << 14) + "\n", "x.csv has 16,385 columns"),
    ],
)
def test_what_cannot_be_cut_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        find_dialect(sample(text), set(), "x.csv")


def test_as_many_columns_as_are_read_are_read() -> None:
    assert find_dialect(sample("," * ((1 << 14) - 1) + "\nid,name\n"), {"id", "name"}, "x") == COMMA


def test_what_the_end_of_a_sample_cuts_off_is_left_out() -> None:
    lines = ("id,name\n", "1,a\n", '2,"b\n')
    whole = sample_records(Sample(lines, complete=True), COMMA)
    cut = sample_records(Sample(lines, complete=False), COMMA)
    assert [record.cells for record in cut] == [["id", "name"], ["1", "a"]]
    assert len(whole) == 3 and whole[-1].error is not None


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("name,day\nAnn,2026-01-05\n", 0),
        ("name,day\nAnn,2026-01-05\nBob,2026-01-06,x\nCy,2026-01-07\n", 1),
        ("a title\nname,day\nAnn,2026-01-05\n", 0),
        ('name,day\nAnn,2026-01-05\nB"x,"y\nCy,2026-01-07\n', 1),
        ("", 0),
    ],
)
def test_records_that_do_not_fit_are_faults(text: str, faults: int) -> None:
    text_of = sample(text)
    assert _faults(sample_records(text_of, COMMA)) == faults
    assert _score(text_of, COMMA, {"name"}) == (int("name" in text), -faults)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("name,day\nAnn,2026-01-05\n", 1.0),
        ("name,day\nAnn,2026-01-05\nBob,2026-01-06,x\nCy,2026-01-07\n", 0.75),
        ("just words\nmore words\n", 0.0),
        ('name, day\n"Ann", "5, 6"\n"Bob", "7, 8"\n', 1.0),
        ('name,day\n"A\\"n, n",2026-01-05\n"B\\"b, b",2026-01-06\n', 1.0),
    ],
)
def test_the_share_of_records_that_are_cut_alike(text: str, share: float) -> None:
    assert _share_alike(sample(text), COMMA) == share
