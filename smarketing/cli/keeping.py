"""Commands that keep a home safe: back-up and restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.data import home
from smarketing.cli.output import progress_bar, say


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as home.zip.")],
) -> None:
    """Write all that cannot be derived to one file, while the dashboard goes on serving."""
    from smarketing.store.backup import backup as write

    count = write(home(), file)
    say(f"{count} files of {home()} are in {file}.")


def restore(file: Annotated[Path, typer.Argument(help="What `smarketing backup` wrote.")]) -> None:
    """Put a backup into the empty home of SMARKETING_HOME, and build its store."""
    from smarketing.build import build
    from smarketing.store import landing
    from smarketing.store.backup import restore as put_back

    count = put_back(file, home())
    say(f"{count} files are back in {home()}.")
    if landing.read_manifests(home()):
        with progress_bar(False) as progress:
            report = build(home(), progress=progress)
        say(f"The build {report.build_id} is published.")
