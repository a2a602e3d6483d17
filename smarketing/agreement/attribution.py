"""Attribution as agreed: who counts as a deal's people, which touches count, which models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from smarketing.agreement.base import Id, Part, Prose, Share
from smarketing.agreement.matching import Match
from smarketing.attribution_models import model_label

ORIGINATORS = (
    "marketing",
    "sales_development",
    "account_executive",
    "partner",
    "success",
    "product",
    "unknown",
)
Originator = Literal[
    "marketing",
    "sales_development",
    "account_executive",
    "partner",
    "success",
    "product",
    "unknown",
]


CostCategory = Literal["media", "event", "tool", "agency", "salary"]
COST_CATEGORIES: tuple[CostCategory, ...] = get_args(CostCategory)


class RoleWeights(Part):
    """Shares of a deal's value by role; `middle` is split over the touches that hold none."""

    first: Share = 0
    lead_creation: Share = 0
    deal_creation: Share = 0
    last: Share = 0
    middle: Share = 0

    @model_validator(mode="after")
    def _whole(self) -> RoleWeights:
        total = self.first + self.lead_creation + self.deal_creation + self.last + self.middle
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the weights sum to {total:.10g}, they must sum to 1")
        return self


class CustomModel(Part):
    """A model of the company's own, by weights of roles."""

    id: Id
    label: Prose
    weights: RoleWeights


class KindPriority(Part):
    """Order of touches at the same instant: the lower number comes first."""

    kind: str
    priority: int


class GrossMargin(Part):
    """The gross margin that holds from a day on."""

    starts_on: date
    margin: Share


ORIGINATOR_TESTS = {
    "lead_source": "the CRM's lead source",
    "first_touch": "the first touch",
    "before_sales": "a marketing touch before sales' first activity",
}
"""The tests of who originated a deal, in words."""


class LeadSourceOriginator(Part):
    """Who originated a deal whose lead source has one of these raw values."""

    lead_source: Match
    originator: Originator


class TeamOriginator(Part):
    """Who originated a deal that a member of this team touched first on sales' side."""

    team: Id
    originator: Originator


class ChannelOriginator(Part):
    """Who originated a deal whose first touch came by this channel on marketing's side."""

    channel: Id
    originator: Originator


class OriginatorRule(Part):
    """The test that names a deal's originator, and what each test reads.

    A first touch of sales whose team is not in `teams` is an account executive's, one of marketing
    whose channel is not in `channels` is marketing's.
    """

    test: Literal["lead_source", "first_touch", "before_sales"] = "lead_source"
    lead_sources: tuple[LeadSourceOriginator, ...] = ()
    teams: tuple[TeamOriginator, ...] = ()
    channels: tuple[ChannelOriginator, ...] = ()

    def of_lead_source(self, value: object) -> Originator:
        """Return the originator of a raw lead source; `unknown` where no rule holds."""
        for rule in self.lead_sources:
            if rule.lead_source.holds(value):
                return rule.originator
        return "unknown"


class CacBoundary(Part):
    """Which costs count as the cost of acquiring customers, and when.

    Without `teams` they are all that work for marketing or sales.
    """

    teams: tuple[Id, ...] | None = None
    categories: tuple[CostCategory, ...] = COST_CATEGORIES
    lag_by_cycle: bool = False

    def words(self, teams: Sequence[str], *, lagged: bool = False) -> str:
        """Return the boundary in a sentence, as it is printed beside the cost of a customer.

        `teams` are their labels. `lagged`: the cost is counted later by the cycle, whatever is
        agreed.
        """
        when = (
            "later by the median cycle of won new business"
            if lagged or self.lag_by_cycle
            else "on the day it was incurred"
        )
        return f"Cost counted: {', '.join(self.categories)} of {', '.join(teams)}, {when}."


class Attribution(Part):
    """Every choice that attribution depends on."""

    people: Literal["default", "committee", "primary", "account", "lead"] = "default"
    side: Literal["marketing", "sales", "both"] = "marketing"
    lookback_days: int = Field(default=180, ge=1)
    max_lookback_days: int = Field(default=730, ge=1)
    half_life_days: float = Field(default=7, gt=0)
    excluded_kinds: tuple[str, ...] = (
        "email_sent",
        "email_open",
        "ad_impression",
        "campaign_member",
    )
    kind_priority: tuple[KindPriority, ...] = ()
    models: tuple[str, ...] = ("first", "last", "linear", "position")
    default_model: str = "position"
    custom_models: tuple[CustomModel, ...] = ()
    win_rate: Literal["closed", "created"] = "closed"
    qualifying_stages: tuple[str, ...] = ()
    direct_channel: Id | None = None
    gross_margin: tuple[GrossMargin, ...] = ()
    originator: OriginatorRule = OriginatorRule()
    cac: CacBoundary = CacBoundary()

    @model_validator(mode="after")
    def _lookbacks(self) -> Attribution:
        if self.lookback_days > self.max_lookback_days:
            raise ValueError(
                f"lookback_days {self.lookback_days} exceeds max_lookback_days "
                f"{self.max_lookback_days}"
            )
        return self

    def model_label(self, name: str) -> str:
        """Return a model in words, one of the company's own as it is labelled here."""
        return model_label(name, {model.id: model.label for model in self.custom_models})

    def margin_on(self, day: date) -> float | None:
        """Return the gross margin of a day; None before the first one agreed."""
        known = [entry for entry in self.gross_margin if entry.starts_on <= day]
        return max(known, key=lambda entry: entry.starts_on).margin if known else None
