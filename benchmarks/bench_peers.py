"""Exact Markov chains and Shapley values against three packages that are widely used.

    pytest benchmarks/bench_peers.py -s

Every peer is installed from the package index into an environment of its own, which is thrown away
(`SMARKETING_BENCH_PEERS` names a folder that keeps them); where that cannot be done, the reason is
said and the benchmark skipped. A million journeys over 12 channels, the same aggregated paths for
all; reading the paths into the package's own form is timed, importing it is not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from measuring import best, found

from smarketing.analysis.attribution import credit_paths

JOURNEYS = int(os.environ.get("SMARKETING_BENCH_JOURNEYS", "1000000"))
PEERS = {
    "ChannelAttribution": "ChannelAttribution==2.2.5 matplotlib",
    "mta": "mta==0.0.9",
    "marketing-attribution-models": "marketing-attribution-models==2.1.1",
}
MODELS = [("markov", 1), ("markov", 2), ("markov", 3), ("shapley_set", 1)]
PATIENCE_SECONDS = 600
TASK = Path(__file__).with_name("peer_tasks.py")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the journeys, alike ones together, as a CSV file."""
    file = tmp_path_factory.mktemp("paths") / "paths.csv"
    make_paths(JOURNEYS).to_csv(file, index=False)
    return file


def make_paths(journeys: int) -> pd.DataFrame:
    """Return aggregated journeys over 12 channels: most have two to four steps, a few have 20."""
    rng = np.random.default_rng(0)
    lengths = np.minimum(1 + rng.geometric(0.35, journeys), 20)
    names = np.array([f"channel {number}" for number in range(12)], dtype=object)
    steps = names[rng.choice(12, lengths.sum(), p=rng.dirichlet(np.full(12, 2.0)))]
    ends = np.cumsum(lengths)
    texts = [" > ".join(steps[a:b]) for a, b in zip(ends - lengths, ends, strict=True)]
    won = (rng.random(journeys) < 0.1).astype(int)
    frame = pd.DataFrame({"path": texts, "won": won, "lost": 1 - won, "value": won * 100})
    return frame.groupby("path", as_index=False).sum()


def environment(folder: Path, peer: str) -> Path:
    """Return a Python that has the peer, installing it if need be; skip where that fails."""
    home = folder / peer
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run([*command, *PEERS[peer].split()], capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip() or "pip failed").splitlines()[-1]
            found(f"{peer}", f"not measured, it cannot be installed: {reason}")
            pytest.skip(f"{peer} cannot be installed: {reason}")
        (home / "ready").touch()
    return python


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize(("model", "order"), MODELS, ids=lambda value: str(value))
def test_faster_than_the_peer(
    benchmark: Any,
    paths: Path,
    tmp_path_factory: pytest.TempPathFactory,
    peer: str,
    model: str,
    order: int,
) -> None:
    """Each model at least as fast as any peer that has it; three times is the target."""
    kept = os.environ.get("SMARKETING_BENCH_PEERS")
    folder = Path(kept) if kept else tmp_path_factory.getbasetemp() / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder, peer)
    frame = pd.read_csv(paths)
    settings = {"order": order} if model == "markov" else {}

    def run() -> pd.DataFrame:
        return credit_paths(frame, model, **settings)

    benchmark.pedantic(run, rounds=3)
    name = f"{model}, order {order}" if model == "markov" else model
    goal = f"{name}, {JOURNEYS:,} journeys, faster than {peer}"
    mine = best(run).seconds
    try:
        done = subprocess.run(
            [python, TASK, peer, model, str(order), paths],
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        found(goal, f"{mine:.2f} s against more than {PATIENCE_SECONDS} s", True)
        return
    if done.returncode == 3:
        pytest.skip(f"{peer} {done.stderr}")
    if done.returncode:
        reason = (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[-1]
        found(goal, f"{mine:.2f} s; the peer failed: {reason}", None)
        return
    theirs = float(done.stdout.split()[-1])
    found(goal, f"{mine:.2f} s against {theirs:.2f} s: {theirs / mine:.1f}x", mine < theirs)
