"""Encodings: proven or refused, never guessed from too little."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError, UsageError
from smarketing.files.alphabets import is_far_fetched
from smarketing.files.encoding import known_encoding
from smarketing.files.read import LandedTable, read_file

RUSSIAN = "Компания из Москвы запросила предложение по внедрению системы учёта"
GERMAN = "Müller GmbH in Köln, Jäger AG in München: Größe, Straße"
POLISH = "Spółka z Łodzi i Gdańska, święto, żółć"
FRENCH = "Été où l'équipe a présenté à Besançon le café préféré des élèves français, très âgés"


def read(folder: Path, content: bytes, **options: object) -> LandedTable:
    path = folder / "f.csv"
    path.write_bytes(content)
    [table] = read_file(path, folder / "out", **options)  # type: ignore[arg-type]
    return table


def values(table: LandedTable, column: str) -> list[str | None]:
    found: list[str | None] = pq.read_table(table.parquet).column(column).to_pylist()
    return found


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "name,n\nMüller ʤ,1\n".encode(encoding))
    assert table.columns == ("name", "n")
    assert values(table, "name") == ["Müller ʤ"]


def test_a_short_file_is_refused_with_what_it_could_mean(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"its bytes outside ASCII \(1\) are too few") as caught:
        read(tmp_path, b"a,b,c\n1,2,3\n4,5,\xe9\n")
    assert "'4,5,é' in cp1252" in str(caught.value) and "'4,5,ι' in cp1253" in str(caught.value)
    assert "`encodings:`" in str(caught.value)


def test_an_ordinal_sign_is_no_letter_of_another_language(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"'Nº;a' in cp1252, 'Nş;a' in cp1250"):
        read(tmp_path, "Nº;a\n1;2\n".encode("cp1252"))
    spanish = read(tmp_path, "Nº;Campaña\n1;Otoño\n".encode("cp1252"))
    assert spanish.columns == ("Nº", "Campaña")
    romanian = read(tmp_path, "Oraş;a\nBraşov;2\n".encode("cp1250"))
    assert (romanian.columns[0], romanian.encoding) == ("Oraş", "cp1250")


def test_the_profiles_encoding_is_believed(tmp_path: Path) -> None:
    table = read(tmp_path, b"a,b\n4,\xe9\x80\n", encodings=["utf-8", "utf-16", "cp1252"])
    assert (values(table, "b"), table.encoding) == (["é€"], "cp1252")


def test_encodings_may_depend_on_the_columns_found(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def encodings(columns: tuple[str, ...]) -> list[str]:
        asked.append(columns)
        return ["cp1251"]

    table = read(tmp_path, "a,b\n4,й\n".encode("cp1251"), encodings=encodings)
    assert (values(table, "b"), asked) == (["й"], [("a", "b")])
    read(tmp_path, b"a,b\n4,5\n", encodings=encodings)
    assert len(asked) == 1, "a UTF-8 file needs no other encoding"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp1252", FRENCH),
        ("mac_roman", GERMAN),
        ("cp850", GERMAN),
        ("cp1250", POLISH),
        ("iso8859-2", POLISH),
    ],
)
def test_enough_text_tells_its_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    body = "".join(f'{n},"{text}"\n' for n in range(8))
    table = read(tmp_path, f"id,note\n{body}".encode(encoding))
    assert values(table, "note") == [text] * 8


EASTERN = {
    "cp932": "株式会社山田 新規 東京商事 大阪電機 会議",
    "euc_jp": "株式会社ヤマダ 新規キャンペーンの費用 東京商事",
    "gb18030": "上海贸易有限公司 北京科技股份公司 深圳",
    "big5": "台北貿易有限公司 高雄科技股份公司 新竹",
    "euc_kr": "서울무역 주식회사 부산전자 캠페인 비용 신규 고객 상담",
    "iso2022_jp": "株式会社山田 東京商事",
}


@pytest.mark.parametrize("encoding", EASTERN)
def test_one_line_of_an_eastern_language_tells_its_encoding(tmp_path: Path, encoding: str) -> None:
    """In a neighbour's encoding its characters are rare ones, or of another script."""
    table = read(tmp_path, f"id,name\n1,{EASTERN[encoding]}\n".encode(encoding))
    assert values(table, "name") == [EASTERN[encoding]]


def test_a_profile_s_encoding_that_makes_no_sense_is_not_believed(tmp_path: Path) -> None:
    """Almost any bytes are western letters to cp1252, also those of Russian and Japanese."""
    for encoding, text in (("cp1251", RUSSIAN), ("cp932", EASTERN["cp932"])):
        table = read(tmp_path, f"id,name\n1,{text}\n".encode(encoding), encodings=["cp1252"])
        assert values(table, "name") == [text]


def test_a_few_eastern_letters_are_refused_as_they_may_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"it reads '1,山田' in cp932"):
        read(tmp_path, "id,name\n1,山田\n".encode("cp932"))


def test_the_ascii_of_a_mail_program_is_not_taken_for_text(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is in UTF-7, .* '1,Żółta' in utf-7"):
        read(tmp_path, "id,name\n1,Żółta\n".encode("utf-7"))
    table = read(tmp_path, b"id,name\n1,+49 (0)30-123\n2,+4930123-\n3,C+++-A\n")
    assert values(table, "name") == ["+49 (0)30-123", "+4930123-", "C+++-A"]


def test_text_that_could_be_two_encodings_is_refused(tmp_path: Path) -> None:
    body = "".join(f"{n},北京公司 上海客户\n" for n in range(40))
    with pytest.raises(SourceError, match=r"could not be told with confidence .* in gb18030"):
        read(tmp_path, f"id,note\n{body}".encode("gb18030"))


def test_bytes_that_break_the_mark_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not valid UTF-16 although its byte order mark"):
        read(tmp_path, b"\xff\xfea\x00,\x00b")


def test_an_encoding_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"encoding 'cp99999' named for f.csv does not exist"):
        read(tmp_path, b"a,b\n4,\xe9\n", encodings=["cp99999"])


def test_a_few_bytes_of_another_encoding_cost_only_their_records(tmp_path: Path) -> None:
    body = "".join(f"{n},Müller\n" for n in range(9)).encode()
    table = read(tmp_path, b"id,name\n" + body + b"9,M\xfcller\n", encodings=["cp1252"])
    assert (table.rows, values(table, "name")) == (9, ["Müller"] * 9)
    assert [(bad.row, bad.value, bad.reason) for bad in table.bad_rows] == [
        (11, "9,M\ufffdller", "bytes that are not UTF-8 in column 'name'")
    ]
    assert table.notes == ("bytes that are not UTF-8: 1",)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Müller"),
        ("cp1252", "Société Générale"),
        ("cp1252", "Straße"),
        ("cp1250", "Wrocław"),
        ("cp1250", "Łódź"),
        ("mac_roman", "Größe"),
        ("cp1251", "Москва"),
        ("cp1252", "100 €"),
        ("cp1252", "£250"),
    ],
)
def test_a_word_tells_its_encoding_where_it_is_one_in_no_other(
    tmp_path: Path, encoding: str, text: str
) -> None:
    table = read(tmp_path, f"id,name\n1,{text}\n".encode(encoding))
    assert values(table, "name") == [text]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1252", "Peña"), ("cp1252", "Bjørn"), ("cp1250", "Dvořák"), ("cp1252", "Noël")],
)
def test_a_word_that_may_be_another_one_is_refused(
    tmp_path: Path, encoding: str, text: str
) -> None:
    with pytest.raises(SourceError, match="--encoding cp1252"):
        read(tmp_path, f"id,name\n1,{text}\n".encode(encoding))
    named = read(tmp_path, f"id,name\n1,{text}\n".encode(encoding), encodings=[encoding])
    assert values(named, "name") == [text]


def test_an_encoding_that_is_said_must_exist() -> None:
    assert (known_encoding("CP1252"), known_encoding(None)) == ("cp1252", None)
    with pytest.raises(UsageError, match="Unknown encoding 'klingon'"):
        known_encoding("klingon")


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        *(("Fr³hling", True), ("£Ûdü", True), ("100 Ä", True), ("Ł250", True), ("5Ç", True)),
        *(("5 m³", False), ("100 €", False), ("Café’s", False), ("5 à 7", False), ("Ä", False)),
    ],
)
def test_a_reading_that_nobody_writes(text: str, is_so: bool) -> None:
    assert is_far_fetched(text) is is_so


def test_a_reading_is_shown_where_it_tells_and_is_what_is_advised(tmp_path: Path) -> None:
    line = "a_first_column,a_second_column,a_third_column,거래명\n1,2,3,x\n"
    with pytest.raises(SourceError, match=r"거래명' in euc_kr.*--encoding "):
        read(tmp_path, line.encode("euc_kr"))


def test_the_encodings_that_are_advised_are_those_that_fit(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read(tmp_path, "id,name\n1,Ayşe Işık\n".encode("cp1254"))
    assert "as in `--encoding cp1252` or `--encoding cp1254`, or" in str(refused.value)
    with pytest.raises(SourceError) as refused:
        read(tmp_path, "id,name\n1,田中太郎\n".encode("cp932"))
    assert "as in `--encoding cp932`, or" in str(refused.value)
