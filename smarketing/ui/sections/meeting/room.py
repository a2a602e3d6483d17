"""The frame of the weekly meeting: opening it, its agenda and timers, ratings, minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st

from smarketing.agreement.meeting import OF_NUMBERS
from smarketing.analysis.review.agenda import (
    guests,
    kpis_of,
    members,
    minutes_of,
    why_exception,
)
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.meeting import (
    AgreedLimitsBy,
    Room,
    attend,
    close_meeting,
    limits_in,
    open_meeting,
    signed_in,
    week_of,
)
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.charts import format as fmt
from smarketing.charts.minutes import minutes
from smarketing.charts.names import html, markdown
from smarketing.engine import NO_FILTERS
from smarketing.errors import SmarketingError
from smarketing.export.document import FORMATS, to_format
from smarketing.ui.gate import handing, writes
from smarketing.ui.person import Person
from smarketing.ui.session import Store, ask
from smarketing.ui.states import close, failed, opened_by, tell
from smarketing.ui.view import NONE, View
from smarketing.workspace.records import Attendance, Meeting
from smarketing.workspace.store import TEAMS, now

WEEK = "meeting"
_BESIDE = "beside_box"


@dataclass(frozen=True)
class Table:
    """What the meeting has on its table: the room, the frozen view, its numbers, who looks."""

    room: Room
    view: View
    numbers: tuple[SixAndTwelve, ...]
    who: Person

    @property
    def may_write(self) -> bool:
        """Whether whoever looks may write, and said who they are."""
        return self.view.store.access.may("write") and self.who.is_known

    @property
    def may_settle(self) -> bool:
        """Whether whoever looks may write to this meeting, which takes nothing once closed."""
        return self.may_write and self.room.meeting.closed_at is None

    def of(self, part: str) -> list[SixAndTwelve]:
        """The numbers of a part of the agenda, in the agreed order."""
        by_id = {number.id: number for number in self.numbers}
        return [by_id[k] for k in kpis_of(self.room.seen.agreement, part) if k in by_id]

    def named(self, kpi: str) -> str:
        """A KPI's label, or its short name where the agreement has it no longer."""
        return next((n.label for n in self.numbers if n.id == kpi), kpi)


def lay(store: Store, room: Room, who: Person) -> Table:
    """The table of a meeting: what it showed is asked of the frozen build."""
    frozen = replace(_frozen(store, room.seen), signed_by=signed_in(room))
    window = room.seen.agreement.parse_period(room.meeting.week)
    view = View(frozen, window, NONE, NO_FILTERS, dated=False)
    # Limits are agreed for everything: of a part they are no limits, and would tell the whole.
    limits = {} if room.access.scope else limits_in(room)
    return Table(room, view, tuple(_numbers(frozen, limits)), who)


def unopened(store: Store) -> Table:
    """The table without a meeting, where none can be read: the numbers as they are now."""
    engine, agreement = store.engine, store.agreement
    week = week_of(engine, agreement)
    meeting = Meeting(
        week=week,
        build_id=engine.build_id,
        agreement_hash=agreement.hash,
        opened_by="",
        opened_at=now(),
    )
    room = Room(store.home, meeting, Seen(engine, agreement), store.access)
    view = View(store, agreement.parse_period(week), NONE, NO_FILTERS, dated=False)
    return Table(room, view, tuple(_numbers(store, {})), Person("", TEAMS[0]))


def _frozen(store: Store, seen: Seen) -> Store:
    return replace(store, engine=seen.engine, agreement=seen.agreement)


def _numbers(frozen: Store, limits: AgreedLimitsBy) -> list[SixAndTwelve]:
    """Every number of a meeting: those it opens with are not asked again to be shown."""
    return ask(frozen, six_and_twelve, frozen.agreement, None, NO_FILTERS, limits)


def open_form(store: Store, who: Person, held: Sequence[Meeting]) -> None:
    """The way into this week's meeting: what opening it does, and the button."""
    week = week_of(store.engine, store.agreement)
    if week in {meeting.week for meeting in held}:
        return
    st.html(
        '<div class="sm-state"><p class="sm-named">'
        f"The meeting of {html(week)} is not open yet</p><p>Opening it freezes the numbers, with "
        f"data to {html(fmt.day(store.engine.as_of_day))}: they can be shown again after any "
        "number of imports.</p></div>"
    )
    if not store.access.may("write"):
        return
    if st.button("Open the meeting", icon=":material/meeting_room:", type="primary"):
        try:
            made = open_meeting(
                store.home,
                who.name,
                ask=lambda seen, limits: _numbers(_frozen(store, seen), limits),
                email=store.access.email,
            )
        except SmarketingError as error:
            failed(error, "The meeting was not opened")
            return
        _be_there(made, store.home, who)
        st.query_params[WEEK] = made.week
        st.rerun()


def lede(table: Table) -> str:
    """What there is to talk about, in one sentence."""
    shown = {number.id: number for part in OF_NUMBERS for number in table.of(part)}
    count = sum(bool(why_exception(number)) for number in shown.values())
    day = fmt.day(table.view.store.engine.as_of_day)
    many = {0: "No number needs", 1: "One number needs"}.get(count, f"{count} numbers need")
    said = f"{many} a word, of {len(shown)}; data to {day}, frozen."
    return f"{said} {closed(table.room)}".rstrip()


def rota(table: Table) -> None:
    """Who joins the other team's own meeting this week, in turn."""
    seen = table.room.seen
    found = guests(members(seen.engine, seen.agreement), table.view.window.start)
    other = {"marketing": "sales", "sales": "marketing"}
    for name, side in found:
        st.html(
            f'<p class="sm-promise sm-of-{side}">{html(name)} joins the meeting of {other[side]} '
            "this week.</p>"
        )


def minutes_for(table: Table, part: str) -> int:
    """The minutes that were agreed for a part."""
    return minutes_of(table.room.seen.agreement, part)


def rating(table: Table) -> None:
    """Each person's mark from 1 to 10, the minutes, and closing the meeting."""
    records = table.room.workspace.of(Attendance)
    number = table.room.meeting.id or 0
    rota(table)
    people = records.all(meeting_id=number)
    for one in people:
        said = "not rated" if one.rating is None else f"{one.rating} of 10"
        st.html(f"<p class='sm-promise sm-of-{html(one.team)}'>{html(one.name)}: {said}</p>")
    if table.may_settle:
        with st.form("rate", border=False):
            st.slider("Your rating of the meeting", 1, 10, 8, width=360, key="mark")
            st.form_submit_button("Rate", on_click=_rate, args=(table,))
    name = f"meeting-{table.room.meeting.week}"
    with st.container(horizontal=True):
        # Minutes are of everything: who sees a part has no use of them, and no right to them.
        for kind in () if table.room.access.scope else FORMATS:
            st.download_button(
                f"Minutes ({kind.upper()})",
                handing(partial(_minutes, table, kind)),
                file_name=f"{name}.{kind}",
                on_click="ignore",
                icon=":material/download:",
            )
        if table.may_settle and st.button("Close the meeting"):
            _close(table)


def closed(room: Room) -> str:
    """When a meeting was closed, on the clocks of the agreement; empty while it is open."""
    at = room.meeting.closed_at
    return "" if at is None else f"Closed on {fmt.moment(at, room.seen.agreement.timezone)}."


def _close(table: Table) -> None:
    try:
        close_meeting(table.room.home, table.room.meeting)
    except SmarketingError as error:
        failed(error, "The meeting was not closed")
        return
    st.rerun()


def _minutes(table: Table, kind: str) -> bytes:
    return to_format(minutes(table.room, table.numbers), kind)


def here(table: Table) -> None:
    """Who is there so far, and the way to be among them, for oneself or somebody beside."""
    if not table.may_settle:
        return
    people = table.room.workspace.of(Attendance).all(meeting_id=table.room.meeting.id)
    names = ", ".join(person.name for person in people)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(markdown(f"Here: {names}" if names else "Nobody has said yet to be here."))
        if not any(table.who.gave(one, one.name) for one in people):
            st.button("I am here", icon=":material/person_add:", on_click=_here, args=(table,))
        with (
            opened_by("Somebody else is here", _BESIDE, type="tertiary"),
            st.form("beside", border=False, clear_on_submit=True),
        ):
            st.text_input("Name", key="beside_name")
            st.selectbox("Team", TEAMS, format_func=str.capitalize, key="beside_team")
            st.form_submit_button("Add", on_click=_beside, args=(table,))


@writes
def _here(table: Table) -> None:
    _be_there(table.room.meeting, table.room.home, table.who)


@writes
def _beside(table: Table) -> None:
    name = " ".join(str(st.session_state["beside_name"]).split())
    if name:
        team = str(st.session_state["beside_team"])
        _be_there(table.room.meeting, table.room.home, Person(name, team))
        close(_BESIDE)


def _be_there(meeting: Meeting, home: Path, who: Person) -> None:
    """Put somebody down as present; who is already stays so."""
    try:
        attend(home, meeting, who.name, who.team, who.email)
    except SmarketingError as error:
        tell(f"Who is here was not taken. {error}")


@writes
def _rate(table: Table) -> None:
    room, who = table.room, table.who
    try:
        here = attend(room.home, room.meeting, who.name, who.team, who.email)
        room.workspace.of(Attendance).change(replace(here, rating=int(st.session_state["mark"])))
    except SmarketingError as error:
        tell(f"The rating was not taken. {error}")
