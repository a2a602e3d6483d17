"""Touches: who did what with whom, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping

from smarketing.files.quoting import literal, literals
from smarketing.sources.drafting.attendance import (
    absences,
    among,
    ask_who_came,
    is_sign_up,
    kind_by_name,
    who_came,
)
from smarketing.sources.drafting.call_ends import ask_whether_calls, call_ends, known_kinds
from smarketing.sources.drafting.columns import Column, Sheet, is_phone
from smarketing.sources.drafting.consents import consent
from smarketing.sources.drafting.mails import ask_what_mails_are, mail_kinds
from smarketing.sources.drafting.people import of_owner, parted_name
from smarketing.sources.drafting.select import DRIVER, filled, folded, mapped, value
from smarketing.sources.drafting.words import fold, folded_words, words
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import YES

_DONE = (
    "done",
    "completed",
    "erledigt",
    "fait",
    "hecho",
    "feito",
    "fatto",
    "true",
    "1",
    "yes",
    "ja",
)
_NO_SHOW = "no show"
_EVENT = "event name"
_RESPONSES = frozenset({"response", "responded", "antwort", "reponse", "respuesta", "resposta"})
_OURSELVES = {"internal", "intern", "interne", "interno", "interna", "interni", "interns"}
"""Words for calls among colleagues, whose direction is known and neither way."""
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:\d++\W*+(?:(?:hours?|hrs?|h|std|minut\w*|mins?|m|seconds?|sek|secs?|s|uhr|am|pm)\W*+)?+)++",
    re.IGNORECASE,
)
"""A time, or a span of time: "16:00", "1h 20m", "45 minutes"."""
_OF_A_SITE = frozenset({"url", "utm_source", "utm_medium", "utm_campaign"})
_LINKS = {"person_id": "person", "lead_id": "lead", "account_id": "account", "deal_id": "deal"}


def touch(work: Work) -> None:
    """Fill touches: of planned activities those that are done."""
    work.take_all(
        *("kind", "direction", "content", "url", "utm_source", "utm_medium", "utm_campaign"),
        *("channel", "actor_id", "outcome"),
    )
    _ask_for_kinds(work)
    known_kinds(work)
    mail_kinds(work)
    _name_of_event(work)
    _direction(work)
    _time(work)
    linked = [work.refer(name, entity) for name, entity in _LINKS.items()]
    _ask_whose_client(work)
    work.refer("campaign_id", "campaign")
    _campaign_by_name(work)
    if not any(linked) and not _by_address(work):
        work.ask(
            f"no column says with whom a touch was. Export the id of the person, the lead or the "
            f"deal, or write it as person_id, lead_id or deal_id into {work.file}"
        )
    _side(work)
    kind_by_name(work)
    ask_whether_calls(work)
    ask_what_mails_are(work)
    call_ends(work)
    ask_who_came(work)
    _once_each(work)
    work.content_key("touch_id")
    done = work.best("done_flag")
    if done is not None and not done.shape.is_blank:
        work.used.add(done.name)
        work.where = f"{folded(done)} in ({literals(_done(done))})"
        work.unused = f"not done yet by '{done.name}'"
    _leave_out_unheld(work)
    _ask_who_responded(work)


def _ask_whose_client(work: Work) -> None:
    """Ask whether a client beside what came to a site is a company, or the browser of somebody."""
    client = work.sheet.reference("account")
    is_client = client is not None and "client" in client.header.phrase.split()
    if client and is_client and "account" not in work.tables and _OF_A_SITE & set(work.columns):
        work.ask(
            f"column '{client.name}' may say which company was met, or which browser came, as "
            "Google Analytics calls it, and nothing tells which person that is. Of a browser leave "
            f"account_id out of {work.file} and write the person or the lead instead; else take "
            "this line out"
        )


def _ask_who_responded(work: Work) -> None:
    """Ask which rows are touches where no kind is told, and a column says what became of each.

    A member of a campaign to whom something was only sent has met nothing. The day of a response
    tells who responded.
    """
    when = work.guess.found.get("occurred_at")
    if "kind" in work.columns or (when and "responded" in when.header.phrase.split()):
        return
    for column in work.sheet.columns:
        said, values = column.header.phrase.split(), column.shape.values
        tells = any(word.endswith("status") or word in _RESPONSES for word in said)
        if tells and values and column.shape.is_of_few_kinds and column.name not in work.used:
            shown = ", ".join(f"'{text}'" for text in values[:4])
            work.ask(
                f"column '{column.name}' ({shown}) may say who has met the campaign and to whom "
                f"something was only sent, and no column says what kind of touch each is. Leave "
                f"the latter out by `where coalesce({value(column)}, '') not in (…)` in "
                f"{work.file}; or take this line out if each row is a touch"
            )
            return


def _campaign_by_name(work: Work) -> None:
    """Let the name of a campaign be its raw one, as that of a link is, where no list knows it."""
    named = None if work.sheet.reference("campaign") else work.sheet.named("campaign")
    if named is None or named.shape.is_blank or "utm_campaign" in work.columns:
        return
    if value(named) not in work.columns.values():
        work.give("utm_campaign", value(named), named)


def _by_address(work: Work) -> bool:
    """Fill the person by an e-mail address, looked up where another file lists people.

    Else the address makes a person, who is one with those of other sources that have it.
    """
    address = address_of(work.sheet)
    if address is None:
        return False
    name = parted_name(work)
    about = {**({"full_name": name} if name else {}), **consent(work)}
    work.give("person_id", work.by_address(address, about), address)
    return True


def address_of(sheet: Sheet) -> Column | None:
    """Return the column with the address of whom touches were with; None where it is not plain.

    Columns with the same address in every row ("distinct_id" beside "$email") are one; sender and
    recipient are not, although both sides wrote.
    """
    likely: dict[tuple[int, tuple[str, ...]], Column] = {}
    for column in sheet.columns:
        if "email" in column.shape.looks and not of_owner(column):
            likely.setdefault((column.shape.by_row, column.shape.values), column)
    return next(iter(likely.values())) if len(likely) == 1 else None


def _ask_for_kinds(work: Work) -> None:
    """Ask what kinds are that are only numbered: an opened e-mail counts otherwise than a form."""
    kind = work.guess.found.get("kind")
    if kind is not None and kind.shape.values and "whole" in kind.shape.looks:
        first = kind.shape.values[0]
        work.ask(
            f"column '{kind.name}' holds numbers for kinds ({', '.join(kind.shape.values[:3])}). "
            f"Say in {work.file} what each is, as in `when '{first}' then 'email_open'`"
        )


def _direction(work: Work) -> None:
    """Fill who began it, which a log of calls may say as a type of call or in place of a kind.

    What a file of one kind says so is not what kinds it holds; other values say nothing of it.
    """
    said = {fold(w): way for way, group in words()["directions"].items() for w in group}
    told, kind = (work.guess.found.get(name) for name in ("direction", "kind"))
    column = told or next((c for c in work.sheet.columns if _all_told(c, said)), kind)
    values = column.shape.values if column else ()
    known = {v: said[fold(v)] for v in values if fold(v) in said}
    if told is not None:
        work.give("direction", mapped(told, known) if known else value(told), told)
        _ask_for_ways(work, told, known)
    elif column is not None and known:
        work.give("direction", mapped(column, known, rest="null"), column)
        is_one_kind = _all_told(column, said) and work.named_after(words()["activities"])
        if column is kind and is_one_kind:
            del work.columns["kind"]
    else:
        _ask_who_began(work, said)


def _ask_for_ways(work: Work, told: Column, known: Mapping[str, str]) -> None:
    """Ask who began touches where words are not known: they would be no follow-up by anybody."""
    ways = [v for v in told.shape.values if v not in known and not _OURSELVES & {*fold(v).split()}]
    if ways and told.shape.is_of_few_kinds:
        work.ask(
            f"column '{told.name}' holds '{ways[0]}', and nothing says whether we began that "
            f"touch or they did. Say so in {work.file}, as in `when '{ways[0].lower()}' then "
            "'outbound'` (or 'inbound')"
        )


def _all_told(column: Column, said: Mapping[str, str]) -> bool:
    values = column.shape.values
    return column.shape.is_of_few_kinds and bool(values) and all(fold(v) in said for v in values)


def _ask_who_began(work: Work, said: Mapping[str, str]) -> None:
    """Ask about a flag that is called as what one side began ("Inbound?")."""
    for column in work.sheet.columns:
        way = said.get(column.header.phrase.removeprefix("is "))
        if way and "flag" in column.shape.looks:
            work.ask(
                f"column '{column.name}' ({column.shape.example}) may say who began each touch: a "
                "call that came in is no answer of ours. Write 'outbound' or 'inbound' as "
                f"direction into {work.file}, or take this line out if we began all of them"
            )


def _name_of_event(work: Work) -> None:
    """Let the name of what people signed up for say what the touch was about: it is no kind."""
    kind = work.guess.found.get("kind")
    if kind is not None and kind.header.phrase == _EVENT and is_sign_up(work):
        del work.columns["kind"]
        work.columns.setdefault("content", value(kind))


def _once_each(work: Work) -> None:
    """Let a sign-up be one touch, where a row stands for each time that somebody came back.

    Events of one day are told apart by what names them and by the ids of sign-ups; a row without
    an address is somebody else each time.
    """
    when, who = work.columns.get("occurred_at"), work.columns.get("person_id")
    came = who_came(work)
    if is_sign_up(work):
        work.columns.pop("actor_id", None)  # nobody but whoever signed up
    if came is None or who is None or when is None:
        return
    nobody = f"case when nullif({who}, '') is null then {DRIVER}._row end"
    events = [value(c) for c in work.sheet.columns if c is not came[0] and _tells_events(c)]
    about = filter(None, [work.columns.get("content")])
    told = dict.fromkeys([f"{DRIVER}._file_id", who, nobody, when, *about, *events])
    work.qualify = (
        f"row_number() over (partition by {', '.join(told)} "
        f"order by {came[1]} desc, {DRIVER}._row) = 1"
    )
    work.unused = "the same sign-up again, by who came back"


def _tells_events(column: Column) -> bool:
    """Whether a column names what people signed up for, or is the id of that or of a sign-up."""
    header, looks = column.header, column.shape.looks
    named = set(header.phrase.split()) & folded_words("event_names")
    is_day = "date" in looks and not any(":" in value for value in column.shape.values)
    counts = looks & {"number", "flag", "percent"} or (_lasts(column) and not is_day)
    is_id = header.is_key and not is_phone(column)
    return not column.shape.is_blank and (is_id or (bool(named) and not counts))


def _lasts(column: Column) -> bool:
    """Whether values are times or spans of time: "1h 20m", "00:45:10"."""
    return all(_SPAN.fullmatch(value) for value in column.shape.values)


def _leave_out_unheld(work: Work) -> None:
    """Leave out what was called off or is only planned, by a flag, a status or an outcome."""
    if _is_handed_in(work):
        return
    for column in _may_say_unheld(work):
        is_flag = "canceled_flag" in column.header.meanings and "flag" in column.shape.looks
        said = [] if column.shape.is_blank else YES if is_flag else _unheld(work, column)
        if said and not (_is_marketing(work) and _NO_SHOW in column.header.phrase):
            work.leave_out(column, f"coalesce(not {among(column, said)}, true)")
            work.unused = f"by '{column.name}' it was called off, or is only planned"


def _is_handed_in(work: Work) -> bool:
    """Whether each row was handed in: how far we are with it changes nothing of that."""
    return "form_submission" in work.named_after(words()["activities"])


def _may_say_unheld(work: Work) -> list[Column]:
    concepts, came = ("canceled_flag", "touch_outcome", "status"), who_came(work)
    columns = [c for concept in concepts for c in work.sheet.ranked(concept)]
    return [*columns, *([came[0]] if came and came[0] not in columns else [])]


def _unheld(work: Work, column: Column) -> list[str]:
    """Return all words that say so, where values do; who did not show up has registered."""
    unheld, came = folded_words("not_held"), who_came(work)
    if _said(column):
        unheld |= folded_words("not_done")
    if _is_marketing(work):
        unheld -= {_NO_SHOW, "noshow", *(absences() if came else ())}
    seen = [v for v in column.shape.values if fold(v) in unheld]
    is_told = came and came[0] is column and "flag" not in column.shape.looks
    return [*seen, *sorted(unheld)] if seen or is_told else []


def _is_marketing(work: Work) -> bool:
    return work.columns.get("side") == literal("marketing")


def _done(column: Column) -> list[str]:
    return list(dict.fromkeys((*_DONE, *_said(column))))


def _said(column: Column) -> list[str]:
    known = {fold(word) for word in words()["concepts"]["done_flag"]}
    return [value.lower() for value in column.shape.values if fold(value) in known]


def _time(work: Work) -> None:
    """Fill the time: of who signed up the day of that, of who came the one that is told of each."""
    if is_sign_up(work):
        signed_up, came = work.best("signed_up", "day"), who_came(work)
        there = work.best("attended_flag", "day")
        if signed_up is not None and not signed_up.shape.is_blank:
            work.take("occurred_at", signed_up)
            if came and there and not there.shape.is_blank:
                told = f"case when {came[1]} then {filled(there)} end"
                work.give("occurred_at", f"coalesce({told}, {value(signed_up)})", there, signed_up)
            return
        if work.ask_misfit(("signed_up",), "day", "the day somebody signed up", "occurred_at"):
            return
    day = work.take("occurred_at")
    if day is not None:
        _add_clock(work, day)
        return
    if work.ask_misfit(("occurred",), "day", "a time", "occurred_at"):
        return
    dates = work.guess.unexplained("date")
    if len(dates) == 1:
        work.take("occurred_at", dates[0])
        _add_clock(work, dates[0])
    elif dates:
        work.ask_which(dates, "the time of a touch", "occurred_at")
    else:
        work.ask(
            f"no column says when a touch was. Export it, or write occurred_at into {work.file}"
        )


def _add_clock(work: Work, day: Column) -> None:
    """Add the time of the day where another column has it, and the day has none."""
    called = folded_words("times")
    for column in work.sheet.columns:
        told = column.shape.values and all(map(_CLOCK.fullmatch, column.shape.values))
        named = {*called, day.header.phrase.replace("date", "time")} - {day.header.phrase}
        if told and column.header.phrase in named and not any(":" in v for v in day.shape.values):
            work.give(
                "occurred_at", f"concat_ws(' ', {filled(day)}, {filled(column)})", day, column
            )
            return


def _side(work: Work) -> None:
    """Fill whose work it was, by what the file is called: a call is sales', a form marketing's.

    Activities are sales' where somebody, a deal or whether it is done stands beside them: systems
    of marketing list theirs, too.
    """
    sides = work.named_after(words()["sides"])
    done = work.best("done_flag")
    if not {"actor_id", "deal_id"} & set(work.columns) and (done is None or done.shape.is_blank):
        sides.discard("worked")
    if len(sides) == 1:
        work.give("side", literal("sales" if sides == {"worked"} else sides.pop()))
    else:
        work.ask(
            f"nothing says whose work the touches are. Write `'marketing' as side` or "
            f"`'sales' as side` into {work.file}"
        )
