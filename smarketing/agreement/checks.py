"""What the parts of an agreement say about each other must agree too."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import get_args

from smarketing.agreement.kpis import Kpi
from smarketing.agreement.matching import normalise
from smarketing.agreement.meeting import OF_NUMBERS
from smarketing.agreement.models import Agreement
from smarketing.agreement.teams import Side
from smarketing.attribution_models import MODELS
from smarketing.errors import did_you_mean

Problem = tuple[str, str]
#: `target_won_revenue` in a formula is the target of the KPI `won_revenue` in the same period.
TARGET = "target_"
#: What a formula may name besides KPIs: what the agreement or the period itself says.
QUANTITIES = {
    "gross_margin": "the agreed gross margin of the period's last day that is known",
    "horizon_months": "how many months ahead lifetime value may look",
    "elapsed_months": "the months of the period up to the data's date",
}
_FUNCTIONS = ("max", "min")
#: The mart of the steps from each stage to the next, and that of the steps that are named.
NEXT_STEPS, NAMED_STEPS = "fct_conversion", "fct_long_conversion"


def problems(agreement: Agreement) -> list[Problem]:
    """Return (path, message) of every reference that leads nowhere and every name given twice."""
    return [
        *_repeated(agreement),
        *_teams(agreement),
        *_stages(agreement),
        *_service_levels(agreement),
        *_statuses(agreement),
        *_kpis(agreement),
        *_targets(agreement),
        *_meeting(agreement),
        *_market(agreement),
        *_models(agreement),
        *_originators(agreement),
        *_cycles(agreement),
    ]


def _missing(path: str, what: str, name: str | None, valid: Iterable[str]) -> Iterator[Problem]:
    names = list(valid)
    if name is not None and name not in names:
        yield path, f"unknown {what} '{name}'.{did_you_mean(name, names)}"


def given_again(names: Iterable[str | None]) -> Iterator[tuple[int, str]]:
    """Give the place and name of each that stands before; of None nothing is asked."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name is not None and name in seen:
            yield index, name
        elif name is not None:
            seen.add(name)


def _repeated(agreement: Agreement) -> Iterator[Problem]:
    kinds = agreement.classification
    lists = {
        "teams": agreement.teams,
        "stages": agreement.stages,
        "exits": agreement.exits,
        "kpis": agreement.kpis,
        "roles": agreement.roles,
        "classification.channels": kinds.channels,
        "classification.segments": kinds.segments,
        "classification.personas": kinds.personas,
        "classification.regions": kinds.regions,
        "attribution.custom_models": agreement.attribution.custom_models,
    }
    for path, items in lists.items():
        names = [str(getattr(item, "id")) for item in items]  # noqa: B009 - of different types
        for index, name in given_again(names):
            yield f"{path}[{index}].id", f"'{name}' is defined twice"
    both = {stage.id for stage in agreement.stages} & {exit_.id for exit_ in agreement.exits}
    for name in sorted(both):
        yield "exits", f"'{name}' is both a stage and an exit"


def _stages(agreement: Agreement) -> Iterator[Problem]:
    stages = [stage.id for stage in agreement.stages]
    exits = [exit_.id for exit_ in agreement.exits]
    for index, window in enumerate(agreement.step_windows):
        path = f"step_windows[{index}]"
        found = [
            *_missing(f"{path}.stage", "stage", window.stage, stages),
            *_missing(f"{path}.next_stage", "stage", window.next_stage, stages),
        ]
        yield from found
        if not found and stages.index(window.stage) >= stages.index(window.next_stage):
            yield path, f"'{window.next_stage}' does not come after '{window.stage}'"
    yield from _missing("lead_definition.stage", "stage", agreement.lead_definition.stage, stages)
    yield from _in_order(agreement, "deal_opened", agreement.deal_opened, agreement.deal_won)
    yield from _missing("deal_won", "stage", agreement.deal_won, stages)
    yield from _missing("deal_lost", "exit", agreement.deal_lost, exits)


def _in_order(agreement: Agreement, path: str, name: str, later: str) -> Iterator[Problem]:
    stages = [stage.id for stage in agreement.stages]
    yield from _missing(path, "stage", name, stages)
    if {name, later} <= set(stages) and stages.index(name) >= stages.index(later):
        yield path, f"'{later}' does not come after '{name}'"


def _teams(agreement: Agreement) -> Iterator[Problem]:
    teams = [team.id for team in agreement.teams]
    for side in get_args(Side):
        if not agreement.teams_of(side):
            yield "teams", f"no team works for {side}; give one the side: {side}"
    named: dict[str, str] = {}
    yield from _missing("cost_without_team", "team", agreement.cost_without_team, teams)
    for index, team in enumerate(agreement.teams):
        for place, name in enumerate(team.names):
            other = named.setdefault(normalise(name), team.id)
            if other != team.id:
                yield f"teams[{index}].names[{place}]", f"'{name}' is the team '{other}' already"
    for index, stage in enumerate(agreement.stages):
        yield from _missing(f"stages[{index}].owner", "team", stage.owner, teams)
    for index, role in enumerate(agreement.roles):
        yield from _missing(f"roles[{index}].team", "team", role.team, teams)
    for index, name in enumerate(agreement.attribution.cac.teams or ()):
        yield from _missing(f"attribution.cac.teams[{index}]", "team", name, teams)


def _service_levels(agreement: Agreement) -> Iterator[Problem]:
    levels, path = agreement.service_levels, "service_levels"
    stages = [stage.id for stage in agreement.stages]
    exits = [exit_.id for exit_ in agreement.exits]
    yield from _in_order(agreement, f"{path}.from_stage", levels.from_stage, levels.accepted_stage)
    yield from _missing(f"{path}.accepted_stage", "stage", levels.accepted_stage, stages)
    yield from _missing(f"{path}.commitment.stage", "stage", levels.commitment.stage, stages)
    for index, name in enumerate(levels.rejected_exits):
        yield from _missing(f"{path}.rejected_exits[{index}]", "exit", name, exits)
    for index, name in enumerate(levels.recycled_exits):
        yield from _missing(f"{path}.recycled_exits[{index}]", "exit", name, exits)


def _statuses(agreement: Agreement) -> Iterator[Problem]:
    stages = [stage.id for stage in agreement.stages]
    exits = [exit_.id for exit_ in agreement.exits]
    for index, rule in enumerate(agreement.classification.lead_statuses):
        path = f"classification.lead_statuses[{index}]"
        yield from _missing(f"{path}.stage", "stage", rule.stage, stages)
        yield from _missing(f"{path}.exit", "exit", rule.exit, exits)


def _kpis(agreement: Agreement) -> Iterator[Problem]:
    names = [kpi.id for kpi in agreement.kpis]
    roles = [role.id for role in agreement.roles]
    teams = [team.id for team in agreement.teams]
    for index, kpi in enumerate(agreement.kpis):
        path = f"kpis[{index}]"
        if kpi.fault is not None:
            yield path, kpi.fault
        if kpi.id in QUANTITIES:
            yield f"{path}.id", f"'{kpi.id}' is what formulas call {QUANTITIES[kpi.id]}"
        yield from _missing(f"{path}.team", "team", kpi.team, teams)
        yield from _missing(f"{path}.mart", "mart", kpi.mart, _marts())
        yield from _kept(agreement, path, kpi)
        yield from _missing(f"{path}.owners.marketing", "role", kpi.owners.marketing, roles)
        yield from _missing(f"{path}.owners.sales", "role", kpi.owners.sales, roles)
        if kpi.ratio is not None:
            yield from _missing(f"{path}.ratio.numerator", "KPI", kpi.ratio.numerator, names)
            yield from _missing(f"{path}.ratio.denominator", "KPI", kpi.ratio.denominator, names)
        if kpi.formula is not None:
            yield from _formula(f"{path}.formula", kpi.formula, names)


@cache
def _marts() -> tuple[str, ...]:
    """Return the names of the marts: each is made by a file of its own, perhaps one per engine."""
    folder = Path(__file__).parent.parent / "sql" / "marts"
    return tuple(sorted({path.name.split(".")[0] for path in folder.rglob("*.sql")}))


def _kept(agreement: Agreement, path: str, kpi: Kpi) -> Iterator[Problem]:
    stages = [stage.id for stage in agreement.stages]
    yield from _missing(f"{path}.stage", "stage", kpi.stage, stages)
    if kpi.step is None:
        if kpi.mart == NAMED_STEPS:
            yield (
                path,
                f"needs its step, such as step: {{stage: {stages[0]}, next_stage: {stages[1]}}}",
            )
        return
    first, last = kpi.step.stage, kpi.step.next_stage
    yield from _missing(f"{path}.step.next_stage", "stage", last, stages)
    yield from _in_order(agreement, f"{path}.step.stage", first, last)
    apart = {first, last} <= set(stages) and stages.index(last) - stages.index(first) > 1
    if kpi.mart == NEXT_STEPS and apart:
        yield (
            f"{path}.step",
            f"'{last}' is not the stage after '{first}'; a step over several stages is of the mart "
            f"{NAMED_STEPS}",
        )


def _formula(path: str, formula: str, names: list[str]) -> Iterator[Problem]:
    try:
        references = formula_names(formula)
    except ValueError as error:
        yield path, str(error)
        return
    for name in references:
        wanted = name if name in names else name.removeprefix(TARGET)
        if wanted not in QUANTITIES:
            yield from _missing(path, "KPI", wanted, [*names, *QUANTITIES])


@cache
def formula_tree(formula: str) -> ast.Expression:
    """Parse a formula, each once, to look at and never to change; ValueError if it is none."""
    try:
        return ast.parse(formula, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"'{formula}' is not arithmetic over KPI ids") from error


def formula_names(formula: str) -> list[str]:
    """Return the KPIs a formula names, in order.

    A formula is arithmetic (+ − × ÷, brackets, numbers, max and min) over KPI ids, over their
    targets as `target_<id>` and over QUANTITIES; ValueError otherwise.
    """
    return list(_names(formula))


@cache
def _names(formula: str) -> tuple[str, ...]:
    tree = formula_tree(formula)
    allowed = (
        ast.Expression,
        ast.BinOp,
        ast.UnaryOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Div,
        ast.USub,
        ast.Name,
        ast.Load,
        ast.Constant,
        ast.Call,
    )
    found: list[str] = []
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in ast.walk(tree):
        if not isinstance(node, allowed):
            raise ValueError(
                f"'{formula}' uses {type(node).__name__}; a formula is + - * /, max and min over "
                "KPI ids"
            )
        if isinstance(node, ast.Call):
            _check_call(formula, node)
        elif isinstance(node, ast.Name) and node not in functions and node.id not in found:
            found.append(node.id)
    return tuple(found)


def _check_call(formula: str, call: ast.Call) -> None:
    name = call.func.id if isinstance(call.func, ast.Name) else "such a function"
    if name not in _FUNCTIONS:
        raise ValueError(f"'{formula}' uses {name}; a formula is + - * /, max and min over KPI ids")
    if not call.args or call.keywords:
        raise ValueError(f"'{formula}': {name} takes the values to choose from, in brackets")


def _cycles(agreement: Agreement) -> Iterator[Problem]:
    uses = {kpi.id: _uses(agreement, kpi.id) for kpi in agreement.kpis}
    for index, kpi in enumerate(agreement.kpis):
        reached: set[str] = set()
        frontier = set(uses[kpi.id])
        while frontier - reached:
            reached |= frontier
            frontier = {use for name in frontier for use in uses.get(name, [])}
        if kpi.id in reached:
            yield f"kpis[{index}]", f"'{kpi.id}' is defined by itself"


def _meeting(agreement: Agreement) -> Iterator[Problem]:
    names = [kpi.id for kpi in agreement.kpis]
    for part in OF_NUMBERS:
        for index, kpi in enumerate(getattr(agreement.meeting, part)):
            yield from _missing(f"meeting.{part}[{index}]", "KPI", kpi, names)


def _uses(agreement: Agreement, kpi_id: str) -> list[str]:
    kpi = agreement.kpi(kpi_id)
    if kpi.ratio is not None:
        return [kpi.ratio.numerator, kpi.ratio.denominator]
    try:
        return formula_names(kpi.formula) if kpi.formula is not None else []
    except ValueError:
        return []


def _targets(agreement: Agreement) -> Iterator[Problem]:
    names = [kpi.id for kpi in agreement.kpis]
    segments = [segment.id for segment in agreement.classification.segments]
    seen: set[tuple[object, ...]] = set()
    for index, target in enumerate(agreement.targets):
        path = f"targets[{index}]"
        yield from _missing(f"{path}.kpi", "KPI", target.kpi, names)
        yield from _missing(f"{path}.segment", "segment", target.segment, segments)
        span = target.period or (target.every, target.starts_on, target.ends_on)
        key = (target.kpi, span, target.segment)
        if key in seen:
            yield path, f"a second target for '{target.kpi}' in the same period"
        seen.add(key)


def slips(agreement: Agreement) -> list[Problem]:
    """Return (path, message) of each target that is written in % where a share of 1 is meant.

    Only of KPIs that cannot exceed 1; asked of an agreement in which all names lead somewhere.
    """
    found = []
    for index, target in enumerate(agreement.targets):
        most = agreement.at_most(agreement.kpi(target.kpi))
        if most is None or target.value <= most:
            continue
        meant = target.value / 100
        write = (
            f"for {target.value:.10g} % write {meant:.10g}" if meant <= most else "write a share"
        )
        found.append(
            (
                f"targets[{index}].value",
                f"{target.value:.10g} would be {100 * target.value:.10g} %, and '{target.kpi}' is "
                f"a share of at most {100 * most:.10g} %; {write}",
            )
        )
    return found


def _market(agreement: Agreement) -> Iterator[Problem]:
    kinds, market = agreement.classification, agreement.target_market
    lists = (
        ("segment", market.segments, [segment.id for segment in kinds.segments]),
        ("persona", market.personas, [persona.id for persona in kinds.personas]),
        ("region", market.regions, [region.id for region in kinds.regions]),
    )
    for what, given, valid in lists:
        for index, name in enumerate(given):
            yield from _missing(f"target_market.{what}s[{index}]", what, name, valid)
    known = {what: valid for what, _, valid in lists}
    known["channel"] = [channel.id for channel in kinds.channels]
    for index, rule in enumerate(agreement.lead_definition.fit):
        for place, value in enumerate(rule.values):
            path = f"lead_definition.fit[{index}].values[{place}]"
            if rule.attribute in known:
                yield from _missing(path, rule.attribute, value, known[rule.attribute])


def _models(agreement: Agreement) -> Iterator[Problem]:
    settings = agreement.attribution
    custom = [model.id for model in settings.custom_models]
    for index, name in enumerate(custom):
        if name in MODELS:
            yield f"attribution.custom_models[{index}].id", f"'{name}' is a model already"
    valid = [*MODELS, *custom]
    for index, name in enumerate(settings.models):
        yield from _missing(f"attribution.models[{index}]", "model", name, valid)
    yield from _missing("attribution.default_model", "model", settings.default_model, valid)


def _originators(agreement: Agreement) -> Iterator[Problem]:
    settings, path = agreement.attribution, "attribution.originator"
    teams = [team.id for team in agreement.teams]
    channels = [channel.id for channel in agreement.classification.channels]
    yield from _missing("attribution.direct_channel", "channel", settings.direct_channel, channels)
    for index, by_team in enumerate(settings.originator.teams):
        yield from _missing(f"{path}.teams[{index}].team", "team", by_team.team, teams)
    for index, by_channel in enumerate(settings.originator.channels):
        where = f"{path}.channels[{index}].channel"
        yield from _missing(where, "channel", by_channel.channel, channels)
