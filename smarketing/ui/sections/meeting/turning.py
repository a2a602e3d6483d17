"""Turning through the meeting: its parts by the arrow keys, the time left, the wall.

The browser holds which part is open and tells it: of presses that are only counted here, those that
come faster than the page answers would be lost.
"""

from __future__ import annotations

import time

import streamlit as st

from smarketing.agreement.meeting import PARTS
from smarketing.charts.names import html
from smarketing.ui.address import PRESENT, is_presenting, write
from smarketing.ui.bar import is_step_back
from smarketing.ui.gate import let_in, watch

TOPIC, ALL_SHOWN = "topic", "all"
_TITLES = dict(PARTS)
_NAMES = tuple(_TITLES)
_WALL = """
<style>
[data-testid="stHeader"], .st-key-who, .st-key-view_link, [data-testid="stToolbar"], .sm-foot,
.st-key-stale, hr.sm-rule { display: none; }
.st-key-part { position: absolute; opacity: 0; pointer-events: none; }
.stMainBlockContainer { max-width: none; padding: 2vh 3vw; }
.sm-title { font-size: clamp(1.5rem, 2.2vw, 2.75rem); }
.sm-reading, .sm-promise, .sm-lede { font-size: clamp(1.25rem, 1.6vw, 2rem); max-width: none; }
.sm-state { max-width: none; }
.sm-clock { font-size: clamp(1.25rem, 1.6vw, 2rem); }
.sm-state p, .sm-state p.sm-named { font-size: clamp(1.25rem, 1.6vw, 2rem); }
</style>
"""
#: The clock runs in the browser: a page that ran again every few seconds would be in its own way.
_CLOCK = """<script>{
clearInterval(window.smClock);
const place = document.querySelector(".sm-clock");
const until = performance.now() + 1000 * Number(place.dataset.left);
const tick = () => {
  const clock = document.querySelector(".sm-clock");
  if (!clock) return;
  const left = Math.round((until - performance.now()) / 1000), many = Math.abs(left);
  const words = `${Math.floor(many / 60)}:${String(many % 60).padStart(2, "0")}`;
  clock.textContent = left < 0 ? `${words} over` : `${words} of ${clock.dataset.agreed} min left`;
  clock.className = `sm-clock ${left < 0 ? "sm-bad" : "sm-even"}`;
};
tick();
window.smClock = setInterval(tick, 500);
}</script>"""
#: Arrow keys pick the part beside the one that is picked, wherever nobody is writing.
_KEYS = """<script>{
document.removeEventListener("keydown", window.smTurn);
window.smTurn = (event) => {
  const steps = {ArrowLeft: -1, ArrowRight: 1}[event.key];
  const isHeld = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!steps || isHeld || event.target.closest?.("input, textarea, [role=slider], [role=grid]"))
    return;
  const parts = [...document.querySelectorAll(".st-key-part input[type=radio]")];
  const picked = parts.findIndex((part) => part.checked);
  const next = picked < 0 ? undefined : parts[picked + steps];
  if (next) next.click();
};
document.addEventListener("keydown", window.smTurn);
}</script>"""
_PART, _SINCE, _UNHEARD = "part", "_part_since", "_part_unheard"


def presenting() -> bool:
    """Whether the room looks at a wall: no chrome, larger words; “p” begins, Escape ends."""
    is_on = is_presenting()
    if is_on:
        st.html(_WALL)
        watch(let_in())
    label, key = ("End", "Escape") if is_on else ("Present", "p")
    st.button(
        label,
        shortcut=key,
        type="tertiary",
        icon=":material/slideshow:",
        on_click=write,
        args=(PRESENT, "" if is_on else "1", ""),
    )
    return is_on


def is_all_shown() -> bool:
    """Whether every number is shown; by default only those that need a word; “a” turns it."""
    shown = st.query_params.get(ALL_SHOWN) == "1"
    st.button(
        "Only exceptions" if shown else "Show all",
        shortcut="a",
        type="tertiary",
        icon=":material/filter_list:",
        on_click=write,
        args=(ALL_SHOWN, "" if shown else "1", ""),
    )
    return shown


def agenda() -> str:
    """The part of the agenda that is open: picked, or turned to by the arrow keys."""
    asked = _asked()
    held = st.session_state.get(_PART)
    unheard = st.session_state.get(_UNHEARD, frozenset())
    if asked == held:
        st.session_state[_UNHEARD] = frozenset()
    elif held is None or asked not in unheard or is_step_back():
        st.session_state[_PART] = asked
    name = str(
        st.radio(
            "Agenda",
            _NAMES,
            key=_PART,
            format_func=lambda one: f"{_NAMES.index(one) + 1}. {_TITLES[one]}",
            horizontal=True,
            label_visibility="collapsed",
            on_change=_turned,
        )
    )
    write(TOPIC, name, _NAMES[0])
    st.html(_KEYS, unsafe_allow_javascript=True)
    st.html(f'<p class="sm-title">{html(_TITLES[name])}</p>')
    return name


def _asked() -> str:
    asked = st.query_params.get(TOPIC)
    return asked if asked in _NAMES else _NAMES[0]


def _turned() -> None:
    """Note which addresses the browser may still tell from before it heard of this turn."""
    new = st.session_state[_PART]
    unheard = st.session_state.get(_UNHEARD, frozenset())
    st.session_state[_UNHEARD] = unheard | {_asked(), new}
    write(TOPIC, new, _NAMES[0])


def timer(part: str, minutes_agreed: int) -> None:
    """How much of the agreed time of this part is left."""
    if not minutes_agreed:
        return
    turned_to, begun = st.session_state.get(_SINCE, ("", 0.0))
    if turned_to != part:
        begun = time.monotonic()
        st.session_state[_SINCE] = (part, begun)
    left = round(minutes_agreed * 60 - (time.monotonic() - begun))
    st.html(
        f'<span class="sm-clock" data-left="{left}" data-agreed="{minutes_agreed}"></span>'
        f"<!-- {begun} -->{_CLOCK}",
        unsafe_allow_javascript=True,
    )
