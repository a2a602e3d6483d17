"""Commands that keep a home safe, and the people in it: back-up, restore, forget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.data import user
from smarketing.cli.output import print_json, print_table, progress_bar, say
from smarketing.cli.who import home
from smarketing.errors import BusyError, SmarketingError, UsageError

if TYPE_CHECKING:
    from smarketing.build.refreshing import Refreshed


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(backup)
    app.command()(restore)
    app.command()(forget)
    app.command()(refresh)
    app.command()(undo)
    app.command()(audit)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as home.zip.")],
) -> None:
    """Write all that cannot be derived to one file, while the dashboard goes on serving."""
    from smarketing.store.audit import EXPORTED, note
    from smarketing.store.backup import backup as write

    count = write(home(), file)
    note(home(), user(), EXPORTED, f"a backup of {count} files to {file.name}")
    say(f"{count} files of {home()} are in {file}.")


def restore(file: Annotated[Path, typer.Argument(help="What `smarketing backup` wrote.")]) -> None:
    """Put a backup into the empty home of SMARKETING_HOME, and build its store."""
    from smarketing.build import build
    from smarketing.store import landing
    from smarketing.store.audit import note
    from smarketing.store.backup import restore as put_back

    count = put_back(file, home())
    note(home(), user(), "restored a backup", file.name)
    say(f"{count} files are back in {home()}.")
    say("Whoever was erased after this backup was written is there again: smarketing forget.")
    if landing.read_manifests(home()):
        with progress_bar(False) as progress:
            report = build(home(), progress=progress)
        say(f"The build {report.build_id} is published.")


def forget(
    person: Annotated[
        str | None, typer.Argument(help="An e-mail address, or an ID as a record shows it.")
    ] = None,
    expired: Annotated[
        bool, typer.Option("--expired", help="Whom SMARKETING_KEEP_PERSONAL_DAYS no longer keeps.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would touch.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Erase a person from landed files, builds and workspace; a later export brings nobody back."""
    if (person is None) != expired:
        raise UsageError("Name one person to forget, or say --expired.")
    if person is None:
        _forget_expired(dry_run, json)
    else:
        _forget(person, dry_run, json)


def _forget_expired(dry_run: bool, json: bool) -> None:
    from dataclasses import asdict
    from datetime import UTC, datetime

    from smarketing.build.erasing.retention import forget_silent
    from smarketing.settings import Settings

    if Settings().keep_personal_days is None:
        raise UsageError("Say how long people are kept first: SMARKETING_KEEP_PERSONAL_DAYS=730.")
    done = forget_silent(home(), datetime.now(UTC).date(), by=user(), dry_run=dry_run)
    if json:
        print_json(asdict(done))
    else:
        say(done.line or "There is nobody to erase.")


def _forget(person: str, dry_run: bool, json: bool) -> None:
    from smarketing.build.erasing.forget import forget as erase
    from smarketing.build.erasing.forget import told_elsewhere
    from smarketing.build.erasing.searching import told_unsearched

    done = erase(home(), person, by=user(), dry_run=dry_run)
    if json:
        print_json(done.as_dict())
        raise typer.Exit(1 if done.remains or done.elsewhere else 0)
    would = "Would touch" if dry_run else "Erased from"
    say(
        f"{would} {done.landed_rows:,} rows of landed files, {done.build_rows:,} rows of builds "
        f"and {done.workspace_records:,} records of the workspace."
    )
    if done.shared_names:
        say(
            "Others are called so as well, or something else is: it stays where it may be theirs: "
            f"{', '.join(done.shared_names)}."
        )
    if done.unsearched:
        say(told_unsearched(done.unsearched).strip())
    for file in done.remains:
        say(f"Still named in {file}: change it by hand, and run the same command again.")
    if done.elsewhere:
        say(told_elsewhere(done.elsewhere).strip())
    if done.remains or done.elsewhere:
        raise typer.Exit(1)


def undo(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take back.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Take the last import back, as if it had never been made."""
    from smarketing.agreement import load_home_agreement
    from smarketing.build.importing.undo import undo as take_back

    with progress_bar(json) as progress:
        done = take_back(home(), by=user(), dry_run=dry_run, progress=progress)
    if json:
        print_json(done.as_dict())
        return
    say(done.line(load_home_agreement(home()).timezone))
    if not dry_run:
        say(f"The build {done.build_id} is current." if done.build_id else "Nothing is left.")


def audit(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what was done to the home, by whom and when, the newest first."""
    from dataclasses import asdict

    from smarketing.store.audit import trail

    found = trail(home())
    if json:
        print_json([asdict(entry) for entry in found])
        return
    rows = [
        [entry.at[:16].replace("T", " "), entry.who, entry.what, entry.about] for entry in found
    ]
    print_table("Audit log (UTC)", ["when", "who", "what", "about"], rows)


def refresh(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Import what is new in watched folders, build, check, and write the reports that are due."""
    from dataclasses import asdict

    from smarketing.build.refreshing import FILE_NAME, read_schedule
    from smarketing.build.timetable import alone

    if not (home() / FILE_NAME).exists():
        read_schedule(home())  # says that there is none: no refresh went wrong, for pages to tell
    with alone(home()) as is_ours:
        if not is_ours:
            raise BusyError(
                f"Another refresh of {home()} is running, so this one did nothing; what is new by "
                "then comes with the next."
            )
        done = _remembered(say_files=not json)
    if json:
        print_json({**asdict(done), "line": done.line})
    else:
        say(done.line)
    if done.failures:
        raise typer.Exit(1)


def _remembered(*, say_files: bool) -> Refreshed:
    """Run a refresh and keep how it went, also where it cannot go on."""
    from smarketing.build.refreshing import Refreshed
    from smarketing.build.timetable import now, remember

    try:
        done = _refreshed(say_files=say_files)
    except SmarketingError as error:
        remember(home(), Refreshed(failures=[str(error)]), now())
        raise
    remember(home(), done, now())
    return done


def _refreshed(*, say_files: bool) -> Refreshed:
    """Run a refresh: import, build, check, reports, and whom nothing was heard of for too long."""
    from smarketing.build.erasing.retention import forget_silent
    from smarketing.build.refreshing import read_schedule, refresh
    from smarketing.build.timetable import now
    from smarketing.cli.report import due_in, write_due

    schedule = read_schedule(home())
    done = refresh(home(), schedule)
    if done.build_id is not None:
        done.expired = forget_silent(home(), now().date(), by="refresh").line
        done.failures += _failing(home())
        if schedule.reports is not None:
            done.failures += write_due(due_in(schedule.reports), say_files=say_files)
    return done


def _failing(place: Path) -> list[str]:
    """Return what of `smarketing check` fails, a sentence each."""
    from smarketing.agreement import load_home_agreement
    from smarketing.analysis.health.report import checks
    from smarketing.engine import open_engine

    found = checks(open_engine(place), load_home_agreement(place))
    failed = [check for check in found if check.status == "fail"]
    return [f"{check.name}: {check.detail.rstrip('.')}." for check in failed]
