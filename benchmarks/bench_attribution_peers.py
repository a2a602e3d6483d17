"""Exact Markov chains and Shapley values against the libraries people use, on the same paths.

    pytest benchmarks/bench_attribution_peers.py -s

A million journeys over twelve channels, aggregated. Each peer is installed into a throw-away folder
and measured in a process of its own; one that cannot be installed is skipped with the reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarketing.analysis.attribution import credit_paths

JOURNEYS = 1_000_000
CHANNELS = 12
TARGET = 3.0
PEERS = {
    "ChannelAttribution": ("ChannelAttribution==2.2.5", "pandas", "matplotlib", "pyarrow"),
    "mta": ("mta==0.0.9", "pandas", "scikit-learn", "arrow", "pyarrow"),
    "marketing-attribution-models": (
        "marketing-attribution-models==2.1.1", "pandas", "seaborn", "matplotlib", "pyarrow",
    ),
}  # fmt: skip
MEASURED: dict[tuple[str, str], tuple[str, str]] = {
    ("markov_1", "ChannelAttribution"): (
        "import ChannelAttribution as peer",
        "peer.markov_model(d, 'path', 'won', var_null='lost', order=1, verbose=False)",
    ),
    ("markov_2", "ChannelAttribution"): (
        "import ChannelAttribution as peer",
        "peer.markov_model(d, 'path', 'won', var_null='lost', order=2, verbose=False)",
    ),
    ("markov_3", "ChannelAttribution"): (
        "import ChannelAttribution as peer",
        "peer.markov_model(d, 'path', 'won', var_null='lost', order=3, verbose=False)",
    ),
    ("markov_1", "mta"): (
        "import mta as peer; from mta.mta import MTA, MTAConfig",
        "MTA(data=g, config=MTAConfig(allow_loops=True, add_timepoints=False)).markov(sim=False)",
    ),
    ("shapley_set", "mta"): (
        "import mta as peer; from mta.mta import MTA, MTAConfig",
        "MTA(data=g, config=MTAConfig(allow_loops=True, add_timepoints=False)).shapley()",
    ),
}
SCRIPT = """
import sys, time, json
import pandas as pd
d = pd.read_parquet(sys.argv[1]).astype({"path": object})
g = d.rename(columns={"won": "total_conversions", "value": "total_conversion_value",
                      "lost": "total_null"})
{setup}
began = time.perf_counter()
{call}
print(json.dumps(time.perf_counter() - began))
"""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path]:
    """Draw the journeys and aggregate them."""
    rng = np.random.default_rng(0)
    lengths = np.minimum(1 + rng.geometric(0.35, JOURNEYS), 20)
    names = np.array([f"channel {number}" for number in range(CHANNELS)], dtype=object)
    steps = names[rng.choice(CHANNELS, lengths.sum(), p=rng.dirichlet(np.full(CHANNELS, 2.0)))]
    ends = np.cumsum(lengths)
    text = [" > ".join(steps[a:b]) for a, b in zip(ends - lengths, ends, strict=True)]
    won = (rng.random(JOURNEYS) < 0.1).astype(int)
    raw = pd.DataFrame({"path": text, "won": won, "lost": 1 - won, "value": won * 100})
    summed = raw.groupby("path", as_index=False).sum()
    file = tmp_path_factory.mktemp("paths") / "paths.parquet"
    summed.to_parquet(file)
    return summed, file


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Remember the throw-away folder of each peer."""
    return {peer: tmp_path_factory.mktemp("peer") for peer in PEERS}


@pytest.mark.parametrize(("what", "peer"), MEASURED, ids="-".join)
def test_against(
    benchmark: Any,
    paths: tuple[pd.DataFrame, Path],
    folders: dict[str, Path],
    what: str,
    peer: str,
) -> None:
    """Faster than every peer; three times is the target."""
    frame, file = paths
    model, _, order = what.partition("_") if what.startswith("markov") else (what, "", "")
    given = {"order": int(order)} if order else {}
    theirs = measured(peer, folders[peer], file, *MEASURED[what, peer])
    benchmark.pedantic(credit_paths, (frame, model), given, rounds=3, warmup_rounds=1)
    ours = benchmark.stats.stats.min
    print(f"\n{what}: {ours:.2f} s, {peer} {theirs:.2f} s, {theirs / ours:.1f} times as fast")
    assert theirs > ours * TARGET


def measured(peer: str, folder: Path, file: Path, setup: str, call: str) -> float:
    """Return a peer's seconds, or skip with the reason it could not run."""
    if not any(folder.iterdir()):
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        done = subprocess.run([*install, *PEERS[peer]], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{peer} cannot be installed: {done.stderr.strip()[-200:]}")
    script = folder / "measure.py"
    script.write_text(SCRIPT.format(setup=setup, call=call), encoding="utf-8")
    began = time.perf_counter()
    run = subprocess.run(
        [sys.executable, str(script), str(file)],
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=1_200,
    )
    if run.returncode:
        pytest.skip(f"{peer} failed after {time.perf_counter() - began:.0f} s: {run.stderr[-300:]}")
    return float(json.loads(run.stdout.strip().splitlines()[-1]))
