"""What people put on record, one class a kind. Instants are naive UTC.

Tables are made from these classes (`tables.py`); how they came to be is in `migrations/`. Every
record has an `id`, given by the database, and a `version` that counts its changes, so that of two
people who change it at once the second is told. `email`, where a kind has it, is the address of who
wrote a record and had signed in: by it, not by a name that somebody gave themselves, it is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every record has: its number, and how often it was written."""

    id: int | None = None
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Signature(Record):
    """One team's signature under one version of the agreement, named by its hash.

    `is_verified` says that the name is the signed-in person's; otherwise it was typed.
    """

    team: str
    name: str
    signed_at: datetime
    agreement_hash: str
    email: str = ""
    is_verified: bool = False
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Proposal(Record):
    """One version of the agreement's content, kept so that any two can be compared.

    `based_on` is the hash of the version it was made from.
    """

    agreement_hash: str
    content: str
    based_on: str = ""
    note: str = ""
    proposed_by: str
    proposed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Experiment(Record):
    """The lift an experiment measured for one key, as a share (0.12 is 12 %), with its limits."""

    dimension: str
    key: str
    lift: float
    low: float | None = None
    high: float | None = None
    note: str = ""
    entered_by: str = ""
    entered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """One weekly meeting and the build it looks at, which is frozen; `week` is as 2026-W26."""

    week: str
    build_id: str
    agreement_hash: str
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Reported(Record):
    """One KPI value as a meeting saw it, so that a later difference can be named.

    `n` is of how many, of a rate on so few records that the meeting told it by counts.
    """

    meeting_id: int
    kpi: str
    period: str
    value: float | None = None
    n: int | None = None


@dataclass(frozen=True, kw_only=True)
class Attendance(Record):
    """Who was at a meeting, and the mark from 1 to 10 that the person gave it."""

    meeting_id: int
    name: str
    team: str
    rating: int | None = None
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Issue(Record):
    """Something off track that was put on the list; `figure` is the address of what showed it."""

    meeting_id: int | None = None
    text: str
    kpi: str = ""
    figure: str = ""
    raised_by: str
    raised_at: datetime
    solved_at: datetime | None = None
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision(Record):
    """What was decided in a meeting, and on which issue."""

    meeting_id: int | None = None
    issue_id: int | None = None
    text: str
    decided_by: str
    decided_at: datetime
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Action(Record):
    """Who does what by when, and which figure it should move which way (`up`, `down`)."""

    meeting_id: int | None = None
    issue_id: int | None = None
    text: str
    owner: str
    team: str
    due_on: date
    kpi: str = ""
    direction: str = ""
    status: str = "open"
    done_on: date | None = None
    created_by: str
    created_at: datetime
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionState(Record):
    """What an action was like since an instant, so that a meeting shows it as it was then."""

    action_id: int
    since: datetime
    owner: str
    status: str
    done_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Note(Record):
    """What someone wrote on a figure: `figure` names it, `title` is what it said then.

    `view` is the address of what was seen.
    """

    figure: str
    title: str = ""
    view: str = ""
    meeting_id: int | None = None
    text: str
    author: str
    written_at: datetime
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Annotation(Record):
    """Something that happened on a day or to a campaign, shown on every chart it concerns."""

    starts_on: date
    ends_on: date | None = None
    campaign_id: str = ""
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class SavedView(Record):
    """A page under filters that somebody wants to come back to."""

    name: str
    page: str
    address: str
    owner: str
    is_shared: bool = False
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class Idea(Record):
    """An idea for a campaign; it may become a planned one (`plan_id`)."""

    title: str
    text: str = ""
    author: str
    team: str
    raised_at: datetime
    plan_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reply(Record):
    """A comment on an idea, or only support for it (an empty text)."""

    idea_id: int
    text: str = ""
    author: str
    team: str
    written_at: datetime
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan(Record):
    """A campaign planned together: owners of both teams, promise, and what it is matched by.

    `budget` and `promised_pipeline` are whole minor units of `currency`; `aliases` are its UTM
    names and platform ids, a line each.
    """

    name: str
    channel: str = ""
    persona: str = ""
    starts_on: date
    ends_on: date
    budget: int | None = None
    currency: str = ""
    marketing_owner: str
    sales_owner: str
    promised_leads: int | None = None
    promised_mqls: int | None = None
    promised_pipeline: int | None = None
    promised_by: date | None = None
    aliases: str = ""
    campaign_id: str = ""
    created_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Limits(Record):
    """The process limits both teams agreed for a KPI: they stand until they are based anew."""

    kpi: str
    grain: str
    mean: float
    low: float
    high: float
    based_from: date
    based_to: date
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True)
class Audit(Record):
    """One entry of the log that is only ever added to: who did what, when, to what."""

    at: datetime
    who: str
    what: str
    about: str = ""


KINDS: tuple[type[Record], ...] = (
    Signature,
    Proposal,
    Experiment,
    Meeting,
    Reported,
    Attendance,
    Issue,
    Decision,
    Action,
    ActionState,
    Note,
    Annotation,
    SavedView,
    Plan,
    Idea,
    Reply,
    Limits,
    Audit,
)
