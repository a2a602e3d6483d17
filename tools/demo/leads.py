"""Who inquired, when, through which channel, and how good a lead it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.demo.campaigns import Campaign, by_quarter
from tools.demo.clock import FIRST, LAST, arrival_days, end_of_story, moments
from tools.demo.company import Accounts, People, make_people
from tools.demo.plan import (
    CHANNELS,
    CONTENT_START_LIFT,
    CONTENT_START_SHARE,
    EVENT,
    MISSING_SHARE,
    OUTBOUND,
    PERSONA_QUALITY,
    SEGMENT_QUALITY,
    SERIES_SCORE_BONUS,
    SERIES_SHARE_OF_WEBINAR,
    SERIES_STUDENT_SHARE,
    UNMAPPED_SHARE,
    WEBINAR,
    Bools,
    Floats,
    Ints,
)

LEAD_TYPES = ("demo_request", "contact_request", "content_download", "webinar", "event",
              "outbound", "self_serve")  # fmt: skip
_TYPE_OF_CHANNEL = (0, 0, 3, 4, 1, 2, 1, 5)
REPEAT_SHARE = 0.08


@dataclass(frozen=True)
class Leads:
    """Inquiries in the order of their creation; `campaign` -1 is none.

    `raw_channel` is the channel's place, one more than the last for the value nobody mapped, -1
    for a missing one.
    """

    person: Ints
    channel: Ints
    raw_channel: Ints
    campaign: Ints
    series: Bools
    lead_type: Ints
    created: Ints
    quality: Floats
    score: Floats
    content_start: Bools
    follow: Ints

    @property
    def count(self) -> int:
        """Return how many leads there are."""
        return len(self.person)


def make_leads(
    rng: np.random.Generator, count: int, accounts: Accounts, campaigns: list[Campaign]
) -> tuple[Leads, People]:
    """Draw leads and the people they are of."""
    channel = rng.choice(len(CHANNELS), size=count, p=[one.lead_share for one in CHANNELS])
    campaign, days = _campaigns(rng, channel, campaigns)
    created = moments(rng, days)
    order = np.argsort(created, kind="stable")
    channel, campaign, created = channel[order], campaign[order], created[order]
    created = np.minimum(created, end_of_story() - np.arange(count)[::-1] % 50 * 17_000_000)
    series = _series_flags(campaigns)[campaign]
    people, person = _people(rng, accounts, created, series)
    content_start = (rng.random(count) < CONTENT_START_SHARE) & (channel != OUTBOUND) & ~series
    quality = _quality(rng, channel, series, content_start, people, person, accounts)
    score = 20 + 58 * quality + rng.normal(0, 7, count) + SERIES_SCORE_BONUS * series
    raw = np.where(rng.random(count) < UNMAPPED_SHARE, len(CHANNELS), channel)
    raw = np.where(rng.random(count) < MISSING_SHARE, -1, raw)
    lead_type = np.array(_TYPE_OF_CHANNEL)[channel]
    lead_type = np.where((rng.random(count) < 0.04) & (channel < WEBINAR), 6, lead_type)
    follow = rng.poisson(0.9 + 1.6 * np.clip(quality, 0, 1))
    leads = Leads(
        person, channel, raw, campaign, series, lead_type, created, quality,
        np.clip(score, 1, 100).round(), content_start, follow,
    )  # fmt: skip
    return leads, people


def _campaigns(
    rng: np.random.Generator, channel: Ints, campaigns: list[Campaign]
) -> tuple[Ints, Ints]:
    """Choose a campaign for each lead, and the day it brought the lead."""
    count = len(channel)
    days = arrival_days(rng, count)
    dates = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    quarter = np.clip((dates - 55 * 12) // 3, 0, 5)
    table, options = by_quarter(campaigns)
    second = rng.random(count) < np.where(options[channel] > 1, 0.7, 0.0)
    campaign = table[quarter, channel, second.astype(int)]
    editions = np.array([one.number for one in campaigns if one.series])
    to_series = (channel == WEBINAR) & (rng.random(count) < SERIES_SHARE_OF_WEBINAR)
    campaign = np.where(to_series, editions[rng.integers(0, len(editions), count)], campaign)
    held = np.array([0, *(one.ends for one in campaigns)])[campaign]
    before = np.minimum(rng.exponential(4.0, count).astype(np.int64), 13)
    held = held - np.where(channel == EVENT, rng.integers(0, 3, count), before)
    days = np.where((channel == WEBINAR) | (channel == EVENT), held, days)
    return campaign, np.clip(days, FIRST, LAST)


def _series_flags(campaigns: list[Campaign]) -> Bools:
    return np.array([False, *(one.series for one in campaigns)])


def _people(
    rng: np.random.Generator, accounts: Accounts, created: Ints, series: Bools
) -> tuple[People, Ints]:
    """Give each lead a person; some people inquire again, students belong to no account."""
    count = len(created)
    again = rng.random(count) < REPEAT_SHARE
    again[0] = False
    number = np.cumsum(~again) - 1
    earlier = (rng.random(count) * number).astype(np.int64)
    person = np.where(again, earlier, number)
    weight = np.array([0.8, 1.0, 1.25, 1.5])[accounts.segment]
    account = rng.choice(accounts.count, size=int((~again).sum()), p=weight / weight.sum())
    student = (series & (rng.random(count) < SERIES_STUDENT_SHARE))[~again]
    known = created[~again] - (rng.random(len(account)) * 90_000_000).astype(np.int64)
    return make_people(rng, account, known, student), person


def _quality(
    rng: np.random.Generator,
    channel: Ints,
    series: Bools,
    content_start: Bools,
    people: People,
    person: Ints,
    accounts: Accounts,
) -> Floats:
    base = np.where(series, 0.22, np.array([one.quality for one in CHANNELS])[channel])
    account = people.account[person]
    segment = np.where(account < 0, -0.2, np.array(SEGMENT_QUALITY)[accounts.segment[account]])
    persona = np.array(PERSONA_QUALITY)[people.persona[person]]
    lift = CONTENT_START_LIFT * content_start
    drawn: Floats = base + segment + persona + lift + rng.normal(0, 0.12, len(base))
    return np.clip(drawn, 0.02, 0.98)
