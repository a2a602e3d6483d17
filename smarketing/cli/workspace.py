"""Commands of the workspace: what people wrote, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.data import user
from smarketing.cli.output import say
from smarketing.cli.who import home


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="What people wrote: back it up, or move it.", no_args_is_help=True)
    group.command("export")(export)
    group.command("import")(load)
    app.add_typer(group, name="workspace")


def export(file: Annotated[Path, typer.Argument(help="Where to write it (YAML).")]) -> None:
    """Write signatures, meetings, decisions, actions, notes and plans to one readable file."""
    from smarketing.store.audit import EXPORTED, note
    from smarketing.store.home import disk_errors, write_atomic
    from smarketing.workspace import open_workspace
    from smarketing.workspace.transfer import dump

    content = dump(open_workspace(home()))
    with disk_errors(file.parent):
        write_atomic(file, content)
    note(home(), user(), EXPORTED, f"the workspace to {file.name}")
    say(f"The workspace is in {file}.")


def load(file: Annotated[Path, typer.Argument(help="What `workspace export` wrote.")]) -> None:
    """Put the records of such a file into the workspace, which must be empty."""
    from smarketing.store.home import disk_errors
    from smarketing.workspace import open_workspace, transfer

    content = transfer.read(file)
    with disk_errors(home()):
        home().mkdir(parents=True, exist_ok=True)
    count = transfer.load(open_workspace(home()), content, str(file))
    say(f"{count} record{'' if count == 1 else 's'} put into the workspace.")
