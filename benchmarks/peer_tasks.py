"""What a peer runs in its own environment: one model over the paths of a CSV file, timed.

    python peer_tasks.py ChannelAttribution markov 1 paths.csv

Reading the file and importing the package are not timed. Prints the seconds of the best of three
runs; says why on standard error, and ends with 3, where the peer has no such model.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any


def channel_attribution(model: str, order: int, paths: Any) -> Callable[[], Any]:
    """ChannelAttribution fits Markov of any order; it samples the walks."""
    import ChannelAttribution

    if model != "markov":
        raise NotImplementedError("has no Shapley value")
    columns = {"var_value": "value", "var_null": "lost", "order": order}
    quiet = {"verbose": False, "flg_pro": False}
    return lambda: ChannelAttribution.markov_model(paths, "path", "won", **columns, **quiet)


def mta(model: str, order: int, paths: Any) -> Callable[[], Any]:
    """MTA solves Markov of order 1, and a Shapley value over all key sets."""
    from mta.mta import MTA

    if order != 1:
        raise NotImplementedError("has order 1 only")
    named = paths.rename(columns={"won": "total_conversions", "lost": "total_null"})

    def run() -> Any:
        fitted = MTA(data=named.copy(), add_timepoints=False, allow_loops=True)
        return fitted.markov() if model == "markov" else fitted.shapley()

    return run


def marketing_attribution_models(model: str, order: int, paths: Any) -> Callable[[], Any]:
    """MAM takes won and lost journeys as rows of their own, each with how often it occurred."""
    import pandas as pd
    from mam import MAM

    if order != 1:
        raise NotImplementedError("has order 1 only")
    parts = [paths.assign(won=is_won, times=paths[column]) for column, is_won in
             (("won", True), ("lost", False))]  # fmt: skip
    grouped = pd.concat(parts)[lambda frame: frame["times"] > 0]

    def run() -> Any:
        fitted = MAM(grouped, "grouped_journey", "path", "won", occurrences_colname="times")
        return fitted.run_markov() if model == "markov" else fitted.run_shapley(max_size=12)

    return run


PEERS = {"ChannelAttribution": channel_attribution, "mta": mta,
         "marketing-attribution-models": marketing_attribution_models}  # fmt: skip


def main() -> int:
    """Time one model of one peer."""
    import pandas as pd

    peer, model, order, file = sys.argv[1:]
    paths = pd.read_csv(file)
    try:
        run = PEERS[peer](model, int(order), paths)
    except NotImplementedError as error:
        sys.stderr.write(str(error))
        return 3
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
        if sum(seconds) > 60:
            break
    print(min(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
