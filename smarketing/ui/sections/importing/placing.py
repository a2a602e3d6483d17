"""What the agreement does not place yet, placed in a proposal of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from smarketing.access import Access
from smarketing.agreement import parse_agreement
from smarketing.agreement.classification import UNMAPPED
from smarketing.agreement.edits import with_channels, with_outcomes, with_statuses
from smarketing.agreement.matching import normalise
from smarketing.agreement.outcomes import OUTCOMES, StageOutcome
from smarketing.build.importing.report import Unplaced
from smarketing.build.importing.unmapped import unmapped_channels, unmapped_statuses
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.store.agreed import SHORT, Agreed, agreed
from smarketing.ui.states import failed

_LATER = "later"
_MOST = 12


@dataclass(frozen=True)
class _Placed:
    """What somebody said: how stages of deals end, and what raw words stand for."""

    stages: Sequence[StageOutcome]
    statuses: Mapping[str, str]
    channels: Mapping[str, str]

    @property
    def is_anything(self) -> bool:
        return bool(self.stages or self.statuses or self.channels)


def place(home: Path, access: Access, unplaced: Sequence[Unplaced]) -> None:
    """Ask what stages, statuses and raw channels are, and put the answers up as one proposal."""
    versions = agreed(home)
    # What somebody proposed meanwhile is not asked again: a second answer would stand beside it.
    agreement = versions.version(versions.tip()).agreement
    rules = agreement.classification
    statuses = [one for one in unmapped_statuses(home) if not rules.lead_status_of(one)][:_MOST]
    channels = [c for c in unmapped_channels(home) if rules.channel_of(c) == UNMAPPED][:_MOST]
    said = {one.key for one in agreement.deal_outcomes}
    unplaced = [o for o in unplaced if (normalise(o.pipeline), normalise(o.stage)) not in said]
    if not (unplaced or statuses or channels):
        return
    ways = {stage.id: stage.label for stage in agreement.stages}
    ways |= {way.id: way.label for way in agreement.exits}
    known = {one.id: one.label for one in agreement.classification.channels}
    placed = _Placed(
        _stages(unplaced[:_MOST]),
        _words("Which stages or exits are these statuses of leads?", "status", statuses, ways),
        _words("Which channels are these?", "channel", channels, known),
    )
    who = access.name if access.is_verified else st.text_input("Your name", key="who_places")
    ready = placed.is_anything and bool(who.strip())
    label = "Propose this for the agreement"
    if st.button(label, key="propose_places", disabled=not ready) and ready:
        _propose(versions, who, placed)


def _stages(unplaced: Sequence[Unplaced]) -> list[StageOutcome]:
    """Ask of each stage that nothing places whether its deals are won, lost or open."""
    if unplaced:
        st.subheader("Which of these stages are won, lost or open?")
    chosen = []
    for one in unplaced:
        # An answer stays with its stage, whatever comes before it when the page is drawn again.
        key = f"stage_{(one.source, one.pipeline, one.stage, one.currency)!r}"
        picked = st.radio(markdown(str(one)), [_LATER, *OUTCOMES], key=key, horizontal=True)
        if picked in OUTCOMES and one.stage:
            chosen.append(StageOutcome(stage=one.stage, outcome=picked, pipeline=one.pipeline))
    return chosen


def _words(title: str, key: str, raw: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Ask of each raw word that no rule maps what it stands for."""
    if raw:
        st.subheader(title)
    chosen = {}
    for value in raw:
        picked = st.selectbox(
            markdown(value), ["", *known], format_func=_label(known), key=f"{key}_{value}",
            width=320,
        )  # fmt: skip
        if picked:
            chosen[value] = picked
    return chosen


def _label(known: Mapping[str, str]) -> Callable[[str], str]:
    return lambda one: known.get(one, "(unmapped)")


def _propose(versions: Agreed, who: str, placed: _Placed) -> None:
    """Put the answers up for both teams to sign, beside what was proposed before."""
    try:
        tip = versions.version(versions.tip())
        text = with_outcomes(tip.agreement, placed.stages)
        text = with_statuses(parse_agreement(text), placed.statuses)
        text = with_channels(parse_agreement(text), placed.channels)
        made = versions.propose(text, who, "What an import brought and nothing placed.", tip.hash)
    except SmarketingError as error:
        failed(error, "It was not proposed")
        return
    st.success(
        f"Proposed as version {made.hash[:SHORT]}: both teams sign it on the page Agreement, and "
        "then it counts with the next build."
    )
