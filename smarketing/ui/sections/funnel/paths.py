"""Exhibits of the funnel's paths and of two people's two numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel.listing import move_records
from smarketing.analysis.funnel.paths import STAYS, Transition
from smarketing.analysis.funnel.reconcile import Reconciliation
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.charts.maps import Nodes, sankey
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import labels_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import (
    DASH,
    definition,
    event_params,
    of_events,
    stage_label,
)
from smarketing.ui.session import ask
from smarketing.ui.view import View


def flows(view: View, settings: FunnelSettings, found: Sequence[Transition]) -> Exhibit:
    """The transitions leads really made, skips, returns and exits included."""
    agreement = view.store.agreement
    labels = dict(labels_of(agreement, "stage")) | {e.id: e.label for e in agreement.exits}
    teams = {s.id: agreement.team(s.owner).side or "shared" for s in agreement.stages}
    frame = pd.DataFrame(
        [
            {
                "from": t.source,
                "to": t.target,
                "way": t.way,
                "leads": t.count,
                "median_days": t.median_days,
            }
            for t in found
        ],
        columns=["from", "to", "way", "leads", "median_days"],
    )
    moved = frame[frame["to"] != STAYS]
    ways = {
        _way(t): f"{labels.get(t.source, t.source)} → {labels.get(t.target, t.target)}"
        for t in found
        if t.target != STAYS
    }
    odd = int(moved[moved["way"].isin(["skip", "back", "return"])]["leads"].sum())
    total = int(moved["leads"].sum())
    return Exhibit(
        key="flows",
        title=f"{words.share_of(odd, total, 'moves')} skip, go back or return"
        if total
        else "No move between stages is recorded in this view",
        reading="Width: moves between stages as recorded; magenta: back to an earlier stage.",
        view=view,
        definition=definition(
            view, settings, query="funnel/paths", params=event_params(view, settings)
        ),
        data=frame.assign(
            **{"from": frame["from"].replace(labels), "to": frame["to"].replace(labels)}
        ),
        draw=lambda look: sankey(
            moved,
            look,
            Encoding(key="from", value="leads"),
            "to",
            Nodes(
                [s.id for s in agreement.stages] + [e.id for e in agreement.exits], labels, teams
            ),
        ),
        records=lambda part: _moved(view, settings, found, ways, part),
        parts=ways,
        choices=of_events(settings),
    )


def _moved(
    view: View,
    settings: FunnelSettings,
    found: Sequence[Transition],
    names: dict[str, str],
    part: str | None,
) -> Records:
    rows = ask(view.store, move_records, settings, view.filters)
    chosen = list(found)
    if part is not None:
        chosen = [t for t in found if _way(t) == part]
        ways = {(t.source, t.target) for t in chosen}
        pairs = zip(rows["stage"], rows["next_stage"], strict=True)
        rows = rows[[pair in ways for pair in pairs]]
    expected = float(sum(t.count for t in chosen))
    noun = "stage events" if part is None else names[part]
    return listed(view.store, rows, noun, expected=expected)


def _way(found: Transition) -> str:
    return f"{found.source}{DASH}{found.target}"


def two_numbers(view: View, a: FunnelSettings, b: FunnelSettings, found: Reconciliation) -> Exhibit:
    """Two settings for one stage, reconciled lead by lead: who is in both, who in one, and why."""
    stage = stage_label(view, found.stage)
    sides = {"both": "in both", "a": f"only in {a.label}", "b": f"only in {b.label}"}
    frame = pd.DataFrame(
        [
            {
                "id": f"{d.side}{DASH}{d.reason or ''}",
                "why": f"{sides[d.side]}{': ' + d.reason if d.reason else ''}",
                "leads": d.leads,
                "count_a": d.count_a,
                "count_b": d.count_b,
                "note": f"counted {d.count_a} and {d.count_b}",
            }
            for d in found.differences
        ],
        columns=["id", "why", "leads", "count_a", "count_b", "note"],
    )
    whys = dict(zip(frame["id"], frame["why"], strict=True))
    ids = [
        f"{side}{DASH}{reason or ''}"
        for side, reason in zip(found.records["side"], found.records["reason"], strict=True)
    ]
    rows = found.records.assign(why=[whys[key] for key in ids], id=ids)
    rows = rows.drop(columns=["side", "reason"])
    gap = found.count_b - found.count_a
    return Exhibit(
        key="two_numbers",
        title=f"{stage}: {fmt.number(found.count_a)} against {fmt.number(found.count_b)}"
        + (f", {fmt.number(abs(gap))} {'more' if gap > 0 else 'fewer'}" if gap else ", the same"),
        reading=f"A is {a.label}; B is {b.label}. Each lead is in both or in one, for one reason.",
        view=view,
        definition=definition(view, b),
        data=frame.drop(columns=["id", "note"]),
        draw=lambda look: ranked_bars(
            frame, look, Encoding(key="id", value="leads", labels=whys, note="note"), in_order=True
        ),
        records=lambda part: _compared(view, rows, frame, part),
        parts=whys,
        choices={"A": a.label, "B": b.label, "Stage": stage},
    )


def _compared(view: View, rows: pd.DataFrame, frame: pd.DataFrame, part: str | None) -> Records:
    kept, counted = rows, frame
    if part is not None:
        kept, counted = rows[rows["id"] == part], frame[frame["id"] == part]
    expected = float(counted["leads"].sum())
    return listed(view.store, kept.drop(columns="id"), "leads", expected=expected)
