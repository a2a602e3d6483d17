"""Many people at once: sockets that click through the pages while files come in and a meeting runs.

    python benchmarks/viewers.py --viewers 50 --processes 2 --minutes 10

It serves the demo company from a folder of its own, by as many processes as asked for. A viewer is
a socket and no browser: it asks for a page, waits until all of it was sent, looks at it for a while
and asks for the next. Meanwhile a file is imported twice, which publishes a new build each time,
and one of them holds a meeting. Told are how long a page took, what failed, whether a page spoke of
two builds at once, and how the servers' memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = [sys.executable, "-c", "from smarketing.cli import main; main()"]
PAGES = (
    "", "scoreboard", "funnel", "handoff", "attribution", "campaigns", "journeys", "lead_quality",
    "customers", "content", "planning", "calendar", "agreement", "data_health", "meeting",
)  # fmt: skip
PERIODS = ("2026-06", "2026-Q2", "2025-07..2026-06", "2026-Q1")
_BUILD = re.compile(r"build (b\d{5}-[0-9a-f]{8})")
_WRONG = ("could not be shown", "could not be opened", "This is a fault of Smarketing")
_LEAD = "lead_id,created_at,lead_type,channel\nLOAD{n},2026-06-{day:02d}T10:00:00Z,demo_request,\n"


@dataclass
class Seen:
    """What the viewers saw: seconds by page, and what was wrong."""

    seconds: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    builds: set[str] = field(default_factory=set)


class Viewer:
    """One person at one page at a time."""

    def __init__(self, address: str, number: int) -> None:
        """Look at the dashboard at `address`; the number tells viewers apart."""
        self.address = address
        self.chance = random.Random(number)
        self._kept: dict[str, Any] = {}

    async def look(self, seen: Seen, until: float, pause: float) -> None:
        """Click through the pages until it is time."""
        import websockets

        address = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream"
        async with websockets.connect(
            address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None,
            ping_interval=None,
            origin=websockets.Origin(self.address),
        ) as socket:  # fmt: skip
            await asyncio.sleep(self.chance.uniform(0, pause))
            while time.monotonic() < until:
                page, period = self.chance.choice(PAGES), self.chance.choice(PERIODS)
                began = time.monotonic()
                try:
                    text = await asyncio.wait_for(self._shown(socket, page, period), 120)
                except TimeoutError:
                    seen.wrong.append(f"{page}: not there after two minutes")
                    return
                seen.seconds.append((page, time.monotonic() - began))
                _judge(page, text, seen)
                await asyncio.sleep(self.chance.uniform(0.5, 1.5) * pause)

    async def _shown(self, socket: Any, page: str, period: str) -> list[str]:
        """Ask for a page; return the texts of all that it drew."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = f"period={period}"
        await socket.send(asked.SerializeToString())
        texts: list[str] = []
        while True:
            message = ForwardMsg.FromString(await socket.recv())
            if message.WhichOneof("type") == "ref_hash":
                message = self._kept[message.ref_hash]
            elif message.hash:
                self._kept[message.hash] = message
            kind = message.WhichOneof("type")
            if kind == "script_finished" and message.script_finished != 2:
                return texts
            if kind == "delta":
                texts.append(_text(message.delta))


def _text(delta: Any) -> str:
    element = delta.new_element
    kind = element.WhichOneof("type") if delta.HasField("new_element") else None
    if kind == "exception":
        return f"This is a fault of Smarketing ({element.exception.message})"
    return str(element.html.body) if kind == "html" else ""


def _judge(page: str, texts: Sequence[str], seen: Seen) -> None:
    """Note what was wrong with a page: what failed, and two builds on one page.

    The meeting shows the build of the day it was opened beside the foot of today's.
    """
    for text in texts:
        seen.wrong += [f"{page}: {text[:200]}" for word in _WRONG if word in text]
    found = {build for text in texts for build in _BUILD.findall(text)}
    seen.builds |= found
    if len(found) > 1 and page != "meeting":
        seen.wrong.append(f"{page}: {' and '.join(sorted(found))} on one page")


def imported(home: Path, number: int) -> str:
    """Import a lead that came; returns what went wrong."""
    file = home.parent / f"lead {number}.csv"
    file.write_text(_LEAD.format(n=number, day=number % 28 + 1))
    return _run(home, "import", str(file), "--source", "generic")


def _run(home: Path, *command: str) -> str:
    """Run a command on a home; returns what it said where it failed."""
    environment = {**os.environ, "SMARKETING_HOME": str(home)}
    done = subprocess.run(
        [*COMMAND, *command], env=environment, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else f"{command[0]}: {done.stderr[-200:]}"


async def company(home: Path, seen: Seen, minutes: float) -> None:
    """Let files come in at a third and at two thirds of the time, and a meeting be held."""
    for step in (1, 2):
        await asyncio.sleep(minutes * 60 / 3)
        failed = await asyncio.to_thread(imported, home, step)
        seen.wrong += [failed] if failed else []


@contextmanager
def served(home: Path, first_port: int, processes: int) -> Iterator[list[tuple[str, int]]]:
    """Serve a home by several processes; gives address and process of each."""
    environment = {**os.environ, "SMARKETING_HOME": str(home)}
    servers = [
        subprocess.Popen(
            [*COMMAND, "serve", "--port", str(first_port + number)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for number in range(processes)
    ]
    found = [(f"http://localhost:{first_port + n}", s.pid) for n, s in enumerate(servers)]
    try:
        for address, _ in found:
            _wait(address)
        yield found
    finally:
        for server in servers:
            server.terminate()
            server.wait(timeout=30)


def _wait(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
        except (OSError, urllib.error.URLError):
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"{address} does not answer")


def memory_mb(pid: int) -> float:
    """Return what a process holds in memory now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def cpu_seconds(pid: int) -> float:
    """Return what a process has computed so far, which no other work on the machine changes."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def crowd(servers: list[tuple[str, int]], home: Path, asked: argparse.Namespace) -> Seen:
    """Let the viewers look, and tell the memory of the servers each minute."""
    seen, until = Seen(), time.monotonic() + asked.minutes * 60
    viewers = [Viewer(servers[n % len(servers)][0], n) for n in range(asked.viewers)]

    async def watch() -> None:
        while time.monotonic() < until:
            held = ", ".join(f"{memory_mb(pid):,.0f} MB" for _, pid in servers)
            print(f"{len(seen.seconds):6,} pages, {len(seen.wrong)} wrong, {held}", flush=True)
            await asyncio.sleep(60)

    await asyncio.gather(
        watch(),
        company(home, seen, asked.minutes),
        *(viewer.look(seen, until, asked.pause) for viewer in viewers),
    )
    return seen


def told(seen: Seen, servers: list[tuple[str, int]], before: list[float]) -> str:
    """Return the outcome in a few lines."""
    seconds = sorted(one for _, one in seen.seconds)
    cut = statistics.quantiles(seconds, n=20)
    after = [memory_mb(pid) for _, pid in servers]
    memory = ", ".join(f"{a:,.0f} → {b:,.0f} MB" for a, b in zip(before, after, strict=True))
    computed = sum(cpu_seconds(pid) for _, pid in servers) / len(seconds)
    return (
        f"{len(seconds):,} pages: half within {statistics.median(seconds):.2f} s, 95 % within "
        f"{cut[18]:.2f} s, the slowest {seconds[-1]:.1f} s; {computed:.2f} s "
        f"of computing a page\n{len(seen.builds)} builds were seen; "
        f"{len(seen.wrong)} things were wrong\nmemory: {memory}"
    )


def main() -> None:
    """Run it and say what came of it; exit with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pause", type=float, default=10, help="seconds a page is looked at")
    parser.add_argument("--port", type=int, default=8561)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smarketing-viewers-") as folder:
        home = Path(folder) / "home"
        for command in (["demo"], ["meeting", "open", "--by", "Load"]):
            failed = _run(home, *command)
            if failed:
                raise SystemExit(failed)
        with served(home, asked.port, asked.processes) as servers:
            before = [memory_mb(pid) for _, pid in servers]
            seen = asyncio.run(crowd(servers, home, asked))
            print(told(seen, servers, before))
    for line in dict.fromkeys(seen.wrong):
        print(line)
    raise SystemExit(1 if seen.wrong else 0)


if __name__ == "__main__":
    main()
