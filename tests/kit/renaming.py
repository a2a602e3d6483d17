"""An agreement with every id of it renamed, and the way back for what figures say.

Stages and exits, teams, channels, segments, personas, regions, KPIs, roles and custom models get
other ids throughout the agreement: wherever a field names one, in filters of KPIs and in formulas.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlglot
from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.checks import TARGET

#: Where ids stand, lists without their places, and what they are ids of.
PLACES: Mapping[str, str] = {
    "teams.id": "team",
    "stages.id": "stage",
    "stages.owner": "team",
    "exits.id": "stage",
    "cost_without_team": "team",
    "deal_opened": "stage",
    "deal_won": "stage",
    "deal_lost": "stage",
    "step_windows.stage": "stage",
    "step_windows.next_stage": "stage",
    "lead_definition.stage": "stage",
    "target_market.segments": "segment",
    "target_market.personas": "persona",
    "target_market.regions": "region",
    "classification.channels.id": "channel",
    "classification.segments.id": "segment",
    "classification.personas.id": "persona",
    "classification.regions.id": "region",
    "classification.lead_statuses.stage": "stage",
    "classification.lead_statuses.exit": "stage",
    "kpis.id": "kpi",
    "kpis.stage": "stage",
    "kpis.step.stage": "stage",
    "kpis.step.next_stage": "stage",
    "kpis.team": "team",
    "kpis.ratio.numerator": "kpi",
    "kpis.ratio.denominator": "kpi",
    "kpis.owners.marketing": "role",
    "kpis.owners.sales": "role",
    "targets.kpi": "kpi",
    "meeting.customers": "kpi",
    "meeting.put_in": "kpi",
    "meeting.came_out": "kpi",
    "targets.segment": "segment",
    "service_levels.from_stage": "stage",
    "service_levels.accepted_stage": "stage",
    "service_levels.rejected_exits": "stage",
    "service_levels.recycled_exits": "stage",
    "service_levels.commitment.stage": "stage",
    "service_levels.exemptions.values": "channel",
    "attribution.cac.teams": "team",
    "attribution.direct_channel": "channel",
    "attribution.originator.teams.team": "team",
    "attribution.originator.channels.channel": "channel",
    "attribution.default_model": "model",
    "attribution.models": "model",
    "attribution.custom_models.id": "model",
    "roles.id": "role",
    "roles.team": "team",
}
#: Where words stand that may look like ids: those of sources, of sides and of originators.
WORDS = (
    "classification.channels.rules",
    "classification.lead_statuses.status",
    "classification.personas.title",
    "attribution.cac.categories",
    "attribution.originator.channels.originator",
    "attribution.originator.lead_sources",
    "attribution.originator.teams.originator",
    "attribution.side",
    "lead_definition.behaviour.kinds",
    "lead_definition.fit.values",
    "teams.names",
    "teams.side",
)
#: Columns of the marts that hold ids, as filters of KPIs name them.
COLUMNS = {
    "stage": "stage",
    "next_stage": "stage",
    "exit": "stage",
    "decision": "stage",
    "channel": "channel",
    "segment": "segment",
    "persona": "persona",
    "region": "region",
    "team": "team",
}


@dataclass
class Renaming:
    """New ids by kind and old id."""

    names: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, agreement: Agreement, rng: random.Random) -> Renaming:
        """Draw new ids: new words, or the old ones of the kind in another order."""
        kinds = agreement.classification
        ids = {
            "stage": [*(s.id for s in agreement.stages), *(e.id for e in agreement.exits)],
            "team": [team.id for team in agreement.teams],
            "channel": [channel.id for channel in kinds.channels],
            "segment": [segment.id for segment in kinds.segments],
            "persona": [persona.id for persona in kinds.personas],
            "region": [region.id for region in kinds.regions],
            "kpi": [kpi.id for kpi in agreement.kpis],
            "role": [role.id for role in agreement.roles],
            "model": [model.id for model in agreement.attribution.custom_models],
        }
        return cls({kind: _drawn(known, rng) for kind, known in ids.items()})

    def agreement(self, agreement: Agreement) -> Agreement:
        """Return the agreement under the new ids."""
        content = agreement.model_dump(mode="json")
        return Agreement.model_validate(self._renamed(content, ""))

    def overlooked(self, agreement: Agreement) -> set[str]:
        """Return the places of an agreement that hold an id and are not known to hold one."""
        ids = {name for names in self.names.values() for name in names}
        return {
            place
            for place, value in _texts(agreement.model_dump(mode="json"), "")
            if value in ids and place not in PLACES and not place.startswith(WORDS)
        }

    def old(self, kind: str, name: str) -> str:
        """Return the old id behind a new one; any other word as it is."""
        former = {new: known for known, new in self.names.get(kind, {}).items()}
        return former.get(name, name)

    def _renamed(self, value: Any, place: str) -> Any:
        if isinstance(value, dict):
            inner = {k: self._renamed(v, f"{place}.{k}".lstrip(".")) for k, v in value.items()}
            return self._fit_rule(inner) if place == "lead_definition.fit" else inner
        if isinstance(value, list):
            return [self._renamed(item, place) for item in value]
        if not isinstance(value, str):
            return value
        if place in ("kpis.filter", "kpis.recorded"):
            return self._filter(value)
        if place == "kpis.formula":
            return re.sub(r"[a-z_][a-z0-9_]*", self._formula_name, value)
        return self._new(PLACES.get(place), value)

    def _new(self, kind: str | None, name: str) -> str:
        return self.names[kind].get(name, name) if kind else name

    def _fit_rule(self, rule: dict[str, Any]) -> dict[str, Any]:
        kind = rule["attribute"] if rule["attribute"] in self.names else None
        return rule | {"values": [self._new(kind, name) for name in rule["values"]]}

    def _formula_name(self, found: re.Match[str]) -> str:
        name, kpis = found.group(), self.names["kpi"]
        if name in kpis or not name.startswith(TARGET):
            return kpis.get(name, name)
        return TARGET + self._new("kpi", name.removeprefix(TARGET))

    def _filter(self, text: str) -> str:
        tree = sqlglot.parse_one(text, into=exp.Condition, read="duckdb")
        for node in tree.find_all(exp.EQ, exp.NEQ, exp.In):
            kind = COLUMNS.get(node.this.name) if isinstance(node.this, exp.Column) else None
            for literal in node.find_all(exp.Literal):
                if literal.is_string:
                    literal.set("this", self._new(kind, literal.this))
        return tree.sql(dialect="duckdb")


def _drawn(known: Sequence[str], rng: random.Random) -> dict[str, str]:
    if rng.random() < 0.5:
        drawn = [f"{rng.choice('abxz')}{rng.randrange(10**6)}_{n}" for n, _ in enumerate(known)]
    else:
        drawn = rng.sample(known, len(known))
    return dict(zip(known, drawn, strict=True))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, place)
    elif isinstance(value, str):
        yield place, value
