"""Files that no reader likes, made on the spot: each with what must become of it.

`FILES` maps a name to a file: its bytes, and either what the refusal says or how many records are
landed and lost. All are made from the same three good records.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

NAMES = ("lead_id", "person_id", "created_at")
GOOD = "lead_id,person_id,created_at\n1,a,2026-01-05\n2,b,2026-01-06\n3,c,2026-01-07\n"
ROWS: list[list[Any]] = [list(NAMES), [1, "a", "2026-01-05"], [2, "b", "2026-01-06"]]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = b"lead_id,person_id,created_at\n"


class Polluted(NamedTuple):
    """A file: what makes its bytes, what the refusal says (empty: read), rows landed and lost."""

    make: Callable[[], bytes]
    refusal: str = ""
    rows: int = 0
    bad: int = 0


def packed(members: Mapping[str, bytes | str], stored: bool = False) -> bytes:
    """Pack members into a zip; a member may be named twice by a mapping of pairs only."""
    content = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(content, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def book(
    rows: list[list[Any]] = ROWS, more: Callable[[Any, Any], None] | None = None, sheets: int = 1
) -> bytes:
    """Write a workbook of these rows on each of its sheets."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as file:
        for _ in range(sheets):
            sheet = file.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if more:
                more(file, sheet)
    return content.getvalue()


def changed(data: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """Replace bytes in a member of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {item.filename: archive.read(item) for item in archive.infolist()}
    assert old in members[member]
    return packed(members | {member: members[member].replace(old, new)})


def parquet(columns: Mapping[str, Any], **options: Any) -> bytes:
    """Write a parquet file of these columns."""
    content = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), content, **options)
    return content.getvalue()


def _sheet(old: bytes, new: bytes) -> bytes:
    return changed(book(), "xl/worksheets/sheet1.xml", old, new)


def _repeated_values() -> bytes:
    content = io.BytesIO()
    table = pa.table({"lead_id": pa.array(["x"] * 2_000_000)})
    with pq.ParquetWriter(content, table.schema) as writer:
        for _ in range(10):
            writer.write_table(table, row_group_size=2_000_000)
    return content.getvalue()


def _one_text(rows: int, *, nested: bool = False) -> bytes:
    """Write a parquet file in which one long text stands for every record."""
    numbers = pa.array([0] * rows, pa.int32())
    texts = pa.DictionaryArray.from_arrays(numbers, pa.array(["x" * (500 if nested else 50_000)]))
    column = pa.StructArray.from_arrays([texts], ["inner"]) if nested else texts
    return parquet({"lead_id": column}, compression="zstd", row_group_size=100_000)


def _shared_text() -> bytes:
    """Write a workbook in which one long text stands for every cell."""
    return changed(
        book([["lead_id", "note"], *[["a", "b"]] * 4000]),
        "xl/sharedStrings.xml", b"<t>b</t>", b"<t>" + b"x" * 50_000 + b"</t>",
    )  # fmt: skip


def _twice() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("lead.csv", GOOD)
        archive.writestr("lead.csv", GOOD.replace("1,a", "9,z"))
    return content.getvalue()


def _tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        member = tarfile.TarInfo("lead.csv")
        member.size = len(GOOD)
        archive.addfile(member, io.BytesIO(GOOD.encode()))
    return content.getvalue()


def _ods(rows: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    text = (
        f'<office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "META-INF/manifest.xml": "<m/>", "content.xml": text})


def _wide(columns: int) -> bytes:
    return (",".join(f"c{n}" for n in range(columns)) + "\n" + "1," * columns + "\n").encode()


_CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'

_TEXT = {
    "empty.csv": Polluted(lambda: b"", "is empty"),
    "spaces.csv": Polluted(lambda: b"  \n \n", "is empty"),
    "only a mark.csv": Polluted(lambda: b"\xef\xbb\xbf", "is empty"),
    "one cell.csv": Polluted(lambda: b"x", "cannot be cut into columns"),
    "header alone.csv": Polluted(lambda: _HEADER),
    "nul bytes.csv": Polluted(lambda: b"\0" * 100_000, "binary data"),
    "nul in a cell.csv": Polluted(lambda: GOOD.replace("1,a", "1,a\0z").encode(), rows=2, bad=1),
    "noise.csv": Polluted(lambda: random.Random(1).randbytes(50_000), "noise.csv"),
    "long field.csv": Polluted(lambda: _HEADER + b"1," + b"x" * (20 << 20) + b",\n", "line end"),
    "long quoted.csv": Polluted(
        lambda: _HEADER + b'1,"' + b"xxxxxxxxx\n" * 300_000 + b'",\n', "cannot be read with"
    ),
    "one line.csv": Polluted(lambda: b"x" * (13 << 20), "line end"),
    "20,000 columns.csv": Polluted(lambda: _wide(20_000), "20,000 columns"),
    "commas.csv": Polluted(lambda: b"," * 1_000_000, "1,000,001 columns"),
    "quotes.csv": Polluted(lambda: b'"' * 100_000, "cannot be cut into columns"),
    "no quote closes.csv": Polluted(
        lambda: _HEADER + b"".join(b'"%d","x""\n' % n for n in range(5000)), "records are broken"
    ),
    "wide characters.csv": Polluted(lambda: GOOD.encode("utf-16-le"), rows=3),
    "wide and odd.csv": Polluted(lambda: GOOD.encode("utf-16") + b"x", "not valid UTF-16"),
    "another alphabet.csv": Polluted(
        lambda: "номер,имя\n1,Анна\n2,Борис\n".encode("utf-16-be"), rows=2
    ),
    "half a character.csv": Polluted(
        lambda: _HEADER + b"1,\xed\xa0\xbd,2026-01-05\n", "too few to tell the encoding"
    ),
    "text.xls": Polluted(lambda: GOOD.encode(), rows=3),
    "page.xls": Polluted(lambda: b"<html><table><tr><td>lead_id</td></tr></table>", "web page"),
    "wide page.xls": Polluted(lambda: "<table><tr></tr></table>".encode("utf-16"), "web page"),
    "xml.xls": Polluted(lambda: b'<?xml version="1.0"?><Workbook></Workbook>', "web page or XML"),
    "message.xls": Polluted(lambda: b"MIME-Version: 1.0\nContent-Type: a\n", "web page kept whole"),
    "sylk.csv": Polluted(lambda: b"ID;PWXL;N;E\nC;Y1;X1;K1\nE\n", "SYLK"),
    "document.csv": Polluted(lambda: b"%PDF-1.4 ...", "PDF"),
    "program.csv": Polluted(lambda: b"MZ\x90\0\x03" + b"\0" * 500, "a program"),
    "database.csv": Polluted(lambda: b"SQLite format 3\0" + b"\0" * 99, "SQLite"),
    "tar.csv": Polluted(_tar, "tar archive"),
}
_JSON = {
    "half an emoji.json": Polluted(
        lambda: b'[{"lead_id":1,"n":"x\\ud83d"},{"lead_id":2}]', rows=1, bad=1
    ),
    "half an emoji.jsonl": Polluted(
        lambda: b'{"lead_id":1,"n":"x\\ud83d"}\n{"lead_id":2}\n', rows=1, bad=1
    ),
    "half a key.json": Polluted(lambda: b'[{"n\\ud83d":1},{"lead_id":2}]', rows=1, bad=1),
    "deep.json": Polluted(lambda: b"[" * 900, "no valid json|nested too deeply"),
    "deeper.json": Polluted(lambda: b"[" * 100_000, "nested too deeply"),
    "deep and closed.json": Polluted(lambda: b'[{"a":' + b"[" * 900 + b"]" * 900 + b"}]", "deep"),
    "deep object.json": Polluted(lambda: b'{"a":' * 9000 + b"1" + b"}" * 9000, "deep"),
    "a deep line.jsonl": Polluted(
        lambda: b'{"a":' * 9000 + b"1" + b"}" * 9000 + b'\n{"lead_id":2}\n', rows=1, bad=1
    ),
    "long number.json": Polluted(lambda: b'[{"lead_id":' + b"9" * 5000 + b"}]", rows=1),
    "long value.json": Polluted(
        lambda: b'[{"lead_id":"' + b"x" * (17 << 20) + b'"},{"lead_id":2}]', rows=1, bad=1
    ),
    "many keys.json": Polluted(
        lambda: json.dumps([{f"k{n}": 1} for n in range(17_000)]).encode(), "columns, more than"
    ),
    "cut short.json": Polluted(lambda: b'[{"lead_id":1},{"lea', "no valid json"),
    "no records.json": Polluted(lambda: b'[1,"x",null]', "holds no records"),
    "by no name": Polluted(lambda: b'[{"lead_id":1},{"lead_id":2}]', rows=2),
}
_BOOKS = {
    "last corner.xlsx": Polluted(
        lambda: book(more=lambda _, s: s.write(1048575, 16383, "x")), "a stray cell stands far"
    ),
    "last column.xlsx": Polluted(
        lambda: book(more=lambda _, s: s.write(0, 16383, "x")), "columns without a header"
    ),
    "no such cell.xlsx": Polluted(
        lambda: _sheet(b'r="A2"', b'r="ZZZZZZ99999999999"'), "stray cell stands far"
    ),
    "row zero.xlsx": Polluted(lambda: _sheet(b'r="A2"', b'r="A0"'), "read as a spreadsheet"),
    "no such text.xlsx": Polluted(lambda: _sheet(b"<v>3</v>", b"<v>999</v>"), "spreadsheet"),
    "cut sheet.xlsx": Polluted(lambda: _sheet(b"</row></sheetData>", b'<c r="'), "spreadsheet"),
    "never calculated.xlsx": Polluted(
        lambda: _sheet(b"<v>2</v>", b"<f>1+1</f>"), "formulas without a result"
    ),
    "no result.xlsx": Polluted(
        lambda: _sheet(b"<v>2</v>", b"<f>1+1</f><v></v>"), "formulas without a result"
    ),
    "no result at all.xlsx": Polluted(
        lambda: _sheet(b"<v>2</v>", b'<f t="shared" si="0"/><v/>'), "formulas without a result"
    ),
    "blank result.xlsx": Polluted(
        lambda: _sheet(b"><v>2</v>", b' t="str"><f>A1</f><v></v>'), rows=2
    ),
    "600 sheets.xlsx": Polluted(lambda: book(sheets=600), "600 sheets"),
    "no sheet.xlsx": Polluted(lambda: packed({"[Content_Types].xml": "<a/>"}), "spreadsheet"),
    "cut short.xlsx": Polluted(lambda: book()[:3000], "damaged or cut short"),
    "nothing.xlsx": Polluted(lambda: book([]), "is empty"),
    "locked.xlsx": Polluted(lambda: _OLE + random.Random(3).randbytes(4000), "spreadsheet"),
    "zeros.xls": Polluted(lambda: _OLE + b"\0" * 4000, "spreadsheet"),
    "one text.xlsx": Polluted(_shared_text, "300 times"),
    "one text.ods": Polluted(
        lambda: _ods(
            '<table:table-row table:number-rows-repeated="4000"><table:table-cell '
            'office:value-type="string" table:number-columns-repeated="9"><text:p>'
            + "x" * 9000
            + "</text:p></table:table-cell></table:table-row>"
        ),
        "300 times",
    ),
    "last corner.ods": Polluted(
        lambda: _ods(
            f"<table:table-row>{_CELL}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row><table:table-row>'
            f'<table:table-cell table:number-columns-repeated="16383"/>{_CELL}</table:table-row>'
        ),
        "spreadsheet",
    ),
}
_PARQUET = {
    "row numbers.parquet": Polluted(lambda: parquet({"file_row_number": [7, 8]}), rows=2),
    "own names.parquet": Polluted(
        lambda: parquet({"_row": [7], "_file": ["x"], "_import": [1], "lead_id": [1]}), rows=1
    ),
    "cut short.parquet": Polluted(lambda: parquet({"lead_id": ["a"]})[:-20], "no valid parquet"),
    "no columns.parquet": Polluted(lambda: parquet({}), "no valid parquet"),
    "encrypted.parquet": Polluted(lambda: b"PARE" + b"\0" * 99 + b"PARE", "encrypted"),
    "binary.parquet": Polluted(
        lambda: parquet({"lead_id": pa.array([b"\xff\xfe"], pa.binary())}), "no valid parquet"
    ),
    "one value.parquet": Polluted(_repeated_values, "out of all proportion"),
    "one text.parquet": Polluted(lambda: _one_text(200_000), "300 times"),
    "one text in all structures.parquet": Polluted(
        lambda: _one_text(1_000_000, nested=True), "300 times"
    ),
    "17,000 columns.parquet": Polluted(
        lambda: parquet({f"c{n}": [1] for n in range(17_000)}), "17,000 columns"
    ),
}
_PACKED = {
    "cut short.csv.gz": Polluted(lambda: gzip.compress(GOOD.encode() * 99)[:-9], "cut short"),
    "noise.csv.gz": Polluted(lambda: b"\x1f\x8b\x08" + random.Random(4).randbytes(99), "damaged"),
    "bomb.csv.gz": Polluted(lambda: gzip.compress(b"0" * (70 << 20)), "300 times"),
    "twice.csv.gz.gz": Polluted(lambda: gzip.compress(gzip.compress(b"x")), "another archive"),
    "bomb.zip": Polluted(lambda: packed({"lead.csv": b"0" * (70 << 20)}), "300 times"),
    "zip in zip.zip": Polluted(lambda: packed({"a.zip": packed({"b.csv": GOOD})}), "no table"),
    "nothing.zip": Polluted(lambda: packed({}), "holds no file"),
    "damaged.zip": Polluted(
        lambda: packed({"lead.csv": GOOD}, stored=True).replace(b"1,a", b"1,z"), "damaged"
    ),
    "attachments.zip": Polluted(
        lambda: packed({"lead.csv": GOOD} | {f"att/{n}": b"x\0" for n in range(1500)}), rows=3
    ),
    "named twice.zip": Polluted(_twice, rows=6),
    "climbing.zip": Polluted(lambda: packed({"../../lead.csv": GOOD}), rows=3),
}
FILES: Mapping[str, Polluted] = _TEXT | _JSON | _BOOKS | _PARQUET | _PACKED
