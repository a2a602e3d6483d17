"""Commands that bring data in, build the store and serve it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.output import print_json, print_table, progress_bar, say
from smarketing.errors import SourceError, UsageError

if TYPE_CHECKING:
    from smarketing.build import ImportReport
    from smarketing.sources import Source

_SHOWN = 3
"""Kinds of unread values that a message names."""
_STAGES = 10
"""Stages without an outcome that a message names."""
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
source_app = typer.Typer(help="Make a source of your own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the data commands to `app`."""
    app.command("demo")(demo)
    app.command("import")(import_)
    app.command("build")(build)
    app.command("check")(check)
    source_app.command("new")(source_new)
    source_app.callback()(_source)
    app.add_typer(source_app, name="source")


def _source() -> None:
    """Make a source of your own."""


def home() -> Path:
    """The home folder named by SMARKETING_HOME, else `data`."""
    from smarketing.settings import Settings

    return Settings().home


def demo(json: Json = False) -> None:
    """Build the demo company's store, replacing what the demo built before."""
    from smarketing.build import import_files
    from smarketing.demo import demo_files, prepare_home

    prepare_home(home())
    with progress_bar(json) as progress:
        report = import_files(
            home(), [demo_files()], source="generic", mode="full", by="demo", progress=progress
        )
    if json:
        print_json(report.as_dict())
        return
    print_import(report.as_dict())
    say("The demo store is ready: smarketing serve")


def import_(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders to import.", readable=False)
    ],
    source: Annotated[
        str | None, typer.Option(help="A source's name, or the folder of your own source.")
    ] = None,
    mode: Annotated[str, typer.Option(help="add to what is there, or full: replace it.")] = "add",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day the files speak for (YYYY-MM-DD).")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(help="The decimal sign of the files' numbers: . or ,")
    ] = None,
    date_order: Annotated[
        str | None, typer.Option(help="What comes first in the files' dates: dmy, mdy or ymd.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Import exports: land the files, build the store, publish it."""
    from smarketing.build import import_files

    if mode not in ("add", "full"):
        raise UsageError(f"Unknown mode '{mode}'. Valid: add, full.")
    with progress_bar(json) as progress:
        report = import_files(
            home(),
            paths,
            source=source,
            mode=mode,
            as_of=as_of,
            decimal=decimal,
            date_order=date_order,
            dry_run=dry_run,
            by=user(),
            progress=progress,
        )
    document = report.as_dict()
    if json:
        print_json(document)
    else:
        print_import(document)
    for sentence in _told(report, mode):
        say(f"smarketing: {sentence}", err=True)
    refused = [*report.refused, report.refusal] if report.unreadable else report.refused
    if refused:
        raise SourceError(" ".join(refused))


def _told(report: ImportReport, mode: str) -> Iterator[str]:
    """Say what became of rows that are not simply used, and what nobody has said yet."""
    for file in report.files:
        yield from (f"{file.file}: {note}." for note in file.notes)
    if report.removed:
        yield _removal(report, mode)
    if report.counted_elsewhere:
        yield _elsewhere(report)
    if report.repeated:
        yield _repetition(report)
    if report.alike:
        yield _alike(report)
    if any(file.quarantined and not file.is_unreadable for file in report.files):
        yield _quarantine(report)
    if report.unplaced:
        yield _unplaced(report)
    for teamless in report.teamless:
        yield (
            f"{teamless}: they count for the one that the agreement names under "
            "cost_without_team. If they are another's, add a column team to the file."
        )


def _repetition(report: ImportReport) -> str:
    """Say which files give a key more than once."""
    files = ", ".join(f"{rows:,} of {file}" for file, rows in report.repeated.items())
    return (
        "rows whose key stands again further down in their file are left out, so that the last "
        f"one counts: {files}."
    )


def _alike(report: ImportReport) -> str:
    """Say which files hold records that are the same as others of theirs."""
    files = ", ".join(f"{rows:,} of {file}" for file, rows in report.alike.items())
    return (
        f"rows that are the same as another of their file count once: {files}. Where they are "
        "records of their own, give each an id (costs: a column cost_id) and import again."
    )


def _elsewhere(report: ImportReport) -> str:
    """Say which rows of spend do not count again, and why."""
    found = report.counted_elsewhere
    first = "; ".join(f"{rows:,} of {file}: {why}" for file, rows, why in found[:_SHOWN])
    more = "; …" if len(found) > _SHOWN else ""
    return f"rows of spend that do not count: {first}{more}."


def _removal(report: ImportReport, mode: str) -> str:
    """Say which records of earlier imports are no longer there."""
    gone = ", ".join(f"{count:,} of {table}" for table, count in report.removed.items())
    if mode == "add":
        return (
            f"records of earlier imports {'would' if report.dry_run else 'do'} no longer count, "
            f"since the new files hold the same: {gone}."
        )
    return (
        f"--mode full {'would take' if report.dry_run else 'took'} records out of the store that "
        f"the files do not hold: {gone}."
    )


def _unplaced(report: ImportReport) -> str:
    """Say in which stages deals are of which nothing says how they ended."""
    first = "; ".join(map(str, report.unplaced[:_STAGES]))
    more = "; …" if len(report.unplaced) > _STAGES else ""
    return (
        f"nothing says whether these stages are won, lost or open: {first}{more}. "
        "Their deals are in no revenue, no open pipeline and no win rate. Write what the stages "
        "are under deal_outcomes in agreement.yaml, then run: smarketing build."
    )


def _quarantine(report: ImportReport) -> str:
    """Say what of files that are otherwise used could not be read and is in no figure."""
    lost = {file.file for file in report.unreadable}
    rows = sum(file.quarantined for file in report.files if file.file not in lost)
    unread = [part for part in report.unread if part.file not in lost]
    first = "; ".join(map(str, unread[:_SHOWN]))
    more = "; …" if len(unread) > _SHOWN else ""
    return (
        f"{rows:,} row{'' if rows == 1 else 's'} went to quarantine and "
        f"{'is' if rows == 1 else 'are'} left out of every figure: {first}{more}. Correct "
        f"{'it' if rows == 1 else 'them'} in the source and import again."
    )


def print_import(document: dict[str, Any]) -> None:
    """Print an import's two balances: per file and per core table."""
    print_table(
        "Files",
        ["file", "read as", "rows", "used", "unused", "quarantined"],
        [
            [
                Path(row["file"]).name,
                row["read_as"] or "no known source",
                *(row[name] for name in ("rows", "used", "unused", "quarantined")),
            ]
            for row in document["files"]
        ],
    )
    print_table(
        "Tables",
        ["table", "produced", "new", "changed", "unchanged", "quarantined"],
        [
            [row[key] for key in ("table", "produced", "new", "changed", "unchanged")]
            + [row["quarantined"]]
            for row in document["tables"]
        ],
    )


def build(
    on: Annotated[
        str | None, typer.Option(help="Address of a warehouse to build the marts in.")
    ] = None,
    json: Json = False,
) -> None:
    """Derive everything again from the landed files, after a change of the agreement."""
    from smarketing.build import build as build_store

    with progress_bar(json) as progress:
        report = build_store(home(), progress=progress, on=on)
    if json:
        print_json(report.as_dict())
    else:
        say(f"Build {report.build_id} is current.")
    for sentence in report.unreached:
        say(f"{sentence}", err=True)


def check(json: Json = False) -> None:
    """Check the agreement, the data's health and the invariants; exit 1 if any fails."""
    from smarketing.agreement import load_home_agreement
    from smarketing.analysis.health.report import checks
    from smarketing.engine import open_engine

    agreement = load_home_agreement(home())
    results = checks(open_engine(home()), agreement)
    if json:
        print_json([result.as_dict() for result in results])
    else:
        rows = [[result.status, result.name, result.detail] for result in results]
        print_table("Checks", ["", "check", "detail"], rows)
    if any(result.status == "fail" for result in results):
        raise typer.Exit(1)


def source_new(
    files: Annotated[
        list[Path], typer.Argument(help="Exports to read the headers of.", readable=False)
    ],
    name: Annotated[str, typer.Option(help="The source's name.")],
    out: Annotated[Path | None, typer.Option(help="The folder to write; default ./NAME.")] = None,
) -> None:
    """Write a commented source from the headers found, ready to be edited."""
    from smarketing.sources import load_source, scaffold

    folder = scaffold(files, name, out or Path(name))
    _tell_drafted(folder, load_source(folder))


def _tell_drafted(folder: Path, source: Source) -> None:
    """Say what each kind of file fills, and what must be settled before it is imported."""
    rows = []
    for kind, item in source.objects.items():
        filled = [t for t, group in source.selects.items() if any(s.object == kind for s in group)]
        state = "to be settled" if item.undecided else "ready"
        rows.append([kind, ", ".join(filled) or "nothing yet", state])
    say(f"Wrote {folder}")
    print_table("", ["file", "fills", ""], rows)
    questions = [(kind, q) for kind, item in source.objects.items() for q in item.undecided]
    for kind, question in questions:
        say(f"{kind}: {question}.")
    if questions:
        say(
            "Until then these files are refused: take each line out of `undecided` in "
            f"{folder / 'profile.yaml'} once it is settled."
        )
    say(f"Next: smarketing import FILES --source {folder}")


def user() -> str:
    """Who runs the command, as the machine knows them."""
    try:
        return getpass.getuser()
    except OSError:
        return "unknown"
