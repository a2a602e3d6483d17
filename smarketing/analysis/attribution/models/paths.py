"""Journeys as arrays: many paths of keys, how often each was won and lost, and for what value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarketing.attribution_models import UNKNOWN_KEY
from smarketing.errors import UsageError

SEPARATOR = " > "

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def sums_by(groups: Integers, amounts: Floats, count: int) -> Floats:
    """Sum the amounts of each group numbered 0 to count - 1."""
    return np.bincount(groups, amounts, minlength=count).astype(np.float64, copy=False)


@dataclass(frozen=True)
class Journeys:
    """Paths laid end to end: `steps` are numbers into `keys`, path p has `lengths[p]` of them.

    `won`, `lost` and `value` are one number per path (journeys, journeys, money of the won).
    `days` are the days from each step to its path's anchor, where known.
    """

    keys: tuple[str, ...]
    steps: Integers
    lengths: Integers
    won: Floats
    lost: Floats
    value: Floats
    days: Floats | None = None

    @cached_property
    def ends(self) -> Integers:
        """One past the last step of each path."""
        return np.cumsum(self.lengths)

    @cached_property
    def starts(self) -> Integers:
        """The first step of each path."""
        return self.ends - self.lengths

    @cached_property
    def path_of(self) -> Integers:
        """The path each step belongs to."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def position(self) -> Integers:
        """The place of each step in its path, from 0."""
        return np.arange(len(self.steps)) - np.repeat(self.starts, self.lengths)

    def chosen(self, keep: npt.NDArray[np.bool_]) -> Journeys:
        """Return only the paths for which `keep` is true."""
        if keep.all():
            return self
        steps = np.repeat(keep, self.lengths)
        return Journeys(
            self.keys,
            self.steps[steps],
            self.lengths[keep],
            self.won[keep],
            self.lost[keep],
            self.value[keep],
            None if self.days is None else self.days[steps],
        )

    def totals(self, weights: Floats, per_path: Floats) -> Floats:
        """Sum weight x its path's number by key."""
        amounts = weights * np.repeat(per_path, self.lengths)
        return sums_by(self.steps, amounts, len(self.keys))

    def collapsed(self) -> Journeys:
        """Return the paths with a key that follows itself written once."""
        keep = np.ones(len(self.steps), dtype=bool)
        keep[1:] = self.steps[1:] != self.steps[:-1]
        filled = self.lengths > 0
        keep[self.starts[filled]] = True
        if keep.all():
            return self
        kept_before = np.concatenate(([0], np.cumsum(keep)))
        lengths = kept_before[self.ends] - kept_before[self.starts]
        steps = self.steps[keep]
        return Journeys(self.keys, steps, lengths, self.won, self.lost, self.value)


def read_paths(paths: pd.DataFrame) -> Journeys:
    """Read a frame of `path`, `won` and optionally `lost`, `value`, `days` into `Journeys`.

    `path` holds keys joined by ' > ' in time order, empty for a journey without touches. `days`
    (needed by time decay) holds the days from each touch to the anchor, as a list, or as numbers
    joined by ' > '. Keys come out sorted, so that the order of rows changes nothing. UsageError
    when a column is missing or a number is negative or not finite.
    """
    for column in ("path", "won"):
        if column not in paths.columns:
            raise UsageError(
                f"The paths have no column '{column}'; they need path, won and optionally lost, "
                "value, days."
            )
    keys, steps, lengths = _steps(paths["path"])
    count = len(lengths)
    return Journeys(
        keys,
        steps,
        lengths,
        _numbers(paths, "won", count),
        _numbers(paths, "lost", count),
        _numbers(paths, "value", count, negative=True),
        _days(paths, lengths),
    )


def _numbers(paths: pd.DataFrame, column: str, count: int, negative: bool = False) -> Floats:
    if column not in paths.columns:
        return np.zeros(count)
    given = pd.to_numeric(paths[column], errors="coerce")
    numbers = given.to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~np.isfinite(numbers) if negative else ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        kind = "a number" if negative else "a number of at least 0"
        shown = paths[column].tolist()[row]
        raise UsageError(f"Row {row} of the paths has {column} {shown!r}; it has to be {kind}.")
    return numbers


def _steps(column: pd.Series) -> tuple[tuple[str, ...], Integers, Integers]:
    # A column without rows is of any type.
    given: pd.Series | list[str] = column if len(column) else []
    text = pa.array(given, type=pa.large_string(), from_pandas=True)
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    split = pc.split_pattern(pc.fill_null(text, ""), SEPARATOR)
    lengths = pc.list_value_length(split).to_numpy().astype(np.int64)
    encoded = split.flatten().dictionary_encode()
    codes = encoded.indices.to_numpy().astype(np.int64)
    raw = [str(token).strip() for token in encoded.dictionary.to_pylist()]
    empty = pc.equal(pc.utf8_trim_whitespace(text), "").fill_null(True).to_numpy(False)
    if empty.any():
        codes = codes[~np.repeat(empty, lengths)]
        lengths = np.where(empty, 0, lengths)
    return *_sorted_keys(raw, codes), lengths


def _sorted_keys(raw: Sequence[str], codes: Integers) -> tuple[tuple[str, ...], Integers]:
    used = np.bincount(codes, minlength=len(raw)) > 0
    names = [token or UNKNOWN_KEY for token in raw]
    keys = sorted({name for name, is_used in zip(names, used, strict=True) if is_used})
    place = {key: number for number, key in enumerate(keys)}
    renumbered = np.array([place.get(name, 0) for name in names], dtype=np.int64)
    steps = renumbered[codes] if len(codes) else np.zeros(0, dtype=np.int64)
    return tuple(keys), steps


def _days(paths: pd.DataFrame, lengths: Integers) -> Floats | None:
    if "days" not in paths.columns:
        return None
    ages = [_ages(given) for given in paths["days"]]
    for row, (given, length) in enumerate(zip(ages, lengths, strict=True)):
        if len(given) != length:
            raise UsageError(
                f"Row {row} of the paths has {length} touches and {len(given)} days; each touch "
                "needs the days from it to the anchor."
            )
    flat = np.array([age for given in ages for age in given], dtype=np.float64)
    if not np.isfinite(flat).all() or (flat < 0).any():
        raise UsageError("The days of the paths are numbers of at least 0: touch to anchor.")
    return flat


def _ages(given: object) -> list[float]:
    if isinstance(given, str):
        given = [part for part in given.split(SEPARATOR.strip()) if part.strip()]
    elif isinstance(given, (int, float)):
        given = [] if pd.isna(given) else [given]
    try:
        return [float(age) for age in given]  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise UsageError(f"The days {given!r} of a path are not numbers.") from error
