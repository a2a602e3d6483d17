"""Proposing a change: by forms or as YAML, and what it would do to the numbers."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement, parse_agreement
from smarketing.agreement.combining import combined
from smarketing.agreement.told import told
from smarketing.analysis.review.proposal import (
    Effect,
    Under,
    demand_countable,
    effects,
    last_quarter,
)
from smarketing.build import build_under
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.engine import open_engine_on
from smarketing.errors import SmarketingError, UsageError
from smarketing.periods import Period, add_months, period_of
from smarketing.store.agreed import SHORT, Agreed, OvertakenError, Version
from smarketing.ui.person import ask_who
from smarketing.ui.records import table
from smarketing.ui.sections.agreement import quotas
from smarketing.ui.sections.agreement.forms import forms
from smarketing.ui.sections.agreement.versions import differences
from smarketing.ui.session import Store
from smarketing.ui.states import failed
from smarketing.ui.under import may_show

_TEXT, _BASE, _EDITION = "_draft", "_draft_from", "_draft_edition"
_MONTHS = 6


def propose(store: Store, versions: Agreed) -> None:
    """Edit a draft by forms or as YAML, see what differs, what it would do, and propose it."""
    base = _base(versions)
    _say_base(base)
    draft = _draft(base)
    forms(draft, _months(store), _edition(), partial(_take, store, base.agreement))
    quotas.grid(store)
    text = st.text_area("As YAML", key=f"yaml_{_edition()}", value=st.session_state[_TEXT],
                        height=320)  # fmt: skip
    try:
        after = parse_agreement(text)
        demand_countable(store.engine, base.agreement, after)
    except SmarketingError as error:
        failed(error, "The draft does not hold yet")
        return
    st.session_state[_TEXT] = text
    sentences = told(base.agreement, after)
    st.subheader("What it changes")
    differences(sentences)
    if not sentences:
        return
    _what_it_does(store, base.agreement, after)
    _put_up(store, versions, text)


def _edition() -> int:
    return int(st.session_state.get(_EDITION, 0))


def _base(versions: Agreed) -> Version:
    """The version the draft is made from: what was newest when editing began."""
    name = st.session_state.setdefault(_BASE, versions.tip())
    known = {version.hash: version for version in versions.versions()}
    return known.get(name) or versions.on_file()


def _say_base(base: Version) -> None:
    """Say of a draft that begins with somebody's proposal that this is not agreed yet."""
    made = base.proposal
    if base.is_on_file or made is None:
        return
    signed = " and ".join(base.signed_by) or "nobody"
    st.info(
        markdown(
            f"This draft begins with version {base.hash[:SHORT]}, which {made.proposed_by} "
            f"proposed on {fmt.day(made.proposed_at.date())}; it is not in force yet, signed by "
            f"{signed} so far. What it changes of the agreement in force is part of yours too."
        ),
        icon=":material/info:",
    )


def _draft(base: Version) -> Agreement:
    st.session_state.setdefault(_TEXT, base.content)
    try:
        return parse_agreement(st.session_state[_TEXT])
    except SmarketingError:
        # What does not hold is mended where it was written; the forms show where it began.
        return base.agreement


def _take(store: Store, before: Agreement, text: str) -> None:
    """Let a form's outcome be the draft: the YAML below shows it from now on.

    What cannot be counted is not taken: the form keeps what was typed.
    """
    demand_countable(store.engine, before, parse_agreement(text))
    st.session_state[_TEXT] = text
    st.session_state[_EDITION] = _edition() + 1
    st.rerun()


def _months(store: Store) -> list[Period]:
    first = store.engine.as_of_day.replace(day=1)
    return [period_of(add_months(first, n), "month") for n in range(_MONTHS)]


def _what_it_does(store: Store, before: Agreement, after: Agreement) -> None:
    if not may_show(store.access):
        st.caption("What it would do to the numbers is shown to those who propose and see all.")
        return
    if not st.button("What would it do to last quarter's numbers?", icon=":material/science:"):
        return
    bar = st.progress(0.0, "Building under the proposal …")

    def tell(step: str, share: float) -> None:
        bar.progress(share, step)

    try:
        sides = [
            Under(open_engine_on(build_under(store.home, one, tell), store.access), one)
            for one in (before, after)
        ]
        window = last_quarter(sides[0])
        found = [e for e in effects(sides[0], sides[1], window) if e.is_other]
    except SmarketingError as error:
        failed(error, "The proposal could not be built")
        return
    finally:
        bar.empty()
    if not found:
        st.html(f'<p class="sm-reading">No number of {window.label} changes under it.</p>')
        return
    many = fmt.many(len(found), "number is another", "numbers are others")
    st.html(f'<p class="sm-reading">In {window.label} {many}.</p>')
    rows = [_row(effect, store.engine.currency) for effect in found]
    table(pd.DataFrame(rows), store.engine.currency, key="effects", alt="Numbers under both")


def _row(effect: Effect, currency: str) -> dict[str, str]:
    def said(side: str) -> str:
        result = getattr(effect, side)
        return "none" if result is None else fmt.by_unit(result.value, effect.unit, currency)

    status = [r.status or "" if r else "" for r in (effect.before, effect.after)]
    return {
        "number": effect.label,
        "now": said("before"),
        "proposed": said("after"),
        "status": status[1] if status[0] == status[1] else f"{status[0]} → {status[1]}",
    }


def _put_up(store: Store, versions: Agreed, text: str) -> None:
    if not store.access.may("write"):
        st.caption("Members of a team propose changes.")
        return
    who = ask_who(store)
    note = st.text_input("Why", width=480)
    if not st.button("Propose", type="primary", icon=":material/send:"):
        return
    try:
        made = versions.propose(text, who.name, note, st.session_state[_BASE])
    except OvertakenError as error:
        failed(UsageError(f"{error.what}: nothing was overwritten."), "Somebody else was faster")
        st.markdown("**What they changed**")
        differences(told(_base(versions).agreement, error.theirs))
        st.markdown("**How yours differs from theirs**")
        differences(told(error.theirs, error.yours))
        st.button(
            "Go on from theirs",
            on_click=_go_on,
            args=(_base(versions).agreement, error.theirs, error.yours),
            help="Your draft becomes theirs with what you changed; where both changed one thing, "
            "yours stands there as a change of theirs.",
        )
        return
    except SmarketingError as error:
        failed(error, "It was not proposed")
        return
    for name in (_TEXT, _BASE):
        st.session_state.pop(name, None)
    st.session_state[_EDITION] = _edition() + 1
    st.toast(f"Proposed as version {made.hash[:SHORT]}; it is under Versions, to be signed.")


def _go_on(base: Agreement, theirs: Agreement, yours: Agreement) -> None:
    """Lay what was changed here over what they proposed: neither is undone."""
    st.session_state[_TEXT] = combined(base, theirs, yours)
    st.session_state[_BASE] = theirs.hash
    st.session_state[_EDITION] = _edition() + 1
