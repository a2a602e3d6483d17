"""Commands that answer questions: each one reads its flags, calls one analysis and prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from smarketing.attribution_models import MODELS
from smarketing.cli.data import hands_out
from smarketing.cli.output import local_time, print_json, print_table, say
from smarketing.cli.who import access, home
from smarketing.errors import UsageError

if TYPE_CHECKING:
    from smarketing.agreement import Agreement
    from smarketing.analysis.attribution import Attribution
    from smarketing.analysis.kpis.result import KpiResult
    from smarketing.engine import Engine
    from smarketing.periods import Window

_FIGURES = ("value", "n", "previous", "target")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
From = Annotated[str | None, typer.Option("--from", help="First day counted (YYYY-MM-DD).")]
To = Annotated[str | None, typer.Option("--to", help="First day no longer counted.")]
By = Annotated[str | None, typer.Option(help="Break down by a dimension.")]
Where = Annotated[
    list[str] | None, typer.Option("--where", help="Filter, as dimension=value (repeatable).")
]


def register(app: typer.Typer) -> None:
    """Add the analysis commands to `app`."""
    for name, command in (
        ("kpi", kpi),
        ("funnel", funnel),
        ("attribution", attribution),
        ("journey", journey),
        ("handoff", handoff),
        ("worklist", worklist),
    ):
        app.command(name)(command)


def opened() -> tuple[Engine, Agreement]:
    """Open the home for whom the command answers, and its agreement."""
    from smarketing.agreement import load_home_agreement
    from smarketing.engine import open_engine

    return open_engine(home(), access()), load_home_agreement(home())


def _window(start: str | None, end: str | None) -> Window:
    from smarketing.periods import parse_window

    if start is None or end is None:
        raise UsageError("Name the window with --from and --to, for example --from 2026-01-01.")
    return parse_window(start, end)


def filters_of(where: list[str] | None, engine: Engine, agreement: Agreement) -> Any:
    """Return the filters of `--where`; UsageError names what is not one."""
    from smarketing.analysis.dimensions import check_values
    from smarketing.engine import Filters

    chosen: dict[str, list[str]] = {}
    for item in where or []:
        dimension, equals, value = item.partition("=")
        if not equals:
            raise UsageError(f"--where {item!r} needs the form dimension=value.")
        chosen.setdefault(dimension, []).append(value)
    filters = Filters.from_mapping(chosen)
    check_values(engine, agreement, filters)
    return filters.within(access().scope)


def funnel(
    start: From = None,
    end: To = None,
    at: Annotated[str | None, typer.Option(help="Snapshot: a day or an instant.")] = None,
    mode: Annotated[str | None, typer.Option(help="cohort, entered or snapshot.")] = None,
    skips: Annotated[str, typer.Option(help="imputed, observed or strict.")] = "imputed",
    reentry: Annotated[str, typer.Option(help="first, last or every.")] = "first",
    by: By = None,
    where: Where = None,
    json: Json = False,
) -> None:
    """The shared funnel: how many leads reach each stage, and what becomes of them there."""
    from smarketing.analysis.funnel.settings import FunnelSettings, parse_at
    from smarketing.analysis.funnel.stages import funnel as run_funnel

    if at and (start or end):
        raise UsageError(
            "--at asks for one instant and --from with --to for a window: give one or the other."
        )
    chosen: Any = mode or ("snapshot" if at else "cohort")
    is_unlimited = chosen == "snapshot" and start is None and end is None
    window = None if is_unlimited else _window(start, end)
    settings = FunnelSettings(
        chosen,
        skips,  # type: ignore[arg-type]
        reentry,  # type: ignore[arg-type]
        window,
        parse_at(at) if at else None,
    )
    engine, agreement = opened()
    result = run_funnel(engine, settings, filters_of(where, engine, agreement), by)
    if json:
        print_json(result.as_dict())
        return
    from smarketing.charts import words
    from smarketing.charts.findings import of_joined

    if result.reason:
        say(f"Not available: {result.reason}.")
    for group in result.groups:
        print_table(
            f"{group.key}: {settings.label}",
            ["stage", "count", "rate from the stage before", "mature rate", "here", "left"],
            [
                [
                    stage.label,
                    None if result.reason or stage.stage in result.untold else stage.count,
                    words.rate(stage.step.to_date, 1) if stage.step else "",
                    words.rate(stage.step.mature, 1) if stage.step else "",
                    stage.leak.here if stage.leak and not result.reason else "",
                    stage.leak.left_count if stage.leak and not result.reason else "",
                ]
                for stage in group.stages
            ],
        )
    if result.joined.created or not result.reason:
        say(of_joined(result))
    if result.start_unknown:
        out = f"{result.start_unknown} of {result.leads}"
        say(f"In no cohort, since nobody recorded when they began: {out} leads.")


def kpi(
    ids: Annotated[list[str] | None, typer.Argument(help="KPI ids; none for all.")] = None,
    period: Annotated[
        str | None,
        typer.Option(help="2026-W24, 2026-06, 2026-Q2, 2026, FY2026 or 2025-07..2026-06."),
    ] = None,
    by: By = None,
    where: Where = None,
    json: Json = False,
) -> None:
    """The KPIs both teams signed, against the previous period and the target.

    KPIs asked for by name are printed with what to mind of them.
    """
    from smarketing.analysis.kpis.caveats import caveats
    from smarketing.analysis.kpis.scoreboard import kpis as run_kpis
    from smarketing.periods import day_words

    engine, agreement = opened()
    window = _period(engine, agreement, period)
    results = run_kpis(engine, agreement, ids, window, filters_of(where, engine, agreement), by)
    if json:
        print_json([result.as_dict() for result in results])
        return
    print_table(
        f"{window.label}, as of {day_words(engine.as_of_day)}",
        ["KPI", *_FIGURES, "status"],
        [[r.label, *_kpi_cells(r, engine.currency)] for r in results],
        _FIGURES,
    )
    for result in results:
        if result.by:
            rows = [[g.key, *_kpi_cells(g, engine.currency)] for g in result.by]
            columns = [by or "", *_FIGURES, "status"]
            print_table(f"{result.label} by {by}", columns, rows, _FIGURES)
    for kpi_id in ids or ():
        asked = agreement.kpi(kpi_id)
        if mind := caveats(agreement, asked):
            say(f"{asked.label}: {' '.join(mind)}")


def _kpi_cells(result: KpiResult, currency: str) -> list[object]:
    """Value, n, earlier value, target, how it stands and what to mind; "n/a": not available."""
    from smarketing.charts import format as fmt
    from smarketing.charts import words

    target = "" if result.target is None else fmt.by_unit(result.target, result.unit, currency)
    return [
        words.value(result, currency, exact=True),
        _blank(result.n),
        fmt.by_unit(result.previous, result.unit, currency, exact=True),
        target,
        "; ".join(filter(None, (result.status, result.note))),
    ]


def _period(engine: Engine, agreement: Agreement, text: str | None) -> Any:
    """The period named, else the month of the data's as-of day."""
    return agreement.read_window(text or f"{engine.as_of_day:%Y-%m}")


def attribution(
    start: From = None,
    end: To = None,
    model: Annotated[
        str | None, typer.Option(help=f"{', '.join(MODELS)}, one of your own, or all.")
    ] = None,
    measure: Annotated[str, typer.Option(help="revenue, pipeline or leads.")] = "revenue",
    by: Annotated[str, typer.Option(help="channel, raw_channel, campaign, kind …")] = "channel",
    lookback: Annotated[int | None, typer.Option(help="Days before the deal's creation.")] = None,
    side: Annotated[str | None, typer.Option(help="marketing, sales or both.")] = None,
    kinds: Annotated[str | None, typer.Option(help="Eligible kinds, joined by commas.")] = None,
    people: Annotated[
        str | None, typer.Option(help="committee, primary, account or lead; else the agreed rule.")
    ] = None,
    returns_by: Annotated[
        str, typer.Option(help="Returns of what was closed, or touched, in the window.")
    ] = "close",
    order: Annotated[int, typer.Option(help="Of the Markov chain: 1, 2 or 3.")] = 1,
    half_life: Annotated[
        float | None, typer.Option(help="Days after which time_decay halves; else the agreed.")
    ] = None,
    null_leads: Annotated[
        bool,
        typer.Option(
            "--null-leads", help="Markov and Shapley learn from leads without deals, too."
        ),
    ] = False,
    where: Where = None,
    json: Json = False,
) -> None:
    """Closed-loop attribution: which channel or campaign earned which euro."""
    from smarketing.analysis.attribution import attribution as run_attribution

    engine, agreement = opened()
    result = run_attribution(
        engine,
        agreement,
        window=_window(start, end),
        model=model,
        measure=measure,
        by=by,
        lookback_days=lookback,
        side=side,
        kinds=tuple(kinds.split(",")) if kinds else None,
        people=people,
        returns_by=returns_by,
        order=order,
        half_life_days=half_life,
        null_leads=null_leads,
        filters=filters_of(where, engine, agreement),
    )
    parts = result if isinstance(result, list) else [result]
    if json:
        documents = [part.as_dict() for part in parts]
        print_json(documents if isinstance(result, list) else documents[0])
        return
    for part in parts:
        _print_credit(part, by, returns_by)
    say("Credit is not lift: it says who was there, not what would have been lost.")


def _print_credit(part: Attribution, by: str, returns_by: str) -> None:
    """Print what one model credits each key with, and what came back for its cost."""
    from smarketing.charts import format as fmt

    shown = part.as_dict()
    unit = "number" if shown["measure"] == "leads" else "money"
    units = {"credit": unit, "returned": unit, "cost": "money", "cost_per_lead": "money"}
    units |= {"share": "rate", "romi": "rate", "roas": "ratio", "deals": "count"}

    def told(value: float | None, name: str) -> str:
        return fmt.by_unit(value, units[name], part.currency, exact=units[name] == "money")

    returns = ["cost per lead"] if shown["measure"] == "leads" else ["roas", "romi"]
    if returns_by == "touch":
        returns.insert(0, "returned")
    figures = ["credit", "share", "deals", "cost", *returns]
    rows = [
        [named.label, *(told(row[name], name) for name in (f.replace(" ", "_") for f in figures))]
        for named, row in zip(part.rows, shown["rows"], strict=True)
    ]
    if part.reason:
        say(f"Not available: {part.reason}.")
    print_table(
        f"{shown['measure']} by {by}, model {part.model}: {part.deals} deals,"
        f" {'n/a' if part.reason else told(shown['total'], 'credit')} in all,"
        f" {told(shown['unattributed'], 'credit')} unattributed; returns by the day of the"
        f" {returns_by}",
        [by, *figures],
        rows,
        figures,
    )
    for note in part.notes[1:]:
        say(note)


def journey(
    unit: Annotated[str, typer.Argument(help="A deal, lead or account id.")],
    json: Json = False,
) -> None:
    """Everything that happened before it became a customer, with the credit each touch earned."""
    from smarketing.analysis.journeys.timeline import journey as run_journey

    engine, agreement = opened()
    document = run_journey(engine, agreement, unit).as_dict()
    if json:
        hands_out(f"the journey of {unit}")
        print_json(document)
        return
    rows = [
        [local_time(e["at"]), e["type"], e["title"], e["who"] or "", _blank(e["credit"])]
        for e in document["events"]
    ]
    print_table(document["title"], ["when", "what", "", "who", "credit"], rows)


def handoff(
    period: Annotated[
        str | None, typer.Option(help="2026-W24, 2026-06, 2026-Q2, 2025-07..2026-06 …")
    ] = None,
    where: Where = None,
    json: Json = False,
) -> None:
    """The handoff: commitments met and missed, speed to lead, acceptance, rejections."""
    from smarketing.analysis.handoff.obligations import handoff as run_handoff
    from smarketing.charts import format as fmt

    engine, agreement = opened()
    window = _period(engine, agreement, period)
    document = run_handoff(
        engine, agreement, window, filters_of(where, engine, agreement)
    ).as_dict()
    if json:
        print_json(document)
        return
    rows = [
        [o["obligation"], o["met"], o["missed"], o["pending"], o["exempt"], fmt.percent(o["rate"])]
        for o in document["obligations"]
    ]
    headers = ["obligation", "met", "missed", "pending", "exempt", "rate"]
    print_table(f"Service levels, {window.label}", headers, rows, ["rate"])
    for reason in dict.fromkeys(o["reason"] for o in document["obligations"] if o["reason"]):
        say(f"No rate: {reason}.")


def worklist(
    owner: Annotated[str | None, typer.Option(help="Only this owner's leads.")] = None,
    json: Json = False,
) -> None:
    """Every overdue and soon-due lead, its owner and its deadline."""
    from smarketing.analysis.handoff.worklist import worklist as run_worklist

    engine, agreement = opened()
    filters = filters_of([f"owner={owner}"] if owner else None, engine, agreement)
    found = run_worklist(engine, agreement, filters)
    items = found.as_dict()["items"]
    if untold := found.reason or found.note:
        say(f"Not on it, since it is not known: {untold}.", err=True)
    if json:
        hands_out(f"the worklist: {len(items):,} leads")
        print_json(items)
        return
    rows = [
        [
            local_time(i["due_at"]),
            i["status"],
            i["obligation"],
            i["lead_id"],
            i["owner"] or "(nobody)",
        ]
        for i in items
    ]
    print_table("Worklist", ["due", "status", "obligation", "lead", "owner"], rows)


def _blank(value: object) -> object:
    return "" if value is None else value
