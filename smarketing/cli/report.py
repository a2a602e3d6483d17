"""Commands that make what leaves the building: reports, and one figure as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from smarketing.cli.data import home
from smarketing.cli.who import access
from smarketing.errors import SmarketingError, UsageError

if TYPE_CHECKING:
    from smarketing.export.report.asked import Asked
    from smarketing.export.report.plans import Plan

_ALL = "pptx,pdf,html,xlsx"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(report)
    app.command("export")(export)


def report(
    name: Annotated[
        str, typer.Argument(help="leadership, weekly, or one of your own.")
    ] = "leadership",
    period: Annotated[str | None, typer.Option(help="2026-06, last-week, last-month …")] = None,
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("reports"),
    format: Annotated[str, typer.Option(help="Formats, joined by commas.")] = _ALL,
    template: Annotated[Path | None, typer.Option(help="Your own PowerPoint template.")] = None,
    update: Annotated[Path | None, typer.Option(help="Put new numbers into this deck.")] = None,
    all_due: Annotated[bool, typer.Option("--all-due", help="Every report that is due.")] = False,
) -> None:
    """Write a report: a deck of native charts, a PDF, an HTML page, a workbook."""
    from smarketing.export.report.plans import plan_named
    from smarketing.export.report.write import checked_formats

    formats = checked_formats([part.strip() for part in format.split(",") if part.strip()])
    if update is not None:
        _update(plan_named(home(), name), period, update)
        return
    if not all_due:
        _finish([_write(plan_named(home(), name), period, out, formats, template)])
        return
    due = _due(out)
    _finish([_write(plan, None, out, formats, template) for plan in due])
    if not due:
        typer.echo(f"Every report that is due is in {out}.")


def write_due(out: Path, *, say: bool) -> list[str]:
    """Write every report that is due into a folder; returns a sentence for each that failed."""
    from smarketing.export.report.write import FORMATS, write_report

    failed: list[str] = []
    for plan in _due(out):
        written = write_report(plan, _asked(plan, None), out, FORMATS, None)
        failed += [f"{plan.name}, {what}: {why}" for what, why in written.failed.items()]
        for file in written.files if say else ():
            typer.echo(str(file))
    return failed


def _due(out: Path) -> list[Plan]:
    from smarketing.export.report.plans import plans

    return [plan for plan in plans(home()).values() if plan.every and not _is_there(plan, out)]


def export(
    figure: Annotated[str, typer.Argument(help="A figure by its name, such as funnel.")],
    period: Annotated[str, typer.Option(help="2026-06, last-month …")] = "last-month",
    format: Annotated[str, typer.Option(help="png, svg, pdf, csv, xlsx or pptx.")] = "png",
    out: Annotated[Path | None, typer.Option(help="The file to write.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Filter, as dimension=value (repeatable).")
    ] = None,
) -> None:
    """Write one figure as a picture, a table or a slide."""
    from dataclasses import replace

    from smarketing.cli.analyses import filters_of
    from smarketing.export.report.plans import plan_named
    from smarketing.export.report.write import write_figure

    asked = _asked(plan_named(home(), "leadership"), period)
    asked = replace(asked, filters=filters_of(where, asked.engine, asked.agreement))
    file = out or Path(f"{figure}-{asked.window.label}.{format}".replace("/", "-"))
    typer.echo(str(write_figure(asked, figure, file, format)))


def _write(
    plan: Plan, period: str | None, out: Path, formats: tuple[str, ...], template: Path | None
) -> dict[str, str]:
    from smarketing.export.report.write import write_report

    written = write_report(plan, _asked(plan, period), out, formats, template)
    for file in written.files:
        typer.echo(str(file))
    return {f"{plan.name}, {what}": why for what, why in written.failed.items()}


def _finish(failures: list[dict[str, str]]) -> None:
    """Say what is missing, on standard error and by the exit code."""
    failed = {what: why for found in failures for what, why in found.items()}
    if failed:
        said = " ".join(f"{what}: {why}" for what, why in failed.items())
        raise SmarketingError(f"Not all of it could be made. {said}")


def _is_there(plan: Plan, out: Path) -> bool:
    from smarketing.export.report.write import FORMATS, file_name

    asked = _asked(plan, None)
    return any((out / file_name(plan, asked, suffix)).exists() for suffix in FORMATS)


def _update(plan: Plan, period: str | None, deck: Path) -> None:
    from smarketing.export.deck import refresh_deck
    from smarketing.export.report.catalogue import pages
    from smarketing.store.home import disk_errors

    try:
        content = deck.read_bytes()
    except OSError as error:
        raise UsageError(f"The deck {deck} cannot be read ({error.strerror}).") from error
    made, failed = pages(_asked(plan, period), plan.figures)
    done = refresh_deck(content, made)
    with disk_errors(deck.parent):
        part = deck.with_name(f".{deck.name}.part")
        part.write_bytes(done.content)
        part.replace(deck)
    typer.echo(
        f"{deck}: {len(done.renewed)} parts have new data, {len(done.kept)} texts were kept."
    )
    for what, names in (("kept, since a person changed it", done.kept),
                        ("not found any more", done.unknown),
                        ("not in the deck", done.absent)):  # fmt: skip
        for part_name in names:
            typer.echo(f"  {part_name}: {what}")
    _finish([failed])


def _asked(plan: Plan, period: str | None) -> Asked:
    from smarketing.agreement import load_home_agreement
    from smarketing.analysis.funnel.listing import campaign_names
    from smarketing.engine import open_engine
    from smarketing.export.report.asked import Asked
    from smarketing.export.report.plans import read_period
    from smarketing.workspace import open_workspace

    engine, agreement = open_engine(home(), access()), load_home_agreement(home())
    workspace = open_workspace(home())
    window = read_period(period or plan.period, agreement, engine.as_of_day)
    return Asked(
        engine,
        agreement,
        window,
        workspace,
        workspace.in_force(agreement.hash),
        campaign_names(engine),
        plan.filters.within(access().scope),
    )
