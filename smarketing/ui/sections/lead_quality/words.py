"""How the page of lead quality says what a good lead does."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.agreement import Agreement
from smarketing.analysis.lead_quality.scores import OUTCOMES, outcome_stage
from smarketing.ui.labels import labels_of


def goals(agreement: Agreement) -> Mapping[str, str]:
    """The stage that makes a lead a good one under each outcome, by its label."""
    labels = labels_of(agreement, "stage")
    return {outcome: labels[outcome_stage(agreement, outcome)] for outcome in OUTCOMES}
