"""Every contact of a person with the company: before the inquiry, after it, and as committee."""

from __future__ import annotations

import numpy as np

from tools.demo import handoff
from tools.demo.campaigns import Campaign, by_quarter
from tools.demo.clock import DAY, FIRST, end_of_story, moments
from tools.demo.company import DEVELOPERS, seller_of
from tools.demo.deals import NEW, OPEN, Committee, Deals
from tools.demo.handoff import Rows, Story
from tools.demo.leads import Leads
from tools.demo.plan import (
    CONTENT,
    EMAIL,
    EVENT,
    ORGANIC,
    OUTBOUND,
    PAID_SEARCH,
    PAID_SOCIAL,
    WEBINAR,
    Bools,
    Ints,
)

MARKETING_KINDS = ("ad_click", "webinar_attended", "event_attended", "email_click",
                   "content_download", "web_visit", "form_submission", "demo_request",
                   "email_sent", "email_open", "page_view")  # fmt: skip
_KIND_OF_CHANNEL = np.array([0, 0, 1, 2, 3, 4, 5, 5])
FORM, DEMO_REQUEST, EMAIL_SENT, EMAIL_OPEN, PAGE_VIEW = 6, 7, 8, 9, 10
COLUMNS = ("person", "lead", "deal", "channel", "campaign", "kind", "outcome", "actor",
           "automated", "sales", "creates")  # fmt: skip
_BEFORE = {PAID_SEARCH: 0.22, PAID_SOCIAL: 0.24, ORGANIC: 0.30, EMAIL: 0.08, WEBINAR: 0.10,
           EVENT: 0.06}  # fmt: skip
_AFTER = {EMAIL: 0.09, WEBINAR: 0.21, PAID_SOCIAL: 0.25, ORGANIC: 0.26, PAID_SEARCH: 0.19}
_NONE = dict.fromkeys(COLUMNS, -1) | {"automated": 0, "sales": 0, "creates": 0}


class Journeys:
    """Gathers touches; campaigns are those of the channel that ran at the time."""

    def __init__(self, rng: np.random.Generator, campaigns: list[Campaign]) -> None:
        self.rng = rng
        self.rows = Rows(COLUMNS)
        self._table, self._options = by_quarter(campaigns)

    def add(self, at: Ints, **values: Ints | int) -> None:
        """Append touches; columns left out are none."""
        late = np.maximum(at, (FIRST - 90) * DAY)
        self.rows.add(late, **(_NONE | values))

    def draw(self, count: int, mix: dict[int, float]) -> Ints:
        """Draw channels from a mix of shares that sum to one."""
        return self.rng.choice(list(mix), size=count, p=list(mix.values()))

    def campaign_of(self, channel: Ints, at: Ints) -> Ints:
        """Return the campaign of each channel's quarter; -1 before the first one."""
        months = at.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
        quarter = (months - 55 * 12) // 3
        known = (quarter >= 0) & (quarter < len(self._table))
        second = (self.rng.random(len(channel)) < 0.7) & (self._options[channel] > 1)
        found = self._table[np.clip(quarter, 0, 5), channel, second.astype(int)]
        return np.where(known, found, -1)

    def marketing(self, at: Ints, person: Ints, lead: Ints, channel: Ints) -> None:
        """Append marketing touches of each channel's own kind."""
        self.add(at, person=person, lead=lead, channel=channel,
                 campaign=self.campaign_of(channel, at),
                 kind=_KIND_OF_CHANNEL[channel])  # fmt: skip


def make_touches(
    rng: np.random.Generator,
    campaigns: list[Campaign],
    leads: Leads,
    story: Story,
    deals: Deals,
    committee: Committee,
    total: int | None,
) -> dict[str, Ints]:
    """Return every touch in the order of time; with `total`, exactly so many."""
    journeys = Journeys(rng, campaigns)
    _before(journeys, leads)
    _inquiry(journeys, leads)
    _after(journeys, leads)
    _of_committees(journeys, deals, committee)
    _of_sales(journeys, leads, story, deals)
    _mailings(journeys, leads)
    if total is not None:
        _page_views(journeys, leads, total)
    touches = journeys.rows.sorted("at", "person", "kind")
    return touches if total is None else _newest(touches, total)


def _before(journeys: Journeys, leads: Leads) -> None:
    """What people did before they inquired; content first, where it starts the journey."""
    rng = journeys.rng
    number = np.flatnonzero(leads.channel != OUTBOUND)
    rows = np.repeat(number, rng.poisson(0.8, len(number)))
    ago = rng.exponential(9.0, len(rows)) + 0.05
    at = _second(leads.created[rows] - (np.minimum(ago, 40) * DAY).astype(np.int64))
    journeys.marketing(at, leads.person[rows], rows, journeys.draw(len(rows), _BEFORE))
    starts = np.flatnonzero(leads.content_start)
    ago = rng.uniform(42, 75, len(starts))
    at = moments(rng, leads.created[starts] // DAY - ago.astype(np.int64))
    content = np.full(len(starts), CONTENT)
    journeys.marketing(at, leads.person[starts], starts, content)


def _inquiry(journeys: Journeys, leads: Leads) -> None:
    """The touch by which each lead came; it names the lead's campaign."""
    rng = journeys.rng
    number = np.arange(leads.count)
    kind = _KIND_OF_CHANNEL[leads.channel]
    asks = rng.random(leads.count) < 0.3
    paid = np.isin(leads.channel, (PAID_SEARCH, PAID_SOCIAL, ORGANIC, EMAIL))
    kind = np.where(paid, np.where(asks, DEMO_REQUEST, FORM), kind)
    ours = leads.channel != OUTBOUND
    rows = number[ours]
    journeys.add(leads.created[rows], person=leads.person[rows], lead=rows,
                 channel=leads.raw_channel[rows], campaign=leads.campaign[rows],
                 kind=kind[rows], creates=1)  # fmt: skip
    rows = number[~ours]
    journeys.add(leads.created[rows], person=leads.person[rows], lead=rows,
                 channel=leads.raw_channel[rows], campaign=leads.campaign[rows],
                 kind=handoff.CALL, outcome=handoff.CONNECTED, sales=1, creates=1,
                 actor=DEVELOPERS[rows % 3])  # fmt: skip


def _after(journeys: Journeys, leads: Leads) -> None:
    """What people did after they inquired; content is no part of it, so it is never last."""
    rng = journeys.rng
    rows = np.repeat(np.arange(leads.count), leads.follow)
    at = _second(leads.created[rows] + (rng.exponential(32.0, len(rows)) * DAY).astype(np.int64)
                 + 600_000_000)  # fmt: skip
    journeys.marketing(at, leads.person[rows], rows, journeys.draw(len(rows), _AFTER))


def _of_committees(journeys: Journeys, deals: Deals, committee: Committee) -> None:
    """What colleagues did: content long before the deal, anything else until its close."""
    rng = journeys.rng
    talking = ~deals.silent[committee.deal]
    rows = np.flatnonzero(talking)
    rows = np.repeat(rows, rng.poisson(1.5, len(rows)))
    deal = committee.deal[rows]
    end = np.where(deals.closed[deal] >= 0, deals.closed[deal], end_of_story())
    start = deals.created[deal] - 30 * DAY
    at = _second(start + (rng.random(len(rows)) * (end - start) * 0.97).astype(np.int64))
    person = committee.person[rows]
    journeys.marketing(at, person, np.full(len(rows), -1), journeys.draw(len(rows), _AFTER))
    early = np.flatnonzero(talking & (deals.kind[committee.deal] == NEW))
    early = early[rng.random(len(early)) < 0.3]
    ago = rng.integers(60, 110, len(early))
    at = moments(rng, deals.created[committee.deal[early]] // DAY - ago)
    content = np.full(len(early), CONTENT)
    journeys.marketing(at, committee.person[early], np.full(len(early), -1), content)


def _of_sales(journeys: Journeys, leads: Leads, story: Story, deals: Deals) -> None:
    """Calls, letters and meetings: the handoff's, and those of the deals."""
    rng = journeys.rng
    told = story.touches.sorted("at", "lead")
    journeys.add(told["at"], person=leads.person[told["lead"]], lead=told["lead"],
                 kind=told["kind"], outcome=told["outcome"], actor=told["actor"],
                 automated=told["automated"], sales=1)  # fmt: skip
    number = np.flatnonzero(~deals.silent & (deals.lead >= 0))
    rows = np.repeat(number, 1 + rng.poisson(2.2, len(number)))
    end = np.where(deals.outcome[rows] == OPEN, end_of_story(), deals.closed[rows])
    inside = rng.random(len(rows)) * (end - deals.created[rows])
    days = (deals.created[rows] + inside.astype(np.int64)) // DAY
    at = np.maximum(moments(rng, days, office=True), deals.created[rows] + 900_000_000)
    kind = rng.choice([handoff.CALL, handoff.SALES_EMAIL, handoff.MEETING, handoff.DEMO],
                      size=len(rows), p=[0.3, 0.35, 0.25, 0.1])  # fmt: skip
    outcome = np.array([handoff.CONNECTED, handoff.SENT, handoff.HELD, handoff.HELD])[kind]
    journeys.add(at, person=leads.person[deals.lead[rows]], lead=deals.lead[rows], deal=rows,
                 kind=kind, outcome=outcome, sales=1,
                 actor=seller_of(deals.account[rows]))  # fmt: skip


def _mailings(journeys: Journeys, leads: Leads) -> None:
    """Newsletters sent, and opened by about a third; they earn no credit."""
    rng = journeys.rng
    rows = np.repeat(np.arange(leads.count), rng.poisson(1.45, leads.count))
    at = moments(rng, leads.created[rows] // DAY + rng.integers(3, 90, len(rows)), office=True)
    opened = rng.random(len(rows)) < 0.36
    campaign = journeys.campaign_of(np.full(len(rows), EMAIL), at)
    for which, kind, wait in ((np.ones_like(opened), EMAIL_SENT, 0), (opened, EMAIL_OPEN, 1)):
        journeys.add(at[which] + wait * 5_400_000_000, person=leads.person[rows[which]],
                     lead=rows[which], channel=EMAIL, campaign=campaign[which],
                     kind=kind)  # fmt: skip


def _page_views(journeys: Journeys, leads: Leads, total: int) -> None:
    """Fill up to the number of touches asked for with visits to the website."""
    missing = total - sum(len(piece[0]) for piece in journeys.rows.pieces)
    if missing <= 0:
        return
    rng = journeys.rng
    rows = rng.integers(0, leads.count, missing)
    span = np.maximum(end_of_story() - leads.created[rows] - DAY, DAY)
    at = _second(leads.created[rows] + (rng.random(missing) * np.minimum(span, 60 * DAY))
                 .astype(np.int64))  # fmt: skip
    at = np.minimum(at, end_of_story())
    journeys.marketing(at, leads.person[rows], rows, journeys.draw(missing, _AFTER))


def _newest(touches: dict[str, Ints], total: int) -> dict[str, Ints]:
    """Keep so many touches, the ones by which leads came among them."""
    excess = len(touches["at"]) - total
    if excess <= 0:
        return touches
    free: Bools = touches["creates"] == 0
    drop = np.flatnonzero(free)[:excess]
    keep = np.ones(len(free), dtype=bool)
    keep[drop] = False
    return {name: values[keep] for name, values in touches.items()}


def _second(micros: Ints) -> Ints:
    return micros // 1_000_000 * 1_000_000
