"""What came back for the cost of a window under a model by key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smarketing.agreement import Agreement
from smarketing.analysis.attribution.fitted import Fitted, fit
from smarketing.analysis.attribution.returns import Returned, at_one_margin, margins_of
from smarketing.analysis.attribution.settings import BY_TOUCH, AttributionSettings
from smarketing.analysis.attribution.store_paths import UnitJourneys


def key_returns(
    agreement: Agreement,
    settings: AttributionSettings,
    units: UnitJourneys,
    fitted: Fitted,
    name: str,
) -> dict[str, Returned]:
    """Return what came back, per key of a model by key; empty by touch, which it cannot tell.

    The margin is shared out as the revenue is: the model runs on the margin of each deal's day.
    """
    if settings.returns_by == BY_TOUCH:
        return {}
    totals, margins = fitted.totals, margins_of(agreement, settings.window)
    if len(margins) == 1:
        return at_one_margin(totals, margins[0])
    if None in margins:
        return {key: Returned(c, None) for key, c in zip(totals.keys, totals.credit, strict=True)}
    known = sorted(agreement.attribution.gross_margin, key=lambda entry: entry.starts_on)
    starts = np.array([entry.starts_on for entry in known], dtype="datetime64[D]")
    place = np.searchsorted(starts, units.days, side="right") - 1
    share = np.array([entry.margin for entry in known])[place]
    earned = np.rint(units.amount * share).astype(np.int64)
    at_margin = fit(replace(units, amount=earned), name, settings).totals
    return {
        key: Returned(credit, float(margin))
        for key, credit, margin in zip(totals.keys, totals.credit, at_margin.credit, strict=True)
    }
