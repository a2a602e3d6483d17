"""How the page of lead quality says what a good lead does, and how many did it."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.agreement import Agreement
from smarketing.analysis.lead_quality.scores import OUTCOMES, outcome_stage
from smarketing.analysis.rates import Rate
from smarketing.charts import format as fmt
from smarketing.ui.labels import labels_of


def goals(agreement: Agreement) -> Mapping[str, str]:
    """The stage that makes a lead a good one under each outcome, by its label."""
    labels = labels_of(agreement, "stage")
    return {outcome: labels[outcome_stage(agreement, outcome)] for outcome in OUTCOMES}


def words(rate: Rate) -> str:
    """A rate as people may read it: counts where it rests on few."""
    if not rate.n:
        return "none"
    if rate.as_counts:
        return f"{fmt.number(rate.successes)} of {fmt.number(rate.n)}"
    return fmt.percent(rate.rate, 0)
