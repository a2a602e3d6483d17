"""The command line: every analysis is scriptable, `--json` prints one document on standard output.

Heavy modules are imported inside the commands, so that `smarketing --help` answers at once.
"""

from __future__ import annotations

import sys

import typer

import smarketing.cli.analyses as analyses
import smarketing.cli.data as data
from smarketing import __version__
from smarketing.errors import SmarketingError

app = typer.Typer(
    name="smarketing",
    help="One set of numbers for marketing and sales.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data.register(app)
analyses.register(app)


def _version(shown: bool) -> None:
    if shown:
        typer.echo(f"smarketing {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """One set of numbers for marketing and sales."""


def main() -> None:
    """Run the command line; a SmarketingError becomes one sentence and an exit code."""
    try:
        app()
    except SmarketingError as error:
        sys.stderr.write(f"smarketing: {error}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
