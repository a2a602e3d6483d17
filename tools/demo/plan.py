"""The demo company's world: its calendar, its market, and the truths planted in it.

Nothing here is random. The company sells process automation to businesses, from Berlin, in euros;
the story runs for 18 months and ends on a fixed day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

SEED = 20260630
FIRST_DAY = date(2025, 1, 1)
AS_OF_DAY = date(2026, 6, 30)
TIMEZONE = "Europe/Berlin"
CURRENCY = "EUR"
SMALL_LEADS = 1900
TOUCHES_PER_LEAD = 9.3

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Channel:
    """A raw channel of the demo's CRM: how often it makes leads and how good they are."""

    id: str
    raw: str
    utm_source: str
    utm_medium: str
    kind: str
    lead_share: float
    quality: float
    lead_source: str


CHANNELS = (
    Channel("paid_search", "Paid Search", "google", "cpc", "ad_click", 0.19, 0.46, "Paid search"),
    Channel(
        "paid_social", "Paid Social", "linkedin", "cpc", "ad_click", 0.15, 0.30, "LinkedIn ads"
    ),
    Channel("webinar", "Webinar", "", "", "webinar_attended", 0.20, 0.40, "Webinar"),
    Channel("event", "Trade Show", "", "", "event_attended", 0.09, 0.52, "Trade show"),
    Channel("email", "E-Mail", "newsletter", "email", "email_click", 0.09, 0.42, "Newsletter"),
    Channel("content", "Content", "guide", "content", "content_download", 0.11, 0.48, "Content"),
    Channel(
        "organic_search",
        "Organic Search",
        "google",
        "organic",
        "web_visit",
        0.11,
        0.48,
        "Organic search",
    ),
    Channel("outbound", "SDR Outbound", "", "", "call", 0.06, 0.40, "Outbound SDR"),
)
PAID_SEARCH, PAID_SOCIAL, WEBINAR, EVENT, EMAIL, CONTENT, ORGANIC, OUTBOUND = range(8)
# Raw values nobody mapped, and none at all: Data health must show both.
UNMAPPED_CHANNEL, UNMAPPED_SHARE, MISSING_SHARE = "Gutschein 2025", 0.012, 0.010

SEGMENTS = ("micro", "small", "mid_market", "enterprise")
SEGMENT_SHARE = (0.28, 0.34, 0.26, 0.12)
SEGMENT_EMPLOYEES = ((5, 49), (50, 199), (200, 999), (1000, 12000))
SEGMENT_AMOUNT = (4_800.0, 14_000.0, 42_000.0, 130_000.0)
SEGMENT_CYCLE_DAYS = (24.0, 38.0, 62.0, 95.0)
SEGMENT_COMMITTEE = (2.0, 3.4, 5.2, 7.0)
SEGMENT_QUALITY = (-0.12, 0.0, 0.09, 0.06)
PERSONA_SHARE = (0.20, 0.27, 0.25, 0.13, 0.10, 0.05)
PERSONA_QUALITY = (0.06, 0.0, 0.05, -0.03, 0.08, -0.10)

COUNTRIES = ("DE", "AT", "CH", "GB", "US", "FR", "NL", "SE", "PL", "Sonstige", "")
COUNTRY_SHARE = (0.36, 0.07, 0.08, 0.13, 0.14, 0.06, 0.05, 0.04, 0.03, 0.01, 0.03)

# Planted truths -----------------------------------------------------------------------------
# 1. A webinar series whose many MQLs sales rejects.
SERIES_NAME = "Automation Tuesday"
SERIES_DAYS = tuple(
    date(year, month, day)
    for year, month, day in (
        (2025, 9, 16), (2025, 10, 14), (2025, 11, 11), (2026, 1, 20), (2026, 3, 17), (2026, 5, 12),
    )
)  # fmt: skip
SERIES_SHARE_OF_WEBINAR = 0.55
SERIES_STUDENT_SHARE = 0.35
SERIES_SCORE_BONUS = 24.0
SERIES_ACCEPTANCE = 0.16
# 2. Content starts the journeys that win and is never their last touch.
CONTENT_START_SHARE = 0.30
CONTENT_START_LIFT = 0.22
# 3. Three weeks of slow follow-up.
SLOW_FROM, SLOW_TO = date(2026, 2, 9), date(2026, 3, 2)
# 4. Recycled leads that come back and win.
RETURN_SHARE, RETURN_WIN_RATE = 0.45, 0.58
# 5. A quarter in which paid social costs far more than its budget and brings no more.
OVERSPENT_QUARTER = (2025, 4)
OVERSPEND_FACTOR = 2.3
# 6. Won deals that nobody's touch explains.
UNTOUCHED_WINS = 6
