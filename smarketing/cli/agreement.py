"""Commands of the agreement: read it, compare versions, propose, sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.cli.output import print_json, print_table, progress_bar, say
from smarketing.cli.who import access, home

if TYPE_CHECKING:
    from smarketing.agreement import Agreement
    from smarketing.agreement.readable import Beside
    from smarketing.document import Document
    from smarketing.store.agreed import Version

_VERSION = typer.Argument(help="A version by the start of its hash; the one on file if left out.")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Team = Annotated[str, typer.Option("--team", help="marketing or sales.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="What both teams agreed and signed.", no_args_is_help=True)
    for command in (show, diff, propose, sign, withdraw, history, export):
        group.command()(command)
    app.add_typer(group, name="agreement")


def show(
    version: Annotated[str | None, _VERSION] = None,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Print the file itself.")] = False,
) -> None:
    """Print everything that is signed, as a document."""
    from smarketing.export.document import to_text

    found = _version(version)
    typer.echo(found.content if as_yaml else to_text(_document(found)), nl=False)


def diff(
    before: Annotated[str, typer.Argument(help="A version's hash, or a file.")],
    after: Annotated[
        str | None, typer.Argument(help="Another; the one on file if left out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say in words what differs between two versions."""
    from smarketing.agreement.told import told

    old, new = _agreement(before), _agreement(after)
    sentences = told(old, new)
    if as_json:
        print_json({"before": old.hash, "after": new.hash, "changes": sentences})
        return
    for sentence in sentences or ["Both say the same."]:
        say(sentence)


def propose(
    file: Annotated[Path, typer.Argument(help="The agreement as it should be (YAML).")],
    by: Annotated[str, typer.Option("--by", help="Who proposes it.")],
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    made_from: Annotated[
        str | None, typer.Option("--from", help="The version it was made from; else that on file.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare/--no-compare", help="Show last quarter under both.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Put a changed agreement up for signature, and show what it would do to the numbers."""
    from smarketing.agreement.told import told
    from smarketing.store.agreed import agreed
    from smarketing.store.builds import published

    versions = agreed(home())
    before = versions.on_file()
    text = _text(file)
    _demand_countable(before.agreement, text, str(file))
    made = versions.propose(text, by, note, made_from)
    sentences = told(before.agreement, made.agreement)
    with progress_bar(as_json) as progress:
        found = None
        if compare and published(home()):
            found = _compared(before.agreement, made.agreement, progress)
    if as_json:
        print_json({"version": made.hash, "changes": sentences, "numbers": found})
        return
    for sentence in sentences:
        say(sentence)
    if found:
        _print_compared(found)
    say(f"Proposed as version {made.hash[:8]}. Sign it: smarketing agreement sign "
        f"{made.hash[:8]} --team TEAM --name NAME")  # fmt: skip


def sign(
    team: Team,
    name: Annotated[str, typer.Option("--name", help="Who signs.")],
    version: Annotated[str | None, _VERSION] = None,
) -> None:
    """Sign a version for a team; in force, and on file, once both teams signed it."""
    from smarketing.store.agreed import agreed

    found = _version(version)
    signed = agreed(home()).sign(found.hash, team, name)
    say(f"{name} signed version {signed.hash[:8]} for {team} (the name is not verified).")
    if signed.state == "in force":
        text = "It is in force. Let the figures follow it: smarketing build."
        say("It is in force." if found.is_on_file else text)
        return
    missing = " and ".join(t for t in ("marketing", "sales") if t not in signed.signed_by)
    say(f"It is in force once {missing} signed as well.")


def withdraw(team: Team, version: Annotated[str | None, _VERSION] = None) -> None:
    """Take a team's signature back; it stays in the history."""
    from smarketing.store.agreed import agreed

    found = agreed(home()).withdraw(_version(version).hash, team, by=access().name)
    say(f"The signature of {team} under version {found.hash[:8]} is withdrawn.")


def history(as_json: Json = False) -> None:
    """List every version: who proposed it, who signed it when, and its state."""
    from smarketing.engine.written import read_workspace
    from smarketing.store.agreed import agreed

    rows: list[dict[str, Any]] = [
        {
            "version": v.hash,
            "state": v.state,
            "proposed_by": v.proposed_by or None,
            "proposed_at": f"{v.proposal.proposed_at.isoformat()}Z" if v.proposal else None,
            "note": v.proposal.note if v.proposal else None,
            "signatures": [
                {
                    "team": s.team,
                    "name": s.name,
                    "signed_at": f"{s.signed_at.isoformat()}Z",
                    "withdrawn_at": f"{s.withdrawn_at.isoformat()}Z" if s.withdrawn_at else None,
                    "verified": s.is_verified,
                }
                for s in v.signatures
            ],
        }
        for v in agreed(home(), read_workspace(home(), access())).versions()
    ]
    if as_json:
        print_json(rows)
        return
    table = [
        (row["version"][:8], row["state"], row["proposed_by"] or "", row["note"] or "", _who(row))
        for row in rows
    ]
    print_table("Versions", ("version", "state", "proposed by", "note", "signatures"), table)


def export(
    file: Annotated[Path, typer.Argument(help="Where to write it: .html, .pdf, .md or .yaml.")],
    version: Annotated[str | None, _VERSION] = None,
) -> None:
    """Write everything that is signed as a document to read and print."""
    from smarketing.errors import unknown
    from smarketing.export.document import FORMATS, to_format
    from smarketing.store.home import disk_errors

    kind = file.suffix.lstrip(".").lower()
    if kind not in (*FORMATS, "yaml"):
        raise unknown("format", kind, (*FORMATS, "yaml"))
    found = _version(version)
    content = (
        found.content.encode()
        if kind == "yaml"
        else to_format(_document(found, _beside(found.agreement)), kind)
    )
    with disk_errors(file.parent):
        file.write_bytes(content)
    say(f"Version {found.hash[:8]} of the agreement is in {file}.")


def _who(row: dict[str, Any]) -> str:
    return "; ".join(
        f"{s['name']} for {s['team']} {s['signed_at'][:10]}"
        f"{', withdrawn' if s['withdrawn_at'] else ''}{'' if s['verified'] else ', not verified'}"
        for s in row["signatures"]
    )


def _version(name: str | None) -> Version:
    """Return a version by its name, or the one on file, which needs no workspace to be read."""
    from smarketing.errors import StoreError
    from smarketing.store.agreed import agreed

    versions = agreed(home())
    try:
        return versions.version(name) if name else versions.on_file()
    except StoreError as error:
        if name:
            raise
        say(f"Who signed it is not known. {error}", err=True)
        return versions.as_filed()


def _agreement(name: str | None) -> Agreement:
    from smarketing.agreement import parse_agreement

    if name and Path(name).is_file():
        return parse_agreement(_text(Path(name)), name)
    return _version(name).agreement


def _text(file: Path) -> str:
    from smarketing.errors import AgreementError

    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AgreementError(f"{file} cannot be read ({error}); name a YAML file.") from error


def _document(version: Version, more: Beside | None = None) -> Document:
    from smarketing.agreement.readable import readable

    return readable(version.agreement, version.stamp, more)


def _beside(agreement: Agreement) -> Beside:
    """Limits and SQL of each KPI; before the first import there is nothing to ask."""
    from smarketing.analysis.review.beside import beside, limits_of
    from smarketing.engine import open_engine
    from smarketing.engine.written import read_workspace
    from smarketing.errors import StoreError
    from smarketing.store.home import Home
    from smarketing.workspace.records import Limits

    try:
        decided = [] if access().scope else read_workspace(home(), access()).of(Limits).all()
    except StoreError:
        # Said where the version was read.
        decided = []
    if not Home(home()).current.exists():
        return limits_of(decided)
    return beside(open_engine(home(), access()), agreement, decided)


def _demand_countable(before: Agreement, text: str, name: str) -> None:
    """Raise what the browser's form would say of a number that the marts cannot answer."""
    from smarketing.agreement import parse_agreement
    from smarketing.analysis.review.proposal import demand_countable
    from smarketing.engine import open_engine
    from smarketing.store.builds import published

    after = parse_agreement(text, name)
    if published(home()):
        demand_countable(open_engine(home()), before, after)


def _compared(before: Agreement, after: Agreement, progress: Any) -> dict[str, Any]:
    from smarketing.analysis.review.proposal import Under, effects, last_quarter
    from smarketing.build import build_under
    from smarketing.engine import open_engine_on

    sides = [
        Under(open_engine_on(build_under(home(), one, progress)), one) for one in (before, after)
    ]
    window = last_quarter(sides[0])
    rows = [
        {
            "id": e.id,
            "label": e.label,
            "unit": e.unit,
            "before": e.before.value if e.before else None,
            "after": e.after.value if e.after else None,
            "status_before": e.before.status if e.before else None,
            "status_after": e.after.status if e.after else None,
        }
        for e in effects(sides[0], sides[1], window)
        if e.is_other
    ]
    currency = sides[1].engine.currency
    return {"period": window.label, "currency": currency, "changed": rows}


def _print_compared(found: dict[str, Any]) -> None:
    from smarketing.charts import format as fmt

    rows = found["changed"]
    if not rows:
        say(f"No number of {found['period']} changes under it.")
        return
    table = [
        (
            row["label"],
            fmt.by_unit(row["before"], row["unit"], found["currency"]),
            fmt.by_unit(row["after"], row["unit"], found["currency"]),
            f"{row['status_before'] or ''} → {row['status_after'] or ''}"
            if row["status_before"] != row["status_after"]
            else row["status_after"] or "",
        )
        for row in rows
    ]
    print_table(
        f"{found['period']} under both",
        ("KPI", "now", "proposed", "status"),
        table,
        ("now", "proposed"),
    )
