"""The lead definition as tables: each rule with a weight, so that a lead's hits are one number.

A pattern is the sum over the rules of hits times weight, the weights being products of how many
states each rule before it may have. So leads group by pattern in SQL, and any other points are
tried in Python on the groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

from smarketing.agreement import Agreement
from smarketing.agreement.stages import BehaviourRule, FitRule
from smarketing.build.core.given_rows import FLAG, INT, TEXT
from smarketing.build.marts.maps import save
from smarketing.errors import AgreementError
from smarketing.small_letters import lowered

#: A rule that gives points for each touch counts at most so many, unless its points end earlier.
MOST_HITS = 10


@dataclass(frozen=True)
class Weighted:
    """A rule, the weight of one hit in the pattern, and the most hits that count."""

    rule: FitRule | BehaviourRule
    weight: int
    most_hits: int

    def hits(self, pattern: int) -> int:
        """Return how many hits of this rule a pattern holds."""
        return pattern // self.weight % (self.most_hits + 1)


def weighted(rules: Sequence[FitRule | BehaviourRule]) -> list[Weighted]:
    """Return the rules with their weights; AgreementError where they do not fit one number."""
    found, weight = [], 1
    for rule in rules:
        most = most_hits(rule)
        found.append(Weighted(rule, weight, most))
        weight *= most + 1
    if weight >= 2**62:
        raise AgreementError(
            f"The lead definition has {len(rules)} rules that count each touch or attribute, too "
            "many to judge at once; join some of them."
        )
    return found


def most_hits(rule: FitRule | BehaviourRule) -> int:
    """Return how many hits of a rule can count."""
    if not isinstance(rule, BehaviourRule) or not rule.each:
        return 1
    if rule.most_points is None or rule.points == 0:
        return MOST_HITS
    return min(MOST_HITS, max(1, -(-abs(rule.most_points) // abs(rule.points))))


def write_lead_rules(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write agreement_fit_rule (a row per value) and agreement_behaviour_rule (a row per kind)."""
    definition = agreement.lead_definition
    columns = [("rule", TEXT), ("attribute", TEXT), ("value", TEXT), ("at_least", INT),
               ("at_most", INT), ("weight", INT)]  # fmt: skip
    save(connection, "agreement_fit_rule", columns, list(_fit(weighted(definition.fit))))
    columns = [("rule", TEXT), ("kind", TEXT), ("at_least", INT), ("within_days", INT),
               ("is_each", FLAG), ("most_hits", INT), ("weight", INT)]  # fmt: skip
    rows = list(_behaviour(weighted(definition.behaviour)))
    save(connection, "agreement_behaviour_rule", columns, rows)


def _fit(rules: Sequence[Weighted]) -> Iterator[tuple[object, ...]]:
    for part in rules:
        rule = part.rule
        assert isinstance(rule, FitRule)
        for value in rule.values or (None,):
            named = None if value is None else lowered(value)
            yield rule.id, rule.attribute, named, rule.at_least, rule.at_most, part.weight


def _behaviour(rules: Sequence[Weighted]) -> Iterator[tuple[object, ...]]:
    for part in rules:
        rule = part.rule
        assert isinstance(rule, BehaviourRule)
        for kind in rule.kinds:
            yield (rule.id, kind, rule.at_least, rule.within_days, rule.each, part.most_hits,
                   part.weight)  # fmt: skip
