"""Touches: who did what with whom, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from smarketing.files.quoting import literal, literals
from smarketing.sources.drafting.columns import Column, Sheet, is_phone
from smarketing.sources.drafting.consents import consent
from smarketing.sources.drafting.people import of_owner, parted_name
from smarketing.sources.drafting.select import (
    DRIVER,
    as_worded,
    filled,
    folded,
    mapped,
    value,
    worded,
)
from smarketing.sources.drafting.words import (
    fold,
    folded_words,
    speaks_of,
    words,
)
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import NO, YES

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
_NEWSLETTER = "newsletter"
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:\d++\W*+(?:(?:hours?|hrs?|h|std|minut\w*|mins?|m|seconds?|sek|secs?|s|uhr|am|pm)\W*+)?+)++",
    re.IGNORECASE,
)
"""A time, or a span of time: "16:00", "1h 20m", "45 minutes"."""
_LINKS = {"person_id": "person", "lead_id": "lead", "account_id": "account", "deal_id": "deal"}


def touch(work: Work) -> None:
    """Fill touches: of planned activities those that are done."""
    work.take_all(
        *("kind", "direction", "content", "url", "utm_source", "utm_medium", "utm_campaign"),
        *("channel", "actor_id", "outcome"),
    )
    _ask_for_kinds(work)
    _mail_kinds(work)
    _name_of_event(work)
    _direction(work)
    _time(work)
    linked = [work.refer(name, entity) for name, entity in _LINKS.items()]
    work.refer("campaign_id", "campaign")
    if not any(linked) and not _by_address(work):
        work.ask(
            f"no column says with whom a touch was. Export the id of the person, the lead or the "
            f"deal, or write it as person_id, lead_id or deal_id into {work.file}"
        )
    _side(work)
    _kind_by_name(work)
    _ask_who_came(work)
    _once_each(work)
    work.content_key("touch_id")
    done = work.best("done_flag")
    if done is not None and not done.shape.is_blank:
        work.used.add(done.name)
        work.where = f"{folded(done)} in ({literals(_done(done))})"
        work.unused = f"not done yet by '{done.name}'"
    _leave_out_unheld(work)


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
    """Return the column with the address of whom touches were with; None where it is not plain."""
    likely = [c for c in sheet.columns if "email" in c.shape.looks and not of_owner(c)]
    return likely[0] if len(likely) == 1 else None


def _ask_for_kinds(work: Work) -> None:
    """Ask what kinds are that are only numbered: an opened e-mail counts otherwise than a form."""
    kind = work.guess.found.get("kind")
    if kind is not None and kind.shape.values and "whole" in kind.shape.looks:
        first = kind.shape.values[0]
        work.ask(
            f"column '{kind.name}' holds numbers for kinds ({', '.join(kind.shape.values[:3])}). "
            f"Say in {work.file} what each is, as in `when '{first}' then 'email_open'`"
        )


def _mail_kinds(work: Work) -> None:
    """Fill the kinds of the events of e-mails by the agreement's words: a sent one is no touch."""
    kind = work.guess.found.get("kind") or _said_of_mails(work)
    if kind is None:
        return
    known = _mail_events(kind)
    is_mail = _is_of_mails(work)
    is_mail |= any(_without_mail(fold(text)) != fold(text) for text in known)
    of_mails = {"email_open", "email_sent"} & set(known.values())
    if known and (is_mail or (len(known) == len(kind.shape.values) and len(of_mails) == 2)):
        work.give("kind", mapped(kind, known), kind)


def _is_of_mails(work: Work) -> bool:
    return "email" in _named_after(work, words()["activities"]) or _NEWSLETTER in work.object


def _mail_events(column: Column) -> dict[str, str]:
    """Give what the values of a column say that became of an e-mail, as far as they do."""
    told = {fold(w): meant for meant, group in words()["mail_events"].items() for w in group}
    values = column.shape.values
    return {v: meant for v in values if (meant := told.get(_without_mail(fold(v))))}


def _said_of_mails(work: Work) -> Column | None:
    """Return the column that says what became of e-mails in a list of them: "Action", "Event"."""
    free = (c for c in work.sheet.columns if c.name not in work.used - _outcome_names(work))
    return next((c for c in free if _is_mostly_of_mails(c)), None) if _is_of_mails(work) else None


def _outcome_names(work: Work) -> set[str]:
    return {column.name for column in work.sheet.ranked("touch_outcome")}


def _is_mostly_of_mails(column: Column) -> bool:
    known, values = len(_mail_events(column)), len(column.shape.values)
    return known > 0 and (known == values or (known > 1 and 2 * known >= values))


def _without_mail(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in ("email", "mail", "e"))


def _direction(work: Work) -> None:
    column = work.guess.found.get("direction")
    if column is not None:
        said = {fold(w): way for way, group in words()["directions"].items() for w in group}
        known = {v: said[fold(v)] for v in column.shape.values if fold(v) in said}
        work.give("direction", mapped(column, known) if known else value(column), column)


def _is_sign_up(work: Work) -> bool:
    """Whether a file lists who signed up for an event, by its name."""
    return bool(_named_after(work, {"sign up": words()["sign_ups"]}))


def _name_of_event(work: Work) -> None:
    """Let the name of what people signed up for say what the touch was about: it is no kind."""
    kind = work.guess.found.get("kind")
    if kind is not None and kind.header.phrase == _EVENT and _is_sign_up(work):
        del work.columns["kind"]
        work.columns.setdefault("content", value(kind))


def _kind_by_name(work: Work) -> None:
    """Fill the kind of a list of one kind by what the file is called: a list of calls."""
    kinds, came = _named_after(work, words()["activities"]), _came(work)
    if "kind" in work.columns or len(kinds) > 1 or not (kinds or came):
        return
    kind = kinds.pop() if kinds else _kind_of_book(work)
    if came is None:
        work.give("kind", literal(f"{kind}_registered" if _only_signed_up(work) else kind))
    else:
        attended, registered = literal(f"{kind}_attended"), literal(f"{kind}_registered")
        work.give("kind", f"case when {came[1]} then {attended} else {registered} end", came[0])
        _refuse_unknown(work, *came)


def _refuse_unknown(work: Work, column: Column, came: str) -> None:
    """Let a row go to quarantine whose word says neither that somebody came nor that they did not.

    It is told by all the words that are known, not by those that the file happened to hold.
    """
    if "day" in column.shape.looks:
        return
    away = (*words()["stayed_away"], *NO, *words()["not_held"])
    said = f"{literal(f'{column.name}: ')} || {value(column)}"
    known = f"{came} or {_among(column, ('', *away))}"
    work.give("_unknown", f"case when not coalesce({known}, true) then {said} end", column)


def _came(work: Work) -> tuple[Column, str] | None:
    """Return the column that says who of those that signed up came, and the condition for it.

    A flag says it, or words: "Attended" and "No-show".
    """
    if not _is_sign_up(work):
        return None
    column = work.best("attended_flag", "flag")
    if column is None or column.shape.is_blank:
        column = next((c for c in _may_say_who_came(work) if _says_who_came(c)), None)
        column = column or next(filter(_tells_who_came, work.sheet.columns), None)
    day = work.best("attended_flag", "day")
    if column is None and day is not None and not day.shape.is_blank:
        return day, f"{filled(day)} is not null"  # when somebody was checked in
    if column is None:
        return None
    came = [v for v in column.shape.values if _is_presence(v)]
    return column, f"coalesce({_among(column, (*came, *words()['came'], *YES))}, false)"


def _among(column: Column, known: Iterable[str]) -> str:
    """Return the condition that a cell is one of some words: all that are known, not those seen."""
    return f"{worded(column)} in ({literals(dict.fromkeys(map(as_worded, known)))})"


def _may_say_who_came(work: Work) -> list[Column]:
    concepts = ("attended_flag", "touch_outcome", "status")
    return [c for concept in concepts for c in work.sheet.ranked(concept) if c.shape.values]


def _says_who_came(column: Column) -> bool:
    """Whether all values say of people that they came, that they did not, or called it off."""
    if "flag" in column.shape.looks and not _is_of_presence(column):
        return False  # yes to what, a column called "Result" does not say
    off = folded_words("not_held")
    said = [_is_presence(v) for v in column.shape.values if fold(v) not in off - _absences()]
    return bool(said) and None not in said and (True in said or _is_of_presence(column))


def _tells_who_came(column: Column) -> bool:
    """Whether a column of an unknown name is a status that says of some that they came."""
    said = set(column.header.phrase.split())
    of_this = folded_words("presences") & said
    of_this |= speaks_of(column.header.phrase) & {"status", "attended_flag", "touch_outcome"}
    earlier = folded_words("earlier") & said
    return bool(of_this) and not earlier and _may_tell_who_came(column)


def _may_tell_who_came(column: Column) -> bool:
    """Whether a column of an unknown name says of some that they came, and of others not."""
    said = {_is_presence(v) for v in column.shape.values}
    is_new = not (column.header.meanings or column.header.entity or column.header.is_spare)
    is_plain = "flag" not in column.shape.looks and {True, False} <= said
    return is_new and is_plain and _says_who_came(column)


def _is_of_presence(column: Column) -> bool:
    return "attended_flag" in column.header.meanings


def _is_presence(text: str) -> bool | None:
    """Tell whether a word says that somebody came, or that they did not; None for any other."""
    if fold(text) in folded_words("came") | set(map(fold, YES)):
        return True
    return False if fold(text) in _absences() else None


def _absences() -> frozenset[str]:
    return folded_words("stayed_away") | set(map(fold, NO))


def _ask_who_came(work: Work) -> None:
    """Ask about a column that may say who came, by its name or by its values alone."""
    if not _is_sign_up(work) or _came(work) is not None:
        return
    for column in filter(_may_be_presence, work.sheet.columns):
        odd = column.saying(lambda text: _is_presence(text) is None)
        if odd is None:
            _ask_of_which(work, column)
            continue
        work.ask(
            f"column '{column.name}' holds '{odd}', and nothing says whether who has it came. Say "
            f"so in {work.file}, as in `case when … then 'webinar_attended' else "
            "'webinar_registered' end as kind`, or take this line out"
        )
    for column in filter(_may_tell_who_came, work.sheet.columns):
        _ask_of_which(work, column)


def _ask_of_which(work: Work, column: Column) -> None:
    came = column.saying(lambda text: bool(_is_presence(text))) or column.shape.example
    work.ask(
        f"column '{column.name}' holds '{came}', and nothing says whether that is of this "
        "event. If it is, call it Attended and draft the source again; else take this line out"
    )


def _may_be_presence(column: Column) -> bool:
    """Whether a column speaks of who came, or says it of some in a word beside others unknown."""
    said = set(column.header.phrase.split())
    called = folded_words("presences") | folded_words("checks_in")
    is_called = _is_of_presence(column) or bool(said & called)
    in_words = any(fold(v) in folded_words("came") for v in column.shape.values)
    is_status = bool({"touch_outcome", "status"} & set(column.header.meanings))
    is_read = _says_who_came(column) or column.shape.is_blank or said & folded_words("earlier")
    return not is_read and (is_called or (is_status and in_words))


def _kind_of_book(work: Work) -> str:
    """Return the kind of what people signed up for, by the whole name of a sheet's file."""
    kinds = _named_after(work, words()["activities"], work.label)
    return kinds.pop() if len(kinds) == 1 else "event"


def _only_signed_up(work: Work) -> bool:
    """Whether a list is called after those who signed up, and not after who came."""
    return _named_after(work, words()["lists"]) == {"signed_up"}


def _once_each(work: Work) -> None:
    """Let a sign-up be one touch, where a row stands for each time that somebody came back.

    Events of one day are told apart by what names them and by the ids of sign-ups; a row without
    an address is somebody else each time.
    """
    when, who = work.columns.get("occurred_at"), work.columns.get("person_id")
    came = _came(work)
    if _is_sign_up(work):
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


def _named_after(work: Work, groups: Mapping[str, Sequence[str]], name: str = "") -> set[str]:
    """Return the groups of which a word stands in the name of the file."""
    name = f" {fold(name or work.object)} "
    return {
        group
        for group, found in groups.items()
        for word in found
        if f" {fold(word)} " in name or f" {fold(word)}s " in name
    }


def _leave_out_unheld(work: Work) -> None:
    """Leave out what was called off or is only planned, by a flag, a status or an outcome."""
    if _is_handed_in(work):
        return
    for column in _may_say_unheld(work):
        is_flag = "canceled_flag" in column.header.meanings and "flag" in column.shape.looks
        said = [] if column.shape.is_blank else YES if is_flag else _unheld(work, column)
        if said and not (_is_marketing(work) and _NO_SHOW in column.header.phrase):
            work.leave_out(column, f"coalesce(not {_among(column, said)}, true)")
            work.unused = f"by '{column.name}' it was called off, or is only planned"


def _is_handed_in(work: Work) -> bool:
    """Whether each row was handed in: how far we are with it changes nothing of that."""
    return "form_submission" in _named_after(work, words()["activities"])


def _may_say_unheld(work: Work) -> list[Column]:
    concepts, came = ("canceled_flag", "touch_outcome", "status"), _came(work)
    columns = [c for concept in concepts for c in work.sheet.ranked(concept)]
    return [*columns, *([came[0]] if came and came[0] not in columns else [])]


def _unheld(work: Work, column: Column) -> list[str]:
    """Return all words that say so, where values do; who did not show up has registered."""
    unheld, came = folded_words("not_held"), _came(work)
    if _said(column):
        unheld |= folded_words("not_done")
    if _is_marketing(work):
        unheld -= {_NO_SHOW, "noshow", *(_absences() if came else ())}
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
    """Fill the time: of who signed up the day of that, not the one of the event."""
    if _is_sign_up(work):
        signed_up = work.best("signed_up", "day")
        if signed_up is not None and not signed_up.shape.is_blank:
            work.take("occurred_at", signed_up)
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
        if told and column.header.phrase in called and not any(":" in v for v in day.shape.values):
            work.give(
                "occurred_at", f"concat_ws(' ', {filled(day)}, {filled(column)})", day, column
            )
            return


def _side(work: Work) -> None:
    """Fill whose work it was, by what the file is called: a call is sales', a form marketing's.

    Activities are sales' where somebody, a deal or whether it is done stands beside them: systems
    of marketing list theirs, too.
    """
    sides = _named_after(work, words()["sides"])
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
