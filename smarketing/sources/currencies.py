"""What people write for currencies, in files: symbols, names, codes, and which ones they may mean.

Names and symbols are those of Unicode's CLDR (babel). What a text may mean is a set of
codes: `$` is the dollar of many countries, and only its row or its source can say of which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from smarketing.currencies import codes

_DOLLARS = (
    "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD "
    "ARS CLP COP CUP DOP MXN UYU"
)
_WRITTEN = {
    "$": _DOLLARS, "dollar": _DOLLARS, "dollars": _DOLLARS,
    "us$": "USD", "u$s": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD NIO", "ca$": "CAD",
    "can$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "sg$": "SGD", "nt$": "TWD",
    "cdn$": "CAD", "mx$": "MXN", "mex$": "MXN", "r$": "BRL", "ar$": "ARS", "col$": "COP",
    "rd$": "DOP", "j$": "JMD", "n$": "NAD", "u$": "UYU", "ec$": "XCD", "e£": "EGP",
    "euro": "EUR", "euros": "EUR", "€": "EUR",
    "£": "GBP EGP FKP GIP LBP SHP SSP SYP", "pound": "GBP EGP FKP GIP LBP SHP SSP SYP",
    "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY HKD TWD", "kr": "SEK NOK DKK ISK",
    "kč": "CZK", "zł": "PLN", "zl": "PLN", "ft": "HUF", "lei": "RON MDL", "лв": "BGN",
    "fr": "CHF", "sfr": "CHF", "yen": "JPY", "yuan": "CNY", "₽": "RUB", "руб": "RUB BYN",
    "₴": "UAH", "грн": "UAH",
    "₺": "TRY", "tl": "TRY", "₹": "INR", "rs": "INR LKR MUR NPR PKR SCR", "₩": "KRW",
    "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "r": "ZAR", "rp": "IDR",
    "rm": "MYR", "s/": "PEN", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL",
    "₵": "GHS", "gh₵": "GHS", "₨": "INR LKR MUR NPR PKR SCR", "원": "KRW", "đ": "VND", "vnđ": "VND",
}  # fmt: skip
"""What people write for currencies, as CLDR does not list it or not for every country."""
_ABBREVIATED = {
    "skr": "SEK",
    "ikr": "ISK",
    "kc": "CZK",
    "frs": "CHF",
    "rmb": "CNY",
    "р": "RUB BYN",
    "fcfa": "XAF XOF",
    "f cfa": "XAF XOF",
    "cfa": "XAF XOF",
    "ksh": "KES",
    "tsh": "TZS",
    "ush": "UGX",
    "tk": "BDT",
    "km": "BAM",
    "din": "RSD MKD",
    "dh": "AED MAD",
    "dhs": "AED MAD",
    "sr": "SAR SCR",
    "qr": "QAR",
    "kd": "KWD",
    "bd": "BHD",
    "dt": "TND",
    "da": "DZD",
    "le": "EGP SLE",
    "b/": "PAB",
    "bs": "BOB VES",
    "gs": "PYG",
    "reais": "BRL",
    "kroner": "DKK NOK",
    "kronor": "SEK",
    "korun": "CZK",
    "franken": "CHF",
    "forint": "HUF",
}
"""What stands for a currency beside an amount; in a header it may be a word like any other."""
_SIGNED = re.compile(r"(?P<before>[a-z]{0,3}) ?(?P<sign>[$£¥]) ?(?P<behind>[a-z]{0,3})")
_FREQUENT = ("USD", "EUR", "GBP", "JPY", "CNY", "CAD", "AUD", "SEK")
_FIRST = {"£": "GBP", "pound": "GBP", "lei": "RON", "руб": "RUB", "р": "RUB"}
"""Whose a shared symbol is, unless the source's own currency has it too."""
_LANGUAGES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru "
    "sk sl sr sv th tr uk vi zh"
)
_SAID = re.compile(
    r"(?:\b(?:\w{0,12}currency|\w{0,12}währung|devise|moneda|moeda|valuta|waluta|para birimi)"
    r"(?: code)?\b|通貨|货币)[\s:=,\-–]*(?P<code>[^\d|]{1,24}?)\s*$"
    r"|\b(?:amounts?|values?|figures|costs?|spend|beträge|werte|kosten|montants|importes|valores|"
    r"importi|bedragen)(?: \w+){0,4} (?:in|en|em) (?P<in>(?-i:[A-Z]{3})|[€£]|euros?)\W*$",
    re.IGNORECASE,
)
"""A line above a header that names the currency of a file."""
_TWO_LETTERS = 2
_BETWEEN = re.compile(r"[-–—()/,:;|]+")


def may_mean(text: str) -> frozenset[str]:
    """Return the codes that a text may mean: a code, a symbol, a name in a large language.

    Empty for a text that names no currency.
    """
    return _lookup(text) or _shared(_BETWEEN.split(text)) or _shared(text.split())


def meant(text: str, home: str) -> str | None:
    """Return the one code that a text means; None where it names none, or may mean several.

    Of several it is `home`, the currency of whoever names none, if that is among them.
    """
    found = may_mean(text)
    if len(found) == 1:
        return next(iter(found))
    return home if home in found else _FIRST.get(_folded(text))


def in_header(text: str) -> str | None:
    """Return the currency that a part of a header names, as a code or as it is written.

    Only codes, signs and what stands beside amounts count there, since names of currencies are
    other words as well ("real"), as are most abbreviations of two letters, and codes in small
    letters ("all", "top").
    """
    folded = _folded(text)
    if not text.isupper() and folded.upper() in codes() - {*_FREQUENT}:
        return None
    word = folded if len(folded) > _TWO_LETTERS or folded == "kc" else ""
    known = _code_or_sign(text) or frozenset(_ABBREVIATED.get(word, "").split())
    if not known:
        return None
    return next(iter(known)) if len(known) == 1 else _FIRST.get(text.lower(), text)


def said_above(texts: Iterable[str]) -> str | None:
    """Return the currency that a file says above its header its amounts are in: "Currency: USD".

    None where nothing says it, or several are named.
    """
    said = [found["code"] or found["in"] for text in texts if (found := _SAID.search(text))]
    meanings = {may_mean(text.strip(" .,;:()")) for text in said}
    named = {code for group in meanings if len(group) == 1 for code in group}
    return named.pop() if len(named) == 1 else None


def signs() -> tuple[str, ...]:
    """Return what people write for currencies beside an amount, the longest first."""
    return tuple(sorted({*_WRITTEN, *_ABBREVIATED}, key=lambda text: (-len(text), text)))


def in_order(found: Iterable[str]) -> tuple[str, ...]:
    """Return codes with those first that are meant most often."""
    return tuple(sorted(found, key=lambda code: (code not in _FREQUENT, code)))


def _shared(parts: Sequence[str]) -> frozenset[str]:
    """Return the codes that every part of a text may mean, as in "USD ($)"."""
    named = [_lookup(part) for part in parts if part.strip(" .")]
    return frozenset.intersection(*named) if named else frozenset()


def _folded(text: str) -> str:
    return " ".join(text.replace(".", "").casefold().split())


@cache
def _lookup(text: str) -> frozenset[str]:
    folded = _folded(text)
    abbreviated = frozenset(_ABBREVIATED.get(folded, "").split())
    return _code_or_sign(text) or abbreviated or _names().get(folded, frozenset())


def _code_or_sign(text: str) -> frozenset[str]:
    folded = _folded(text)
    if folded.upper() in codes():
        return frozenset((folded.upper(),))
    return frozenset(_WRITTEN.get(folded, "").split()) or _of_a_country(folded)


def _of_a_country(folded: str) -> frozenset[str]:
    """Return what letters beside a sign say whose it is: "$ ca", "ca $", "cad$"; none without."""
    parts = _SIGNED.fullmatch(folded)
    if parts is None:
        return frozenset()
    letters = parts["before"] + parts["behind"]
    written = _WRITTEN.get(letters + parts["sign"], "").split()
    of_sign = frozenset(_WRITTEN[parts["sign"]].split())
    named = {letters.upper()} & codes() or _spent_in(letters.upper())
    return frozenset(written) or of_sign & named


@cache
def _spent_in(country: str) -> frozenset[str]:
    """Return the currencies that a country, by its two letters, has today."""
    from babel.core import get_global

    listed = get_global("territory_currencies").get(country, ())
    return frozenset(code for code, _, end, _ in listed if end is None)


@cache
def _names() -> dict[str, frozenset[str]]:
    """Index the names and symbols of the currencies of today, in the languages of software."""
    from babel.core import Locale, get_global
    from babel.numbers import get_currency_name

    today = {
        code
        for listed in get_global("territory_currencies").values()
        for code, _, end, _ in listed
        if end is None
    }
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES.split():
        locale = Locale.parse(language)
        for code in today:
            names = [locale.currencies.get(code), locale.currency_symbols.get(code)]
            for name in filter(None, [*names, get_currency_name(code, 2, locale)]):
                found.setdefault(_folded(name), set()).add(code)
    return {name: frozenset(named) for name, named in found.items()}
