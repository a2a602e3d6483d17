"""The filter bar: only what the page obeys is offered, and it stays chosen from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from smarketing.analysis.dimensions import agreed_values, dimension_values
from smarketing.charts.names import markdown
from smarketing.engine import Filters
from smarketing.errors import SmarketingError
from smarketing.periods import Period
from smarketing.ui import offscreen
from smarketing.ui.address import choice, notice, several, typed, under_kept, write
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.session import Store, ask
from smarketing.ui.view import COMPARISONS, NONE, View, period_options

BAR = ("segment", "region", "persona", "channel", "owner")
_OF_LEADS = (("channel", "lead"), ("persona", "lead"), ("owner", "lead"))
_MEMORY, _PAGE = "_bar_memory", "_bar_page"


@dataclass(frozen=True)
class Obeyed:
    """What of the bar a page obeys, and whose property its filters are."""

    period: bool = True
    compared: bool = False
    filters: tuple[str, ...] = BAR
    subjects: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of its controls in the address."""
        period = ("period",) if self.period else ()
        return (*period, *(("compare",) if self.compared else ()), *self.filters)


_NOTHING = Obeyed(period=False, filters=())
#: By page. What differs between the figures of one page they say themselves.
OBEYED: Mapping[str, Obeyed] = {
    "home": Obeyed(compared=True),
    "scoreboard": Obeyed(compared=True),
    "funnel": Obeyed(compared=True, subjects=_OF_LEADS),
    "handoff": Obeyed(subjects=_OF_LEADS),
    "attribution": Obeyed(subjects=(("channel", "touch"), ("persona", "deal"), ("owner", "deal"))),
    "campaigns": Obeyed(subjects=(("channel", "campaign"),)),
    "journeys": Obeyed(
        filters=("segment", "region", "persona", "owner"),
        subjects=(("persona", "deal"), ("owner", "deal")),
    ),
    "lead_quality": Obeyed(subjects=_OF_LEADS),
    "customers": Obeyed(
        subjects=(("channel", "customer"), ("persona", "customer"), ("owner", "customer"))
    ),
    "content": Obeyed(filters=("segment", "region"), subjects=_OF_LEADS),
    "campaign": Obeyed(filters=()),
    "owner": Obeyed(filters=()),
    **dict.fromkeys(("deal", "lead", "account", "person"), _NOTHING),
    "planning": Obeyed(period=False),
    "meeting": _NOTHING,
    "views": _NOTHING,
    "calendar": _NOTHING,
    "agreement": _NOTHING,
    "data_health": _NOTHING,
}


def obeyed_by(page: str) -> Obeyed:
    """Return what of the bar a page obeys: all of it where the page does not say."""
    return OBEYED.get(page, Obeyed(compared=True))


def filter_bar(store: Store, page: str) -> View:
    """Draw the bar of a page and read it. An unreadable period is said so and stops the page."""
    obeyed = obeyed_by(page)
    _carry_over(page, obeyed)
    usual = period_options(store.engine.as_of_day, store.agreement)
    bar = st.container(horizontal=True, key="filter_bar", gap="small", vertical_alignment="bottom")
    with bar:
        text = _period(usual) if obeyed.period else usual[0]
        comparison = NONE
        if obeyed.compared:
            comparison = choice("Compared with", COMPARISONS, key="compare", width=160)
    window = _window(store, page, text, usual[0])
    view = View(store, window, comparison, Filters(), obeyed.period, obeyed.subjects)
    with bar:
        chosen = _filters(view, obeyed.filters)
    _say_what_is_not_obeyed(obeyed)
    _remember(page, obeyed)
    scope = [item for item in store.access.scope if item[0] in obeyed.filters]
    return replace(view, filters=Filters.from_mapping(chosen).within(scope))


def _period(usual: list[str]) -> str:
    return typed(
        "Period",
        usual,
        key="period",
        width=176,
        help=(
            "Pick one or type your own: 2026-W24, 2026-06, 2026-Q2, 2026, FY2026-Q1, or a "
            "stretch such as 2025-07..2026-06."
        ),
    )


def _window(store: Store, page: str, text: str, instead: str) -> Period:
    try:
        return store.agreement.read_window(text)
    except SmarketingError as error:
        offscreen.fail(error)
        st.title((dict(PAGES) | RECORDS).get(page, page))
        st.error(markdown(error), icon=":material/calendar_month:")
        st.button(f"Show {instead}", on_click=write, args=("period", instead, instead))
        st.stop()


def _filters(view: View, names: tuple[str, ...]) -> dict[str, list[str]]:
    """One button that holds the filters, and a chip for each value that is set."""
    if not names:
        return {}
    with st.popover("Filters", icon=":material/filter_alt:", key="filters"):
        chosen = {name: _dimension(view, name) for name in names}
    for name, values in chosen.items():
        for place, value in enumerate(values):
            _chip(view, name, place, value, [other for other in values if other != value])
    return chosen


def _chip(view: View, name: str, place: int, value: str, rest: list[str]) -> None:
    """One value that is set; a click on it takes it away."""
    subject, word = view.filter_name(name), view.labels(name).get(value, value)
    st.button(
        markdown(word),
        icon=":material/close:",
        icon_position="right",
        key=f"chip_{name}_{place}",
        help=markdown(f"{subject}: {word}. Click to remove this filter."),
        on_click=write,
        args=(name, rest, []),
    )


def _dimension(view: View, name: str) -> list[str]:
    """One filter: the values that leads and deals have, and those agreed that nobody has yet."""
    found = ask(view.store, dimension_values, name)
    agreed = agreed_values(view.store.agreement, name)
    allowed = dict(view.store.access.scope).get(name)
    if allowed is not None:
        found, agreed = [value for value in found if value in allowed], []
    return several(
        view.filter_name(name),
        [*found, *(value for value in agreed if value not in found)],
        key=name,
        labels=view.labels(name),
        width=320,
    )


def carried(page: str) -> dict[str, list[str]]:
    """What was chosen so far and another page obeys: the part of its address to go along."""
    memory: Mapping[str, list[str]] = st.session_state.get(_MEMORY, {})
    names = obeyed_by(page).names
    return {name: memory[name] for name in names if memory.get(name)} | under_kept()


def _carry_over(page: str, obeyed: Obeyed) -> None:
    """Take what was chosen along to another page, whose address says nothing of it yet."""
    moved = st.session_state.get(_PAGE) not in (None, page)
    if not moved or is_step_back() or any(name in st.query_params for name in obeyed.names):
        return
    taken = carried(page)
    if taken:
        st.query_params.update(taken)


def page_shown() -> str:
    """The page that is shown, by its address."""
    return str(st.session_state.get(_PAGE, ""))


def is_step_back() -> bool:
    """Whether the browser's Back or Forward asked for this: then the address is the view."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def _remember(page: str, obeyed: Obeyed) -> None:
    memory = dict(st.session_state.get(_MEMORY, {}))
    memory |= {name: st.query_params.get_all(name) for name in obeyed.names}
    st.session_state[_MEMORY], st.session_state[_PAGE] = memory, page


def _say_what_is_not_obeyed(obeyed: Obeyed) -> None:
    for name in ("period", *BAR):
        if name in st.query_params and name not in obeyed.names:
            notice(f"This page knows no {name}: that of the address is not applied.")
