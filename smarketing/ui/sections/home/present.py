"""Presentation: one topic a screen, read from the back of the room, turned by arrow and space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from smarketing.access import Access
from smarketing.analysis.health.imports import last_import
from smarketing.analysis.kpis.history import History
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.review.state import State
from smarketing.charts import format as fmt
from smarketing.charts import names, words
from smarketing.charts.headlines import Sentence
from smarketing.charts.spark import sparkline
from smarketing.periods import local_instant
from smarketing.store.builds import current_build_id
from smarketing.ui.address import PRESENT
from smarketing.ui.cards import ARROWS, TONES, change_words, goal_words, of_how_many, team_of
from smarketing.ui.gate import recheck
from smarketing.ui.session import ask
from smarketing.ui.style import current_look
from smarketing.ui.view import View

SCREEN = "screen"
_REFRESH = "60s"
#: So many letters of the largest type have room on a screen; more of them are written smaller.
_ROOM = 300
_STYLE = """
<style>
[data-testid="stHeader"], .st-key-filter_bar, .sm-foot, hr.sm-rule, [data-testid="stPopover"],
[data-testid="stToolbar"], .st-key-more, .st-key-stale {{ display: none !important; }}
.stMainBlockContainer {{ max-width: none; padding: 3vh 5vw; }}
.sm-screen {{ min-height: 74vh; display: flex; flex-direction: column; justify-content: center; }}
.sm-screen .sm-topic {{ font-size: clamp(1.5rem, 2.6vw, 3.25rem); color: {muted}; margin: 0; }}
.sm-screen .sm-figure {{ font-size: clamp(4.5rem, 11vw, 13rem); font-weight: 650; line-height: 1.05;
  letter-spacing: -.03em; color: {ink}; margin: 0; }}
.sm-screen .sm-verdict {{ font-size: clamp(2rem, 3.4vw, 4.25rem); font-weight: 600; margin: 0;
  line-height: 1.25; }}
.sm-screen .sm-beside {{ font-size: clamp(1.5rem, 2.2vw, 2.75rem); color: {muted};
  margin: .4em 0 0; }}
.sm-screen .sm-said {{ font-size: clamp(2rem, 3.4vw, 4.25rem); line-height: 1.3; color: {ink};
  margin: 0 0 .8em; padding-left: .5em; border-left: .15em solid {hairline}; }}
.sm-screen .sm-many .sm-said {{ font-size: clamp(2rem, 2.4vw, 3rem); }}
.sm-screen .sm-said-bad {{ font-weight: 600; border-color: {bad}; }}
.sm-screen .sm-said-good {{ border-color: {good}; }}
.sm-screen .sm-over img {{ width: 100%; height: auto; }}
.sm-screen .sm-over p {{ display: flex; justify-content: space-between; margin: .2em 0 0;
  color: {muted}; font-size: clamp(1.125rem, 1.5vw, 1.75rem); }}
.sm-screen .sm-split {{ display: grid; grid-template-columns: minmax(0, 1fr) 34vw; gap: 3vw;
  align-items: center; }}
@media (max-width: 900px) {{ .sm-screen .sm-split {{ grid-template-columns: 1fr; }} }}
.sm-day {{ font-size: 1.125rem; color: {muted}; }}
</style>
"""
#: A key turns a page as an arrow does; a button has one of them.
_SPACE = """<script>{
document.removeEventListener("keydown", window.smSpace);
window.smSpace = (event) => {
  const isHeld = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (event.key !== " " || isHeld || event.target.closest?.("button, input, textarea")) return;
  const next = document.querySelector(".st-key-present_next button");
  if (next) {
    event.preventDefault();
    next.click();
  }
};
document.addEventListener("keydown", window.smSpace);
}</script>"""


@dataclass(frozen=True)
class Screen:
    """One topic: its name, and its content as HTML."""

    topic: str
    html: str


def screens(view: View, said: Sequence[Sentence], found: State) -> list[Screen]:
    """The sentences, then a number a screen, misses first; a number without a value is left out."""
    opening = "".join(
        f'<p class="sm-said sm-said-{sentence.tone}">{names.sentence(sentence.text)}</p>'
        for sentence in said
    )
    if sum(len(sentence.text) for sentence in said) > _ROOM:
        opening = f'<div class="sm-many">{opening}</div>'
    numbers = [
        _number(view, result, found.histories.get(result.id))
        for result in found.results
        if result.value is not None
    ]
    return [Screen(view.window.label, opening), *numbers]


def _number(view: View, result: KpiResult, history: History | None) -> Screen:
    currency = view.store.engine.currency
    verdict = ""
    if result.status is not None:
        tone = TONES[result.status]
        verdict = f'<p class="sm-verdict sm-{tone}">{ARROWS[result.status]} {result.status}</p>'
    beside = [found] if (found := of_how_many(result)) else []
    if goal := goal_words(result, currency):
        beside.append(goal if result.status is not None else f"{goal}, verdict withheld")
    if moved := change_words(result, view):
        beside.append(moved)
    return Screen(
        f"{result.label}, {view.window.label}",
        f'<div class="sm-split"><div><p class="sm-figure">'
        f"{names.html(words.value(result, currency))}</p>{verdict}"
        f'<p class="sm-beside">{names.html(" · ".join(beside))}</p></div>'
        f"{_over_time(view, result, history)}</div>",
    )


def _over_time(view: View, result: KpiResult, history: History | None) -> str:
    """A number's earlier periods as a line, with the first and the last named under it."""
    if history is None:
        return ""
    hue = current_look().team(team_of(view.store.agreement.kpi(result.id), view.store.agreement))
    so_far = f"{result.label} so far"
    line = sparkline(history.values, hue, (360, 150), so_far, is_partial=history.is_partial)
    ends = "".join(f"<span>{names.html(history.periods[end].label)}</span>" for end in (0, -1))
    return f'<div class="sm-over">{line}<p>{ends}</p></div>' if line else ""


def show(view: View, found: Sequence[Screen]) -> None:
    """One screen, its place in the address; arrow keys turn, Escape ends, a new build reloads."""
    look = current_look()
    st.html(
        _STYLE.format(
            ink=look.ink, muted=look.muted, hairline=look.hairline, good=look.good, bad=look.bad
        )
    )
    number = _place(len(found))
    screen = found[number]
    topic = f'<p class="sm-topic">{names.html(screen.topic)}</p>'
    st.html(f'<div class="sm-screen">{topic}{screen.html}</div>')
    with st.container(horizontal=True, vertical_alignment="center", key="present_keys"):
        _turn(":material/arrow_back:", "Left", "Back", max(number - 1, 0))
        with st.container(key="present_next", width="content"):
            _turn(":material/arrow_forward:", "Right", "Next", min(number + 1, len(found) - 1))
        if st.button("End", shortcut="Escape", type="tertiary"):
            del st.query_params[PRESENT]
            st.rerun()
        st.html(
            f'<span class="sm-day">{number + 1} of {len(found)} · {names.html(_days(view))}</span>'
        )
        st.html(_SPACE, unsafe_allow_javascript=True)
    _watch(str(view.store.home), view.store.engine.build_id, view.store.access)


def _days(view: View) -> str:
    """Until when the data speak, and when they came."""
    until, came = fmt.day(view.store.engine.as_of_day), ask(view.store, last_import)
    if came is None:
        return f"data to {until}"
    return (
        f"data to {until}, imported {fmt.day(local_instant(came, view.store.agreement.timezone))}"
    )


def _place(count: int) -> int:
    text = st.query_params.get(SCREEN, "1")
    asked = int(text) if text.isdecimal() and len(text) < 4 else 1
    return min(max(asked, 1), count) - 1


def _turn(icon: str, key: str, label: str, to: int) -> None:
    if st.button(label, icon=icon, shortcut=key, type="tertiary"):
        st.query_params[SCREEN] = str(to + 1)
        st.rerun()


@st.fragment(run_every=_REFRESH)
def _watch(home: str, build: str, access: Access) -> None:
    """Show the new build once there is one, without anybody touching the wall."""
    recheck(access)
    if current_build_id(Path(home)) != build:
        st.rerun()
