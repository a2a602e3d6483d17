"""Refreshing while the dashboard is served: a thread that starts `smarketing refresh` when due."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

from smarketing.build.refreshing import FILE_NAME, read_schedule
from smarketing.build.timetable import LOOKING, alone, is_due, last_refresh, now
from smarketing.errors import SmarketingError

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 60.0
_COMMAND = "from smarketing.cli import main; main()"


def keep_refreshing(home: Path, stop: threading.Event | None = None) -> threading.Thread:
    """Look every minute whether a refresh is due, until the program ends or `stop` is set."""
    until = stop or threading.Event()

    def run() -> None:
        while not until.is_set():
            refresh_if_due(home)
            until.wait(_LOOK_SECONDS)

    thread = threading.Thread(target=run, name="refresh", daemon=True)
    thread.start()
    return thread


def refresh_if_due(home: Path) -> bool:
    """Run a refresh in a process of its own where it is due and no other runs; say whether it did.

    What fails is kept in the home by the command, and shown to admins; here it is only logged.
    """
    if not (home / FILE_NAME).exists():
        return False
    try:
        with alone(home, LOOKING) as is_ours:
            if (
                not is_ours
                or not _nobody_refreshes(home)
                or not is_due(read_schedule(home), last_refresh(home), now())
            ):
                return False
            command = [sys.executable, "-c", _COMMAND, "refresh", "--json"]
            done = subprocess.run(command, capture_output=True, check=False)
    except (SmarketingError, OSError) as error:
        _LOG.warning("The refresh could not be started: %s", error)
        return False
    if done.returncode:
        _LOG.warning("The refresh ended with %s; Administration says why", done.returncode)
    return True


def _nobody_refreshes(home: Path) -> bool:
    with alone(home) as is_free:
        return is_free
