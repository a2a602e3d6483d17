"""Puts a chosen sample of faults into the program, one at a time: `python -m tools.mutants`.

Prints what each area's tests noticed, and what they did not; exits with 1 where less than 95 % was
noticed in any area, what docs/testing.md accepts left out. `--seed` chooses another sample,
`--only` an area, `--count` so many faults.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue

from tools.mutants.accepted import is_accepted
from tools.mutants.areas import AREAS, ROOT
from tools.mutants.sample import Chosen, sample
from tools.mutants.trial import Trial
from tools.mutants.warm import Outcome

NEEDED = 0.95
Tried = tuple[Chosen, Outcome]


def main(words: Sequence[str]) -> int:
    """Try the sample and print the result; 0 where enough was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[area.name for area in AREAS])
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(words)
    chosen = [
        fault
        for area in AREAS
        if asked.only in (None, area.name)
        for fault in sample(area, asked.seed, asked.count or area.faults)
    ]
    tried = []
    for one in _tried(chosen, asked.workers):
        tried.append(one)
        _say(*one)
    return _summary(tried)


def _tried(chosen: Sequence[Chosen], workers: int) -> Iterator[Tried]:
    """Try every fault in one of as many copies of the program as there are workers."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trials: SimpleQueue[Trial] = SimpleQueue()
        for number in range(workers):
            trials.put(Trial(Path(folder) / str(number)))

        def attempt(one: Chosen) -> Tried:
            trial = trials.get()
            try:
                return one, trial.attempt(one)
            finally:
                trials.put(trial)

        try:
            with ThreadPoolExecutor(workers) as pool:
                yield from pool.map(attempt, chosen)
        finally:
            for _ in range(workers):
                trials.get().close()


def _say(one: Chosen, outcome: Outcome) -> None:
    print(f"{_verdict(one, outcome):9}{one.path.relative_to(ROOT)}  {one.fault.what}", flush=True)
    if outcome.said and outcome.verdict == "killed":
        print(f"         by {outcome.said}", flush=True)


def _verdict(one: Chosen, outcome: Outcome) -> str:
    is_told = outcome.verdict != "survived" or not is_accepted(one.path, one.fault.what)
    return outcome.verdict if is_told else "accepted"


def _summary(tried: Sequence[Tried]) -> int:
    enough = True
    for area, found in groupby(tried, key=lambda one: one[0].area):
        verdicts = [_verdict(*one) for one in found]
        told = [verdict for verdict in verdicts if verdict != "accepted"]
        noticed = len(told) - told.count("survived")
        enough &= noticed >= NEEDED * len(told)
        print(
            f"{area:10} {noticed:3} of {len(told):3} noticed, {len(verdicts) - len(told)} accepted"
        )
    print("enough" if enough else f"less than {NEEDED:.0%} in an area")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
