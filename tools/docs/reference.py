"""Reference pages that cannot differ from the code: commands, KPIs, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from smarketing.agreement import Agreement, Kpi
from smarketing.cli import app
from smarketing.sources import Source, builtin_sources

_MADE = "Made from the code by `make docs`.\n"


def commands_page() -> str:
    """Return every command with its arguments and flags, groups before what they hold."""
    root = typer.main.get_command(app)
    parts = ["# Commands\n", _MADE]
    parts += [
        part for path, command in _commands("smarketing", root) for part in _told(path, command)
    ]
    return "\n".join(parts) + "\n"


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _commands(f"{path} {name}", inner)


def _told(path: str, command: Any) -> list[str]:
    lines = [f"## `{path}`\n", f"{command.help or ''}\n"]
    rows = [_parameter(parameter) for parameter in command.params]
    if rows:
        lines += ["| argument or flag | what it takes |", "|---|---|", *rows, ""]
    return lines


def _parameter(parameter: Any) -> str:
    names = [*parameter.opts, *parameter.secondary_opts]
    name = " ".join(f"`{name}`" for name in names)
    text = _cell(getattr(parameter, "help", None) or "")
    default = parameter.default
    if default not in (None, False, ()) and not callable(default):
        text += f" Default: `{default}`."
    return f"| {name} | {text}{' Must be given.' if parameter.required else ''} |"


def kpis_page(agreement: Agreement) -> str:
    """Return every KPI of an agreement: question, definition, how it is computed, its caveats."""
    parts = ["# KPIs\n", _MADE, "The KPIs of the agreement that comes with the product.\n"]
    return "\n".join([*parts, *(_kpi(kpi) for kpi in agreement.kpis)]) + "\n"


def _kpi(kpi: Kpi) -> str:
    lines = [f"## {kpi.label}\n", f"`{kpi.id}`, {kpi.unit}. **{kpi.question}** {kpi.definition}\n"]
    if kpi.expression:
        where = f" where `{kpi.condition}`" if kpi.condition else ""
        day = f", by `{kpi.date_column}`" if kpi.date_column else ""
        lines.append(f"`{kpi.expression}` over `{kpi.mart}`{where}{day}.\n")
    if kpi.ratio:
        lines.append(f"`{kpi.ratio.numerator}` ÷ `{kpi.ratio.denominator}`.\n")
    if kpi.formula:
        lines.append(f"`{kpi.formula}`.\n")
    return "\n".join([*lines, *(f"- {caveat}" for caveat in kpi.caveats), ""])


def sources_page() -> str:
    """Return every source of the product: its objects, the headers they need and know."""
    parts = ["# Objects and headers of the sources\n", _MADE]
    for name, source in sorted(builtin_sources().items()):
        parts += [f"## {source.profile.label} (`{name}`)\n", *_objects(source)]
    return "\n".join(parts) + "\n"


def _objects(source: Source) -> Iterator[str]:
    for name, item in source.objects.items():
        tables = sorted(
            table
            for table, selects in source.selects.items()
            if any(select.object == name for select in selects)
        )
        fills = ", ".join(f"`{table}`" for table in tables) or "no core table"
        yield f"### {name}\n"
        yield f"Fills {fills}. Must have: {_codes(item.required)}.\n"
        yield "| column | also known as |\n|---|---|"
        yield from (f"| `{column}` | {_codes(names)} |" for column, names in item.columns.items())
        yield ""


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{_cell(name)}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
