"""Everything that the command line can be asked for as JSON, by itself: a command added is asked.

Each command is asked as it comes, with each value of each option alone, and with some of all of
them together. What is refused is an answer, too. An option that is new says here what it may be.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import typer

from smarketing.agreement import load_home_agreement
from smarketing.analysis.dimensions import dimension_values
from smarketing.attribution_models import MODELS
from smarketing.cli import app
from smarketing.engine import DIMENSIONS, DuckDBEngine, open_engine
from smarketing.engine.compile import parse
from smarketing.errors import SmarketingError

#: Commands that change a home, or tell of what was done to it rather than a figure.
NO_FIGURES = frozenset({
    "demo", "import", "build", "undo", "refresh", "forget", "audit",
    "agreement diff", "agreement propose", "agreement history",
})  # fmt: skip
#: Options that ask together or not at all: `--at` is an instant where the others are a window.
APART = {"--at": ("--from", "--to")}
WINDOW = ("--from", "--to")
#: So many digits of a double are compared: sums add up in another order.
DIGITS = 9

Values = Mapping[str, Sequence[str]]


def commands() -> dict[str, Any]:
    """Return the commands that print figures as JSON, by the words that call them."""
    found = dict(_under(typer.main.get_command(app), ""))
    return {
        words: command
        for words, command in found.items()
        if words not in NO_FIGURES and any("--json" in param.opts for param in command.params)
    }


def _under(command: Any, words: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
        return
    for name, one in inner.items():
        yield from _under(one, f"{words} {name}".strip())


def values_of(home: Path) -> Values:
    """Return what each option is given for a home; `COMMAND --option` where it means another."""
    engine, agreement = open_engine(home), load_home_agreement(home)
    day = engine.as_of_day
    year, quarter = f"{day:%Y}", (day.month + 2) // 3
    owners = dimension_values(engine, "owner")[:2]
    channels = dimension_values(engine, "channel")[:2]
    return {
        "--from": [f"{day - dt.timedelta(400)}", f"{day - dt.timedelta(90)}"],
        "--to": [f"{day + dt.timedelta(1)}", f"{day - dt.timedelta(20)}"],
        "--at": [f"{day - dt.timedelta(30)}", f"{day - dt.timedelta(200)}T10:30"],
        "--mode": ["cohort", "entered", "snapshot"],
        "--skips": ["imputed", "observed", "strict"],
        "--reentry": ["first", "last", "every"],
        "--by": [*DIMENSIONS],
        "--where": [*(f"channel={one}" for one in channels), "segment=(unknown)",
                    *(f"owner={one}" for one in owners), "region=(unknown)"],
        "--period": [f"{day:%Y-%m}", f"{year}-Q{quarter}", year, f"FY{year}",
                     f"{day - dt.timedelta(7):%G-W%V}", f"{int(year) - 1}-01..{day:%Y-%m}"],
        "ids": [kpi.id for kpi in agreement.kpis],
        "--model": [*MODELS, "all"],
        "--measure": ["revenue", "pipeline", "leads"],
        "--lookback": ["30", "365"],
        "--side": ["marketing", "sales", "both"],
        "--kinds": [",".join(_ids(engine, "fct_touch", "kind")[:2])],
        "--people": ["committee", "primary", "account", "lead"],
        "--returns-by": ["close", "touch"],
        "--order": ["1", "2", "3"],
        "--half-life": ["3.5"],
        "unit": [*_ids(engine, "fct_deal", "deal_id"), *_ids(engine, "dim_lead", "lead_id"),
                 *_ids(engine, "dim_account", "account_id")],
        "--owner": owners,
        "--revenue": ["1000000", "12.5"],
        "plan --by": [f"{day + dt.timedelta(200)}", f"{day + dt.timedelta(30)}"],
    }  # fmt: skip


def _ids(engine: DuckDBEngine, table: str, column: str) -> list[str]:
    asked = f"select distinct {column} as id from {table} order by 1 limit 3"
    return [str(row["id"]) for row in engine.rows(parse(asked, "ids"))]


def questions(values: Values, mixed: int = 8, *, alone: bool = True) -> list[list[str]]:
    """Return what is asked of the commands: as it comes, option by option, and `mixed` times all.

    KeyError for an option that `values` does not know: say there what it may be.
    """
    found = []
    for words, command in commands().items():
        params = {_name(one): one for one in command.params}
        options = {name: _choices(words, one, values) for name, one in params.items()
                   if name not in ("--json", "--help")}  # fmt: skip
        base = {name: options[name][0] for name in options
                if params[name].required or name in WINDOW}  # fmt: skip
        asked = [base]
        if alone:
            asked += [base | {name: one} for name, ones in options.items() for one in ones]
        draw = random.Random(words)
        for _ in range(mixed if options else 0):
            chosen = [name for name, ones in options.items() if ones and draw.random() < 0.5]
            asked.append(base | {name: draw.choice(options[name]) for name in chosen})
        found += [_written(words, one) for one in asked]
    return [list(one) for one in dict.fromkeys(map(tuple, found))]


def _name(param: Any) -> str:
    longest: str = max(param.opts, key=len)
    return longest


def _choices(words: str, param: Any, values: Values) -> Sequence[str]:
    if getattr(param, "is_flag", False):
        return [""]
    name = _name(param)
    return values.get(f"{words} {name}") or values[name]


def _written(words: str, given: Mapping[str, str]) -> list[str]:
    left_out = {other for name in given for other in APART.get(name, ())}
    line = words.split()
    for name, value in given.items():
        if name not in left_out:
            line += [part for part in (name if name[0] == "-" else "", value) if part]
    return [*line, "--json"]


def answered(line: Sequence[str]) -> Any:
    """Return the document that a command prints, or why it is refused."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        try:
            app(list(line), standalone_mode=False)
        except (SmarketingError, typer.TyperException) as error:
            return f"{type(error).__name__}: {error}"
    return _rounded(json.loads(out.getvalue()))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
