"""What a workbook shows by the format of its cells, and by nothing that is in them.

`[$€-407] #,##0.00` and `"kr" #,##0` are the only place where such a sheet says whose money it is:
a number of that format is read as a careful export would write it, with its currency. Of `00000` it
is only said that the zeros are not read: other files know the id without them.
"""

from __future__ import annotations

import html
import re
import zipfile
from bisect import bisect_right
from dataclasses import dataclass, field
from locale import windows_locale
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, iterparse

from smarketing.currencies import codes
from smarketing.files.sheets import LONGEST, blocks, column_number, tags, titles

_STYLES = "xl/styles.xml"
_BINARY = "xl/styles.bin"
_OPEN = "content.xml"
_SIGNS = {
    "€": "EUR", "₹": "INR", "₽": "RUB", "₺": "TRY", "₩": "KRW", "₪": "ILS", "₫": "VND", "₴": "UAH",
    "₦": "NGN", "₱": "PHP", "฿": "THB", "₡": "CRC", "₲": "PYG", "₵": "GHS", "₸": "KZT", "₼": "AZN",
    "₾": "GEL", "zł": "PLN", "kč": "CZK", "ft": "HUF", "лв": "BGN", "lei": "RON", "r$": "BRL",
    "fr": "CHF", "sfr": "CHF", "rm": "MYR", "rp": "IDR", "tl": "TRY", "r": "ZAR", "us$": "USD",
    "au$": "AUD", "a$": "AUD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "sg$": "SGD", "nt$": "TWD",
    "mx$": "MXN", "euro": "EUR",
}  # fmt: skip
_SHARED = {
    "$": "US USD CA CAD AU AUD NZ NZD SG SGD HK HKD TW TWD MX MXN AR ARS CL CLP CO COP UY UYU",
    "£": "GB GBP EG EGP",
    "¥": "JP JPY CN CNY",
    "￥": "JP JPY CN CNY",
    "kr": "SE SEK NO NOK DK DKK FO DKK IS ISK",
}
"""Signs that several countries have, and whose they are by the place that a format names."""
_TOKEN = re.compile(
    r'\[\$(?P<sign>[^\]-]*)(?:-(?P<place>[0-9A-Fa-f]+))?[^\]]*\]|\[[^\]]*\]|"(?P<quoted>[^"]*)"'
    r"|\\(?P<escaped>.)|[_*].|(?P<bare>.)",
    re.DOTALL,
)
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,8})"(?: s="([0-9]{1,5})")?')
_FILLED = re.compile("00+")
_OTHERS_DIGITS = "0#?"


@dataclass
class Formats:
    """What the cells of a sheet show, a currency or zeros: per column from which row on."""

    changes: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)

    def take(self, row: int, column: int, currency: str) -> None:
        """Note what a cell shows; rows come in their order."""
        rows, shown = self.changes.setdefault(column, ([], []))
        if (not rows or row > rows[-1]) and (shown[-1] if shown else "") != currency:
            rows.append(row)
            shown.append(currency)

    def of(self, row: int, column: int) -> str:
        """Return what a cell shows, blank where that is neither."""
        rows, shown = self.changes.get(column, ([], []))
        place = bisect_right(rows, row)
        return shown[place - 1] if place else ""


def read_formats(path: Path) -> dict[str, Formats]:
    """Return the currencies and zeros that the cells of a workbook show, by the sheet's title."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, Formats] = {}
    with zipfile.ZipFile(path) as archive:
        if _OPEN in archive.namelist():
            with archive.open(_OPEN) as content:
                return _open_formats(content)
        styles = _styles(archive)
        if not any(styles):
            return {}
        for member, title in titles(archive).items():
            if member in archive.namelist():
                found[title] = _formats(archive, member, styles)
    return found


def hides_formats(path: Path) -> bool:
    """Return whether a workbook may show by its formats what is not read: xls, xlsb."""
    if not zipfile.is_zipfile(path):
        return True
    with zipfile.ZipFile(path) as archive:
        return _BINARY in archive.namelist()


def _open_formats(content: IO[bytes]) -> dict[str, Formats]:
    """Return what the cells of an open document show: each says its currency by itself."""
    found: dict[str, Formats] = {}
    title, row = "", 0
    for event, element in iterparse(content, ("start", "end")):
        tag = element.tag.rpartition("}")[2]
        told = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        if event == "start" and tag == "table":
            title, row = told.get("name", ""), 0
        elif event == "end" and tag == "table-row":
            formats, place = found.setdefault(title, Formats()), 0
            for cell in element:
                said = {name.rpartition("}")[2]: value for name, value in cell.attrib.items()}
                times = int(said.get("number-columns-repeated", 1))
                currency = said.get("currency", "") or _filled_up(cell, said)
                for column in range(place, place + times) if currency else ():
                    formats.take(row, column, currency)
                for column in [c for c in formats.changes if place <= c < place + times]:
                    formats.take(row, column, currency)
                place += times
            row += int(told.get("number-rows-repeated", 1))
            element.clear()
    return found


def _filled_up(cell: Element, said: dict[str, str]) -> str:
    """Return the zeros with which an open document shows a number, blank where it has none."""
    text = "".join(cell.itertext()).strip() if said.get("value-type") == "float" else ""
    return "0" * len(text) if text.isdigit() and len(text) > 1 and text.startswith("0") else ""


def _styles(archive: zipfile.ZipFile) -> list[str]:
    """Return what each style of a workbook shows, by its number; blank where that is nothing."""
    if _STYLES not in archive.namelist():
        return []
    text = archive.read(_STYLES)[:LONGEST]
    formats = {
        tag["numFmtId"]: zeros_of(tag["formatCode"]) or currency_of(tag["formatCode"])
        for tag in tags(text, b"numFmt")
        if {"numFmtId", "formatCode"} <= tag.keys()
    }
    cells = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    used = tags(cells[0], b"xf") if cells else []
    return [formats.get(tag.get("numFmtId", ""), "") for tag in used]


def _formats(archive: zipfile.ZipFile, member: str, styles: list[str]) -> Formats:
    found = Formats()
    shown = {str(number).encode(): currency for number, currency in enumerate(styles)}
    shown[b""] = styles[0]
    last: dict[bytes, str] = {}
    with archive.open(member) as sheet:
        for block in blocks(sheet):
            for letters, row, style in _CELL.findall(block):
                currency = shown.get(style, "")
                if last.get(letters, "") != currency:
                    last[letters] = currency
                    found.take(int(row) - 1, column_number(letters) - 1, currency)
    return found


def currency_of(code: str) -> str:
    """Return the currency that a number format shows: a code, or a sign that several have.

    >>> currency_of('[$€-407] #,##0.00'), currency_of('"$"#,##0'), currency_of('0 "days"')
    ('EUR', '$', '')
    """
    words, place, has_digits = "", "", False
    for token in _TOKEN.finditer(html.unescape(code)):
        if token["bare"] == ";":
            break
        has_digits |= bool(token["bare"]) and token["bare"] in _OTHERS_DIGITS
        sign = token["sign"] or token["quoted"] or token["escaped"]
        bare = token["bare"] if (token["bare"] or "0") not in "0#?.,-+() /%" else ""
        words += sign or bare
        place = token["place"] or place
    return _meant(words.strip(" ()-+\u00a0\u202f"), place) if has_digits else ""


def zeros_of(code: str) -> str:
    """Return the zeros of a format that fills a number with them, as ids have it: "00000"."""
    return code if _FILLED.fullmatch(code) else ""


def _meant(words: str, place: str) -> str:
    text = words.rstrip(".")
    if len(text) == 3 and text.isupper() and text in codes():
        return text
    folded = text.casefold()
    if folded in _SHARED:
        owners = _SHARED[folded].split()
        country = windows_locale.get(int(place, 16) & 0xFFFF, "")[-2:] if place else ""
        return dict(zip(owners[::2], owners[1::2], strict=True)).get(country, folded)
    return _SIGNS.get(folded, "")


def is_padded(number: str, zeros: str) -> bool:
    """Return whether a cell shows zeros before a number that has none."""
    is_zeros = bool(_FILLED.fullmatch(zeros))
    return is_zeros and number.isdigit() and len(number) < len(zeros)


def shown(number: str, currency: str) -> str:
    """Write a number with the currency that its cell shows beside it."""
    if not currency or not number:
        return number
    if _FILLED.fullmatch(currency):
        return number
    if currency in "$£¥￥":
        return f"-{currency}{number[1:]}" if number.startswith("-") else currency + number
    return f"{number} {currency}"
