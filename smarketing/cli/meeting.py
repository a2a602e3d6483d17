"""Commands of the weekly meeting: open it, show it again, write its minutes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.output import say
from smarketing.cli.who import home

if TYPE_CHECKING:
    from smarketing.document import Document

Week = Annotated[
    str | None, typer.Option("--week", help="As 2026-W26; the newest meeting if left out.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="The weekly meeting of both teams.", no_args_is_help=True)
    group.command("open")(open_)
    group.command()(show)
    group.command()(minutes)
    app.add_typer(group, name="meeting")


def open_(
    by: Annotated[str, typer.Option("--by", help="Who opens it.")],
    week: Annotated[
        str | None, typer.Option("--week", help="As 2026-W26; that of the data if left out.")
    ] = None,
) -> None:
    """Open the meeting of a week: the build it looks at is kept for good."""
    from smarketing.analysis.review.meeting import open_meeting
    from smarketing.charts import format as fmt
    from smarketing.engine import open_engine

    made = open_meeting(home(), by, week)
    since = fmt.moment(made.opened_at, open_engine(home()).timezone)
    say(
        f"The meeting of {made.week} is open since {since}, by {made.opened_by}; "
        f"build {made.build_id} is frozen."
    )


def show(week: Week = None) -> None:
    """Print a meeting as it was, whatever was imported since."""
    from smarketing.export.document import to_text

    typer.echo(to_text(_minutes(week)), nl=False)


def minutes(
    week: Week = None,
    kind: Annotated[str, typer.Option("--format", help="md, html or pdf.")] = "md",
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write it; Markdown is printed if not.")
    ] = None,
) -> None:
    """Write the minutes of a meeting, with the numbers as they were frozen."""
    from smarketing.export.document import to_format
    from smarketing.store.home import disk_errors

    document = _minutes(week)
    content = to_format(document, kind)
    if out is None and kind == "md":
        typer.echo(content.decode("utf-8"), nl=False)
        return
    name = document.title.lower().replace(" ", "-")
    file = out or Path(f"{name}.{kind}")
    with disk_errors(file.parent):
        file.write_bytes(content)
    say(f"The minutes are in {file}.")


def _minutes(week: str | None) -> Document:
    from smarketing.analysis.review.meeting import enter, find_meeting
    from smarketing.charts.minutes import minutes as written

    return written(enter(home(), find_meeting(home(), week)))
