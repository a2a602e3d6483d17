"""The forms of a proposal: numbers, targets by month, words and owners, one KPI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement
from smarketing.agreement.edits import (
    NUMBERS,
    TargetRow,
    number_at,
    target_grid,
    with_numbers,
    with_targets,
)
from smarketing.agreement.entries import FIXED, WORDS, entries, kpi_fields, with_entries, with_kpi
from smarketing.agreement.kpis import Pace, Unit
from smarketing.charts import format as fmt
from smarketing.charts.words import column_label
from smarketing.errors import SmarketingError
from smarketing.periods import Period
from smarketing.ui.grid import number_text, read_number
from smarketing.ui.states import failed

#: What takes a form's outcome, a text of the agreement, into the draft, or says why not.
Take = Callable[[str], None]

_PARTS = {
    "stages": "the stages of the funnel",
    "exits": "the ways out of it, with their reasons",
    "roles": "the roles that answer for numbers",
    "glossary": "the glossary",
}
_PACES = {
    "working_days": "over working days",
    "even": "evenly",
    "seasonal": "as in the year before",
}
_BETTER = {"up": "more is better", "down": "less is better", "none": "neither is better"}
_WAYS = {
    "expression": "from the records of a mart",
    "ratio": "one number divided by another",
    "formula": "by a formula over others",
}
#: The fields that only a KPI has which is counted from records.
_COUNTED = ("mart", "date_column", "expression", "filter", "recorded", "stage", "step")
_NEW = ""


def forms(draft: Agreement, months: list[Period], edition: int, take: Take) -> None:
    """Ask for what people change without writing YAML; what they send becomes the draft."""
    with (
        st.expander("Promises and thresholds", icon=":material/tune:"),
        st.form(f"numbers_{edition}", border=False),
    ):
        given = {}
        grid = st.columns(2, gap="large")
        for place, (path, label, unit) in enumerate(NUMBERS):
            with grid[place % 2]:
                given[path] = st.number_input(
                    f"{label} ({unit})",
                    value=number_at(draft, path),
                    min_value=0.0,
                    step=1.0,
                    format="%g",
                )
        if st.form_submit_button("Put into the draft"):
            _try(lambda: with_numbers(draft, given), take)
    with st.expander("Targets by month", icon=":material/target:"):
        _targets(draft, months, edition, take)
    with st.expander("Words and owners", icon=":material/edit_note:"):
        _words(draft, edition, take)
    with st.expander("A KPI", icon=":material/function:"):
        _kpi(draft, edition, take)


def _try(change: Callable[[], str], take: Take) -> None:
    try:
        take(change())
    except SmarketingError as error:
        failed(error, "The draft was not changed")


def _targets(draft: Agreement, months: list[Period], edition: int, take: Take) -> None:
    """The grid of targets, into which rows can be pasted from a spreadsheet."""
    labels = [month.label for month in months]
    held = {(row.kpi, row.segment): row for row in target_grid(draft, months)}
    shares = {kpi.id for kpi in draft.kpis if kpi.unit == "rate"}
    rows = [
        {"KPI": r.kpi, "segment": r.segment, "spread": r.pace}
        | {label: number_text(v, is_share=r.kpi in shares) for label, v in r.values.items()}
        for r in held.values()
    ]
    st.caption(
        "A row for each KPI, for all or for one segment; cells and rows can be pasted from a "
        "spreadsheet. Money in major units, a rate in %, or below 1 as a share. How a target is "
        "spread over its month says what is due by now."
    )
    names = {kpi.id: kpi.label for kpi in draft.kpis}
    segments = {"": "all"} | {one.id: one.label for one in draft.classification.segments}
    columns: dict[str, Any] = {
        "KPI": _choice("KPI", names, is_needed=True),
        "segment": _choice("Segment", segments),
        "spread": _choice("Spread", _PACES, width=168),
        **{label: st.column_config.TextColumn(alignment="right") for label in labels},
    }
    edited: pd.DataFrame = st.data_editor(
        pd.DataFrame(rows, columns=["KPI", "segment", "spread", *labels]),
        num_rows="dynamic",
        hide_index=True,
        key=f"targets_{edition}",
        column_config=columns,
        placeholder="",
    )
    if st.button("Put the targets into the draft"):
        _try(lambda: with_targets(draft, _typed_targets(draft, edited, held, labels), months), take)


def _typed_targets(
    draft: Agreement,
    edited: pd.DataFrame,
    held: Mapping[tuple[str, str], TargetRow],
    labels: list[str],
) -> list[TargetRow]:
    """The rows of the grid; UsageError for a cell that holds no number."""
    found = []
    shares = {kpi.id for kpi in draft.kpis if kpi.unit == "rate"}
    for row in edited.to_dict("records"):
        if not _text(row["KPI"]):
            continue
        kpi, segment = _text(row["KPI"]), _text(row["segment"])
        values = {label: read_number(row[label], is_share=kpi in shares) for label in labels}
        found.append(
            TargetRow(kpi, segment, values, _pace(row["spread"], held.get((kpi, segment))))
        )
    return found


def _pace(said: object, known: TargetRow | None) -> Pace | None:
    """How a row is spread if that was changed: months that differ stay as they are otherwise."""
    chosen = next((pace for pace in get_args(Pace) if pace == said), None)
    return None if known is not None and known.pace == chosen else chosen


def _words(draft: Agreement, edition: int, take: Take) -> None:
    """A grid of one part's entries, to be reworded or given to another owner."""
    part = st.selectbox(
        "What to reword", list(_PARTS), format_func=_PARTS.__getitem__, width=320, key="words_part"
    )
    frame = pd.DataFrame(entries(draft, part), columns=list(WORDS[part]))
    teams = {team.id: team.label for team in draft.teams}
    columns: dict[str, Any] = {}
    for name in frame.columns:
        label, is_set = column_label(name), name == "id" and part in FIXED
        columns[name] = (
            _choice(label, teams, is_needed=True)
            if name in {"owner", "team"}
            else st.column_config.ListColumn(label)
            if name == "reasons"
            else st.column_config.TextColumn(label, disabled=is_set)
        )
    st.caption(
        "Stages and ways out are added as YAML below, since others name them."
        if part in FIXED
        else "Rows can be added, taken away and pasted from a spreadsheet."
    )
    edited: pd.DataFrame = st.data_editor(
        frame,
        num_rows="fixed" if part in FIXED else "dynamic",
        hide_index=True,
        key=f"words_{part}_{edition}",
        column_config=columns,
        placeholder="",
    )
    if st.button("Put the words into the draft"):
        rows = [
            {str(name): _entry(str(name), cell) for name, cell in row.items()}
            for row in edited.to_dict("records")
        ]
        kept = [row for row in rows if any(row.values())]
        _try(lambda: with_entries(draft, part, kept), take)


def _entry(name: str, cell: object) -> object:
    if name != "reasons":
        return _text(cell)
    reasons = cell if isinstance(cell, Iterable) and not isinstance(cell, str) else ()
    return [str(reason).strip() for reason in reasons if str(reason).strip()]


def _kpi(draft: Agreement, edition: int, take: Take) -> None:
    """One KPI, known or new: what it asks, how it is counted, who answers for it."""
    labels = {_NEW: "a new KPI"} | {kpi.id: kpi.label for kpi in draft.kpis}
    with st.container(horizontal=True):
        chosen = st.selectbox(
            "KPI", list(labels), format_func=labels.__getitem__, width=320, key="kpi_edited",
            index=1 if len(labels) > 1 else 0,
        )  # fmt: skip
        now = kpi_fields(draft, chosen) if chosen else {}
        ways = list(_WAYS)
        held = next((place for place, way in enumerate(ways) if way in now), 0)
        way = st.selectbox(
            "Counted", ways, format_func=_WAYS.__getitem__, width=320, index=held,
            key=f"kpi_way_{chosen}_{edition}",
        )  # fmt: skip
    with st.form(f"kpi_{chosen}_{way}_{edition}", border=False):
        fields = {"id": chosen or st.text_input("ID, in lower case", placeholder="won_deals_dach")}
        fields |= _told(now) | _counted(draft, now, way) | _answered(draft, now)
        if st.form_submit_button("Put the KPI into the draft"):
            _try(lambda: with_kpi(draft, fields), take)


def _told(now: Mapping[str, Any]) -> dict[str, Any]:
    """What a KPI is called, asks and means."""
    return {
        "label": st.text_input("Label", value=now.get("label", "")),
        "question": st.text_input("Question it answers", value=now.get("question", "")),
        "definition": st.text_area("Definition", value=now.get("definition", ""), height=96),
    }


def _counted(draft: Agreement, now: Mapping[str, Any], way: str) -> dict[str, Any]:
    """How a KPI is counted; the fields of the ways that it is not are taken away."""
    fields: dict[str, Any] = dict.fromkeys(("ratio", "formula", *_COUNTED))
    if way == "formula":
        return fields | {way: st.text_input("Formula", value=now.get(way, ""))}
    left, right = st.columns(2, gap="large")
    if way == "ratio":
        held = now.get(way, {})
        parts = {}
        for place, name in ((left, "numerator"), (right, "denominator")):
            with place:
                parts[name] = _pick(
                    column_label(name), {k.id: k.label for k in draft.kpis}, held.get(name)
                )
        return fields | {way: parts}
    asked = {
        "mart": ("Mart", left),
        "date_column": ("Day that puts a record into a period", right),
        "expression": ("Expression", left),
        "filter": ("Only records where", right),
    }
    kept = {name: now[name] for name in _COUNTED if name in now}
    given = {
        name: column.text_input(label, value=now.get(name, ""))
        for name, (label, column) in asked.items()
    }
    return fields | kept | given


def _answered(draft: Agreement, now: Mapping[str, Any]) -> dict[str, Any]:
    """Its unit, which way is better, who answers for it in each team, and where it stands."""
    left, right = st.columns(2, gap="large")
    roles, owners = {role.id: role.label for role in draft.roles}, now.get("owners", {})
    with left:
        unit = _pick("Unit", {name: name for name in get_args(Unit)}, now.get("unit"))
        marketing = _pick("Answers for it in marketing", roles, owners.get("marketing"))
    with right:
        direction = _pick("Direction", _BETTER, now.get("direction"))
        sales = _pick("Answers for it in sales", roles, owners.get("sales"))
    return {
        "unit": unit,
        "direction": direction,
        "owners": {"marketing": marketing, "sales": sales},
        "headline": st.toggle("Shown among the first", value=now.get("headline", False)),
    }


def _pick(label: str, words: Mapping[str, str], held: object) -> str:
    names = list(words)
    place = names.index(str(held)) if held in words else 0
    return str(st.selectbox(label, names, index=place, format_func=words.__getitem__))


def _choice(
    label: str, words: Mapping[str, str], *, is_needed: bool = False, width: int | None = None
) -> Any:
    return st.column_config.SelectboxColumn(
        label,
        width=width,
        options=list(words),
        format_func=lambda one: words.get(str(one), str(one)),
        required=is_needed,
    )


def _text(cell: object) -> str:
    return "" if fmt.is_missing(cell) else str(cell).strip()
