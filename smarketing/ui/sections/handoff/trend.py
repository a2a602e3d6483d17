"""Whether sales keeps its promises over time, week by week or month by month."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.analysis.rates import rate_of
from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.lines import lines
from smarketing.periods import period_of
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.handoff.obligations import definition
from smarketing.ui.view import View

DASH = " · "


def kept_over_time(
    view: View, rows: pd.DataFrame, grain: str, untold: str | None = None
) -> Exhibit:
    """The share of each obligation kept, by the period in which it fell due.

    `rows` are the obligations of the window; periods in which none was judged have no point.
    `untold` says why nothing is known of any.
    """
    placed = rows.assign(period=_periods(view, rows, grain))
    frame = _by_period(placed)
    shown = frame[frame["kept"].notna()].astype({"kept": "float64"})
    hues = dict(zip(OBLIGATIONS, ("sales", "marketing", "shared"), strict=True))
    return Exhibit(
        key="kept_trend",
        title="When follow-up slips is not known" if untold else _title(shown, grain),
        reason=untold or "",
        reading=f"Share kept by the {grain} of the deadline; hollow: fewer than 30 deadlines, no "
        "verdict.",
        view=view,
        definition=definition(
            view,
            "Obligations over time",
            "When does follow-up slip?",
            "Met ÷ (met + missed) among the obligations whose deadline fell in each period.",
            "handoff/obligations",
        ),
        data=frame.drop(columns=["id", "is_small"]),
        draw=lambda look: lines(
            shown,
            look,
            Encoding(key="period", value="kept", unit="rate", pale="is_small"),
            Series(
                column="id",
                labels=OBLIGATIONS,
                hues={name: getattr(look, hue) for name, hue in hues.items()},
            ),
        ),
        records=lambda part: _of(view, placed, frame, part),
        parts={
            f"{r['id']}{DASH}{r['period']}": f"{r['obligation']}, {r['period']}"
            for r in frame.to_dict("records")
        },
        choices={"By": grain},
        timeline=[
            (view.store.agreement.parse_period(label), label) for label in frame["period"].unique()
        ],
        units={"kept": "rate", "low": "rate", "high": "rate"},
    )


def _by_period(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per period and obligation: the share kept, and of how many."""
    found = []
    for (period, obligation), part in placed.groupby(["period", "obligation"], sort=True):
        met = int((part["status"] == "met").sum())
        rate = rate_of(met, met + int((part["status"] == "missed").sum()))
        found.append(
            {
                "period": str(period),
                "id": str(obligation),
                "obligation": OBLIGATIONS[str(obligation)],
                "kept": rate.rate,
                "low": rate.low,
                "high": rate.high,
                "met": met,
                "judged": rate.n,
                "obligations": len(part),
                "is_small": rate.is_small,
            }
        )
    columns = ["period", "id", "obligation", "kept", "low", "high", "met", "judged", "obligations",
               "is_small"]  # fmt: skip
    frame = pd.DataFrame(found, columns=columns)
    for name in ("kept", "low", "high"):
        frame[name] = frame[name].astype("Float64")
    return frame


def _periods(view: View, rows: pd.DataFrame, grain: str) -> list[str]:
    if not len(rows):
        return []
    agreement = view.store.agreement
    due = pd.to_datetime(rows["due_at"].astype("datetime64[us]"), utc=True)
    days: list[dt.date] = list(due.dt.tz_convert(agreement.timezone).dt.date)
    labels = {
        day: period_of(day, grain, week_start=agreement.week_start).label for day in set(days)
    }
    return [labels[day] for day in days]


def _title(shown: pd.DataFrame, grain: str) -> str:
    response = shown[shown["obligation"] == OBLIGATIONS["response"]]
    solid = response[~response["is_small"].astype(bool)]
    if len(solid) < 2:
        # Weeks are small; a slump in one that half of a usual verdict's records shows is named.
        solid = response[response["judged"] >= 10]
    if len(solid) < 2:
        return f"Too few deadlines in each {grain} to see a trend"
    worst = solid.sort_values(["kept", "period"]).iloc[0]
    usual = float(solid["kept"].median())
    if float(worst["high"]) < usual:
        return (
            f"First response slipped in {worst['period']}: {fmt.percent(worst['kept'], 0)} kept, "
            f"against {fmt.percent(usual, 0)} as a rule"
        )
    return f"First response is steady: {fmt.percent(usual, 0)} kept as a rule"


def _of(view: View, placed: pd.DataFrame, frame: pd.DataFrame, part: str | None) -> Records:
    chosen, expected = placed, float(frame["obligations"].sum())
    if part is not None:
        name, _, period = part.partition(DASH)
        chosen = placed[(placed["obligation"] == name) & (placed["period"] == period)]
        row = frame[(frame["id"] == name) & (frame["period"] == period)]
        expected = float(row["obligations"].sum())
    return listed(view.store, chosen, "obligations", expected=expected)
