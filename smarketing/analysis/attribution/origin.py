"""Who sourced the deals, under three tests side by side, and which did marketing influence?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.agreement.attribution import ORIGINATOR_TESTS, ORIGINATORS
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import unknown
from smarketing.periods import Window

OVERLAP = (
    "Sourced and influenced overlap and are never added; one deal has one originator and may be "
    "influenced as well."
)


_NONE = (0, 0, 0)


@dataclass(frozen=True)
class Part:
    """Some deals: how many, worth what (minor units), and their share of all by amount.

    Of `lacking` of the deals the amount is not known: they are in neither amount nor share.
    """

    deals: int
    amount: int
    share: float | None
    lacking: int = 0

    @property
    def is_untold(self) -> bool:
        """Whether there are deals, and the amount of none is known."""
        return 0 < self.deals == self.lacking


@dataclass(frozen=True)
class Origins:
    """Per test the deals of each originator; the originators of a test add up to `all_deals`.

    `agreed_test` is the one that counts. `influenced` overlaps all of them.
    """

    measure: str
    window: Window
    tests: dict[str, dict[str, Part]]
    agreed_test: str
    influenced: Part
    all_deals: Part
    minor_digits: int

    @property
    def sourced(self) -> Part:
        """What marketing sourced under the agreed test."""
        return self.tests[self.agreed_test].get("marketing", Part(0, 0, None))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document; money in major units."""
        return {
            "measure": self.measure,
            "from": self.window.start.isoformat(),
            "to": self.window.end.isoformat(),
            "agreed_test": self.agreed_test,
            "all": self._part(self.all_deals),
            "sourced": self._part(self.sourced),
            "influenced": self._part(self.influenced),
            "tests": {
                test: {name: self._part(part) for name, part in parts.items()}
                for test, parts in self.tests.items()
            },
            "note": OVERLAP,
        }

    def _part(self, part: Part) -> dict[str, Any]:
        money = None if part.is_untold else part.amount / 10**self.minor_digits
        return {
            "deals": part.deals, "amount": money, "share": part.share, "lacking": part.lacking,
        }  # fmt: skip


def origins(
    engine: Engine,
    agreement: Agreement,
    window: Window,
    *,
    measure: str = "revenue",
    filters: Filters = NO_FILTERS,
) -> Origins:
    """Return what each team sourced and marketing influenced: won revenue, or pipeline created.

    Under `revenue` the deals won in the window (by close), under `pipeline` those created in it.
    Shares are of the amount of all these deals, None where that is 0.
    """
    frame = engine.run("attribution/origin", _values(window, measure), filters)
    cells = {
        (str(row["test"]), str(row["originator"])):
            (int(row["deals"]), int(row["amount"]), int(row["lacking"]))
        for row in frame.to_dict("records")
    }  # fmt: skip
    _, whole, _ = cells.get(("all", "all"), _NONE)

    def part(test: str, originator: str) -> Part:
        deals, amount, lacking = cells.get((test, originator), _NONE)
        return Part(deals, amount, amount / whole if whole else None, lacking)

    return Origins(
        measure,
        window,
        {test: {name: part(test, name) for name in ORIGINATORS} for test in ORIGINATOR_TESTS},
        agreement.attribution.originator.test,
        part("influenced", "marketing"),
        part("all", "all"),
        engine.minor_digits,
    )


def origin_records(
    engine: Engine, window: Window, *, measure: str = "revenue", filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Return the deals under `origins`: amount, originator by each test, whether influenced."""
    return engine.run("attribution/ledger_origin", _values(window, measure), filters)


def _values(window: Window, measure: str) -> dict[str, Any]:
    if measure not in ("revenue", "pipeline"):
        raise unknown("measure", measure, ("revenue", "pipeline"), "sourced and influenced")
    return {"measure": measure, "from_day": window.start, "to_day": window.end}
