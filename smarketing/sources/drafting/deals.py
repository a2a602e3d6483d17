"""Deals: how they ended, when, for how much, and with whom."""

from __future__ import annotations

from collections.abc import Sequence

from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.contacts import contacts
from smarketing.sources.drafting.endings import Ending, ending, says_end
from smarketing.sources.drafting.money import amount, currency, says_period, take_units
from smarketing.sources.drafting.outcomes import CLOSED, kind_of
from smarketing.sources.drafting.returns import ask_for_returns
from smarketing.sources.drafting.select import filled, first_of, mapped, value
from smarketing.sources.drafting.words import fold, folded_words, is_planned, words
from smarketing.sources.drafting.work import NOBODYS, THEN, Work
from smarketing.sources.flags import NO, YES


def deal(work: Work) -> None:
    """Fill deals, and who takes part in them."""
    key = work.key("deal_id")
    work.take_all(
        "name", "pipeline", "forecast_category", "owner_id", "owner_name", "lead_source", "partner"
    )
    work.refer("account_id", "account")
    work.refer("lead_id", "lead")
    work.refer("campaign_id", "campaign")
    _ask_whether_bills(work)
    _kind(work)
    ended = _outcome(work)
    _amount(work, ended)
    _ask_about_inactive(work)
    _ask_about_canceled(work)
    _created(work)
    _dates(work, ended)
    if work.take("lost_reason") and ended:
        work.columns["lost_reason"] = ended.when("lost", work.columns["lost_reason"])
    if key is not None:
        contacts(work, key)
        _ask_whose(work)


def _amount(work: Work, ended: Ending | None) -> None:
    """Fill the amount: of a won deal the actual one, of any other the one that is expected."""
    money = amount(work, "amount", ("amount", "actual_amount"), "the amount of a deal")
    actual = work.best("actual_amount", "number")
    if money is not None and actual not in (None, money) and not actual.shape.is_blank:
        won = f"coalesce({filled(actual)}, {value(money)})"
        condition = ended.conditions.get("won") if ended else None
        only = f"case when {condition} then {won} else {value(money)} end" if condition else won
        work.give("amount", only, actual, money)
    currency(work, money)
    ask_for_returns(work, money)
    period = work.best("amount_period") or says_period(work)
    if period is None or period.shape.is_blank:
        take_units(work, "recurring_amount", work.guess.found.get("recurring_amount"))
    elif [v for v in period.shape.values if fold(v) not in folded_words("paid_once")]:
        work.ask(
            f"column '{period.name}' ({period.shape.example}) says that amounts are for a time. "
            f"Say in {work.file} what a deal is worth as amount, a year of it as recurring_amount, "
            f"or {THEN}"
        )


def _ask_whether_bills(work: Work) -> None:
    """Ask what bills are that are deals by their columns alone: won, a part of one, or a cost."""
    called = work.named_after({"bill": words()["bills"], "deal": words()["tables"]["deal"]})
    if called == {"bill"}:
        work.ask(
            "by its name the file holds bills or payments. Take this line out if each is a deal of "
            "its own with a customer; if a deal has several of them, export the deals; and if they "
            "are what was paid to suppliers, call the file 'costs' and draft the source again"
        )


def _ask_about_inactive(work: Work) -> None:
    """Ask what deals are that a flag calls inactive: lost, put away or deleted."""
    flag = work.best("active_flag", "flag")
    if flag is not None and {v.casefold() for v in flag.shape.values} & set(NO):
        is_active = f"flag_value(trim({value(flag)}))"
        work.ask(
            f"column '{flag.name}' says no for some deals. If these were lost, say so in "
            f"{work.file}, as in `case when not {is_active} then 'lost' … end as outcome`; if they "
            f"are gone, add `where {is_active}`; else leave it"
        )


def _ask_about_canceled(work: Work) -> None:
    """Ask what deals are that a flag calls canceled, beside how they ended."""
    flag = work.best("canceled_flag", "flag")
    if flag is not None and {v.casefold() for v in flag.shape.values} & set(YES):
        is_canceled = f"coalesce(flag_value(trim({value(flag)})), false)"
        work.ask(
            f"column '{flag.name}' says yes for some deals. If they count no more, add `where not "
            f"{is_canceled}` to {work.file}, or say there that they are lost; else leave it"
        )


def _kind(work: Work) -> None:
    """Fill the kind by the words of its values; ask about those nothing is known of."""
    column = work.guess.found.get("kind")
    if column is None or column.shape.is_blank:
        return
    meanings = {v: kind for v in column.shape.values if (kind := kind_of(v))}
    unknown = [v for v in column.shape.values if v not in meanings]
    if not meanings:
        work.notes.append(
            f"column '{column.name}' says nothing of new, renewal or expansion: every deal is new"
        )
        return
    if unknown:
        work.ask(
            f"column '{column.name}' holds {_several(unknown)} beside kinds of deals that are "
            f"known. Say in {work.file} whether that is new, renewal or expansion, or {THEN}"
        )
    work.give("kind", mapped(column, meanings), column)


def _several(values: Sequence[str]) -> str:
    shown = ", ".join(f"'{value}'" for value in values[:4])
    return f"{shown} and {len(values) - 4} more" if len(values) > 4 else shown


def _outcome(work: Work) -> Ending | None:
    """Fill outcome and stage; a stage alone is placed by the agreement and by plain words.

    A status of which some values say nothing, or only that it is over, is a stage if there is no
    other: then the agreement can place it.
    """
    stage, ended = work.guess.found.get("stage"), ending(work)
    unsaid = ended is not None and (ended.unknown or CLOSED in ended.conditions)
    if ended is not None and unsaid and stage is None:
        _ask_which_status(work, ended)
        stage, ended = ended.read[0], None
    if ended is not None:
        _ask_unknown(work, ended)
        work.give("outcome", ended.outcome, *ended.read, *ended.doubted)
        if ended.gone:
            work.leave_out(ended.read[0], f"not coalesce({ended.gone}, false)")
    work.take("stage", stage or _other_status(work, ended))
    if not {"stage", "outcome"} & set(work.columns):
        likely = [column for column in work.sheet.columns if _may_be_stage(work, column)]
        if likely:
            work.ask_which(likely, "the stage or the outcome of a deal", "stage")
    return ended


def _ask_which_status(work: Work, ended: Ending) -> None:
    """Ask where a status that leaves something unsaid stands beside another: they may differ."""
    others = [c for c in work.sheet.ranked("status") if c not in ended.read[:1] and c.shape.values]
    if others:
        work.ask_which([ended.read[0], *others], "how a deal ended", "outcome")


def _other_status(work: Work, ended: Ending | None) -> Column | None:
    """Return what stands in for a stage: a status that the outcome is not read from."""
    read = ended.read if ended else ()
    others = (c for c in work.sheet.ranked("status") if c not in read and c.shape.values)
    return next((c for c in others if "flag" not in c.shape.looks), None)


def _ask_unknown(work: Work, ended: Ending) -> None:
    if ended.unknown:
        work.ask(
            f"column '{ended.read[0].name}' holds {_several(ended.unknown)} beside won, lost and "
            f"open. Say in {work.file} which of these that is, as in "
            f"`when '{ended.unknown[0].lower()}' then 'open'`"
        )


def _may_be_stage(work: Work, column: Column) -> bool:
    is_new = not (column.header.meanings or column.header.entity or column.header.is_spare)
    says = column.shape.is_category or says_end(column)
    return is_new and says and column.name not in work.used


def _created(work: Work) -> None:
    if work.take("created_at") or work.ask_misfit(("created",), "day", "a date", "created_at"):
        return
    dates = _dates_left(work)
    ended = work.guess.found.get("closed_at") or work.sheet.has("won_at", "lost_at", look="day")
    if len(dates) > 1 and not ended:
        shown = ", ".join(f"'{column.name}' ({column.shape.example})" for column in dates)
        work.ask(
            "nothing says which columns hold the day a deal was created or closed: "
            f"{shown}. Write both into {work.file}, as in `{value(dates[0])} as created_at` and "
            f"`{value(dates[1])} as closed_at`; or {THEN}: won deals are then in no period"
        )
    elif dates:
        work.ask_which(dates, "the day a deal was created or closed", "created_at")


def _dates_left(work: Work) -> list[Column]:
    """Return the dates of which nothing is known: neither of archiving or deleting, nor stamps."""
    others = {c.name for concept in ("archived", "deleted") for c in work.sheet.ranked(concept)}
    stamp = work.modified()
    others |= work.used | ({stamp.name} if stamp else set())
    return [column for column in work.guess.unexplained("date") if column.name not in others]


def _dates(work: Work, ended: Ending | None) -> None:
    """Fill close and expected close.

    Of two days of closing the one in the past tense is the close, the other the one expected; asked
    where it is known of more deals than the one expected. Where one date is both, it is the close
    of the deals that have ended, and expected of the rest; if only the stage says which, it is
    given as close and the build tells them apart.
    """
    closed = work.guess.found.get("closed_at")
    won, lost = work.best("won_at", "day"), work.best("lost_at", "day")
    ends = [column for column in (closed, won, lost) if column]
    expected = work.take("expected_close_on")
    if not ends:
        _ask_close(work, ended)
        return
    if ended and (won or lost):
        work.give("closed_at", _by_outcome(ended, closed, won, lost), *ends)
    else:
        sql = first_of(ends)
        work.give("closed_at", ended.unless("open", sql) if ended else sql, *ends)
    planned = next((c for c in work.sheet.ranked("closed", "day") if c not in ends), None)
    if planned and expected is None and not planned.shape.is_blank:
        if closed and closed.shape.filled > planned.shape.filled:
            work.ask_which([planned, closed], "the day a deal was closed", "closed_at")
        work.take("expected_close_on", planned)
    elif closed and expected is None and ended and ended.conditions.get("open"):
        work.give("expected_close_on", ended.when("open", value(closed)), closed)


def _ask_close(work: Work, ended: Ending | None) -> None:
    """Ask for the day of closing, where deals have ended: revenue falls in the period of its close.

    It may be a date that is not understood, or the expected close that became the actual one.
    """
    dates = _dates_left(work)
    asked = any("created_at" in question for question in work.questions)
    asked |= work.ask_misfit(("closed", "won_at", "lost_at"), "day", "a close", "closed_at", 4)
    if asked or not (ended is None or {"won", "lost", CLOSED} & set(ended.conditions)):
        return
    expected = work.guess.found.get("expected_close_on")
    if dates:
        # The example of an answer is the first: no day that was only planned.
        dates.sort(key=lambda column: is_planned(column.header.phrase))
        work.ask_which(dates, "the day a deal was closed", "closed_at")
    elif expected is not None and not expected.shape.is_blank:
        work.ask(
            f"no column holds the day a deal was closed. Where '{expected.name}' becomes that day, "
            f"write `{value(expected)} as closed_at` into {work.file}; else export the day, or "
            f"{THEN}: won deals are then in no period"
        )


def _by_outcome(
    ended: Ending, closed: Column | None, won: Column | None, lost: Column | None
) -> str:
    """Return the close of a deal that has days of winning and of losing, by how it ended.

    Where none of a file has ended, whichever day a later one has.
    """
    cases = [
        f"    when {ended.conditions[outcome]} then {first_of([c for c in (own, closed) if c])}"
        for outcome, own in (("won", won), ("lost", lost), ("closed", closed))
        if outcome in ended.conditions and (own or closed)
    ]
    if not cases:
        return first_of([c for c in (won, lost, closed) if c])
    return "case\n" + "\n".join(cases) + "\n  end"


def _ask_whose(work: Work) -> None:
    """Ask whose the deals are where nothing says so but may: a shared identifier, an address."""
    told = any(draft.table == "deal_contact" for draft in work.more)
    told |= any("address of a deal's contact" in question for question in work.questions)
    if told or "lead_id" in work.columns or work.is_told_whose:
        return
    address = _address_of_somebody(work)
    if "account_id" in work.columns:
        if address and _is_anybodys(address[0]):
            work.ask(f"{address[1]}; else take this line out, and all at its company take part")
        return
    questions = [_shared_id(work), address and address[1]]
    if not any(questions):
        questions.append(_names_of_somebody(work))
    for question in filter(None, questions):
        work.ask(f"{question}; else take this line out, and {NOBODYS}")


def _is_anybodys(column: Column) -> bool:
    """Whether addresses differ: the same few, again and again, are those of colleagues."""
    return 2 * column.shape.distinct > column.shape.filled


def _shared_id(work: Work) -> str | None:
    """Ask about a column that is headed as another file's own identifiers are, such as "mql_id"."""
    for table in ("lead", "account"):
        if table not in work.keys:
            continue
        other, key = work.keys[table]
        for column in work.sheet.columns:
            is_bare = column.header.phrase in folded_words("keys")
            if column.header.phrase == key.header.phrase and column.shape.filled and not is_bare:
                return (
                    f"column '{column.name}' is headed as the identifiers of {other} are. If it "
                    f"says whose a deal is, write `{value(column)} as {table}_id` into {work.file}"
                )
    return None


def _address_of_somebody(work: Work) -> tuple[Column, str] | None:
    """Return a column with e-mail addresses in a file of deals, and the question whose they are."""
    sellers = {fold(w) for name in ("owners", "sellers") for w in words()[name]}
    for column in work.sheet.columns:
        said = fold(column.name)
        is_of_mail = "mail" in said or {"email", "other_email"} & set(column.header.meanings)
        is_new = not (column.header.meanings or column.header.entity)
        is_told = is_of_mail or (is_new and _is_anybodys(column))
        if is_told and column.shape.holds_addresses and not sellers & set(said.split()):
            return column, (
                f"column '{column.name}' holds e-mail addresses, and nothing says whose. If they "
                "are of the deals' contacts, call it 'Contact Email' in the file and draft the "
                "source again into another folder by --out"
            )
    return None


def _names_of_somebody(work: Work) -> str | None:
    """Ask about names of contacts by which nobody is found, where other files tell of people."""
    named = work.sheet.named("person")
    if named is None or named.shape.is_blank or not {"person", "lead"} & work.tables:
        return None
    return (
        f"column '{named.name}' ({named.shape.example}) names who takes part in a deal, and nobody "
        "is found by a name. Export the ids of contacts, or their e-mail addresses, as 'Contact "
        "ID' or 'Contact Email' in this file too and draft the source again into another folder "
        "by --out"
    )
