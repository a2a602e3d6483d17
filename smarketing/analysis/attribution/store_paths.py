"""The journeys of a store as arrays: one per deal or lead, for the models that learn from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarketing.analysis.attribution.models.paths import (
    SEPARATOR,
    Floats,
    Integers,
    Journeys,
    read_paths,
)
from smarketing.analysis.attribution.question import Question


@dataclass(frozen=True)
class UnitJourneys:
    """One journey per unit, in unit order.

    `journeys.won` and `.lost` say how the unit ended, as the models learn it; `amount` is what is
    shared out (minor units, 0 for a lost deal), `is_shared` whether the unit is among those
    credited. `cluster` numbers the account that is drawn as one when resampling. `days` is when
    each unit counts: a deal's close or creation, a lead's creation.
    """

    journeys: Journeys
    unit_ids: tuple[str, ...]
    amount: Integers
    is_shared: npt.NDArray[np.bool_]
    cluster: Integers
    days: npt.NDArray[np.datetime64]

    @property
    def clusters(self) -> int:
        """How many accounts (or people, or lone units) there are to draw from."""
        return int(self.cluster.max()) + 1 if len(self.cluster) else 0

    @property
    def touched(self) -> npt.NDArray[np.bool_]:
        """Whether each unit has a touch at all."""
        return self.journeys.lengths > 0


def unit_journeys(asked: Question) -> UnitJourneys:
    """Read every deal's (or lead's) path of keys; the lost ones too, which are worth nothing.

    Under `revenue` and `pipeline` won deals are won and lost ones lost, open ones teach nothing.
    Under `leads` every lead created is won. With `settings.null_leads` mature leads of the window
    that never carried a deal are lost journeys beside the deals, up to their creation.
    """
    settings = asked.settings
    frame, keys = _read(asked)
    frame["is_shared"] = (
        (frame["outcome"] == "won").astype(bool) if settings.measure == "revenue" else True
    )
    is_lead = settings.measure == "leads"
    if settings.null_leads and not is_lead:
        frame, keys = _with_leads(asked, frame, keys)
    outcome = frame["outcome"].astype(object)
    won = np.ones(len(frame)) if is_lead else (outcome == "won").to_numpy(dtype=np.float64)
    lost = np.zeros(len(frame)) if is_lead else (outcome == "lost").to_numpy(dtype=np.float64)
    amount = frame["amount"].to_numpy(dtype=np.int64, na_value=0)
    shared = frame["is_shared"].to_numpy(dtype=bool)
    numbered = read_paths(frame[["path"]].assign(won=won, lost=lost, value=amount.astype(float)))
    return UnitJourneys(
        _named(numbered, keys),
        tuple(str(unit) for unit in frame["unit_id"]),
        np.where(shared, amount, 0),
        shared,
        np.unique(frame["cluster_id"].to_numpy(dtype=object), return_inverse=True)[1].reshape(-1),
        frame["day"].to_numpy(dtype="datetime64[D]"),
    )


def _read(asked: Question) -> tuple[pd.DataFrame, list[str]]:
    """Return the units with their paths as numbers, and the keys in the order of the numbers."""
    frame = asked.run("attribution/paths", with_lost=True)
    return frame, [str(key) for key in asked.run("attribution/keys", with_lost=True)["key"]]


def _with_leads(
    asked: Question, deals: pd.DataFrame, deal_keys: list[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Add the leads that never carried a deal as lost journeys worth nothing."""
    leads, lead_keys = _read(asked.under(replace(asked.settings, measure="leads")))
    never = set(asked.engine.run("attribution/null_leads")["lead_id"])
    leads = leads[leads["unit_id"].isin(never)].assign(outcome="lost", amount=0, is_shared=False)
    keys = sorted({*deal_keys, *lead_keys})
    parts = [_renumbered(deals, deal_keys, keys), _renumbered(leads, lead_keys, keys)]
    return pd.concat(parts, ignore_index=True), keys


def _renumbered(frame: pd.DataFrame, keys: list[str], among: list[str]) -> pd.DataFrame:
    """Write the paths in the numbers of other keys, which hold all of these."""
    place = {key: str(number) for number, key in enumerate(among, start=1)}
    number = {str(old): place[key] for old, key in enumerate(keys, start=1)}
    paths = [
        SEPARATOR.join(number[step] for step in path.split(SEPARATOR)) if path else ""
        for path in frame["path"]
    ]
    return frame.assign(path=paths)


def _named(numbered: Journeys, keys: list[str]) -> Journeys:
    """Put the names in the place of their numbers; `keys` are in the order of the numbers."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.arange(len(keys))
    numbers = np.array([int(name) - 1 for name in numbered.keys], dtype=np.int64)
    steps = place[numbers][numbered.steps] if len(numbers) else numbered.steps
    return replace(numbered, keys=tuple(keys[number] for number in order), steps=steps)


def shared_exactly(amount: Integers, unit: Integers, weight: Floats) -> Integers:
    """Split amounts over their rows by weight, exact: rounded running sum minus the one before.

    `unit` numbers the amount of each row; rows of one unit stand together, their weights add to 1.
    """
    if not len(unit):
        return np.zeros(0, dtype=np.int64)
    last = np.ones(len(unit), dtype=bool)
    last[:-1] = unit[1:] != unit[:-1]
    first = np.roll(last, 1)
    rounded = np.floor(amount[unit] * _running(first, weight) + 0.5000001).astype(np.int64)
    rounded = np.where(last, amount[unit], rounded)
    previous = np.where(first, 0, np.roll(rounded, 1))
    return rounded - previous


def _running(first: npt.NDArray[np.bool_], weight: Floats) -> Floats:
    """Sum the weights within each unit, each unit from 0 so that others cannot shift its digits."""
    running = weight.copy()
    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, len(first)))
    for place in range(1, int(lengths.max())):
        rows = starts[lengths > place] + place
        running[rows] += running[rows - 1]
    return running
