"""Speed to lead: routing and response, in business and in elapsed time, and what it is worth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from smarketing.agreement import Agreement
from smarketing.analysis.funnel.stages import days_between_stages
from smarketing.analysis.handoff.untold import unknown_obligations
from smarketing.analysis.rates import Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Window

BEYOND = 1_000_000


@dataclass(frozen=True)
class Span:
    """Median and 90th percentile in minutes; None where nothing was measured."""

    median: float | None
    p90: float | None
    elapsed_median: float | None
    elapsed_p90: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the span as JSON."""
        return {
            "median_minutes": self.median,
            "p90_minutes": self.p90,
            "elapsed_median_minutes": self.elapsed_median,
            "elapsed_p90_minutes": self.elapsed_p90,
        }


@dataclass(frozen=True)
class Speed:
    """How long handed-over leads waited. `measured` of them have a time of day at both ends;
    those nobody touched have no time and are counted by the obligations instead. `reason` says
    why no source can tell whom anybody touched."""

    key: str
    handovers: int
    touched: int
    measured: int
    routing: Span
    response: Span
    speed: Span
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the speed as JSON."""
        return {
            "key": self.key,
            "handovers": self.handovers,
            "touched": None if self.reason else self.touched,
            "measured": None if self.reason else self.measured,
            "reason": self.reason,
            "routing": self.routing.as_dict(),
            "response": self.response.as_dict(),
            "speed_to_lead": self.speed.as_dict(),
        }


@dataclass(frozen=True)
class ResponseBand:
    """Handovers answered within a band of business minutes (`up_to` None: slower than any other;
    `label` "never": no human touch) and how far they went."""

    label: str
    up_to: int | None
    handovers: int
    accepted: Rate
    opportunity: Rate
    customer: Rate


def speed_to_lead(
    engine: Engine, window: Window, filters: Filters = NO_FILTERS, by: str | None = None
) -> list[Speed]:
    """Answer how long leads qualified in the window waited: by owner, channel, weekday, hour …

    Business minutes on the owner's calendar, elapsed ones beside. Empty without handovers.
    """
    params = {"from": window.start, "to": window.end}
    rows = engine.rows("handoff/speed", params, filters, by)
    touched = any(row["touched"] for row in rows)
    reason = None if touched else unknown_obligations(engine).get("response")
    return [
        Speed(
            str(row["key"]),
            int(row["handovers"]),
            int(row["touched"]),
            int(row["measured"]),
            _span(row, "routing"),
            _span(row, "response"),
            _span(row, "speed"),
            reason,
        )
        for row in rows
    ]


def conversion_by_response(
    engine: Engine, agreement: Agreement, window: Window, filters: Filters = NO_FILTERS
) -> list[ResponseBand]:
    """Answer whether leads that are answered faster go further.

    Only handovers old enough to have become an opportunity, by the windows of the steps on the
    way there. It is association: sales may answer the better leads first. Empty where no source
    says whom sales answered.
    """
    params = response_params(engine, agreement, window)
    bands: list[ResponseBand] = []
    rows = engine.rows("handoff/response", params, filters)
    answered = any(row["band_minutes"] is not None for row in rows)
    if not answered and "response" in unknown_obligations(engine):
        return bands
    for row in rows:
        label = band_label(row["band_minutes"])
        up_to = None if label in ("never", "later") else int(row["band_minutes"])
        n = int(row["handovers"])
        rates = (rate_of(int(row[c]), n) for c in ("accepted", "opportunities", "customers"))
        bands.append(ResponseBand(label, up_to, n, *rates))
    order = {"later": 1, "never": 2}
    return sorted(bands, key=lambda band: (order.get(band.label, 0), band.up_to or 0))


def response_params(engine: Engine, agreement: Agreement, window: Window) -> dict[str, Any]:
    """Return the values that the queries of response time bind: the window, and who is mature."""
    start = agreement.service_levels.from_stage
    days = days_between_stages(engine, agreement, start, agreement.deal_opened)
    return {
        "from": window.start,
        "to": window.end,
        "mature_day": engine.as_of_day - dt.timedelta(days=days),
    }


def band_label(band_minutes: int | None) -> str:
    """Return a band of response time in words; missing: nobody ever answered."""
    if band_minutes is None:
        return "never"
    if band_minutes == BEYOND:
        return "later"
    if band_minutes < 120:
        return f"within {band_minutes} min"
    return f"within {band_minutes // 60} h"


def _span(row: dict[Any, Any], name: str) -> Span:
    columns = ("median", "p90", "elapsed_median", "elapsed_p90")
    return Span(*(_number(row[f"{name}_{column}"]) for column in columns))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
