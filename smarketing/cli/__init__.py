"""The command line: every analysis is scriptable, `--json` prints one document on standard output.

Heavy modules are imported inside the commands, so that `smarketing --help` answers at once.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

import smarketing.cli.agreement as agreement
import smarketing.cli.analyses as analyses
import smarketing.cli.data as data
import smarketing.cli.documents as documents
import smarketing.cli.keeping as keeping
import smarketing.cli.meeting as meeting
import smarketing.cli.planning as planning
import smarketing.cli.report as report
import smarketing.cli.serving as serving
import smarketing.cli.terminal as terminal
import smarketing.cli.who as who
import smarketing.cli.workspace as workspace
from smarketing import __version__
from smarketing.errors import SmarketingError

_INTERRUPTED = 130
_STOPPED = "Stopped. What was published before stays as it is; run the command again to go on."

app = typer.Typer(
    name="smarketing",
    help="One set of numbers for marketing and sales.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data.register(app)
serving.register(app)
analyses.register(app)
planning.register(app)
documents.register(app)
workspace.register(app)
agreement.register(app)
meeting.register(app)
keeping.register(app)
report.register(app)


def _version(shown: bool) -> None:
    if shown:
        typer.echo(f"smarketing {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    as_: str | None = typer.Option(
        None, "--as", metavar="E-MAIL", help="Answer as this person of access.yaml would see it."
    ),
    _shown: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """One set of numbers for marketing and sales."""
    who.answer_for(as_, context.invoked_subcommand)


def main() -> None:
    """Run the command line; what is wrong becomes one sentence and an exit code."""
    terminal.prepare()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            _fail(_STOPPED, code)
        sys.exit(code)
    except SmarketingError as error:
        _fail(str(error), error.exit_code)
    except typer.TyperException as error:
        _fail(_misused(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        _fail(_STOPPED, _INTERRUPTED)
    except BrokenPipeError:
        terminal.close_quietly()
        sys.exit(1)
    except OSError as error:
        where = error.filename or "A file or folder"
        _fail(
            f"{where} cannot be used ({error.strerror}); check that you may read and write it.", 1
        )


def _misused(error: typer.TyperException) -> str:
    """Say in one sentence what is wrong with a command line; nothing after help was printed."""
    said = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "smarketing"
    stop = "" if said.endswith((".", "?")) else "."
    return f"{said}{stop} Run: {command} --help." if said else ""


def _fail(message: str, exit_code: int) -> NoReturn:
    if message:
        sys.stderr.write(f"smarketing: {message}\n")
    sys.exit(exit_code)
