"""Costs and campaigns: what was spent on which day, on what."""

from __future__ import annotations

from itertools import pairwise

from smarketing.files.quoting import literal
from smarketing.sources.drafting.guess import Column
from smarketing.sources.drafting.money import amount, currency
from smarketing.sources.drafting.select import DRIVER, content_id, value
from smarketing.sources.drafting.shapes import days_of
from smarketing.sources.drafting.work import Work, present

_SEVERAL = 3
"""So many days show in what steps a report is."""


def cost(work: Work) -> None:
    """Fill costs, a row a day; and of a platform's report the campaigns it names."""
    money = amount(work, "amount", ("cost", "paid"), "the amount that was spent")
    if money is None and not work.questions:
        work.ask(
            f"no column holds an amount that was spent. Export one, or take {work.file} away if "
            "the file holds no costs"
        )
    currency(work, money)
    _day(work)
    work.take_all("impressions", "clicks")
    is_report = bool({"impressions", "clicks"} & set(work.columns))
    if is_report:
        work.give("team", literal("marketing"))
        work.give("category", literal("media"))
    else:
        work.take_all("team", "category")
    campaign = _campaign(work)
    if not work.take("cost_id"):
        cells = [c.name for c in work.sheet.columns if not (is_report and _is_measure(c))]
        work.give("cost_id", content_id(cells))
    named = work.sheet.named("campaign")
    if campaign and named and is_report and "campaign" not in work.tables:
        _campaigns(work, campaign, named)


def _is_measure(column: Column) -> bool:
    """Whether a report counts this rather than being cut by it: a corrected number is no new row.

    A column without values says nothing of a row either.
    """
    looks = column.shape.looks
    counted = bool(looks & {"number", "percent"}) and "date" not in looks
    about = column.header.is_key or column.header.entity is not None
    days = {"day", "period", "range_start", "range_end"} & set(column.header.meanings)
    return column.shape.is_blank or (counted and not about and not days)


def _day(work: Work) -> None:
    """Fill the day; a row that covers several is asked about, never put on its first."""
    day = work.take("incurred_on")
    if day is not None:
        _ask_for_steps(work, day)
        return
    start, end = work.best("range_start", "day"), work.best("range_end", "day")
    dates = [c for c in work.guess.unexplained("date") if c not in (start, end)]
    if start and end and not start.shape.is_blank:
        same = f"case when {value(start)} = {value(end)} then {value(start)} end"
        work.give("incurred_on", same, start, end)
        if set(start.shape.values) != set(end.shape.values):
            work.ask(
                f"the rows cover several days, from '{start.name}' ({start.shape.example}) to "
                f"'{end.name}' ({end.shape.example}). Download the report by day"
            )
    elif len(dates) == 1:
        work.take("incurred_on", dates[0])
        work.notes.append(f"column '{dates[0].name}' is taken for the day, the only date there is")
    elif dates:
        work.ask_which(dates, "the day a cost was incurred", "incurred_on")
    else:
        _ask_for_day(work, start or work.best("period"))


def _ask_for_steps(work: Work, day: Column) -> None:
    """Ask about a report whose days are all firsts of months, or a week apart."""
    days = sorted(days_of(day.shape))
    if not work.sheet.has("impressions", "clicks", look="number") or len(days) < _SEVERAL:
        return
    steps = {(later - earlier).days for earlier, later in pairwise(days)}
    step = "month" if {d.day for d in days} == {1} else "week" if steps == {7} else None
    if step:
        work.ask(
            f"the days in '{day.name}' are a {step} apart ({day.shape.example}), as where each row "
            f"covers a {step}. Download the report by day"
        )


def _ask_for_day(work: Work, period: Column | None) -> None:
    if period is not None and not period.shape.is_blank:
        work.ask(
            f"column '{period.name}' ({period.shape.example}) says no day. Download the report by "
            f"day, or say in {work.file} on which day each row stands, as incurred_on"
        )
    elif not work.ask_misfit(("day",), "day", "a day", "incurred_on"):
        work.ask(
            "no column says on which day the money was spent. Download the report by day, or say "
            f"in {work.file} which day it is, as incurred_on"
        )


def _campaign(work: Work) -> Column | None:
    """Fill the campaign by its id, else by its name, which is then its id."""
    column = work.sheet.reference("campaign") or work.sheet.named("campaign")
    return work.take("campaign_id", column) if column else None


def _campaigns(work: Work, campaign: Column, named: Column) -> None:
    """Let a report name its campaigns: each once a file."""
    work.used.add(named.name)
    columns = {"campaign_id": value(campaign), "name": value(named), "channel": work.ads}
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
