"""How a report of spend is cut: what the same money, downloaded twice, is told by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, field_validator

from smarketing.sources.currencies import in_header

_IN_HEADER = re.compile(
    r"(?P<name>.+?)[\s,:\-–]*(?:\b(?:in|en|em)\s+)?[(\[（]?\s*(?:(?:in|en|em)\s+)?"
    r"(?P<currency>(?<![^\W_])(?:TL|[Ff]t|FT|[Ll]ei|[Kk]r|KR|zl|[Ff]orint|[Kk]ron(?:or|er)|[Ss]kr)"
    r"\.?|(?<=[(\[（])(?![Ff][Rr]\.?[)\]）])[^\W\d_]{2,9}\.?(?=\s*[)\]）])|"
    r"[A-Z]{3}|[A-Za-z]{0,3}\$|[Ee]uros?|[^\s()\[\]（）,:]*(?![（）])[^\x00-\x7f][^\s()\[\]（）,:]?)"
    r"\s*[)\]）]?"
)


class Spend(BaseModel):
    """The columns by which a report of spend is cut; its rows are then counted once.

    - `amount`: the column of the amount, in whose header the currency may stand:
      `Amount spent (MXN)`. A SELECT finds it as `_header_currency`.
    - `platform`: the column that names the platform, where one file holds several.
    - `account`: the columns that name the account that pays, its id before its name.
    - `campaign`: the columns that name the campaign, its id before its name.
    - `unsummed`: columns by which a report must not be cut: the same amount stands with several of
      their values (assets, audiences), or small ones are kept back (search terms).
    - `by`: every other column that the report may be broken down by: device, network; where one
      thing has an id and a name, both as a list: `[Ad set ID, Ad set name]`.
    - `months`: whether its rows may cover a month each, under its first day. They do where all days
      of a file are firsts of months.

    The day (or the first one, with the last as `covers_until`), the amount and the campaign of a
    row are what the object's `cost` SELECT gives. Columns that the profile does not know and that
    hold words tell the rows of a file apart as well.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: str | None = None
    platform: str | None = None
    account: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    unsummed: tuple[str, ...] = ()
    by: tuple[tuple[str, ...], ...] = ()
    months: bool = False

    @field_validator("account", "campaign", "unsummed", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value or ()

    @field_validator("by", mode="before")
    @classmethod
    def _names_or_lists(cls, value: object) -> object:
        items = value if isinstance(value, list | tuple) else [value] if value else []
        return tuple((item,) if isinstance(item, str) else item for item in items)

    def cut_by(self) -> Iterator[str]:
        """Iterate over the columns by which its rows are told apart."""
        if self.platform:
            yield self.platform
        yield from (*self.account, *self.campaign, *(name for names in self.by for name in names))

    def columns(self) -> Iterator[str]:
        """Iterate over every column it names."""
        if self.amount:
            yield self.amount
        yield from self.cut_by()
        yield from self.unsummed


def header_currency(header: str) -> tuple[str, str] | None:
    """Tell the name and the currency of a header like `Amount spent (MXN)`; None without one.

    The currency is a code, or the sign or word that stands there where it may mean several.
    """
    found = _IN_HEADER.fullmatch(header.strip())
    currency = in_header(found["currency"]) if found else None
    return (found["name"], currency) if found and currency else None
