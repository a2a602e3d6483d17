"""Asks every query the same questions, and says the answers in lines that can be kept and read."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
from sqlglot import exp

from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse, shared_tree

QUERIES = Path(__file__).parents[1] / "sql" / "queries.txt"
MARTS = Path(__file__).parents[1] / "sql" / "marts.txt"
OTHERWISE = Path(__file__).parents[1] / "sql" / "marts_otherwise.txt"
WHOLE_ROWS = 6
DAYS = (dt.date(2025, 7, 1), dt.date(2025, 9, 1), dt.date(2026, 1, 5))
ENDS = (dt.date(2026, 7, 2), dt.date(2026, 3, 1), dt.date(2026, 2, 28))
INSTANTS = (dt.datetime(2026, 7, 1, 12), dt.datetime(2026, 2, 2, 8), dt.datetime(2025, 11, 3, 7))
#: The values of a parameter, asked for in turn.
VALUES: dict[str, Sequence[Any]] = {
    "from": DAYS, "from_day": DAYS, "from_us": (0, 1_760_000_000_000_000, 1_770_000_000_000_000),
    "to": ENDS, "to_day": ENDS, "to_us": (2_000_000_000_000_000, 1_790_000_000_000_000,
                                          1_780_000_000_000_000),
    "as_of_day": (dt.date(2026, 7, 1),), "at": INSTANTS, "soon_at": INSTANTS,
    "mature_day": (dt.date(2026, 5, 1), dt.date(2026, 1, 5)), "mature_days": (30, 90, 12),
    "mode": ("cohort", "entered"), "skips": ("imputed", "observed", "strict"),
    "reentry": ("first", "last", "every"), "grain": ("month", "week", "quarter"),
    "measure": ("revenue", "pipeline", "leads"), "side": ("marketing", "both", "sales"),
    "people": ("default", "account", "lead"), "with_lost": (True, False),
    "lookback_days": (180, 60, 400), "half_life_days": (7.0, 30.0),
    "custom_first": (0.3, 0.0), "custom_last": (0.2, 0.5), "custom_lead": (0.1, 0.2),
    "custom_deal": (0.1, 0.2), "custom_middle": (0.3, 0.1),
    "unit_kind": ("deal", "lead", "account", "person"), "unit_id": ("d3", "l8", "a3", "p3"),
    "stage": ("mql", "Offer", "sal"), "stage_number": (2, 0, 3, 1), "step_number": (1, 2, 3),
    "outcome": ("opportunity", "customer"), "basis": ("qualified", "response", "attempts",
                                                     "decision"),
    "table_name": ("lead", "deal", "touch", "person", "cost"), "source": ("test", "crm", "shop"),
    "overdue_days": (30, 0),
    "column_name": ("campaign_id",), "currency": ("USD", "CHF", "EUR"),
    "reason": ("no date",), "pipeline": ("Main", "Other"),
    "named_team": ("marketing", "(unknown)"), "timezone": ("Europe/Berlin",),
    "exact": ("company 3", "d3", "p3@company3.com"), "part": ("%company%", "%deal%", "%p3%"),
    "ending": ("%:d3", "%:a3", "%:p3"),
}  # fmt: skip


def _each(**values: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(zip(values, row, strict=True)) for row in product(*values.values())]


_CLASSES = [
    {"table_name": table, "column_name": column}
    for table, column in (
        ("lead", "channel"), ("lead", "segment"), ("lead", "region"), ("person", "persona"),
        ("account", "segment"), ("account", "region"), ("deal", "channel"), ("touch", "channel"),
        ("campaign", "channel"), ("lead", "status"),
    )
]  # fmt: skip
#: Parameters that are a choice between ways of counting: asked for in every combination.
CHOICES = ("mode", "skips", "reentry", "measure", "side")
#: What is asked of queries whose parameters are words of their own.
ASKED: dict[str, list[dict[str, Any]]] = {
    "health/deal_records": _each(overdue_days=(30,), fault=(
        "closed without a close date", "closed after the as-of date", "created after the close",
        "open long after the expected close", "without an amount", "of a negative amount",
        "with several primary contacts",
    )),
    "health/deals": _each(overdue_days=(30, 86, 0)),
    "health/stage_fault_records": _each(fault=(
        "unknown stage", "before the lead was created", "several at one instant",
        "later than the data", "progress after an exit",
    )),
    "health/owner_left_records": _each(
        table_name=("lead", "deal"),
        fault=("created", "assigned", "undecided", "closed", "open"),
    ),
    "health/unknown_records": _CLASSES,
    "health/unmapped_records": _CLASSES,
    "health/undated_records": _each(
        table_name=("lead", "deal", "feedback", "contract"), source=("test",)
    ),
    "health/rate_records": _each(
        table_name=("deal", "cost", "contract", "quota"), currency=("USD", "CHF")
    ),
    "health/outcome_records": _each(
        source=("test",), pipeline=("Main", "Other"), stage=("Offer", "Gone")
    ),
    "health/touch_records": _each(reason=(
        "no time", "after the as-of date", "no person, lead, deal or account",
    )),
    "health/unused_records": _each(source=("crm", "test"), reason=("of no table",)),
    "health/unattributed_records": _each(reason=(
        "the deal has no close date",
        "the touches lie outside the lookback, are of a kind that does not count, or are of people"
        " who do not count under the agreed rule",
        "the touches have no response or no time, so that none of them counts",
        "only sales was in touch with it",
        "nobody is known on the deal, and it has no account",
        "nobody at the account has a recorded touch",
    )),
    "health/spend_difference_records": _each(source=("crm",), currency=("EUR", "USD")),
}  # fmt: skip
#: Queries that others are made of: no answer by themselves.
PARTS = ("attribution/eligible",)


def asked_of(engine: DuckDBEngine, name: str) -> list[str]:
    """Return the lines of a query's answers, one block for each set of values."""
    tree = shared_tree("queries", name, "duckdb")
    lines: list[str] = []
    for values in ASKED.get(name) or _in_turn(name):
        lines.append(", ".join(f"{slot} {value}" for slot, value in values.items()) or "as it is")
        found = engine.run(name, values)
        lines += answer_lines(in_one_order(found))
        lines += _order_line(tree, found)
    return lines


def _in_turn(name: str) -> list[dict[str, Any]]:
    tree = shared_tree("queries", name, "duckdb")
    slots = sorted({str(slot.this) for slot in tree.find_all(exp.Placeholder)})
    crossed = {slot: VALUES[slot] for slot in slots if slot in CHOICES}
    turns = max((len(VALUES[slot]) for slot in slots if slot not in CHOICES), default=1)
    chosen = _each(**crossed)
    return [
        {
            slot: chosen[turn % len(chosen)].get(slot, VALUES[slot][turn % len(VALUES[slot])])
            for slot in slots
        }
        for turn in range(max(turns, len(chosen)))
    ]


def in_one_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort the rows of an answer that has no order of its own."""
    texts = frame.astype(object).map(said)
    return frame.iloc[texts.sort_values(list(texts.columns)).index]


def _order_line(tree: exp.Query, frame: pd.DataFrame) -> Iterator[str]:
    """Say in which order the rows came, by the columns that the query orders them by."""
    order = tree.args.get("order")
    by = [part.this.name for part in order.expressions] if order else []
    columns = [column for column in by if column in frame]
    if columns and len(frame) > 1:
        rows = frame[columns].astype(object).map(said).to_csv(index=False)
        yield f"  in order of {', '.join(columns)}, {zlib.crc32(rows.encode()):08x}"


def mart_lines(engine: DuckDBEngine, name: str) -> list[str]:
    """Return the lines of a mart, its rows in one order."""
    return list(answer_lines(engine.run(parse(f'select * from "{name}" order by all', name))))


def answer_lines(frame: pd.DataFrame) -> Iterator[str]:
    """Say a short table row by row, a long one column by column."""
    columns = {column: [said(v) for v in frame[column].astype(object)] for column in frame}
    yield f"  {len(frame)} rows of {', '.join(columns)}"
    if len(frame) <= WHOLE_ROWS:
        yield from (f"  | {' | '.join(row)}" for row in zip(*columns.values(), strict=True))
        return
    for column, texts in columns.items():
        known = [text for text in texts if text]
        order = zlib.crc32("\n".join(texts).encode())
        yield f"  {column}: {len(known)} known, {len(set(known))} kinds{_sum(known)}, {order:08x}"


def _sum(known: Sequence[str]) -> str:
    try:
        total = sum(float(text) for text in known)
    except ValueError:
        return ""
    return f", sum {total:.10g}"


def said(value: Any) -> str:
    """Return a value as text, a number to nine digits, nothing as nothing."""
    if isinstance(value, Mapping):
        return str({key: said(value[key]) for key in sorted(value)})
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        return str([said(part) for part in value])
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    return f"{value:.9g}" if isinstance(value, float) else str(value)


@cache
def kept(path: Path) -> dict[str, list[str]]:
    """Return name -> the lines kept of it in a file."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            lines = found.setdefault(line[3:], [])
        else:
            lines.append(line)
    return found


def keep(path: Path, blocks: Mapping[str, list[str]]) -> None:
    """Write the lines of every name to a file, as `kept` reads them."""
    lines = [line for name, block in blocks.items() for line in (f"== {name}", *block)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
