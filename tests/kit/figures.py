"""Asks every query the same questions, and says the answers in lines that can be kept and read."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from small_agreements import EDGES
from small_company import AS_OF, empty_company
from sqlglot import exp

from smarketing.build.marts.order import mart_params
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import bind_literals, parse, read_sql, shared_tree
from smarketing.errors import QueryError

QUERIES = Path(__file__).parents[1] / "sql" / "queries.txt"
NOBODY = Path(__file__).parents[1] / "sql" / "queries_of_nobody.txt"
MARTS = Path(__file__).parents[1] / "sql" / "marts.txt"
OTHERWISE = Path(__file__).parents[1] / "sql" / "marts_otherwise.txt"
WHOLE_ROWS = 6
#: A row as texts.
Row = tuple[str, ...]
DAYS = (dt.date(2025, 7, 1), *EDGES[:2])
ENDS = (dt.date(2026, 7, 2), *EDGES[1:])
INSTANTS = (
    dt.datetime.fromisoformat(AS_OF),
    *(dt.datetime.combine(day, dt.time(8)) for day in EDGES),
)
_AS_US = [int(at.replace(tzinfo=dt.UTC).timestamp()) * 1_000_000 for at in INSTANTS]
#: The values of a parameter, asked for in turn.
VALUES: dict[str, Sequence[Any]] = {
    "from": DAYS, "from_day": DAYS, "from_us": (_AS_US[1], 0, 0),
    "to": ENDS, "to_day": ENDS, "to_us": (2_000_000_000_000_000, *_AS_US[1:3]),
    "as_of_day": (dt.date(2026, 7, 1),), "at": INSTANTS,
    "soon_at": tuple(INSTANTS[0] + dt.timedelta(hours=hours) for hours in (99, 0, 1)),
    "mature_day": (dt.date(2026, 5, 1), dt.date(2026, 1, 5)), "mature_days": (30, 90, 12),
    "mode": ("cohort", "entered"), "skips": ("imputed", "observed", "strict"),
    "reentry": ("first", "last", "every"), "grain": ("month", "week", "quarter"),
    "measure": ("revenue", "pipeline", "leads"), "side": ("marketing", "both", "sales"),
    "people": ("default", "account", "lead", "primary", "committee"), "with_lost": (True, False),
    "lookback_days": (180, 60, 400), "half_life_days": (7.0, 30.0),
    "custom_first": (0.3, 0.0), "custom_last": (0.2, 0.5), "custom_lead": (0.1, 0.2),
    "custom_deal": (0.1, 0.2), "custom_middle": (0.3, 0.1),
    "unit_kind": ("deal", "lead", "account", "person"), "unit_id": ("d3", "l8", "a3", "p3"),
    "stage": ("mql", "Offer", "sal"), "stage_number": (2, 0, 3, 6, 1), "step_number": (1, 2, 3),
    "trait": ("touch", "content"),
    "outcome": ("opportunity", "customer"), "basis": ("qualified", "response", "attempts",
                                                     "decision"),
    "table_name": ("lead", "deal", "touch", "person", "cost"), "source": ("test", "crm", "shop"),
    "overdue_days": (30, 0),
    "column_name": ("campaign_id",), "currency": ("USD", "CHF", "EUR"),
    "reason": ("no date",), "pipeline": ("Main", "Other"),
    "named_team": ("marketing", "(unknown)"), "timezone": ("Europe/Berlin",),
    "exact": ("COMPANY 3", "d3", "p3@company3.com"), "part": ("%company%", "%deal%", "%p3%"),
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
#: Whose journeys are asked for.
UNITS = (
    ("deal", "d3"), ("deal", "tied deal"), ("deal", "odd2"),
    ("deal", "origin2"), ("lead", "l8"), ("lead", "tied1"),
    ("lead", "stub of two"), ("lead", "two at once"), ("account", "a3"),
    ("account", "at origin0"), ("account", "crm:a2"),
    ("person", "crm:p3"), ("person", "tied"), ("person", "early"), ("person", "of origin0"),
    ("account", "d3"), ("lead", "d3"), ("person", "d3"),
)  # fmt: skip
#: Parameters that are a choice between ways of counting: asked for in every combination.
CHOICES = ("mode", "skips", "reentry", "measure", "side")
#: What is asked of queries whose parameters are words of their own.
ASKED: dict[str, list[dict[str, Any]]] = {
    "health/deal_records": _each(overdue_days=(30,), fault=(
        "closed without a close date", "closed after the as-of date", "created after the close",
        "open long after the expected close", "without an amount", "of a negative amount",
        "of no company, and won", "with several primary contacts",
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
    "customers/kept": [
        *({"from": start, "to": end} for start, end in zip(DAYS, ENDS, strict=True)),
        {"from": dt.date(2020, 1, 1), "to": dt.date(2020, 2, 1)},
    ],
    "health/future_records": _each(source=("late", "test")),
    "health/quarantine_records": _each(table_name=("lead", "record")),
    "health/rate_records": _each(
        table_name=("deal", "cost", "contract", "quota"), currency=("USD", "CHF", "JPY")
    ),
    "health/outcome_records": _each(
        source=("test",), pipeline=("Main", "Other"), stage=("Offer", "Gone")
    ),
    "health/touch_records": _each(reason=(
        "no time", "after the as-of date", "no person, lead, deal or account",
    )),
    "health/handoff_unknown_records": _each(source=("crm", "test")),
    "health/unused_records": _each(source=("crm", "test"), reason=("of no table",)),
    "health/unattributed_records": _each(reason=(
        "the touches lie outside the lookback, are of a kind that does not count, or are of people"
        " who do not count under the agreed rule",
        "the touches have no response or no time, so that none of them counts",
        "only sales was in touch with it",
        "nobody is known on the deal, and it has no account",
        "nobody at the account has a recorded touch",
    )),
    "health/cost_overlap_records": _each(
        source=("crm",), other_source=("crm", "shop"), currency=("EUR", "USD")
    ),
    "health/spend_difference_records": _each(source=("crm",), currency=("EUR", "USD")),
    **{
        f"journeys/{name}": [
            {"unit_kind": kind, "unit_id": unit} | ({"timezone": "Europe/Berlin"} if zoned else {})
            for kind, unit in UNITS
        ] for name, zoned in (("credit", False), ("deals", False), ("events", True),
                              ("people", False), ("record", False))
    },
}  # fmt: skip
#: Queries that others are made of: no answer by themselves.
PARTS = ("attribution/eligible",)
#: What a query is cut by, where it can be: something that has many records, and its record.
CUTS = ("channel", "team", "deal", "lead")


class Asked(Protocol):
    """What answers the questions: a build here, or its tables somewhere else."""

    def compile(
        self, tree: exp.Query, values: Mapping[str, Any], *, by: str | None = None
    ) -> Any: ...

    def run(
        self, tree: exp.Query, values: Mapping[str, Any], by: str | None = None
    ) -> pd.DataFrame: ...


def asked_of(engine: Asked, name: str) -> list[str]:
    """Return the lines of a query's answers, one block for each question."""
    tree = shared_tree("queries", name, "duckdb")
    return [line for block in blocks_of(engine, name, tree) for line in block]


def asked_in_short(engine: Asked, name: str, most: int = 3) -> list[str]:
    """Return the lines of some answers of a query, of questions that stand far apart."""
    tree = shared_tree("queries", name, "duckdb")
    questions = ASKED.get(name) or _in_turn(name)
    chosen = questions[:: -(-len(questions) // most)]
    return [line for values in chosen for line in _block(engine, tree, values)]


def asked_of_nobody(name: str) -> list[str]:
    """Return the lines of a query's answer where there are no records."""
    values = (ASKED.get(name) or _in_turn(name))[0]
    return _block(empty_company(), shared_tree("queries", name, "duckdb"), values)


def blocks_of(engine: Asked, name: str, tree: exp.Query) -> Iterator[list[str]]:
    """Answer every set of values, and the first of them cut by a dimension where it can be."""
    questions = ASKED.get(name) or _in_turn(name)
    for values in questions:
        yield _block(engine, tree, values)
    for turn, by in enumerate(_cuts(engine, tree, questions[0])):
        yield _block(engine, tree, questions[turn % len(questions)], by)


def _cuts(engine: Asked, tree: exp.Query, values: Mapping[str, Any]) -> Iterator[str]:
    for by in CUTS:
        with suppress(QueryError):
            engine.compile(tree, values, by=by)
            yield by


def _block(
    engine: Asked, tree: exp.Query, values: Mapping[str, Any], by: str | None = None
) -> list[str]:
    names, rows = _texts(engine.run(tree, values, by=by))
    told = [*(f"{slot} {value}" for slot, value in values.items()), *([f"by {by}"] if by else [])]
    return [", ".join(told) or "as it is", *_table_lines(names, sorted(rows)),
            *_order_line(tree, names, rows)]  # fmt: skip


def _in_turn(name: str) -> list[dict[str, Any]]:
    tree = shared_tree("queries", name, "duckdb")
    slots = sorted({str(slot.this) for slot in tree.find_all(exp.Placeholder)})
    crossed = {slot: VALUES[slot] for slot in slots if slot in CHOICES}
    turns = max((len(VALUES[slot]) for slot in slots if slot not in CHOICES), default=1)
    chosen = _each(**crossed)
    return [
        {slot: chosen[turn % len(chosen)].get(slot, _turned(VALUES[slot], turn)) for slot in slots}
        for turn in range(max(turns, len(chosen)))
    ]


def _turned(values: Sequence[Any], turn: int) -> Any:
    """Each value in turn, begun one later each round, so that none meets always the same choice."""
    return values[(turn + turn // len(values)) % len(values)]


def _order_line(tree: exp.Query, names: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    """Say in which order the rows came, by the columns that the query orders them by."""
    order = tree.args.get("order")
    by = [part.this.name for part in order.expressions] if order else []
    columns = [column for column in by if column in names]
    if columns and len(rows) > 1:
        places = [names.index(column) for column in columns]
        told = "\n".join(",".join(row[place] for place in places) for row in rows)
        yield f"  in order of {', '.join(columns)}, {zlib.crc32(told.encode()):08x}"


def mart_lines(engine: DuckDBEngine, name: str) -> list[str]:
    """Return the lines of a mart, its rows in one order."""
    return list(answer_lines(engine.run(parse(f'select * from "{name}" order by all', name))))


def mart_with(engine: DuckDBEngine, name: str, **params: Any) -> pd.DataFrame:
    """Return a mart as it would be with other values of its parameters; it is not kept."""
    tree = read_sql("marts", name, "duckdb").copy()
    bind_literals(tree, mart_params(engine._connection) | params)
    return engine.run(tree)


def answer_lines(frame: pd.DataFrame) -> Iterator[str]:
    """Say a short table row by row, a long one column by column."""
    return _table_lines(*_texts(frame))


def _texts(frame: pd.DataFrame) -> tuple[list[str], list[Row]]:
    columns = {str(column): [said(v) for v in frame[column].astype(object)] for column in frame}
    return list(columns), list(zip(*columns.values(), strict=True))


def _table_lines(names: Sequence[str], rows: Sequence[Row]) -> Iterator[str]:
    yield f"  {len(rows)} rows of {', '.join(names)}"
    if len(rows) <= WHOLE_ROWS:
        yield from (f"  | {' | '.join(row)}" for row in rows)
        return
    for column, texts in zip(names, zip(*rows, strict=True), strict=True):
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
    if isinstance(value, list | tuple) or (hasattr(value, "__array__") and value.shape):
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
