"""The currencies that a workbook shows by the format of its cells, and by nothing that is in them.

`[$€-407] #,##0.00` and `"kr" #,##0` are the only place where such a sheet says whose money it is:
a number of that format is read as a careful export would write it, with its currency.
"""

from __future__ import annotations

import html
import re
import zipfile
from bisect import bisect_right
from dataclasses import dataclass, field
from locale import windows_locale
from pathlib import Path

from smarketing.currencies import codes
from smarketing.files.sheets import LONGEST, blocks, column_number, tags, titles

_STYLES = "xl/styles.xml"
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
_OTHERS_DIGITS = "0#?"


@dataclass
class Formats:
    """What currency the cells of a sheet show: per column the rows from which on it is another."""

    changes: dict[int, tuple[list[int], list[str]]] = field(default_factory=dict)

    def take(self, row: int, column: int, currency: str) -> None:
        """Note what a cell shows; rows come in their order."""
        rows, shown = self.changes.setdefault(column, ([], []))
        if (not rows or row > rows[-1]) and (shown[-1] if shown else "") != currency:
            rows.append(row)
            shown.append(currency)

    def of(self, row: int, column: int) -> str:
        """Return what a cell shows, blank where that is no currency."""
        rows, shown = self.changes.get(column, ([], []))
        place = bisect_right(rows, row)
        return shown[place - 1] if place else ""


def read_formats(path: Path) -> dict[str, Formats]:
    """Return the currencies that the cells of a workbook show, by the title of the sheet."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, Formats] = {}
    with zipfile.ZipFile(path) as archive:
        styles = _styles(archive)
        if not any(styles):
            return {}
        for member, title in titles(archive).items():
            if member in archive.namelist():
                found[title] = _formats(archive, member, styles)
    return found


def _styles(archive: zipfile.ZipFile) -> list[str]:
    """Return the currency of each style of a workbook by its number, blank where it shows none."""
    if _STYLES not in archive.namelist():
        return []
    text = archive.read(_STYLES)[:LONGEST]
    formats = {
        tag["numFmtId"]: currency_of(tag["formatCode"])
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
        words += sign or bare or ""
        place = token["place"] or place
    return _meant(words.strip(" ()-+\u00a0\u202f"), place) if has_digits else ""


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


def shown(number: str, currency: str) -> str:
    """Write a number with what its cell shows beside it."""
    if not currency or not number:
        return number
    if currency in "$£¥￥":
        return f"-{currency}{number[1:]}" if number.startswith("-") else currency + number
    return f"{number} {currency}"
