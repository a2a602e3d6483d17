"""Markov attribution the slow, obvious way: one journey after the other, a dictionary of moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

START, WON, NULL = ("(start)",), ("(won)",), ("(null)",)
State = tuple[str, ...]
#: A journey: its keys in order, how often it was won, how often lost.
Journey = tuple[Sequence[str], int, int]


def states_of(keys: Sequence[str], order: int) -> list[State]:
    """The k-grams of a journey as it stands, one of equal ones in a row; a short one is one."""
    if len(keys) < order:
        return [tuple(keys)]
    grams = [tuple(keys[n : n + order]) for n in range(len(keys) - order + 1)]
    return [gram for n, gram in enumerate(grams) if n == 0 or gram != grams[n - 1]]


def slow_effects(journeys: Sequence[Journey], order: int) -> dict[str, float]:
    """Return the removal effect of every key."""
    moves: dict[State, Counter[State]] = defaultdict(Counter)
    for keys, won, lost in journeys:
        if not keys:
            continue
        for end, times in ((WON, won), (NULL, lost)):
            for here, there in pairwise([START, *states_of(keys, order), end]):
                moves[here][there] += times
    names = sorted({key for keys, _, _ in journeys for key in keys})
    whole = _won(moves, None)
    return {key: 1 - _won(moves, key) / whole if whole else 0.0 for key in names}


def _won(moves: dict[State, Counter[State]], without: str | None) -> float:
    """P(won) from the start when every state that holds a key leads to NULL."""
    alive = [
        state
        for state, ways in moves.items()
        if ways.total() and (state == START or without not in state)
    ]
    if START not in alive:
        return 0.0
    place = {state: number for number, state in enumerate(alive)}
    system, wins = np.eye(len(alive)), np.zeros(len(alive))
    for state, row in place.items():
        for there, times in moves[state].items():
            share = times / moves[state].total()
            if there == WON:
                wins[row] += share
            elif there in place:
                system[row, place[there]] -= share
    return float(np.linalg.solve(system, wins)[place[START]])
