"""Everything that happened before it became a customer: one timeline, and the commonest paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from smarketing.agreement import Agreement
from smarketing.analysis.journeys.find import resolve, text_of
from smarketing.attribution_models import rule_models
from smarketing.engine import Engine
from smarketing.errors import UsageError
from smarketing.periods import local_instant


@dataclass(frozen=True)
class Event:
    """One thing that happened: `at` (UTC) and its local `day`, which is all without `has_time`.

    `type` is touch, lead, stage or deal. `credits` are minor units earned per measure (touches).
    """

    type: str
    at: datetime
    day: date
    has_time: bool
    side: str | None
    what: str
    detail: str | None
    event_id: str
    lead_id: str | None
    deal_id: str | None
    person_id: str | None
    person: str | None
    actor: str | None
    channel: str | None
    campaign_id: str | None
    amount: int | None
    credits: Mapping[str, int]

    @property
    def title(self) -> str:
        """What happened, in words."""
        words = self.what.replace("_", " ")
        if self.type == "touch":
            return f"{words}: {self.detail}" if self.detail else words
        if self.type == "stage":
            return f"became {words}" + (f" ({self.detail})" if self.detail else "")
        if self.type == "lead":
            return "lead created" + (f" ({self.detail})" if self.detail else "")
        return f"deal {words}" + (f": {self.detail}" if self.detail else "")


@dataclass(frozen=True)
class Person:
    """One of the people: role on the deals, and how often each side met them."""

    person_id: str
    name: str
    title: str | None
    persona: str | None
    email: str | None
    role: str | None
    is_primary: bool
    is_committee: bool
    marketing_touches: int
    sales_touches: int
    first_touch_at: datetime | None
    last_touch_at: datetime | None


@dataclass(frozen=True)
class Deal:
    """One of the deals, with the rule by which its people were found. Amount in minor units."""

    deal_id: str
    name: str
    account_id: str | None
    account: str | None
    kind: str
    stage: str | None
    outcome: str
    created_day: date | None
    closed_day: date | None
    amount: int | None
    owner: str | None
    carrier_lead_id: str | None
    carrier_rule: str | None
    people_rule: str | None


@dataclass(frozen=True)
class Lead:
    """One of the leads: where it stands at the data's as-of, since when, and whose it is.

    `stage` is a stage or a way out; `since_day` is None where no source dates it.
    """

    lead_id: str
    name: str
    person_id: str | None
    account_id: str | None
    account: str | None
    owner: str | None
    channel: str | None
    campaign_id: str | None
    segment: str | None
    created_day: date | None
    stage: str | None
    since_day: date | None
    reason: str | None


@dataclass(frozen=True)
class Journey:
    """One account, deal, lead or person: events in order, people, deals and leads.

    `model` is the model whose credits the touches carry, at the agreed settings.
    """

    unit_kind: str
    unit_id: str
    name: str
    model: str
    events: tuple[Event, ...]
    people: tuple[Person, ...]
    deals: tuple[Deal, ...]
    leads: tuple[Lead, ...]
    currency: str
    minor_digits: int
    timezone: str

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document; money in major units, instants local and with their offset."""
        return {
            "title": f"{self.unit_kind} {self.name}",
            "kind": self.unit_kind,
            "id": self.unit_id,
            "model": self.model,
            "currency": self.currency,
            "events": [self._event(event) for event in self.events],
            "people": [self._plain(person.__dict__) for person in self.people],
            "deals": [self._plain(deal.__dict__) for deal in self.deals],
            "leads": [self._plain(lead.__dict__) for lead in self.leads],
        }

    def _event(self, event: Event) -> dict[str, Any]:
        return {
            "at": self._machine(event.at if event.has_time else event.day),
            "type": event.type,
            "side": event.side,
            "title": event.title,
            "who": event.person or event.actor,
            "actor": event.actor,
            "channel": event.channel,
            "campaign_id": event.campaign_id,
            "touch_id": event.event_id if event.type == "touch" else None,
            "lead_id": event.lead_id,
            "deal_id": event.deal_id,
            "amount": self._money(event.amount),
            "credit": self._money(event.credits.get("revenue")),
            "pipeline_credit": self._money(event.credits.get("pipeline")),
        }

    def _plain(self, record: Mapping[str, Any]) -> dict[str, Any]:
        plain = dict(record)
        if "amount" in plain:
            plain["amount"] = self._money(plain["amount"])
        return {
            name: self._machine(value) if isinstance(value, date) else value
            for name, value in plain.items()
        }

    def _machine(self, moment: date) -> str:
        if isinstance(moment, datetime):
            return local_instant(moment, self.timezone).isoformat(timespec="seconds")
        return moment.isoformat()

    def _money(self, amount: int | None) -> float | None:
        return None if amount is None else amount / 10**self.minor_digits


def journey(
    engine: Engine,
    agreement: Agreement,
    unit: str,
    *,
    model: str | None = None,
    kind: str | None = None,
) -> Journey:
    """Return the whole story of one account, deal, lead or person.

    `unit` is an id (with or without its source) or a name, e-mail or domain that only one of them
    has; only one of `kind` is looked for where that is given. Touches carry what they earned under
    `model` (the agreed default where it is a rule-based one, else linear) at the agreed settings.
    UsageError when nothing or too much matches.
    """
    found = resolve(engine, unit, kind)
    chosen = credit_model(agreement, model)
    values = {"unit_kind": found.unit_kind, "unit_id": found.unit_id}
    credits = _credits(engine.rows("journeys/credit", values), chosen)
    events = engine.rows("journeys/events", values | {"timezone": engine.timezone})
    people = engine.rows("journeys/people", values)
    deals = engine.rows("journeys/deals", values)
    leads = engine.rows("journeys/leads", values)
    return Journey(
        found.unit_kind,
        found.unit_id,
        found.name,
        chosen,
        tuple(_event(row, credits) for row in events),
        tuple(_person(row) for row in people),
        tuple(_deal(row) for row in deals),
        tuple(_lead(row) for row in leads),
        engine.currency,
        engine.minor_digits,
        engine.timezone,
    )


def earned_by_campaign(found: Journey) -> dict[str, tuple[int, int]]:
    """Return what each campaign earned of the won deals of a journey, most first.

    Minor units and the number of touches that earned them, by campaign id; empty where none did.
    """
    earned: dict[str, tuple[int, int]] = {}
    for event in found.events:
        credit = event.credits.get("revenue", 0)
        if event.campaign_id is None or not credit:
            continue
        amount, touches = earned.get(event.campaign_id, (0, 0))
        earned[event.campaign_id] = (amount + credit, touches + 1)
    return dict(sorted(earned.items(), key=lambda item: (-item[1][0], item[0])))


def credit_model(agreement: Agreement, model: str | None = None) -> str:
    """Return the model whose credits single touches carry: the agreed one, else linear."""
    agreed = agreement.attribution.default_model
    if model is None:
        return agreed if agreed in rule_models() else "linear"
    if model not in rule_models():
        raise UsageError(
            f"The model '{model}' gives no credit to single touches; take one of "
            f"{', '.join(rule_models())}."
        )
    return model


def _credits(rows: Iterable[Mapping[str, Any]], model: str) -> dict[str, dict[str, int]]:
    answer: dict[str, dict[str, int]] = {}
    for row in rows:
        answer.setdefault(str(row["touch_id"]), {})[str(row["measure"])] = int(
            row[f"{model}_credit"]
        )
    return answer


def _event(row: Mapping[Any, Any], credits: Mapping[str, Mapping[str, int]]) -> Event:
    event_id = str(row["event_id"])
    return Event(
        str(row["type"]),
        row["at"],
        row["day"],
        bool(row["has_time"]),
        text_of(row["side"]),
        str(row["what"]),
        text_of(row["detail"]),
        event_id,
        text_of(row["lead_id"]),
        text_of(row["deal_id"]),
        text_of(row["person_id"]),
        text_of(row["person"]),
        text_of(row["actor"]),
        text_of(row["channel"]),
        text_of(row["campaign_id"]),
        row["amount"],
        credits.get(event_id, {}) if row["type"] == "touch" else {},
    )


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(
        str(row["person_id"]),
        str(row["name"]),
        text_of(row["title"]),
        text_of(row["persona"]),
        text_of(row["email"]),
        text_of(row["role"]),
        bool(row["is_primary"]),
        bool(row["is_committee"]),
        int(row["marketing_touches"]),
        int(row["sales_touches"]),
        row["first_touch_at"],
        row["last_touch_at"],
    )


def _deal(row: Mapping[Any, Any]) -> Deal:
    return Deal(
        str(row["deal_id"]),
        str(row["name"]),
        text_of(row["account_id"]),
        text_of(row["account"]),
        str(row["kind"]),
        text_of(row["stage"]),
        str(row["outcome"]),
        row["created_day"] if row["created_known"] else None,
        row["closed_day"],
        row["deal_amount"],
        text_of(row["owner"]),
        text_of(row["carrier_lead_id"]),
        text_of(row["carrier_rule"]),
        text_of(row["people_rule"]),
    )


def _lead(row: Mapping[Any, Any]) -> Lead:
    return Lead(
        str(row["lead_id"]),
        str(row["name"]),
        text_of(row["person_id"]),
        text_of(row["account_id"]),
        text_of(row["account"]),
        text_of(row["owner"]),
        text_of(row["channel"]),
        text_of(row["campaign_id"]),
        text_of(row["segment"]),
        row["created_day"],
        text_of(row["stage"]),
        row["since_day"],
        text_of(row["reason"]),
    )
