"""Exhibits of data health: how fresh, what became of every record, what joins to what."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from smarketing.analysis.health.report import OF_FILE, DataHealth, Finding, Join, Reach
from smarketing.analysis.health.report import records as finding_records
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import ranked_bars, stacked
from smarketing.charts.encoding import Encoding
from smarketing.charts.names import html, markdown
from smarketing.errors import SmarketingError
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition, stamp_of
from smarketing.ui.gate import recheck
from smarketing.ui.records import listed, show_records
from smarketing.ui.session import ask
from smarketing.ui.states import failed
from smarketing.ui.view import View

MARKS = {"fault": "▼ fault", "warning": "● warning", "note": "○ note"}
#: Joins that say what became of records, not whether they can be followed.
CONVERSIONS = {("lead", "deal")}
TONES = {"fault": "bad", "warning": "even", "note": "even"}


def headline(health: DataHealth) -> str:
    """The state of the data in one sentence."""
    counts = {name: sum(f.severity == name for f in health.findings) for name in MARKS}
    if not health.findings:
        return health.reading
    parts = [fmt.many(count, name) for name, count in counts.items() if count]
    tail = "figures leave records out" if counts["fault"] else "read them before you quote a figure"
    return f"{', '.join(parts)}: {tail}."


def finding(view: View, found: Finding) -> None:
    """One finding: what it is, what it does to the figures, what to do; its records on demand."""
    with st.container(gap=None):
        st.html(
            f'<div class="sm-state"><p class="sm-named sm-{TONES[found.severity]}">'
            f"{MARKS[found.severity]}</p><p class='sm-strong'>{html(found.sentence)}</p>"
            f"<p>{html(found.next_step)}</p></div>"
        )
        _behind(view, found, "Records")


def note(view: View, found: Finding) -> None:
    """A note in one line; what to do and its records on demand."""
    _behind(view, found, found.sentence)


@st.fragment
def _behind(view: View, found: Finding, label: str) -> None:
    recheck(view.store.access)
    key = f"finding_{found.id.replace('-', '_')}"
    box = st.expander(
        markdown(label), key=key, on_change="rerun", bind="query-params", type="compact"
    )
    if not box.open:
        return
    with box:
        if label != "Records":
            st.caption(markdown(found.next_step))
        try:
            frame = ask(view.store, _records_of, found)
        except SmarketingError as error:
            failed(error)
            return
        stamp = stamp_of(view, f"Data health {found.id}", found.sentence, {})
        show_records(listed(view.store, frame, "records"), stamp, view.store.engine.currency, key)


def _records_of(engine: object, found: Finding) -> pd.DataFrame:
    return finding_records(engine, found)  # type: ignore[arg-type]


def freshness(view: View, health: DataHealth) -> Exhibit:
    """How old each source is against the store's newest data."""
    frame = pd.DataFrame(
        [
            {
                "source": s.source,
                "as of": fmt.day(s.as_of) if s.as_of != "unknown" else s.as_of,
                "age": fmt.days(s.age_days),
                "limit": fmt.days(s.limit_days),
                "state": "stale" if s.is_stale else "fresh",
                "files": s.files,
                "rows": s.rows,
            }
            for s in health.sources
        ]
    )
    stale = [s.source for s in health.sources if s.is_stale]
    return Exhibit(
        key="freshness",
        title=f"{', '.join(stale)} older than agreed"
        if stale
        else f"No source lags behind the newest data, of {fmt.day(view.store.engine.as_of_day)}",
        reading="Age counts from the store's newest data, never from the clock.",
        view=view,
        definition=_definition(
            view, "Freshness", "How far do the data reach?", "health/sources",
            "A source's as-of is given at import, else its newest stamp of something past.",
        ),
        data=frame,
    )  # fmt: skip


def balance(view: View, health: DataHealth) -> Exhibit:
    """What became of every imported record, file by file."""
    told = [[getattr(file, name) for name in OF_FILE] for file in health.files]
    frame = pd.DataFrame(told, columns=[*OF_FILE])
    rows, bad = int(frame["rows"].sum()), int(frame["quarantined"].sum())
    lost = int(frame["lost"].abs().sum())
    shown = frame.sort_values("rows", ascending=False).head(20)
    left = int(frame["unused"].sum())
    return Exhibit(
        key="balance",
        title=f"All {fmt.number(rows)} records are accounted for"
        if not lost
        else f"{fmt.many(lost, 'record is', 'records are')} unaccounted for",
        reading=f"{fmt.number(rows - bad - left)} used, {fmt.number(left)} not used with a reason, "
        f"{fmt.number(bad)} in quarantine.",
        view=view,
        definition=_definition(
            view, "Row balance", "Did every record arrive?", "health/files",
            "Per file: rows = used + unused + quarantined.",
        ),
        data=frame,
        draw=lambda look: stacked(shown, look, Encoding(key="file"), [
                ("used", "used", look.shared),
                ("unused", "not used", look.faint),
                ("quarantined", "quarantined", look.bad),
            ]),
    )  # fmt: skip


def joins(view: View, found: tuple[Join, ...]) -> Exhibit:
    """Which share of a table's records reach the table they point to."""
    frame = pd.DataFrame([dict(vars(j)) for j in found], columns=[*Join.__dataclass_fields__])
    frame["join"] = frame["table"] + " → " + frame["joins_to"] + " (" + frame["source"] + ")"
    frame["meaning"] = [
        "conversion" if pair in CONVERSIONS else "link"
        for pair in zip(frame["table"], frame["joins_to"], strict=True)
    ]
    frame["share"] = frame["joined"] / frame["records"].where(frame["records"] > 0)
    frame["text"] = [
        f"{fmt.number(j)} of {fmt.number(n)}" + (", converted" if m == "conversion" else "")
        for j, n, m in zip(frame["joined"], frame["records"], frame["meaning"], strict=True)
    ]
    shown = frame[frame["share"].notna()]
    links = shown[shown["meaning"] == "link"]
    weak = links.sort_values("share").iloc[0] if len(links) else None
    title = "No record points to another"
    if weak is not None:
        whole = words.share(int(weak["joined"]), int(weak["records"]))
        title = f"Weakest link: {weak['join']}, {whole}"
    if weak is not None and weak["share"] == 1:
        title = "Everything joins"
    return Exhibit(
        key="joins",
        title=title,
        reading="Share of records that reach what they point to; the rest cannot be followed. How "
        "many leads carry a deal is conversion: a low share is no gap.",
        view=view,
        definition=_definition(
            view, "Joins", "What joins to what, and what cannot?", "health/joins",
            "joined = records whose id is found in the other table.",
        ),
        data=frame.drop(columns="text"),
        draw=lambda look: ranked_bars(
            shown, look, Encoding(key="join", value="share", unit="rate", note="text"), keep=40
        ),
        units={"share": "rate"},
    )  # fmt: skip


def reach(view: View, found: tuple[Reach, ...]) -> Exhibit:
    """How many deals marketing's touches reach, by the way that leads there."""
    frame = pd.DataFrame([dict(vars(r)) for r in found], columns=[*Reach.__dataclass_fields__])
    frame["text"] = [
        f"of {fmt.number(n)}, {fmt.number(w)} won worth {fmt.money(a, view.store.engine.currency)}"
        for n, w, a in zip(frame["deals"], frame["won_reached"], frame["won_amount"], strict=True)
    ]
    best = max(found, key=lambda r: r.reached, default=None)
    return Exhibit(
        key="reach",
        needs=("fct_deal", "fct_touch"),
        title=f"Marketing's touches reach {fmt.number(best.reached)} of "
        f"{fmt.many(best.deals, 'deal')} by {best.way}"
        if best and best.deals
        else "There is no deal that a touch could reach",
        reading="Deals with at least one touch of their people, eligible or not.",
        view=view,
        definition=_definition(
            view, "Reach", "How many deals can attribution see?", "health/reach",
            "A deal is reached when a touch of one of its people is recorded.",
        ),
        data=frame.drop(columns="text"),
        draw=lambda look: ranked_bars(
            frame, look, Encoding(key="way", value="reached", note="text", hue=look.marketing)
        ),
        units={"won_amount": "money"},
    )  # fmt: skip


def _definition(view: View, label: str, question: str, query: str, text: str) -> Definition:
    engine = view.store.engine
    return Definition(label, question, text, sql=lambda: engine.sql(query))
