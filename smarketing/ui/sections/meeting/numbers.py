"""Numbers in the meeting: what was restated, and six weeks and twelve months of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import streamlit as st

from smarketing.access import Access
from smarketing.analysis.campaigns.together import calendar
from smarketing.analysis.content.heard import heard as content_heard
from smarketing.analysis.review.actions import issues_of
from smarketing.analysis.review.agenda import why_exception, why_not_available
from smarketing.analysis.review.campaigns import over_and_ahead, plans_of, recent_since
from smarketing.analysis.review.limits import Limits
from smarketing.analysis.review.meeting import (
    enter,
    find_meeting,
    meeting_before,
    restated_since,
)
from smarketing.analysis.review.restated import Restated
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import EARLIER
from smarketing.charts import format as fmt
from smarketing.charts.minutes import (
    RESTATED_HEADS,
    RestatedRow,
    restated_folded,
    restated_row,
    restated_words,
)
from smarketing.charts.names import html
from smarketing.charts.weeks import lacks, places, six_and_twelve
from smarketing.charts.words import in_period
from smarketing.engine import Engine
from smarketing.errors import SmarketingError
from smarketing.periods import parse_window
from smarketing.ui.address import is_presenting
from smarketing.ui.bar import carried
from smarketing.ui.cards import team_of
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.explain import Definition, of_kpi
from smarketing.ui.gate import writes
from smarketing.ui.person import Person
from smarketing.ui.records import table as frame_table
from smarketing.ui.sections.campaigns import calendar as plans
from smarketing.ui.sections.content.asked import heard_of
from smarketing.ui.sections.meeting.room import Table
from smarketing.ui.session import ask
from smarketing.ui.states import close, empty, guarded, opened_by, tell
from smarketing.workspace.records import Issue
from smarketing.workspace.records import Limits as AgreedLimits
from smarketing.workspace.store import now

_HEARD_WEEKS = 4
_KNOWN = "_restated_of"
#: What is asked of those who agree on limits.
_AGREED_BY = {"reason": "Reason", "marketing": "For marketing", "sales": "For sales"}


def restated(table: Table) -> None:
    """What was reported last time and is another number now, with what did it."""
    before = meeting_before(table.room)
    if before is None:
        empty("This is the first meeting", "There is nothing to compare it with.", "")
        return
    place = st.empty()
    if not _is_known(table):
        with place.container():
            _at_first(table, before.week)
    room = table.room
    asked = (str(room.home), room.meeting.week, before.week, room.access, table.numbers)
    found = ask(table.view.store, _restated, *asked)
    st.session_state[_KNOWN] = room.meeting.week
    with place.container():
        _with_causes(table, before.week, found)


def _is_known(table: Table) -> bool:
    """Whether the causes of this meeting were looked up for whoever looks."""
    return bool(st.session_state.get(_KNOWN) == table.room.meeting.week)


def _at_first(table: Table, since: str) -> None:
    """What is another number now, at once; what did it takes longer to look up."""
    found = restated_since(table.room, table.numbers, why=False)
    many = fmt.many(len(found), "number is another", "numbers are others")
    st.html(
        f'<p class="sm-title">Since {html(since)}: {html(many)} now</p>'
        '<p class="sm-reading">Which file, record or change did it is being looked up …</p>'
    )
    currency = table.view.store.engine.currency
    rows = _restated_frame(list(restated_folded(found, currency)))
    if found:
        frame_table(rows.drop(columns="why"), currency, key="restated_first", alt="Restated")


def _with_causes(table: Table, since: str, found: Sequence[Restated]) -> None:
    currency = table.view.store.engine.currency
    folded = list(restated_folded(found, currency))
    exhibit = Exhibit(
        key="restated",
        title=f"Since {since}: {restated_words(found)}"
        if found
        else f"Every number of {since} is still the same",
        reading="Weeks and months that were over then, what changed most first; each with the "
        "file, the record or the change that did it.",
        view=table.view,
        definition=Definition(
            "Restated",
            "What did we report last time that is another number now, and why?",
            "Every KPI value on record of the meeting before, held against the same period in "
            "the build of this one.",
        ),
        data=_restated_frame(folded),
        reason="nothing that was reported has changed",
    )
    show(exhibit)
    if len(folded) == len(found):
        return
    with st.expander(f"All {fmt.many(len(found), 'value')}, in every period"):
        every = _restated_frame([restated_row(one, currency) for one in found])
        show(replace(exhibit, key="restated_all", title="Every value that is another", data=every))


def _restated_frame(rows: Sequence[RestatedRow]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[head.lower() for head in RESTATED_HEADS])


def _restated(
    engine: Engine,  # noqa: ARG001 - the question is of its build
    home: str,
    week: str,
    before: str,  # noqa: ARG001 - nor does what was reported ever change
    access: Access,
    numbers: Sequence[SixAndTwelve],
) -> list[Restated]:
    """What a meeting says of the one before: both are frozen, so that it is asked once."""
    place = Path(home)
    return restated_since(enter(place, find_meeting(place, week), access), numbers)


def numbers(table: Table, part: str, *, all_shown: bool) -> None:
    """The numbers of a part: those that need a word, or all of them."""
    found = table.of(part)
    if not found:
        empty("No number stands here", "The agreement names none for this part.", "")
        return
    shown = [n for n in found if all_shown or why_exception(n)]
    if not shown:
        st.html(f'<p class="sm-reading">{html(_as_they_should(found))}</p>')
    for left, right in zip(shown[::2], [*shown[1::2], None], strict=False):
        columns = st.columns(2, gap="large")
        for column, number in zip(columns, (left, right), strict=True):
            if number is not None:
                with column:
                    one(table, number)


def _as_they_should(found: Sequence[SixAndTwelve]) -> str:
    """Say that no number needs a word, and of which there is nothing to say, with why."""
    nothing = [number for number in found if number.reason is not None]
    many = len(found) - len(nothing)
    said = []
    if many:
        are = "All numbers are" if not nothing else fmt.many(many, "number is", "numbers are")
        their = "its" if are == "1 number is" else "their"
        said.append(f"{are} within {their} limits and on pace, as far as that can be told.")
    if nothing:
        why = "; ".join(dict.fromkeys(str(number.reason) for number in nothing))
        has = fmt.many(len(nothing), "number has", "numbers have")
        said.append(f"{has} no value in any period shown: {why}.")
    return " ".join(said)


def heard(table: Table) -> None:
    """What sales and customers said in the four weeks before the meeting's."""
    week = table.view.window
    window = parse_window(week.start - dt.timedelta(weeks=_HEARD_WEEKS), week.start)
    with guarded("What sales heard"):
        said = ask(table.view.store, content_heard, window)
        view = replace(table.view.within(window), dated=True)
        show(heard_of(view, said, "meeting_heard"))


def campaigns(table: Table) -> None:
    """Campaigns that ended since a month ago, with promise and result, and those ahead."""
    store = table.view.store
    since = recent_since(store.engine)
    planned = [] if store.away else plans_of(table.room)
    over, ahead = over_and_ahead(ask(store, calendar, planned), since)
    st.html(
        f'<p class="sm-reading">Of campaigns {plans.some(len(over), "has", "have")} ended since '
        f"{fmt.day(since)}; {plans.some(len(ahead), 'is', 'are')} ahead.</p>"
    )
    for entry in over:
        st.html(f'<p class="sm-title">{html(entry.name)}</p>')
        plans.promise(table.view, entry)
    for entry in ahead:
        st.html(f'<p class="sm-promise">{html(entry.name)}, from {fmt.day(entry.starts_on)}</p>')
    if not is_presenting():
        st.page_link(
            "pages/calendar.py",
            label="Calendar",
            icon=":material/calendar_month:",
            query_params=carried("calendar"),
        )


def one(table: Table, number: SixAndTwelve) -> None:
    """One number: its chart, why it needs a word, its row of values, and what is said of it."""
    show(_exhibit(table, number))
    _ways_on(table, number)


def _exhibit(table: Table, number: SixAndTwelve) -> Exhibit:
    view, kpi = table.view, table.view.store.agreement.kpi(number.id)
    currency = view.store.engine.currency
    team = team_of(kpi, view.store.agreement)
    why = why_exception(number)
    said = [
        f"{t.period.label} {in_period(t.value, t.ground, number.unit, currency)}"
        f"{_pace(t, number, currency)}"
        for t in number.to_date[1:]
    ]
    if marked := lacks(number, currency):
        said.append(marked)
    if number.reason is not None and number.fault is None:
        said = [f"not available: {number.reason}"]
    elif number.fault is None:
        said += why_not_available(number)
    week = number.last_week
    last = in_period(week.value, week.ground, number.unit, currency)
    return Exhibit(
        key=f"review_{number.id}",
        title=f"{number.label} {last} in {week.period.label}"
        + (f": {'; '.join(why)}" if why else ""),
        reading=" · ".join(said),
        view=view,
        definition=of_kpi(view, number.id),
        data=_frame(number),
        draw=lambda look: six_and_twelve(number, look, currency, look.team(team)),
        choices={"per": "working day"} if number.is_flow else {},
        timeline=places(number),
        figure=number.id,
        # What is written after it was closed belongs to the next.
        meeting_id=None if table.room.meeting.closed_at else table.room.meeting.id,
    )


def _pace(to_date: object, number: SixAndTwelve, currency: str) -> str:
    standing = getattr(to_date, "standing", None)
    if standing is None or standing.status is None:
        return ""
    return f" ({standing.status}, target {fmt.by_unit(standing.target, number.unit, currency)})"


def _frame(number: SixAndTwelve) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "period": p.period.label,
                "value": p.value,
                "year before": p.last_year,
                "running": p.is_running,
                "without": p.ground.lacking[0] if p.ground.lacking else 0,
            }
            for p in (*number.weeks.points, *number.months.points)
        ]
    )


def _ways_on(table: Table, number: SixAndTwelve) -> None:
    """Dropping a number to the issue list, agreeing its limits."""
    if not table.may_settle:
        return
    with st.container(horizontal=True):
        why = "; ".join(why_exception(number)) or "to be discussed"
        st.button(
            "To the issue list",
            key=f"issue_{number.id}",
            icon=":material/flag:",
            on_click=_put_issue,
            args=(table, f"{number.label}: {why}", number.id),
        )
        _limits(table, number)


def _limits(table: Table, number: SixAndTwelve) -> None:
    """Agree the limits of a number by week: they stand until both teams base them anew."""
    limits, based = number.weeks.limits, number.weeks.found_now
    if limits is None or based is None or table.room.access.scope:
        return
    currency = table.view.store.engine.currency
    low, high = (fmt.by_unit(v, number.unit, currency) for v in (limits.lower, limits.upper))
    state = "agreed" if number.weeks.are_agreed else "not agreed yet"
    with (
        opened_by("Limits", f"limits_{number.id}", icon=":material/straighten:"),
        st.form(f"limits_form_{number.id}", border=False),
    ):
        st.caption(f"By week {low} to {high}, {state}. Agreed limits stand until both agree anew.")
        for name, label in _AGREED_BY.items():
            st.text_input(label, key=f"{name}_of_{number.id}")
        st.form_submit_button(
            "Agree on limits of the weeks before", on_click=_agree, args=(table, number, based)
        )


@writes
def _agree(table: Table, number: SixAndTwelve, based: Limits) -> None:
    """Put the limits on record that both teams agreed."""
    reason, marketing, sales = (
        str(st.session_state[f"{name}_of_{number.id}"]).strip() for name in _AGREED_BY
    )
    if not (reason and marketing and sales):
        tell("Limits are agreed by a name of each team, with a reason.")
        return
    agreed = AgreedLimits(
        kpi=number.id,
        grain="week",
        mean=based.centre,
        low=based.lower,
        high=based.upper,
        based_from=number.weeks.points[0].period.start - dt.timedelta(weeks=EARLIER["week"]),
        based_to=number.last_week.period.start,
        reason=reason,
        decided_by=_decided_by(marketing, sales, table.who),
        decided_at=now(),
    )
    try:
        table.room.workspace.of(AgreedLimits).add(agreed)
    except SmarketingError as error:
        tell(f"The limits were not taken. {error}")
        return
    close(f"limits_{number.id}")


def _decided_by(marketing: str, sales: str, who: Person) -> str:
    """Who agreed, as somebody wrote it, and who that was, where it is known."""
    written = f", written by {who.email}" if who.is_verified else ""
    return f"{marketing} and {sales}{written}"


@writes
def _put_issue(table: Table, text: str, kpi: str) -> None:
    issues = table.room.workspace.of(Issue)
    if any(i.kpi == kpi and i.solved_at is None for i in issues_of(table.room)):
        tell("It is on the issue list already.")
        return
    try:
        issues.add(
            Issue(
                meeting_id=table.room.meeting.id,
                text=text,
                kpi=kpi,
                figure=f"review_{kpi}",
                raised_by=table.who.name,
                raised_at=now(),
            )
        )
    except SmarketingError as error:
        tell(f"The issue was not taken. {error}")
        return
    tell("It is on the issue list.")
