"""Leads, people and accounts: who they are, where they came from, how to reach them."""

from __future__ import annotations

from smarketing.sources.drafting.columns import Column, Sheet
from smarketing.sources.drafting.consents import consent, told
from smarketing.sources.drafting.guess import is_deal, named_tables
from smarketing.sources.drafting.origins import origin
from smarketing.sources.drafting.outcomes import meaning
from smarketing.sources.drafting.select import filled, first_of, value
from smarketing.sources.drafting.stage_days import stage_days, stage_events
from smarketing.sources.drafting.words import fold, folded_words, words
from smarketing.sources.drafting.work import Work, present
from smarketing.store.schema import core_tables

_ABOUT = (
    ("title", "job_title", None),
    ("seniority", "seniority", None),
    ("country", "country", None),
)
"""What else a row says of a person: the column, its concept, what its values look like."""


def lead(work: Work) -> None:
    """Fill leads, and the people behind them: a lead's row says who it is."""
    key = work.key("lead_id")
    _ask_whether_deals(work)
    _ask_which_are_leads(work)
    work.take_all("lead_type", "channel", "source_detail", "owner_id", "owner_name", "status")
    work.take("converted_deal_id")
    work.refer("account_id", "account")
    work.refer("campaign_id", "campaign")
    _created(work)
    if key is None:
        return
    events = stage_events(work, key)
    if events is not None:
        work.more.append(events)
    person = work.sheet.reference("person")
    about = _about_person(work)
    if person is not None and not about:
        work.take("person_id", person)
    elif about:
        # Where people are in a file of their own, too, the ids of the two may be alike.
        own = f"'lead ' || {key}" if "person" in work.tables else key
        work.give("person_id", own)
        work.more.append(work.another("person", {"person_id": own, **about}))
        _converted(work, own)
    origin(work, key)


def _ask_whether_deals(work: Work) -> None:
    """Ask where records of a file called leads have the name, end and money of deals."""
    names = {fold(name) for name in words()["names"]}
    named = [c for c in work.sheet.columns if c.header.entity == "deal" and c.header.rest in names]
    named += [
        c
        for concept in ("status", "lead_status")
        for c in work.sheet.ranked(concept)
        if {"won", "lost"} & {*map(meaning, c.shape.values)}
    ]
    sheet = Sheet.of("deal", {c.name: c.shape for c in work.sheet.columns})
    won = [c for c in work.sheet.columns if c.saying(lambda text: meaning(text) == "won")]
    if not (named and is_deal(sheet)) and sheet.has("amount", "actual_amount", look="number"):
        named = won
    elif not is_deal(sheet):
        named = []
    if named:
        work.ask(
            f"the file is called like leads, and '{named[0].name}' speaks of deals. If its records "
            "are deals, call it deals and draft the source again; if they are leads, leave it"
        )


def _ask_which_are_leads(work: Work) -> None:
    """Ask where a column calls some rows leads and others contacts; customers were leads."""
    kinds = {entity: {*map(fold, group)} for entity, group in words()["entities"].items()}
    for column in work.sheet.columns:
        said = {fold(text).removesuffix("s") for text in column.shape.values}
        is_told = said & kinds["lead"] and said & kinds["person"]
        if is_told and said <= kinds["lead"] | kinds["person"] | kinds["account"]:
            shown = ", ".join(f"'{text}'" for text in column.shape.values[:4])
            others = "none of them is one" if work.table == "person" else "all rows become leads"
            work.ask(
                f"column '{column.name}' ({shown}) says which rows are leads, and {others}. Give "
                "the leads in a file called leads and the others in one called contacts, and draft "
                "the source again; or take this line out if it is right so"
            )
            return


def _created(work: Work) -> None:
    """Fill when a lead came in: a plain date is that, if it is the only one."""
    if work.take("created_at") or work.ask_misfit(("created",), "day", "a date", "created_at"):
        return
    plain = [c for c in (work.best("day", "day"),) if c and not c.shape.is_blank]
    staged = stage_days(work).values()
    others = [c for c in work.guess.unexplained("date") if c not in (*plain, *staged)]
    if len(plain) == 1 and not others:
        work.take("created_at", plain[0])
    elif plain or others:
        work.ask_which([*plain, *others], "the day a lead came in", "created_at")


def _converted(work: Work, own: str) -> None:
    """Let a converted lead be its contact, where the contacts are in a file of the source."""
    contact, others = work.best("converted_person"), work.lookups.get("person")
    if contact is not None and not contact.shape.is_blank and others is not None:
        work.used.add(contact.name)
        known = f'select 1 from "{others.object}_current" k where {others.key} = {value(contact)}'
        columns = {"table": "'person'", "alias_id": own, "id": value(contact)}
        where = f"{present(contact)} and exists ({known})"
        work.more.append(work.another("record_alias", columns, where))


def person(work: Work) -> None:
    """Fill people known by themselves, contacts."""
    customer = work.sheet.reference("account")
    if "person_id" not in work.guess.found and customer is not None and customer.shape.is_unique:
        # Where each customer is a person, its number is the person's.
        work.take("person_id", customer)
    else:
        work.key("person_id")
        work.refer("account_id", "account")
    if not work.take("created_at"):
        _signed_up(work)
    if named_tables(work.label)[:1] == ["touch"] and work.sheet.has("day", "occurred", look="day"):
        work.ask(
            "the file is called like activities, and nothing in it identifies one, so that its "
            "rows would make people alone. Give each activity an id of its own, as in a column "
            "'Call ID' or 'Activity ID', and draft the source again; if they are people, take this "
            "line out"
        )
    for name, sql in _about_person(work).items():
        work.give(name, sql)
    _ask_whether_attended(work)
    _ask_which_are_leads(work)
    if work.sheet.has("score", "source", "lead_status"):
        work.notes.append(
            "its people are contacts, which enter no cohort of leads; if they are leads, call the "
            "file leads and draft the source again"
        )


def _ask_whether_attended(work: Work) -> None:
    """Ask where a list of people says who came to something: only touches count in attribution."""
    events = folded_words("presences") | folded_words("checks_in")
    for column in work.sheet.columns:
        said = bool(events & set(column.header.phrase.split()))
        is_told = said or "attended_flag" in column.header.meanings
        if is_told and column.name not in work.used and not column.shape.is_blank:
            work.ask(
                f"column '{column.name}' may say who came to an event. If it does, call the file "
                "'event registrations' and the day of signing up 'Registered at', and draft the "
                "source again, so that its rows count as touches; else take this line out"
            )
            return


def _signed_up(work: Work) -> None:
    """Fill when a subscriber came in: when it signed up, or confirmed that."""
    days = [c for c in work.sheet.ranked("opted_in", "day") if not c.shape.is_blank]
    if days:
        work.give("created_at", first_of(days), *days)


def _about_person(work: Work) -> dict[str, str]:
    """Return what a row says of a person: e-mail, name, title, country, consent."""
    found = {"email": _email(work), "full_name": _full_name(work)}
    found |= told(work, _ABOUT)
    return {name: sql for name, sql in (found | consent(work)).items() if sql}


def parted_name(work: Work) -> str | None:
    """Return the name of a person by its parts, None where it has none."""
    parts = [c for c in (work.best("first_name"), work.best("last_name")) if c]
    if not parts:
        return None
    work.used |= {column.name for column in parts}
    return f"nullif(concat_ws(' ', {', '.join(filled(column) for column in parts)}), '')"


def _email(work: Work) -> str | None:
    """Return the e-mail: of several the first that is filled; of unknown names by the values."""
    named = [*work.sheet.ranked("email", "email"), *work.sheet.ranked("other_email", "email")]
    named = [column for column in named if not column.shape.is_blank] or named[:1]
    if named:
        work.used |= {column.name for column in named}
        return first_of(named)
    if work.ask_misfit(("email",), "email", "an e-mail address", "email"):
        return None
    addresses = [c for c in work.sheet.columns if "email" in c.shape.looks]
    likely = [c for c in addresses if not of_owner(c)]
    if not likely and not work.sheet.has("owner"):
        # Where nobody is named who works on the records, a user is whom they are about.
        likely = [c for c in addresses if "user" in c.header.phrase.split()]
    if len(likely) == 1:
        work.used.add(likely[0].name)
        return value(likely[0])
    if likely:
        work.ask_which(likely, "the e-mail address of the person", "email")
    return None


def of_owner(column: Column) -> bool:
    """Whether a header speaks of who works on the record: an owner's e-mail is not a lead's."""
    owners = folded_words("owners")
    return column.header.is_spare or bool(owners & set(column.header.phrase.split()))


def _full_name(work: Work) -> str | None:
    """Return the name: the whole one, else first and last.

    Beside a first name a column called only "name" is the last name.
    """
    first, last, full = (work.best(c) for c in ("first_name", "last_name", "full_name"))
    full = (work.sheet.named("person") if work.table == "lead" else None) or full
    parts: list[Column] = [c for c in (first, last or full) if c]
    whole = (
        full if full and not (first and not last and full.header.rest in ("name", "nom")) else None
    )
    about = (None, "person", work.table)
    if whole is not None and not whole.shape.is_blank and whole.header.entity in about:
        work.used.add(whole.name)
        return value(whole)
    if not first and not last:
        return None
    work.used |= {column.name for column in parts}
    joined = f"concat_ws(' ', {', '.join(filled(column) for column in parts)})"
    return f"nullif({joined}, '')"


def member(work: Work) -> None:
    """Fill colleagues; the team is one of the agreed ones, which no system's words are.

    Who signed up for a product is none: users are asked about where a column is only of such.
    """
    selling = [c for c in work.sheet.columns if c.header.phrase in folded_words("product_users")]
    if selling:
        work.ask(
            f"the file is called like colleagues, and '{selling[0].name}' speaks of who uses what "
            "you sell. If its records are customers, call it contacts, or leads where each is an "
            "inquiry, and draft the source again; if they are colleagues, take this line out"
        )
    for column in core_tables()["member"].columns:
        if column.name not in ("name", "team"):
            work.take(column.name)
    work.key("member_id")
    called = _full_name(work)
    if called:
        work.give("name", called)


def account(work: Work) -> None:
    """Fill companies."""
    work.key("account_id")
    work.take_all(
        *("name", "domain", "industry", "employees", "country", "region", "owner_id", "is_target"),
        *("tier", "created_at"),
    )
    parent = work.guess.found.get("parent_id")
    if parent is not None and (parent.header.is_key or "code" in parent.shape.looks):
        work.take("parent_id")
