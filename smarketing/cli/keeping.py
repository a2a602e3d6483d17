"""Commands that keep a home safe, and the people in it: back-up, restore, forget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smarketing.cli.data import home, user
from smarketing.cli.output import print_json, progress_bar, say


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(backup)
    app.command()(restore)
    app.command()(forget)
    app.command()(refresh)


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


def forget(
    person: Annotated[
        str, typer.Argument(help="An e-mail address, or an ID as a record shows it.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would touch.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Erase a person from landed files, builds and workspace; a later export brings nobody back."""
    from smarketing.build.erasing.forget import forget as erase

    done = erase(home(), person, by=user(), dry_run=dry_run)
    if json:
        print_json(done.as_dict())
        return
    would = "Would touch" if dry_run else "Erased from"
    say(
        f"{would} {done.landed_rows:,} rows of landed files, {done.build_rows:,} rows of builds "
        f"and {done.workspace_records:,} records of the workspace."
    )
    if done.shared_names:
        say(
            "Others have the same name, so that it stays where it may be theirs: "
            f"{', '.join(done.shared_names)}."
        )
    for file in done.remains:
        say(f"Still named in {file}: change it by hand.")


def refresh(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import what is new in watched folders, build, check, and write the reports that are due."""
    from dataclasses import asdict

    from smarketing.build.refreshing import read_schedule
    from smarketing.build.refreshing import refresh as run
    from smarketing.cli.report import due_in, write_due

    schedule = read_schedule(home())
    done = run(home(), schedule)
    if done.build_id is not None:
        done.failures += _failing(home())
        if schedule.reports is not None:
            done.failures += write_due(due_in(schedule.reports), say_files=not json)
    if json:
        print_json({**asdict(done), "line": done.line})
    else:
        say(done.line)
    if done.failures:
        raise typer.Exit(1)


def _failing(place: Path) -> list[str]:
    """Return what of `smarketing check` fails, a sentence each."""
    from smarketing.agreement import load_home_agreement
    from smarketing.analysis.health.report import checks
    from smarketing.engine import open_engine

    found = checks(open_engine(place), load_home_agreement(place))
    return [f"{check.name}: {check.detail}." for check in found if check.status == "fail"]
