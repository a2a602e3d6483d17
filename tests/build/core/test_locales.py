"""Files written in any locale are read exactly, or refused: never wrong in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typing_kit import BERLIN, Reader, RefusedError

from smarketing.currencies import minor_digits

LOCALES = (
    *("en_US", "en_GB", "en_IN", "en_ZA", "en_CA", "de_DE", "de_CH", "de_AT", "fr_FR", "fr_CH"),
    *("es_ES", "es_MX", "pt_BR", "pt_PT", "it_IT", "nl_NL", "pl_PL", "cs_CZ", "sk_SK", "hu_HU"),
    *("sv_SE", "nb_NO", "da_DK", "fi_FI", "et_EE", "lv_LV", "lt_LT", "ro_RO", "bg_BG", "hr_HR"),
    *("sl_SI", "sr_Latn_RS", "el_GR", "tr_TR", "ru_RU", "uk_UA", "ar_EG", "he_IL", "fa_IR"),
    *("hi_IN", "bn_BD", "th_TH", "vi_VN", "id_ID", "zh_CN", "zh_TW", "ja_JP", "ko_KR", "eu_ES"),
)
CURRENCIES = ("EUR", "USD", "GBP", "JPY", "KWD", "CHF", "SEK", "PLN", "INR", "BRL", "HUF", "CLP")
STAMP = st.datetimes(datetime(2013, 1, 1), datetime(2032, 12, 31))
#: Locales some of whose months are written by words that are not known.
OF_OTHER_WORDS = ("de_AT", "he_IL", "hi_IN", "bn_BD", "th_TH", "vi_VN", "eu_ES")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def outcome(read: Callable[[], list[str | None]]) -> list[str | None] | None:
    """Return what was read, None where the file was refused."""
    try:
        return read()
    except RefusedError:
        return None


def never_wrong(found: list[str | None] | None, right: list[str], *, is_plain: bool) -> None:
    """Assert that each value is the right one or was not read (it is then in quarantine).

    What is plain, written in one way that has one meaning, must be read.
    """
    if is_plain:
        assert found == right
    elif found is not None:
        assert [value for value in found if value is not None] == [
            true for value, true in zip(found, right, strict=True) if value is not None
        ]


def written(amount: Decimal, locale: str, style: str, currency: str) -> str:
    """Write an amount as programs do in a locale."""
    match style:
        case "decimal":
            return format_decimal(amount, locale=locale, decimal_quantization=False)
        case "whole":
            return format_decimal(amount, format="#,##0", locale=locale)
        case "currency":
            return format_currency(amount, currency, locale=locale, decimal_quantization=False)
        case "plain":
            return format_decimal(amount, format="0.00", locale=locale)
    return format_currency(
        amount, currency, format="¤¤ #,##0.00", locale=locale, currency_digits=False
    )


@settings(max_examples=40)
@given(
    units=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6),
    locale=st.sampled_from(LOCALES),
    style=st.sampled_from(["decimal", "whole", "currency", "plain", "code"]),
    currency=st.sampled_from(CURRENCIES),
    is_named=st.booleans(),
)
def test_amounts_in_any_locale(
    reader: Reader, units: list[int], locale: str, style: str, currency: str, is_named: bool
) -> None:
    digits = minor_digits(currency)
    if style == "whole":
        units = [unit * 10**digits for unit in units]
    amounts = [Decimal(unit).scaleb(-digits) for unit in units]
    if style in ("plain", "code"):
        amounts = [round(amount, min(digits, 2)) for amount in amounts]
    right = [str(int(amount.scaleb(digits))) for amount in amounts]
    texts = [written(amount, locale, style, currency) for amount in amounts]
    is_named = is_named or style not in ("currency", "code")
    columns = {"amount": texts, "currency": [currency if is_named else None] * len(texts)}

    def read() -> list[str | None]:
        rows = reader.read("cost", columns)
        named = {code for amount, code in rows if amount is not None}
        assert named <= {currency}
        return [amount for amount, _ in rows]

    is_plain = style in ("plain", "code") and digits == 2
    never_wrong(outcome(read), right, is_plain=is_plain)


@cache
def day_texts(locale: str, style: str) -> Callable[[date], str]:
    """Return how a locale writes days in a style."""
    parsed = Locale.parse(locale)
    return lambda day: format_date(day, style, locale=parsed)


@settings(max_examples=40)
@given(
    days=st.lists(STAMP.map(datetime.date), min_size=1, max_size=6),
    locale=st.sampled_from(LOCALES),
    style=st.sampled_from(["short", "medium", "long", "full"]),
)
def test_days_in_any_locale(reader: Reader, days: list[date], locale: str, style: str) -> None:
    columns = {"incurred_on": [day_texts(locale, style)(day) for day in days]}
    found = outcome(lambda: [value for (value,) in reader.read("cost", columns)])
    is_plain = style in ("medium", "long") and locale not in OF_OTHER_WORDS
    never_wrong(found, [day.isoformat() for day in days], is_plain=is_plain)


@settings(max_examples=40)
@given(
    stamps=st.lists(STAMP, min_size=1, max_size=6),
    locale=st.sampled_from(LOCALES),
    style=st.sampled_from(["short", "medium", "iso", "offset", "rfc", "epoch", "millis", "micros"]),
)
def test_times_in_any_locale(
    reader: Reader, stamps: list[datetime], locale: str, style: str
) -> None:
    local = ZoneInfo(BERLIN)
    stamps = [stamp.replace(second=0, microsecond=0) for stamp in stamps]
    instants = [stamp.replace(tzinfo=local).astimezone(ZoneInfo("UTC")) for stamp in stamps]
    # An hour that the clocks skip or repeat has no one instant.
    kept = [
        i
        for i, s in zip(instants, stamps, strict=True)
        if i.astimezone(local).replace(tzinfo=None) == s
        and i == (i.astimezone(local).replace(fold=1)).astimezone(ZoneInfo("UTC"))
    ]
    texts = [time_text(instant, locale, style) for instant in kept]
    # Where every time is midnight, these are days.
    assume(any(i.astimezone(local).time() != datetime.min.time() for i in kept))
    found = outcome(lambda: [value for (value,) in reader.read("touch", {"occurred_at": texts})])
    is_plain = style not in ("short", "medium")
    right = [instant.strftime("%Y-%m-%d %H:%M:%S") for instant in kept]
    never_wrong(found, right, is_plain=is_plain)


def time_text(instant: datetime, locale: str, style: str) -> str:
    local = instant.astimezone(ZoneInfo(BERLIN))
    match style:
        case "iso":
            return local.strftime("%Y-%m-%d %H:%M")
        case "offset":
            return local.isoformat()
        case "rfc":
            return local.strftime("%a, %d %b %Y %H:%M:%S %z")
        case "epoch":
            return str(int(instant.timestamp()))
        case "millis":
            return str(int(instant.timestamp()) * 1000)
        case "micros":
            return str(int(instant.timestamp()) * 1000000)
    return format_datetime(local.replace(tzinfo=None), style, locale=locale)
