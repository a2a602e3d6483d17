"""Commands that make what leaves the building: reports, and one figure as a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.data import hands_out
from smarketing.cli.output import progress_bar, say
from smarketing.cli.who import access, home
from smarketing.errors import SmarketingError, UsageError

if TYPE_CHECKING:
    from smarketing.agreement import Agreement
    from smarketing.engine import Engine
    from smarketing.export.deck import Refreshed
    from smarketing.export.report.asked import Asked
    from smarketing.export.report.catalogue import Wanted
    from smarketing.export.report.plans import Plan
    from smarketing.export.shown import FigureAddress
    from smarketing.ui.figures import Figures
    from smarketing.workspace import Workspace

_ALL = "pptx,pdf,html,xlsx,digest"
Where = Annotated[
    list[str] | None, typer.Option("--where", help="Filter, as dimension=value (repeatable).")
]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(report)
    app.command("export")(export)


@dataclass(frozen=True)
class _Order:
    """How reports are written: where to, as what, on which template, and whether posted."""

    out: Path
    formats: Sequence[str]
    template: Path | None = None
    where: Sequence[str] = ()
    is_posted: bool = False


@dataclass(frozen=True)
class _Desk:
    """What every report of one run is answered from, opened once."""

    engine: Engine
    agreement: Agreement
    workspace: Workspace

    @cached_property
    def _figures(self) -> Figures:
        """Figures of pages: what runs pages is loaded for the first of them alone."""
        return _figures()

    def ask(self, plan: Plan, period: str | None, where: Sequence[str] = ()) -> Asked:
        """Put a report's question: its period and filters, or those given instead and beside."""
        from smarketing.analysis.dimensions import check_values
        from smarketing.analysis.funnel.listing import campaign_names
        from smarketing.cli.analyses import filters_of
        from smarketing.export.report.asked import Asked
        from smarketing.export.report.moving import read_period

        window = read_period(period or plan.period, self.agreement, self.engine.as_of_day)
        given = filters_of(list(where), self.engine, self.agreement)
        check_values(self.engine, self.agreement, plan.filters)
        filters = plan.filters.with_(**given.as_dict()).within(access().scope)
        return Asked(
            self.engine,
            self.agreement,
            window,
            self.workspace,
            self.workspace.in_force(self.agreement.hash),
            campaign_names(self.engine),
            filters,
            lambda *question: self._figures.at(*question),
        )


def report(
    name: Annotated[
        str, typer.Argument(help="leadership, weekly, campaign, owner, or one of your own.")
    ] = "leadership",
    period: Annotated[
        str | None, typer.Option(help="2026-06, 2025-07..2026-06, last-week, last-month …")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write into; without one, reports.")
    ] = None,
    format: Annotated[
        list[str], typer.Option(help="Formats, joined by commas or one by one (repeatable).")
    ] = [_ALL],  # noqa: B006 - never changed
    template: Annotated[Path | None, typer.Option(help="Your own PowerPoint template.")] = None,
    where: Where = None,
    update: Annotated[
        Path | None,
        typer.Option(help="Put new numbers into this deck; with --out, into a copy there."),
    ] = None,
    all_due: Annotated[bool, typer.Option("--all-due", help="Every report that is due.")] = False,
    post: Annotated[
        bool, typer.Option("--post", help="Post the digest to SMARKETING_WEBHOOK.")
    ] = False,
) -> None:
    """Write a report: a deck of native charts, a PDF, an HTML page, a workbook, a digest."""
    from smarketing.export.report.plans import plan_named
    from smarketing.export.report.write import checked_formats

    parts = (part.strip() for given in format for part in given.split(","))
    formats = checked_formats([part for part in parts if part])
    order = _Order(out or Path("reports"), formats, template, where or (), post)
    if update is not None and (template or all_due or post or format not in ([_ALL], ["pptx"])):
        raise UsageError(
            "--update takes a deck as it is: give it a report, a period, --where, --out."
        )
    if post:
        _webhook()
    if all_due:
        _finish(write_due(order, say_files=True))
        return
    plan = plan_named(home(), name)
    asked = _desk().ask(plan, period, order.where)
    _finish(_update(plan, asked, update, out) if update else _write(plan, asked, order))


def write_due(order: _Order, *, say_files: bool) -> list[str]:
    """Write every report that is due; returns a sentence for each that failed, or in part."""
    from smarketing.export.report.plans import readable_plans
    from smarketing.export.report.write import is_posted, is_written

    plans, wrong = readable_plans(home())
    failed = [f"{name}: {error}" for name, error in wrong.items()]
    desk = _desk()
    due = 0
    for plan in plans.values():
        if not plan.every:
            continue
        try:
            asked = desk.ask(plan, None, order.where)
            if not is_written(plan, asked, order.out, order.formats):
                due += 1
                failed += _write(plan, asked, order, say_files=say_files)
            elif order.is_posted and not is_posted(plan, asked, order.out):
                due += 1
                failed += _post(plan, asked, order)
        except SmarketingError as error:
            failed.append(f"{plan.name}: {error}")
    if say_files and not due and not failed:
        say(f"Every report that is due is in {order.out}.")
    return failed


def due_in(out: Path) -> _Order:
    """Return the order of reports on schedule: all formats, into a folder."""
    return _Order(out, _ALL.split(","))


def export(
    figure: Annotated[
        str,
        typer.Argument(
            help="A figure by its name, such as funnel, or by its address on a page, such as "
            "'funnel?show=time#stays'."
        ),
    ],
    period: Annotated[str | None, typer.Option(help="2026-06, last-month …")] = None,
    format: Annotated[str, typer.Option(help="png, svg, pdf, csv, xlsx or pptx.")] = "png",
    out: Annotated[str, typer.Option(help="The file to write, or its folder.")] = "",
    where: Where = None,
) -> None:
    """Write one figure as a picture, a table or a slide."""
    from smarketing.export.report.write import put_in_folder, write_figure
    from smarketing.export.shown import FigureAddress

    if FigureAddress.is_one(figure):
        file, content = _of_page(FigureAddress.read(figure), period, where or (), format)
        say(str(put_in_folder(_placed(out, file), content)))
        return
    asked = _question(period or "last-month", where or ())
    file = _placed(out, Path(f"{figure}-{asked.window.label}.{format}".replace("/", "-")))
    _note_people([figure], f"the figure {figure} as {format}")
    say(str(write_figure(asked, figure, file, format)))


def _placed(out: str, file: Path) -> Path:
    """Return where a file goes: as named, by its own name into a folder, else here.

    What ends as folders do is one, whether it is there already or not.
    """
    if not out:
        return file
    is_folder = out.endswith(("/", os.sep)) or Path(out).is_dir()
    return Path(out) / file.name if is_folder else Path(out)


def _question(period: str, where: Sequence[str]) -> Asked:
    """Put the question of one figure: no filters but those given."""
    from smarketing.engine import NO_FILTERS
    from smarketing.export.report.plans import plan_named

    return _desk().ask(replace(plan_named(home(), "leadership"), filters=NO_FILTERS), period, where)


def _of_page(
    address: FigureAddress, period: str | None, where: Sequence[str], format: str
) -> tuple[Path, bytes]:
    """Return a figure of a page as a file, and what to call it."""
    from smarketing.engine import NO_FILTERS

    filters = NO_FILTERS
    if period or where:
        asked = _question(period or "last-month", where)
        filters = asked.filters
        if period:
            # As if the link asked for it: a page that knows none says so.
            address = address.asking(asked.window.label, NO_FILTERS)
    found = _figures().at(address, filters=filters)
    return Path(found.stamp.file_name(format)), found.to_file(format)


def _write(plan: Plan, asked: Asked, order: _Order, *, say_files: bool = True) -> list[str]:
    """Write one report, and post its digest where that is asked for; returns what failed."""
    from smarketing.export.report.write import write_report
    from smarketing.settings import Settings

    _note_people(plan.figures, f"the report {plan.name} as {', '.join(order.formats)}")
    url = Settings().url
    with progress_bar(quiet=not say_files) as bar:
        step: Callable[[str, float], None] = bar or (lambda *_: None)
        written = write_report(plan, asked, order.out, order.formats, order.template, url, step)
    for file in written.files if say_files else ():
        say(str(file))
        if file in written.refreshed:
            _say_refreshed(file, written.refreshed[file])
    failed = [f"{plan.name}, {what}: {why}" for what, why in written.failed.items()]
    return failed + (_post(plan, asked, order) if order.is_posted else [])


def _post(plan: Plan, asked: Asked, order: _Order) -> list[str]:
    """Post the digest of a report and note that it is; returns why it could not be."""
    from smarketing.export.report.digest import digest, to_markdown
    from smarketing.export.report.plans import title_of
    from smarketing.export.report.webhook import post
    from smarketing.export.report.write import note_post
    from smarketing.settings import Settings

    title = title_of(plan, asked.agreement, asked.window)
    try:
        post(_webhook(), to_markdown(digest(title, asked), Settings().url))
        note_post(plan, asked, order.out)
    except SmarketingError as error:
        return [f"{plan.name}, post: {error}"]
    return []


def _webhook() -> str:
    from smarketing.export.report.webhook import checked_webhook
    from smarketing.settings import Settings

    return checked_webhook(Settings().webhook)


def _finish(failed: Sequence[str]) -> None:
    """Say what is missing, on standard error and by the exit code."""
    if failed:
        raise SmarketingError(f"Not all of it could be made. {' '.join(failed)}")


def _update(plan: Plan, asked: Asked, deck: Path, out: Path | None) -> list[str]:
    """Put new numbers into a deck, or a copy elsewhere; says of each part what became of it."""
    from smarketing.charts.names import visible
    from smarketing.export.deck import refresh_deck
    from smarketing.export.report.catalogue import pages
    from smarketing.export.report.plans import title_of
    from smarketing.export.report.write import put_in_folder

    try:
        content = deck.read_bytes()
    except OSError as error:
        raise UsageError(f"The deck {deck} cannot be read ({error.strerror}).") from error
    made, failed = pages(asked, plan.figures)
    _note_people(plan.figures, f"the deck {deck.name}")
    title = title_of(plan, asked.agreement, asked.window)
    done = refresh_deck(content, made, title, visible(asked.stamp()))
    _say_refreshed(put_in_folder(out / deck.name if out else deck, done.content), done)
    return [f"{plan.name}, {what}: {why}" for what, why in failed.items()]


def _say_refreshed(deck: Path, done: Refreshed) -> None:
    say(f"{deck}: {len(done.renewed)} parts have new data, {len(done.kept)} changes were kept.")
    for what, names in (("kept, since a person changed it", done.kept),
                        ("left as it is, nothing is known of it any more", done.unknown),
                        ("its numbers are taken out, since the table lists it no more", done.lost),
                        ("the page says what it said: its chart or table is not to be found or "
                         "filled", done.old),
                        ("not in the deck", done.absent)):  # fmt: skip
        for part_name in names:
            say(f"  {part_name}: {what}")


def _note_people(figures: Sequence[Wanted | str], about: str) -> None:
    from smarketing.export.report.catalogue import lists_people

    if lists_people(figures):
        hands_out(about)


def _desk() -> _Desk:
    from smarketing.agreement import load_home_agreement
    from smarketing.engine import open_engine
    from smarketing.engine.written import read_workspace

    engine = open_engine(home(), access())
    return _Desk(engine, load_home_agreement(home()), read_workspace(home(), access()))


def _figures() -> Figures:
    from smarketing.ui.figures import Figures

    return Figures(access(), hands_out)
