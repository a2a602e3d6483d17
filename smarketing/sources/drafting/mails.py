"""What became of e-mails: which events of them a file holds, in the agreement's words."""

from __future__ import annotations

from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import mapped
from smarketing.sources.drafting.words import fold, words
from smarketing.sources.drafting.work import Work

_NEWSLETTER = "newsletter"
_SHOWN = 4
_NO_WORDS = frozenset(
    {"number", "whole", "date", "day", "email", "percent", "phone", "flag", "code"}
)
"""What a column looks like that holds no words."""


def mail_kinds(work: Work) -> None:
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
    return "email" in work.named_after(words()["activities"]) or _NEWSLETTER in work.object


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


def ask_what_mails_are(work: Work) -> None:
    """Ask what became of marketing's e-mails where no word of it is known: one that was sent is
    no touch, one that was clicked is.
    """
    is_told = work.columns.get("kind") not in (None, literal("email"))
    if is_told or not _is_of_mails(work) or work.columns.get("side") != literal("marketing"):
        return
    for column in work.sheet.columns:
        shape = column.shape
        if column.name in work.used or not shape.is_category or not shape.is_of_few_kinds:
            continue
        header = column.header
        if header.meanings or header.entity or header.is_key or shape.looks & _NO_WORDS:
            continue
        shown = ", ".join(f"'{text}'" for text in shape.values[:_SHOWN])
        work.ask(
            f"column '{column.name}' ({shown}) may say what became of each e-mail, and one "
            f"that was only sent is no touch. Write it as kind into {work.file}, as in "
            "`case when … then 'email_sent' else 'email_click' end as kind` (or 'email_open'), or "
            "take this line out if each row is an answer to an e-mail"
        )
        return
