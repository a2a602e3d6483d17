"""How the command line prints: one JSON document, or a plain table for people."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from smarketing.charts.format import MISSING
from smarketing.charts.names import visible
from smarketing.cli.terminal import knows_all

#: How wide a table may be where its words and figures need it, in signs.
_WIDEST = 120


def print_json(document: object) -> None:
    """Write `document` as one JSON document; dates become ISO text, NaN becomes null."""
    escaped = not knows_all(sys.stdout)
    sys.stdout.write(json.dumps(_plain(document), ensure_ascii=escaped, indent=2) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def print_table(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    right: Sequence[str] = (),
) -> None:
    """Print a plain table with right-aligned numbers; names are shown as they are, never as markup.

    None is "n/a", not available; "" is a cell that has nothing to say. `right` names columns of
    numbers that are written out already.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    heading = Text(visible(title), style="table.title")
    table = Table(title=heading, title_justify="left", box=None, pad_edge=False)
    body = [list(row) for row in rows]
    for index, header in enumerate(headers):
        numeric = header in right or (bool(body) and all(_is_number(row[index]) for row in body))
        justify: Literal["left", "right"] = "right" if numeric else "left"
        name = Text(visible(header))
        table.add_column(name, justify=justify, overflow="fold", no_wrap=numeric)
    for row in body:
        table.add_row(*(Text(_cell(value)) for value in row))
    console = Console(soft_wrap=False)
    # Rather than that an amount or a word is broken, lines are wider than a narrow terminal.
    wanted = console.measure(table, options=console.options.update(max_width=_WIDEST)).minimum
    console.width = max(console.width, wanted)
    console.print(table)


def say(text: str, *, err: bool = False) -> None:
    """Print a line for people, the names in it as they are."""
    (sys.stderr if err else sys.stdout).write(f"{visible(text)}\n")


def local_time(instant: str) -> str:
    """A local instant with its offset, as people read it: to the minute; a bare day stays one."""
    return instant[:16].replace("T", " ")


def _is_number(value: object) -> bool:
    return value is None or value == "" or isinstance(value, int | float)


def _cell(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return f"{value:,.4f}" if 0 < abs(value) < 1 else f"{value:,.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return visible(value)


def progress_bar(quiet: bool) -> AbstractContextManager[Callable[..., None] | None]:
    """Show steps on standard error while a build runs; nothing when quiet or not a terminal."""
    return _progress(quiet or not sys.stderr.isatty())


@contextmanager
def _progress(hidden: bool) -> Any:
    if hidden:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(step: str, fraction: float = 0.0) -> None:
            bar.update(task, description=step, completed=fraction)

        yield report
