"""The frame of the weekly meeting: opening it, its agenda and timers, ratings, minutes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from smarketing.analysis.review.agenda import (
    PARTS,
    guests,
    kpis_of,
    members,
    minutes_of,
    why_exception,
)
from smarketing.analysis.review.meeting import (
    Room,
    agreed_limits,
    close_meeting,
    open_meeting,
    week_of,
)
from smarketing.analysis.review.weeks import SixAndTwelve, six_and_twelve
from smarketing.charts import format as fmt
from smarketing.charts.minutes import minutes
from smarketing.charts.names import html
from smarketing.engine import NO_FILTERS
from smarketing.errors import SmarketingError
from smarketing.export.document import FORMATS, to_format
from smarketing.ui.address import write
from smarketing.ui.person import Person
from smarketing.ui.session import Store, ask
from smarketing.ui.states import failed
from smarketing.ui.view import NONE, View
from smarketing.workspace.records import Attendance, Meeting

TOPIC, ALL_SHOWN, WEEK, PRESENT = "topic", "all", "meeting", "present"
_WALL = """
<style>
[data-testid="stHeader"], .st-key-who, [data-testid="stToolbar"], .sm-foot { display: none; }
.stMainBlockContainer { max-width: none; padding: 2vh 3vw; }
.sm-title { font-size: clamp(1.5rem, 2.2vw, 2.75rem); }
.sm-reading, .sm-promise, .sm-lede { font-size: clamp(1.25rem, 1.6vw, 2rem); max-width: none; }
</style>
"""
_SINCE = "_topic_since"


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

    def of(self, part: str) -> list[SixAndTwelve]:
        """The numbers of a part of the agenda, in the agreed order."""
        by_id = {number.id: number for number in self.numbers}
        return [by_id[k] for k in kpis_of(self.room.seen.agreement, part) if k in by_id]

    def named(self, kpi: str) -> str:
        """A KPI's label, or its short name where the agreement has it no longer."""
        return next((n.label for n in self.numbers if n.id == kpi), kpi)


def lay(store: Store, room: Room, who: Person) -> Table:
    """The table of a meeting: what it showed is asked of the frozen build."""
    frozen = replace(store, engine=room.seen.engine, agreement=room.seen.agreement)
    window = room.seen.agreement.parse_period(room.meeting.week)
    view = View(frozen, window, NONE, NO_FILTERS, dated=False)
    limits = agreed_limits(room.workspace)
    numbers = ask(frozen, six_and_twelve, frozen.agreement, None, NO_FILTERS, limits)
    return Table(room, view, tuple(numbers), who)


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
            made = open_meeting(store.home, who.name)
        except SmarketingError as error:
            failed(error, "The meeting was not opened")
            return
        st.query_params[WEEK] = made.week
        st.rerun()


def lede(table: Table) -> str:
    """What there is to talk about, in one sentence."""
    parts = ("customers", "put_in", "came_out")
    shown = {number.id: number for part in parts for number in table.of(part)}
    count = sum(bool(why_exception(number)) for number in shown.values())
    day = fmt.day(table.view.store.engine.as_of_day)
    many = {0: "No number needs", 1: "One number needs"}.get(count, f"{count} numbers need")
    return f"{many} a word, of {len(shown)}; data to {day}, frozen."


def rota(table: Table) -> None:
    """Who joins the other team's own meeting this week, in turn."""
    number = int(table.room.meeting.week.rpartition("W")[2])
    seen = table.room.seen
    found = guests(members(seen.engine, seen.agreement), number)
    other = {"marketing": "sales", "sales": "marketing"}
    for name, side in found:
        st.html(
            f'<p class="sm-promise sm-of-{side}">{html(name)} joins the meeting of {other[side]} '
            "this week.</p>"
        )


def presenting() -> bool:
    """Whether the room looks at a wall: no chrome, larger words; “p” begins, Escape ends."""
    is_on = st.query_params.get(PRESENT) == "1"
    if is_on:
        st.html(_WALL)
    label, key = ("End", "Escape") if is_on else ("Present", "p")
    if st.button(label, shortcut=key, type="tertiary", icon=":material/slideshow:"):
        write(PRESENT, "" if is_on else "1", "")
        st.rerun()
    return is_on


def agenda() -> str:
    """The part of the agenda that is open; arrow keys turn, “a” shows all numbers."""
    names = [name for name, _ in PARTS]
    asked = st.query_params.get(TOPIC, names[0])
    place = names.index(asked) if asked in names else 0
    with st.container(horizontal=True, vertical_alignment="center", key="agenda"):
        if st.button("", icon=":material/arrow_back:", shortcut="Left", help="The part before"):
            _turn(names[max(place - 1, 0)])
        if st.button("", icon=":material/arrow_forward:", shortcut="Right", help="The next part"):
            _turn(names[min(place + 1, len(names) - 1)])
        st.html(
            f'<p class="sm-title">{place + 1}. {html(PARTS[place][1])} '
            f'<small style="font-weight:400">of {len(names)}</small></p>'
        )
    return names[place]


def _turn(name: str) -> None:
    write(TOPIC, name, PARTS[0][0])
    st.session_state[_SINCE] = time.monotonic()
    st.rerun()


@st.fragment(run_every="5s")
def timer(minutes_agreed: int) -> None:
    """How much of the agreed time of this part is left."""
    if not minutes_agreed:
        return
    begun = st.session_state.setdefault(_SINCE, time.monotonic())
    left = minutes_agreed * 60 - (time.monotonic() - begun)
    words = f"{abs(int(left)) // 60}:{abs(int(left)) % 60:02d}"
    tone = "sm-even" if left >= 0 else "sm-bad"
    said = f"{words} of {minutes_agreed} min left" if left >= 0 else f"{words} over"
    st.html(f'<span class="{tone}">{said}</span>')


def minutes_for(table: Table, part: str) -> int:
    """The minutes that were agreed for a part."""
    return minutes_of(table.room.seen.agreement, part)


def is_all_shown() -> bool:
    """Whether every number is shown; by default only those that need a word."""
    shown = st.query_params.get(ALL_SHOWN) == "1"
    label = "Only exceptions" if shown else "Show all"
    if st.button(label, shortcut="a", type="tertiary", icon=":material/filter_list:"):
        write(ALL_SHOWN, "" if shown else "1", "")
        st.rerun()
    return shown


def rating(table: Table) -> None:
    """Each person's mark from 1 to 10, the minutes, and closing the meeting."""
    records = table.room.workspace.of(Attendance)
    number = table.room.meeting.id or 0
    rota(table)
    people = records.all(meeting_id=number)
    for one in people:
        said = "not rated" if one.rating is None else f"{one.rating} of 10"
        st.html(f"<p class='sm-promise sm-of-{html(one.team)}'>{html(one.name)}: {said}</p>")
    if table.may_write:
        with st.form("rate", border=False):
            mark = st.slider("Your rating of the meeting", 1, 10, 8, width=360)
            if st.form_submit_button("Rate"):
                _rate(table, people, int(mark))
    name = f"meeting-{table.room.meeting.week}"
    with st.container(horizontal=True):
        # Minutes are of everything: who sees a part has no use of them, and no right to them.
        for kind in () if table.room.access.scope else FORMATS:
            st.download_button(
                f"Minutes ({kind.upper()})",
                partial(_minutes, table.room, kind),
                file_name=f"{name}.{kind}",
                on_click="ignore",
                icon=":material/download:",
            )
        is_open = table.room.meeting.closed_at is None
        if is_open and table.may_write and st.button("Close the meeting"):
            close_meeting(table.room.home, table.room.meeting)
            st.rerun()


def _minutes(room: Room, kind: str) -> bytes:
    return to_format(minutes(room), kind)


def _rate(table: Table, people: Sequence[Attendance], mark: int) -> None:
    records = table.room.workspace.of(Attendance)
    mine = next((p for p in people if p.name == table.who.name), None)
    try:
        if mine is None:
            records.add(
                Attendance(
                    meeting_id=table.room.meeting.id or 0,
                    name=table.who.name,
                    team=table.who.team,
                    rating=mark,
                )
            )
        else:
            records.change(replace(mine, rating=mark))
    except SmarketingError as error:
        failed(error, "The rating was not taken")
        return
    st.rerun()
