"""What people write on figures: notes on one, annotations of a day or of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from smarketing.access import Access
from smarketing.charts import format as fmt
from smarketing.charts.marks import Mark, Stretch, within
from smarketing.charts.names import as_written, html, quoted, visible
from smarketing.engine.written import read_workspace
from smarketing.errors import SmarketingError
from smarketing.ui import drill
from smarketing.ui.address import link
from smarketing.ui.bar import page_shown
from smarketing.ui.gate import writes
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.person import introduce, person
from smarketing.ui.session import Store
from smarketing.ui.states import tell, told
from smarketing.ui.view import DAY, View
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Annotation, Note
from smarketing.workspace.store import now

_FIGURE, _DAY = "this figure", "a day"
_SHOWN = 2
_AGAIN = "_annotated"


@dataclass(frozen=True)
class Subject:
    """What can be written on: a figure by its name and title, the days and campaigns it shows.

    `address` is that of the view it is seen in, `meeting_id` the meeting that looks at it.
    """

    figure: str
    title: str
    address: str
    timeline: Sequence[Stretch] = ()
    campaigns: Mapping[str, str] = field(default_factory=dict)
    meeting_id: int | None = None


@dataclass(frozen=True)
class Written:
    """All that stands written: notes, the newest first, and annotations by their day."""

    notes: tuple[Note, ...] = ()
    annotations: tuple[Annotation, ...] = ()

    def on(self, figure: str) -> list[Note]:
        """The notes on a figure, the newest first."""
        return [note for note in self.notes if note.figure == figure]

    def on_days(self, timeline: Sequence[Stretch]) -> list[Annotation]:
        """What happened on days that a chart over time shows."""
        days = [one for one in self.annotations if not one.campaign_id]
        return [one for one in days if within(timeline, _mark(one))]

    def marks(self, timeline: Sequence[Stretch]) -> list[Mark]:
        """The same as marks of that chart."""
        return [_mark(one) for one in self.on_days(timeline)]

    def of_campaigns(self, campaigns: Iterable[str]) -> dict[str, list[str]]:
        """What happened to each of these campaigns."""
        wanted = set(campaigns)
        found: dict[str, list[str]] = {}
        for one in self.annotations:
            if one.campaign_id in wanted:
                found.setdefault(one.campaign_id, []).append(one.text)
        return found


def _mark(one: Annotation) -> Mark:
    return Mark(one.starts_on, one.ends_on or one.starts_on, one.text)


def written(store: Store) -> Written:
    """What people wrote in a home; nothing where that cannot be read, which the page says."""
    # A page asks for it once for each of its figures, others' words are there a second later. The
    # second is a key: what expires in a cache may be gone between being found and being taken.
    return (
        _written(str(store.home), store.access, int(monotonic())) if not store.away else Written()
    )


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs={Access: repr})
def _written(home: str, access: Access, second: int) -> Written:  # noqa: ARG001 - a key
    workspace = read_workspace(Path(home), access)
    notes = sorted(workspace.of(Note).all(), key=lambda n: (n.written_at, n.id or 0), reverse=True)
    found = sorted(workspace.of(Annotation).all(), key=lambda one: (one.starts_on, one.id or 0))
    return Written(tuple(notes), tuple(found))


def figure_name(key: str) -> str:
    """The name under which notes on a figure are kept: on a record's page that of the record too.

    A figure of one campaign is another than the same of the next.
    """
    record = drill.here()
    return f"{page_shown()}.{key}" if record is None else f"{key}@{':'.join(record)}"


def address_of(view: View) -> str:
    """The address of the view that a note is written in."""
    page = page_shown()
    return link(view, "" if page == PAGES[0][0] else page)


def under(store: Store, subject: Subject) -> None:
    """Show the newest notes on a figure, and in full what happened to what it shows."""
    found, names = written(store), subject.campaigns
    lines = [
        f"{html(_day(one))}: {as_written(one.text)} — {html(one.author)}"
        for one in found.on_days(subject.timeline)
    ]
    lines += [
        f"{html(names[one.campaign_id])}, {html(_day(one))}: {as_written(one.text)} — "
        f"{html(one.author)}"
        for one in found.annotations
        if one.campaign_id in names
    ]
    notes = found.on(subject.figure)
    lines += [
        f"{quoted(n.text)} — {html(n.author)}, {html(fmt.day(n.written_at.date()))}"
        for n in notes[:_SHOWN]
    ]
    if len(notes) > _SHOWN:
        lines.append(f"Older notes: {len(notes) - _SHOWN}")
    if lines:
        st.html("".join(f'<p class="sm-reading">{line}</p>' for line in lines))


def _day(one: Annotation) -> str:
    first = fmt.day(one.starts_on)
    return first if one.ends_on in (None, one.starts_on) else f"{first} to {fmt.day(one.ends_on)}"


def tool(store: Store, subject: Subject) -> None:
    """The button that opens the notes on a figure, with the form for another."""
    if not (_may_write(store) or written(store).on(subject.figure)):
        return
    box = st.popover(
        "",
        icon=":material/edit_note:",
        type="tertiary",
        help="Notes",
        on_change="rerun",
        key=f"{subject.figure}_notes",
    )
    if st.session_state.pop(_AGAIN, False):
        # What happened on a day concerns other charts of the page as well.
        st.rerun()
    if not box.open:
        return
    with box:
        listed(store, subject)


def listed(store: Store, subject: Subject) -> None:
    """List the notes on a figure, each with the view it was written in, and a form for another."""
    told()
    for note in written(store).on(subject.figure):
        st.html(f'<p class="sm-reading">{quoted(note.text)} — {html(note.author)}</p>')
        _as_seen(note, subject)
    if _may_write(store):
        _form(store, subject)


def _may_write(store: Store) -> bool:
    return store.access.may("write") and not store.away


def _as_seen(note: Note, subject: Subject) -> None:
    """The way to the view in which a note was written, where that is another one."""
    parts = urlsplit(note.view)
    page = parts.path.strip("/") or PAGES[0][0]
    day = fmt.day(note.written_at.date())
    if note.view == subject.address or page not in {*dict(PAGES), *RECORDS}:
        st.caption(day)
        return
    st.page_link(
        f"pages/{page}.py", label=f"{day}, as seen then", query_params=parse_qs(parts.query)
    )


def _form(store: Store, subject: Subject) -> None:
    key, campaigns = subject.figure, subject.campaigns
    named = [one for one in campaigns if not one.startswith("(")]
    about = [_FIGURE, *([_DAY] if subject.timeline else []), *named]
    with st.form(f"{key}_note_form", border=False, clear_on_submit=True):
        if not person(store).is_known:
            st.text_input("Your name", key=f"{key}_note_by")
        st.text_area("Note", key=f"{key}_note_text", height=80)
        if len(about) > 1:
            st.selectbox(
                "On",
                about,
                key=f"{key}_note_on",
                format_func=lambda one: visible(campaigns.get(one, one)),
            )
            day = store.engine.as_of_day
            st.date_input("Day on which it happened", day, key=f"{key}_note_day", format=DAY)
            st.date_input("Last day, if it lasted", None, key=f"{key}_note_until", format=DAY)
        st.form_submit_button("Write", on_click=_write, args=(store, subject))


@writes
def _write(store: Store, subject: Subject) -> None:
    """Put down what was sent; asked for before the page is drawn, so that nothing is lost."""
    given = {name: st.session_state.get(f"{subject.figure}_note_{name}") for name in
             ("by", "text", "on", "day", "until")}  # fmt: skip
    if given["by"]:
        introduce(str(given["by"]))
    author, text = person(store).name, str(given["text"] or "").strip()
    if not text or not author:
        tell("A note needs a text and the name of who writes it.")
        return
    day, until = given["day"], given["until"]
    if day is not None and until is not None and until < day:
        tell("Its last day is before its first: the note was not taken.")
        return
    days = None if day is None else (day, until)
    try:
        _put(store, _noted(subject, given["on"] or _FIGURE, days, text, author))
    except SmarketingError as error:
        tell(f"The note was not taken. {error}")
    _written.clear()


def _noted(
    subject: Subject, about: str, days: tuple[date, date | None] | None, text: str, author: str
) -> Note | Annotation:
    """Return a note on the figure, or what happened on a day, or from one to the other."""
    if about == _FIGURE or days is None:
        return Note(
            figure=subject.figure, title=subject.title, view=subject.address, text=text,
            author=author, written_at=now(), meeting_id=subject.meeting_id,
        )  # fmt: skip
    campaign = "" if about == _DAY else about
    return Annotation(
        starts_on=days[0], ends_on=days[1], campaign_id=campaign, text=text, author=author,
        written_at=now(),
    )  # fmt: skip


def _put(store: Store, noted: Note | Annotation) -> None:
    workspace = open_workspace(store.home, store.access)
    if isinstance(noted, Note):
        workspace.of(Note).add(noted)
        return
    workspace.of(Annotation).add(noted)
    st.session_state[_AGAIN] = True
