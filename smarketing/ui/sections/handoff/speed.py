"""Exhibits of speed to lead: how long leads wait, for whom, and whether it matters."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.handoff.listing import response_records
from smarketing.analysis.handoff.obligations import handoff_records
from smarketing.analysis.handoff.speed import ResponseBand, Span, Speed
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.handoff.obligations import definition
from smarketing.ui.session import ask
from smarketing.ui.view import View

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

WAITS = {
    "speed": "qualified to first touch",
    "routing": "qualified to assigned",
    "response": "assigned to first touch",
}
TIMES = ("business time", "elapsed time")


def waiting(view: View, found: Sequence[Speed], by: str, wait: str, time: str) -> Exhibit:
    """How long leads waited, by a dimension: median and 90th percentile of one part of the wait."""
    found = sorted(found, key=lambda s: _place(by, s.key))
    names = [_member(view, by, s.key) for s in found]
    spans = [getattr(s, wait) for s in found]
    frame = pd.DataFrame(
        {
            "key": [s.key for s in found],
            by: names,
            "handed over": [s.handovers for s in found],
            "touched": [s.touched for s in found],
            "median": [_at(span, time, 0) for span in spans],
            "90th percentile": [_at(span, time, 1) for span in spans],
        }
    ).astype({"median": "Float64", "90th percentile": "Float64"})
    shown = frame[frame["median"].notna()]
    shown = shown.assign(
        note=[
            f"90th {fmt.minutes(p)}, {words.of_n(n)}"
            for p, n in zip(shown["90th percentile"], shown["touched"], strict=True)
        ]
    )
    untold = next((s.reason for s in found if s.reason), None) if wait != "routing" else None
    table = _table(names, found, by)
    return Exhibit(
        key="speed",
        title="How long leads wait is not known" if untold else _waiting_title(shown, by, wait),
        reason=untold or "",
        reading=f"{WAITS[wait].capitalize()}, {time}: median, 90th percentile beside it. Leads "
        "nobody touched have no time; they count as missed obligations.",
        view=view,
        definition=definition(
            view,
            "Speed to lead",
            "How long does a qualified lead wait for a human?",
            "Routing time (qualified to assigned) plus response time (from the later of the two "
            "to the first human touch by sales), in business minutes of the owner's calendar or in "
            "elapsed minutes.",
            "handoff/speed",
        ),
        data=table.head(0) if untold else table,
        draw=lambda look: ranked_bars(
            shown,
            look,
            Encoding(
                key="key",
                value="median",
                unit="minutes",
                labels=dict(zip(shown["key"], shown[by], strict=True)),
                note="note",
                hue=look.sales,
            ),
            keep=24,
            in_order=by in ("weekday", "hour"),
        ),
        records=lambda part: _speed_records(view, found, by, part),
        parts={s.key: name for s, name in zip(found, names, strict=True)},
        choices={"By": by, "Wait": WAITS[wait], "In": time},
    )


def _waiting_title(shown: pd.DataFrame, by: str, wait: str) -> str:
    solid = shown[shown["touched"] >= 30].sort_values("median", ascending=False)
    if shown.empty:
        return "No handed-over lead has been touched"
    if len(solid) < 2:
        return f"Too few touched leads to compare by {by}"
    worst, best = solid.iloc[0], solid.iloc[-1]
    verb = "are routed slowest" if wait == "routing" else "wait longest"
    names = {"owner": "Leads of {}", "hour": "Leads of {}", "weekday": "{} leads"}
    who = names.get(by, "{} leads").format(worst[by])
    return (
        f"{who} {verb}: {fmt.minutes(worst['median'])} at the median, "
        f"{fmt.minutes(best['median'])} for {best[by]}"
    )


def _table(names: Sequence[str], found: Sequence[Speed], by: str) -> pd.DataFrame:
    """Every part of the wait in both times, in minutes: the figure's numbers."""
    rows = []
    for name, speed in zip(names, found, strict=True):
        row: dict[str, object] = {
            by: name,
            "handed over": speed.handovers,
            "touched": None if speed.reason else speed.touched,
        }
        for wait in WAITS:
            for place, word in enumerate(("median", "90th")):
                for time in TIMES:
                    span = getattr(speed, wait)
                    row[f"{wait} {word}, {time} (minutes)"] = _at(span, time, place)
        rows.append(row)
    return pd.DataFrame(rows)


def _at(span: Span, time: str, place: int) -> float | None:
    if time == TIMES[0]:
        return (span.median, span.p90)[place]
    return (span.elapsed_median, span.elapsed_p90)[place]


def _place(by: str, key: str) -> tuple[int, str]:
    return (int(key), "") if by in ("weekday", "hour") and key.isdigit() else (99, key)


def _member(view: View, by: str, key: str) -> str:
    if by == "weekday" and key.isdigit():
        return WEEKDAYS[int(key) - 1]
    if by == "hour" and key.isdigit():
        return f"{int(key):02d}:00"
    return name_of(view.store.agreement, by, key)


def _speed_records(view: View, found: Sequence[Speed], by: str, part: str | None) -> Records:
    speeds = [s for s in found if part in (None, s.key)]
    filters = view.filters
    if part is not None:
        filters = filters.with_(**{by: [speeds[0].key]})
    rows = ask(view.store, handoff_records, view.window, "qualified", filters)
    expected = float(sum(s.handovers for s in speeds))
    return listed(view.store, rows, "handovers", expected=expected)


def by_response(view: View, found: Sequence[ResponseBand], untold: str | None = None) -> Exhibit:
    """Conversion against response time, with n; association, not proof.

    `untold` says why nobody knows whom sales answered.
    """
    frame = pd.DataFrame(
        [
            {
                "answered": b.label,
                "handed over": b.handovers,
                "opportunity": b.opportunity.rate,
                "low": b.opportunity.low,
                "high": b.opportunity.high,
                "accepted": b.accepted.rate,
                "customer": b.customer.rate,
                "note": f"{b.opportunity.successes} of {b.opportunity.n}",
                "few": b.opportunity.as_counts,
            }
            for b in found
        ],
        columns=["answered", "handed over", "opportunity", "low", "high", "accepted", "customer",
                 "note", "few"],
    )  # fmt: skip
    for column in ("opportunity", "low", "high"):
        frame[column] = frame[column].astype("Float64")
    return Exhibit(
        key="by_response",
        title="Whether fast answers go further is not known"
        if untold
        else _fast_against_slow(found),
        reason=untold or "",
        reading="Association, not cause: sales may answer the better leads first. Lines are 95 % "
        "intervals.",
        view=view,
        definition=definition(
            view,
            "Conversion by response time",
            "Does answering faster go with more opportunities?",
            "Mature handovers of the period by business time to the first human touch.",
        ),
        data=frame.drop(columns=["note", "few"]),
        records=lambda part: _band_records(view, found, part),
        parts=tuple(b.label for b in found),
        draw=lambda look: ranked_bars(
            frame,
            look,
            Encoding(
                key="answered",
                value="opportunity",
                unit="rate",
                low="low",
                high="high",
                note="note",
                pale="few",
                hue=look.sales,
            ),
            in_order=True,
        ),
        units=dict.fromkeys(("opportunity", "low", "high", "accepted", "customer"), "rate"),
    )


def _fast_against_slow(found: Sequence[ResponseBand]) -> str:
    """What became of the leads answered first, and of those answered last."""
    solid = [b for b in found if not b.opportunity.is_small and b.opportunity.rate is not None]
    if len(solid) < 2:
        return "Too few leads to compare fast with slow answers"
    first, last = solid[0], solid[-1]
    ends = {"never": "left unanswered", "later": "answered later"}
    return (
        f"Answered {first.label}, {fmt.percent(first.opportunity.rate, 0)} become opportunities; "
        f"{ends.get(last.label, last.label)}, {fmt.percent(last.opportunity.rate, 0)}"
    )


def _band_records(view: View, found: Sequence[ResponseBand], part: str | None) -> Records:
    store = view.store
    rows = ask(store, response_records, store.agreement, view.window, view.filters)
    chosen = [b for b in found if part is None or b.label == part]
    if part is not None:
        rows = rows[rows["answered"] == part]
    expected = float(sum(b.handovers for b in chosen))
    return listed(store, rows, "mature handovers", expected=expected)
