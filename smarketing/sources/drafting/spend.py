"""Costs and campaigns: what was spent on which day, on what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from smarketing.files.quoting import literal
from smarketing.files.totals import sums_up
from smarketing.files.turned import TURN, turned
from smarketing.sources.drafting.columns import Column, is_own_number
from smarketing.sources.drafting.minor_units import parts_of_a_unit
from smarketing.sources.drafting.money import AMOUNTS, amount, currency
from smarketing.sources.drafting.returns import ask_for_returns
from smarketing.sources.drafting.select import DRIVER, value
from smarketing.sources.drafting.spend_days import fill_days
from smarketing.sources.drafting.words import (
    fold,
    folded_words,
    is_tax,
    is_unspent,
    only_says_unspent,
    speaks_of,
    taxed,
)
from smarketing.sources.drafting.work import Work, present

_STATES = {"status", "delivery", "state", "zustand", "statut", "estado", "stato", "auslieferung"}
_NO_CUTS = {"currency", "day", "period", "range_start", "range_end", "budget", "status"}
"""Words and concepts of columns that change while the money stays the same."""
_SHOWN = 3
"""So many texts are shown of those that are asked about."""
_OWN_IDS = {
    "id",
    "ids",
    "uuid",
    "guid",
    "identifier",
    "key",
    "kennung",
    "identifiant",
    "identificador",
}
_KINDS = 12
"""A column of kinds has no more of them than so many."""
_LOW = "VND IDR KRW JPY COP CLP HUF IRR LBP PYG UGX TZS LAK MMK UZS KHR"
_CHEAP = frozenset(_LOW.split())
_SMALL_UNITS = 10_000
"""What costs a unit of most currencies costs so many of one of these, at the most."""
_MILLIONTHS = 100_000
"""Amounts that are whole and no smaller may count millionths of a unit: 0.10 is one such."""


def cost(work: Work) -> None:
    """Fill costs, a row a day; a platform's report says by what it is cut, and names campaigns."""
    stretches = turned([column.name for column in work.sheet.columns])
    if stretches:
        work.ask(f"it {stretches}")
        return
    money = amount(work, "amount", ("cost", "paid"), "the amount that was spent")
    if money is None and not work.questions:
        work.ask(
            f"no column holds an amount that was spent. Export one, or take {work.file} away if "
            "the file holds no costs"
        )
    currency(work, money)
    if money is None:
        _ask_for_channels(work)
    else:
        _ask_for_sum(work, money)
        _ask_for_millionths(work, money)
    day = fill_days(work)
    work.take_all("impressions", "clicks")
    campaign = _campaign(work)
    if {"impressions", "clicks"} & set(work.columns):
        work.where = " and ".join(present(c) for c in (day, money) if c) or None
        _reported(work, campaign)
    else:
        _kept_by_hand(work, money)
    _name_campaigns(work, campaign)


def _reported(work: Work, campaign: Column | None) -> None:
    """Fill what the costs of a platform's report have in common, and say by what it is cut."""
    work.give("team", literal("marketing"))
    work.give("category", literal("media"))
    if not work.take("cost_id"):
        work.give("cost_id", f"concat({DRIVER}._file_id, '-', {DRIVER}._row)")
    if campaign is None:
        work.notes.append("no column names the campaign: the costs are in no figure by campaign")
    _cut(work, [c for c in (campaign, work.sheet.named("campaign")) if c])


def _kept_by_hand(work: Work, money: Column | None) -> None:
    """Fill team and category; without an identifier a cost is known by all that its row says.

    The number of a document is none: two suppliers may give the same, and many costs have none;
    one of the cost itself is ("Expense No").
    """
    work.take_all("team", "category")
    if "category" not in work.columns:
        work.notes.append(
            "no column says what kind each cost is: return on ad spend counts those of category "
            f"media, so where all are that, write `'media' as category` into {work.file}"
        )
    status = work.sheet.ranked("status")
    unspent = "costs that were not spent"
    _ask_about(work, status, lambda text: is_unspent(fold(text)), unspent)
    kinds = [c for c in work.sheet.columns if c not in status and _is_of_kinds(c)]
    _ask_about(work, kinds, lambda text: only_says_unspent(fold(text)), unspent)
    # Whether taxes count is for people to say.
    tax = "a row with the tax on other costs"
    _ask_about(work, work.sheet.columns, is_tax, tax, " if costs count without tax")
    # Such a row bears a day as the others do.
    for column in work.sheet.columns:
        if "owner" not in column.header.meanings:
            adds_up = partial(sums_up, others=column.shape.values)
            _ask_about(work, [column], adds_up, "a row that adds up others, or their average")
    ask_for_returns(work, money)
    found = work.guess.found.get("cost_id")
    is_own = found is not None and (
        bool(_OWN_IDS & set(found.header.phrase.split())) or is_own_number(found, "cost")
    )
    work.content_key("cost_id", is_own)
    if not is_own:
        work.give("cost_id", f"'row-' || {work.columns['cost_id']}")
        work.notes.append(
            "no column identifies a cost: a row whose cells are changed is another one, so import "
            "a corrected sheet with --mode full"
        )


def _is_of_kinds(column: Column) -> bool:
    """Whether a column may tell kinds of costs apart.

    Not by one word of many that anybody may write, nor by a vendor called "Target" or "Concept".
    """
    said, values = set(column.header.phrase.split()), column.shape.values
    if column.shape.distinct > _KINDS:
        return False
    unspent = sum(only_says_unspent(fold(text)) for text in values)
    if all(only_says_unspent(fold(text)) or fold(text) in folded_words("spent") for text in values):
        return True
    if said & folded_words("vendors"):
        return False
    is_free = said & folded_words("free_texts") and not said & folded_words("kind_words")
    return not is_free or 2 * unspent >= len(values)


def _ask_about(
    work: Work, columns: Sequence[Column], test: Callable[[str], bool], rows: str, when: str = ""
) -> None:
    """Ask about rows that may be no costs of their own, by texts in one of these columns."""
    told = []
    for column in columns:
        found = sorted(filter(test, column.shape.values))[:_SHOWN]
        if found:
            shown = ", ".join(f"'{text}'" for text in found)
            told.append(f"column '{column.name}' holds {shown}")
    if told:
        work.ask(
            f"{' and '.join(told)}, as of {rows}. Leave such rows out by a "
            f"`where` in {work.file}{when}, or take this line out"
        )


def _ask_for_sum(work: Work, money: Column) -> None:
    """Ask about a column called a total that may add up the others, a channel each.

    In a report of clicks or impressions the others are averages and results.
    """
    if work.sheet.has("impressions", "clicks", look="number"):
        return
    numbers = _untaxed(c for c in work.guess.unexplained("number") if c.name != money.name)
    if len(numbers) > 1 and speaks_of(money.header.phrase) <= {"amount", "paid"}:
        shown = ", ".join(f"'{column.name}'" for column in numbers[:3])
        work.ask(
            f"column '{money.name}' may add up {shown}: then each of them is a channel or a kind "
            f"of cost, which the figures would not tell apart. {TURN}; or take this line out"
        )


def _ask_for_channels(work: Work) -> None:
    """Ask about several columns, none called an amount: each may hold those of one channel."""
    numbers = _untaxed(_numbers(work))
    says_amount = any(speaks_of(c.header.phrase) & AMOUNTS for c in numbers)
    if (
        len(numbers) > 1
        and not says_amount
        and not work.sheet.has("impressions", "clicks", look="number")
    ):
        shown = ", ".join(f"'{column.name}'" for column in numbers[:_SHOWN])
        work.ask(f"if {shown} hold the amounts of a channel each, none of them is all. {TURN}")


def _untaxed(columns: Iterable[Column]) -> list[Column]:
    return [c for c in columns if not (taxed(c.name) or is_tax(c.name))]


def _ask_for_millionths(work: Work, money: Column) -> None:
    """Ask about whole amounts so large that they may count millionths of a unit."""
    if parts_of_a_unit(money, work.sheet) != 1 or "whole" not in money.shape.looks:
        return
    amounts = {abs(int(text)) for text in money.shape.values if _is_whole(text)} - {0}
    counted = work.sheet.has("impressions", "clicks", look="number")
    least = _MILLIONTHS * (_SMALL_UNITS if _is_small_unit(work, money) else 1)
    if counted and len(amounts) > 1 and min(amounts) >= least:
        work.ask(
            f"column '{money.name}' holds whole amounts like {money.shape.values[0]}, as where a "
            f"platform counts in millionths. If it does, call the column '{money.name} micros' and "
            f"draft the source again; if these are whole units, take this line out"
        )


def _is_small_unit(work: Work, money: Column) -> bool:
    """Whether the currency is one whose unit buys so little that an amount has many digits."""
    column = work.best("currency", "currency")
    said = {money.header.currency, *(column.shape.values if column else ())} - {None}
    return bool(said) and said <= _CHEAP


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _cut(work: Work, campaign: list[Column]) -> None:
    """Say by what a report is cut, so that the same money in another cut counts once."""
    account = [column.name for column in work.sheet.references("account")]
    told = {*account, *(column.name for column in campaign), *work.used}
    by = [column.name for column in work.sheet.columns if column.name not in told and _cuts(column)]
    names = list(dict.fromkeys(column.name for column in campaign))
    work.spend = {"account": account, "campaign": names, "by": by}
    work.used |= {*account, *by}


def _cuts(column: Column) -> bool:
    """Whether a report is cut by a column: by words and ids, not by what it counts or how it is."""
    looks, header = column.shape.looks, column.header
    counted = bool(looks & {"number", "percent", "flag"}) and not header.is_key
    stands = bool(_STATES & set(header.phrase.split())) or bool(_NO_CUTS & set(header.meanings))
    dated = bool(looks & {"date", "month"})
    return not (column.shape.is_blank or counted or stands or dated or header.is_spare)


def _campaign(work: Work) -> Column | None:
    """Fill the campaign by its id, else by its name, which is then its id."""
    column = work.sheet.reference("campaign") or work.sheet.named("campaign")
    return work.take("campaign_id", column) if column else None


def _name_campaigns(work: Work, campaign: Column | None) -> None:
    """Let a report name its campaigns, each once a file, where no other file does."""
    if campaign is None or "campaign" in work.tables:
        return
    named = work.sheet.named("campaign") or campaign
    channel = work.best("source")
    work.used |= {column.name for column in (named, channel) if column}
    columns = {
        "campaign_id": value(campaign),
        "name": value(named),
        "channel": value(channel) if channel else work.ads,
    }
    once = (
        f"row_number() over (partition by {DRIVER}._file_id, {value(campaign)} "
        f"order by {DRIVER}._row desc) = 1"
    )
    work.more.append(work.another("campaign", columns, present(campaign), once))


def campaign(work: Work) -> None:
    """Fill campaigns."""
    work.key("campaign_id")
    work.take_all("name", "channel", "kind", "status", "starts_on", "ends_on", "owner_id")
    budget = amount(work, "budget", ("budget",), "the budget") if work.best("budget") else None
    if budget is not None:
        currency(work, budget)
    spent = work.best("cost", "number") or next(filter(_is_called_cost, _numbers(work)), None)
    if spent is not None and spent is not budget and not spent.shape.is_blank:
        work.ask(
            f"column '{spent.name}' ({spent.shape.example}) holds what campaigns cost, and is in "
            "no figure. If no other file has these costs, write a cost.sql that says on which days "
            "they fell; else take this line out"
        )
    elif spent is None and _is_report(work):
        money = work.best("amount", "number") or work.best("paid", "number")
        which = f"'{money.name}' ({money.shape.example})" if money else "one of its columns"
        work.ask(
            "its campaigns stand on several rows, as in a report by day, and what was spent is in "
            f"no figure. If {which} says it, put 'costs' before the name of the file and draft the "
            "source again into another folder by --out; else take this line out"
        )


def _numbers(work: Work) -> list[Column]:
    return [c for c in work.guess.unexplained("number") if not c.shape.is_blank]


def _is_called_cost(column: Column) -> bool:
    """Whether a word of a header says that its numbers are costs, and not of one lead each."""
    phrase = column.header.phrase
    return "cost" in speaks_of(phrase) and "per" not in phrase.split()


def _is_report(work: Work) -> bool:
    """Whether a file that names campaigns has several rows of one, with days or what was seen."""
    key = work.guess.found.get("campaign_id")
    is_repeated = key is not None and key.shape.filled > key.shape.distinct
    return is_repeated and (
        work.sheet.has("impressions", "clicks", look="number") or work.sheet.has("day", look="day")
    )
