"""Commands that bring data in, build the store and serve it."""

from __future__ import annotations

import getpass
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.output import print_json, print_table, progress_bar, say
from smarketing.cli.who import access, home
from smarketing.errors import RefusedError, SmarketingError, SourceError, UsageError
from smarketing.files.quoting import identifier

if TYPE_CHECKING:
    from smarketing.analysis.health.report import Check
    from smarketing.build import ImportReport, Pull
    from smarketing.sources import Source

#: Files that no source reads which an import names one by one.
_OTHERS = 10
_UNREAD = 6
"""Columns that a drafted source does not read which are named."""
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
source_app = typer.Typer(
    help="Make a source of your own, or fill our tables.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the data commands to `app`."""
    app.command("demo")(demo)
    app.command("import")(import_)
    app.command("build")(build)
    app.command("check")(check)
    source_app.command("new")(source_new)
    source_app.command("template")(source_template)
    source_app.callback()(_source)
    app.add_typer(source_app, name="source")


def _source() -> None:
    """Make a source of your own, or fill our tables."""


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


Encoding = Annotated[
    str | None, typer.Option(help="The encoding of files that are not UTF-8, such as cp1252.")
]


def import_(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders to import.", readable=False)
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="Address of a database, or a folder of tables.")
    ] = None,
    query: Annotated[
        list[Path] | None, typer.Option(help="With --from: a file with a SELECT to import.")
    ] = None,
    tables: Annotated[
        str | None, typer.Option(help="With --from: the schema whose tables to import.")
    ] = None,
    cursor: Annotated[
        str | None,
        typer.Option(help="With --from: a column that grows; only what is new is pulled."),
    ] = None,
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
    encoding: Encoding = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Import exports, or tables of a database: land them, build the store, publish it."""
    from smarketing.build import import_files

    if mode not in ("add", "full"):
        raise UsageError(f"Unknown mode '{mode}'. Valid: add, full.")
    pull = _pull(from_, paths or (), (query or (), tables, cursor))
    with _refusal(json, dry_run), progress_bar(json) as progress:
        report = import_files(
            home(),
            paths or (),
            source=source,
            mode=mode,
            as_of=as_of,
            decimal=decimal,
            date_order=date_order,
            encoding=encoding,
            dry_run=dry_run,
            by=user(),
            progress=progress,
            pull=pull,
        )
    _tell(report, mode, json)


@contextmanager
def _refusal(json: bool, dry_run: bool) -> Iterator[None]:
    """Print the JSON document of an import of which every file is refused, before it fails."""
    try:
        yield
    except SourceError as error:
        if json:
            from smarketing.build import ImportReport

            reasons = error.reasons if isinstance(error, RefusedError) else (str(error),)
            print_json(ImportReport(None, None, (), (), reasons, dry_run).as_dict())
        raise


def _tell(report: ImportReport, mode: str, json: bool) -> None:
    """Print what became of an import; SourceError names what was refused."""
    from smarketing.build.importing.told import told

    document = report.as_dict()
    if json:
        print_json(document)
    else:
        print_import(document)
    for sentence in told(report, mode):
        say(f"smarketing: {sentence}", err=True)
    refused = [*report.refused, report.refusal] if report.unreadable else report.refused
    if refused:
        raise SourceError(" ".join(refused))


def _pull(
    address: str | None,
    paths: Sequence[Path],
    what: tuple[Sequence[Path], str | None, str | None],
) -> Pull | None:
    """Return what to pull of a database; None where files are imported."""
    from smarketing.build import Pull

    queries, schema, cursor = what
    if address is not None:
        if paths:
            raise UsageError("Import either files or what --from leads to, not both at once.")
        return Pull(address, tuple(queries), schema, cursor)
    if queries or schema is not None or cursor is not None:
        raise UsageError("--query, --tables and --cursor go with --from and an address.")
    if not paths:
        raise UsageError("Name files or folders to import, or a database with --from.")
    return None


def print_import(document: dict[str, Any]) -> None:
    """Print an import's two balances: per file and per core table."""
    print_table(
        "Files",
        ["file", "read as", "rows", "used", "unused", "quarantined"],
        _file_rows(document["files"]),
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


def _file_rows(files: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return a line per file; of many that were not read, the first and the sum of the rest."""
    counted = ("rows", "used", "unused", "quarantined")
    known = [file for file in files if file["read_as"]]
    others = [file for file in files if not file["read_as"]]
    names = Counter(Path(file["file"]).name for file in files)
    lines = [
        [_short(file["file"], names), file["taken_for"], *(file[name] for name in counted)]
        for file in (*known, *others[:_OTHERS])
    ]
    rest = others[_OTHERS:]
    if rest:
        sums = [sum(file[name] for file in rest) for name in counted]
        lines.append([f"{len(rest):,} more", "not read", *sums])
    return lines


def _short(file: str, names: Mapping[str, int]) -> str:
    """Return the name of a file; of several of one name with their folders."""
    name = Path(file).name
    return file if names[name] > 1 else name


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
    results = [*checks(open_engine(home()), agreement), *_sign_in_checks(home())]
    if json:
        print_json([result.as_dict() for result in results])
    else:
        rows = [[result.status, result.name, result.detail] for result in results]
        print_table("Checks", ["", "check", "detail"], rows)
    if any(result.status == "fail" for result in results):
        raise typer.Exit(1)


def _sign_in_checks(home: Path) -> list[Check]:
    """Whether anybody can be let in, where sign-in is set up."""
    from smarketing.analysis.health.report import FAIL, PASS, Check
    from smarketing.ui.sign_in import whole_sign_in

    try:
        is_set_up = whole_sign_in(home) is not None
    except SmarketingError as error:
        return [Check("sign-in", FAIL, str(error))]
    return [Check("sign-in", PASS, "people can be let in")] if is_set_up else []


def source_new(
    files: Annotated[
        list[Path], typer.Argument(help="Exports to read the headers of.", readable=False)
    ],
    name: Annotated[str, typer.Option(help="The source's name.")],
    out: Annotated[Path | None, typer.Option(help="The folder to write; default ./NAME.")] = None,
    encoding: Encoding = None,
) -> None:
    """Write a commented source from the headers found, ready to be edited."""
    from smarketing.sources import load_source, scaffold

    folder = scaffold(files, name, out or Path(name), encoding)
    _tell_drafted(folder, load_source(folder))


def source_template(
    tables: Annotated[
        list[str] | None, typer.Argument(help="Core tables, such as lead; none for all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("templates"),
) -> None:
    """Write an empty CSV of each core table that says what every column takes."""
    from smarketing.build.templates import write_templates

    written = write_templates(tables or (), out)
    say(f"Wrote {', '.join(file.name for file in written)} to {out}.")
    say(f"Fill what you have, then: smarketing import {out}")


def _tell_drafted(folder: Path, source: Source) -> None:
    """Say what each kind of file fills, and what must be settled before it is imported."""
    rows = []
    for kind, item in source.objects.items():
        filled = [t for t, group in source.selects.items() if any(s.object == kind for s in group)]
        filled += [f"{s.core_table} (to be settled)" for s in source.waiting if s.object == kind]
        state = "to be settled" if item.undecided else item.ignored or "ready"
        rows.append([kind, ", ".join(filled) or ("—" if item.ignored else "nothing yet"), state])
    say(f"Wrote {folder}")
    print_table("", ["file", "fills", ""], rows)
    for kind, item in source.objects.items():
        unread = [] if item.undecided or item.ignored else _unread(source, kind)
        more = f" and {len(unread) - _UNREAD:,} more" if len(unread) > _UNREAD else ""
        if unread:
            say(f"{kind}: not read: {', '.join(map(repr, unread[:_UNREAD]))}{more}.")
    touching = {*source.selects, *(select.core_table for select in source.waiting)}
    if "deal" in source.selects and "touch" not in touching:
        say(
            "No file holds touches, and without them no revenue is attributed: add activities, "
            "form submissions or campaign members, or to a file of leads the day each came in and "
            "the one campaign it came in by, as Created and Campaign (or utm_campaign), and draft "
            "the source again into another folder by --out; or import another source that has "
            "them."
        )
    for kind in _of_nobody(source):
        say(
            f"{kind}: no column is known to say whose its deals are, and without that no revenue "
            "is attributed: add the e-mail address of each deal's contact as Contact Email, or the "
            "id of the lead as Lead ID, and draft the source again into another folder by --out."
        )
    questions = [(kind, q) for kind, item in source.objects.items() for q in item.undecided]
    for kind, question in questions:
        say(f"{kind}: {question}.")
    if questions:
        say(
            "Until then these files are refused: take each line out of `undecided` in "
            f"{folder / 'profile.yaml'} once it is settled."
        )
    for select in source.waiting:
        say(f"{select.path}: {select.undecided}. Until then it fills nothing.")
    say(f"Next: smarketing import FILES --source {folder}")


def _of_nobody(source: Source) -> list[str]:
    """Give the kinds of file with deals of which nothing says, or asks, whose they are."""
    from smarketing.sources.drafting.work import NOBODYS

    deals, leads = source.selects.get("deal", ()), source.selects.get("lead", ())
    if "deal_contact" in source.selects or any("as converted_deal_id" in s.sql for s in leads):
        return []
    linked = re.compile(r" as (?:account|lead)_id\b")
    alone = [s for s in deals if not linked.search(s.sql)]
    asked = {kind for kind, item in source.objects.items() if NOBODYS in " ".join(item.undecided)}
    return [s.object for s in alone if s.object not in asked]


def _unread(source: Source, kind: str) -> list[str]:
    """Give the columns of a kind of file that none of its SELECTs reads."""
    from smarketing.sources.drafting.select import without_content_ids

    groups = (*source.selects.values(), source.waiting)
    own = [s.sql for group in groups for s in group if s.object == kind]
    item, read = source.objects[kind], without_content_ids("\n".join(own))
    kept = {*item.key, item.modified, item.deleted}
    return [c for c in item.columns if c not in kept and identifier(c) not in read]


def hands_out(about: str) -> None:
    """Put down that people leave the home, and for whom; not where they are masked."""
    from smarketing.store.audit import EXPORTED, note

    if access().may("see_personal"):
        note(home(), access().email or user(), EXPORTED, about)


def user() -> str:
    """Who runs the command, as the machine knows them."""
    try:
        return getpass.getuser()
    except OSError:
        return "unknown"
