"""Leads of the small company whose walk, follow-up or touches stand on the edge of a rule each."""

from __future__ import annotations

from small_findings import Rows

_LOADED = "2025-09-01 03:30:00"
#: The stages that one lead each entered, in whatever order they were recorded.
WALKS: dict[str, tuple[tuple[str, str], ...]] = {
    "day and time": (("mql", "2026-03-10"), ("mql", "2026-03-10 09:00:00"),
                     ("sql", "2026-03-12"), ("sql", "2026-03-12 09:00:00")),
    "later in the day": (("mql", "2026-03-10"), ("sal", "2026-03-10 09:00:00"),
                         ("sql", "2026-03-10")),
    "earlier in the day": (("lead", "2026-03-10 09:00:00"), ("mql", "2026-03-10")),
    "back and on": (("sal", "2026-03-01 08:00:00"), ("mql", "2026-03-02 08:00:00"),
                    ("sql", "2026-03-02 08:00:00")),
    "back and far on": (("sal", "2026-03-01 08:00:00"), ("mql", "2026-03-02 08:00:00"),
                        ("sql", "2026-03-03 08:00:00"), ("opportunity", "2026-03-02 09:00:00")),
    "again at once": (("sal", "2026-03-01 08:00:00"), ("mql", "2026-03-02 08:00:00"),
                      ("sal", "2026-03-02 08:00:00"), ("sal", "2026-03-04 08:00:00")),
    "two at once": (("mql", "2026-03-02 08:00:00"), ("mql", "2026-03-02 08:00:00"),
                    ("sal", "2026-03-02 08:00:00"), ("recycled", "2026-03-02 08:00:00")),
    "stamped between": (("lead", "2025-08-01 08:00:00"), ("mql", "2025-08-02 08:00:00"),
                        ("sal", _LOADED), ("sql", "2025-09-05 08:00:00")),
    "stamped last": (("mql", "2025-08-02 08:00:00"), ("sal", _LOADED), ("opportunity", _LOADED)),
    "stamped before": (("mql", _LOADED), ("sal", "2025-08-20 08:00:00"),
                       ("sql", "2025-08-25 08:00:00")),
    "stamped start": (("lead", _LOADED), ("mql", _LOADED), ("sql", "2025-08-25")),
    "stamped fraction": (("mql", "2025-09-01 03:30:00.400"), ("sal", "2025-09-02 08:00:00")),
    "stamped by day": (("mql", "2025-09-01"), ("sal", "2025-09-02")),
    "stamped twice": (("lead", "2025-08-01 08:00:00"), ("lead", _LOADED)),
    "stamped beyond": (("mql", "2025-08-01 08:00:00"), ("sal", "2025-08-02 08:00:00"),
                       ("mql", "2025-08-05 08:00:00"), ("sql", _LOADED),
                       ("opportunity", "2025-09-03 08:00:00")),
    "time and day": (("mql", "2026-03-10 09:00:00"), ("mql", "2026-03-10")),
    "again on a day": (("sal", "2026-03-01 08:00:00"), ("mql", "2026-03-05 08:00:00"),
                       ("sal", "2026-03-10 09:00:00"), ("sal", "2026-03-10")),
    "recycled twice": (("mql", "2026-03-02 08:00:00"), ("recycled", "2026-03-03 08:00:00"),
                       ("recycled", "2026-03-03 08:00:00"), ("mql", "2026-03-09 08:00:00")),
    "stated at once": (("mql", "2026-03-02 08:00:00"),),
    "lead twice": (("lead", "2026-03-01 08:00:00"), ("mql", "2026-03-02 08:00:00"),
                   ("lead", "2026-03-05 08:00:00")),
    "later of two": (("mql", "2026-03-10 09:00:00"), ("sal", "2026-03-10 11:00:00"),
                     ("sql", "2026-03-10")),
    "stamped far beyond": (("mql", "2025-08-01 08:00:00"), ("sal", "2025-08-02 08:00:00"),
                           ("mql", "2025-08-05 08:00:00"), ("sql", _LOADED),
                           ("opportunity", _LOADED)),
    "on the last day": (("mql", "2026-07-01"), ("sal", "2026-07-01 13:00:00")),
    "tomorrow": (("mql", "2026-06-30 08:00:00"), ("sal", "2026-07-01 22:00:00"),
                 ("sql", "2026-07-02")),
    "before it was there": (("mql", "2025-01-01 08:00:00"), ("lead", "2025-01-02 08:00:00")),
    "left and came": (("mql", "2026-03-02 08:00:00"), ("rejected", "2026-03-03 08:00:00"),
                      ("mql", "2026-03-09 08:00:00"), ("sal", "2026-03-09 08:00:00"),
                      ("recycled", "2026-03-10 08:00:00"), ("mql", "2026-03-20 08:00:00")),
    "self served": (("mql", "2026-03-02 08:00:00"), ("rejected", "2026-03-03 08:00:00")),
}  # fmt: skip
_REASONS = {"self served": "self_serve", "left and came": "CONTENT"}


def add_walks(rows: Rows) -> None:
    """Add leads by their walks, by the instant at which follow-up falls due, and by evidence."""
    for name, walk in WALKS.items():
        loaded = name.startswith("stamped")
        rows["lead"].append(
            {"lead_id": name, "created_at": _LOADED if loaded else "2026-02-28 08:00:00",
             "person_id": "p11", "account_id": "a11", "owner_id": "dina"}
            | ({"status": "sal", "recorded_at": walk[0][1]} if name == "stated at once" else {})
        )  # fmt: skip
        rows["lead_stage_event"] += [
            {"lead_id": name, "stage": stage, "entered_at": at, "reason": _REASONS.get(name),
             "actor_id": None} for stage, at in walk
        ]  # fmt: skip
    _add_deadlines(rows)
    _add_excuses(rows)
    _add_outcomes(rows)
    _add_evidence(rows)
    rows["touch"] += [
        {"touch_id": f"edge of window{number}", "occurred_at": at, "kind": "webinar_attended",
         "side": "marketing", "channel": "Webinar"} | whose
        for number, (at, whose) in enumerate(AT_WINDOWS)
    ]  # fmt: skip


_TIED, _LEAD = {"person_id": "tied"}, {"lead_id": "tied1"}
_ACCOUNT = {"account_id": "at origin0"}
#: Instants of touches, on the first or last instant of a window of somebody's deal.
AT_WINDOWS = (
    ("2025-08-14 08:00:00", _TIED), ("2025-08-14 07:59:59", _TIED), ("2025-11-12 08:00:00", _TIED),
    ("2026-02-11 08:00:00", _TIED), ("2026-02-11 08:00:01", _TIED), ("2024-02-11 08:00:00", _TIED),
    ("2026-05-05 08:00:00", _TIED), ("2026-05-05 08:00:00", _LEAD), ("2024-02-11 08:00:00", _LEAD),
    ("2026-02-02 08:00:00", _ACCOUNT), ("2024-01-06 08:00:00", _ACCOUNT),
    ("2026-01-05 08:00:00", _ACCOUNT), ("2026-02-03 08:00:00", _ACCOUNT),
    ("2025-12-01 08:00:00", _ACCOUNT),
)  # fmt: skip


def _add_deadlines(rows: Rows) -> None:
    """Add leads of one whose day ends when the data does: some fall due on that very instant."""
    rows["member"] += [
        {"member_id": "dina", "name": "Dina", "team": "sales", "timezone": "Asia/Dubai"},
        {"member_id": "last", "name": "Last", "team": "sales", "ends_on": "2026-07-01"},
        {"member_id": "soon", "team": "sales", "capacity_per_month": 9, "starts_on": "2026-07-02"},
        {"member_id": "mara", "team": "marketing", "capacity_per_month": 7},
        {"member_id": "sam", "team": "sales", "capacity_per_month": 7},
        {"member_id": "old", "name": None, "team": "sales", "ends_on": "2026-06-30"},
        {"member_id": "gone early", "team": "sales", "ends_on": "2026-01-31"},
    ]
    for day in (*(f"2026-06-{number}" for number in range(15, 27)), "2026-07-01"):
        lead = f"due {day}"
        rows["lead"].append({"lead_id": lead, "created_at": f"{day} 09:00:00", "owner_id": "dina"})
        rows["lead_stage_event"].append(
            {"lead_id": lead, "stage": "mql", "entered_at": f"{day} 09:00:00"}
        )
        rows["lead_assignment"] += [
            {"lead_id": lead, "member_id": member, "assigned_at": at}
            for member, at in (("dina", f"{day} 09:00:00"), ("ann", "2026-07-01 13:00:00"),
                               ("bob", "2026-07-01 13:00:00"))
        ]  # fmt: skip
        rows["touch"] += [
            {"touch_id": f"{lead} {number}", "lead_id": lead, "kind": "call", "side": "sales",
             "actor_id": "dina", "occurred_at": "2026-07-01 13:00:00", "direction": "outbound",
             "outcome": "No_Answer"} for number in range(int(day[-1]))
        ]  # fmt: skip


def _add_excuses(rows: Rows) -> None:
    """Add handovers with a talk or a meeting at, just before, or too long before them."""
    for number, (qualified, touched, kind, outcome, owners) in enumerate(EXCUSES):
        lead = f"excuse{number}"
        rows["lead"].append({"lead_id": lead, "created_at": "2026-04-01", "owner_id": owners[0]})
        rows["lead_stage_event"] += [
            {"lead_id": lead, "stage": stage, "entered_at": at}
            for stage, at in (("lead", "2026-04-10 06:00:00"), ("mql", qualified))
        ]  # fmt: skip
        rows["lead_assignment"] += [
            {"lead_id": lead, "member_id": owner, "assigned_at": at}
            for owner, at in zip(owners, ("2026-04-10 09:00:00", "2026-04-10 07:00:00",
                                          "2026-04-10 07:00:00"), strict=False)
        ]  # fmt: skip
        rows["touch"].append(
            {"touch_id": lead, "lead_id": lead, "kind": kind, "side": "sales", "actor_id": "eve",
             "occurred_at": touched, "outcome": outcome, "direction": None}
        )  # fmt: skip


_TEN = "2026-04-10 08:00:00"
EXCUSES = (
    (_TEN, "2026-04-10", "meeting", None, ("ann",)),
    (_TEN, "2026-04-09", "meeting", "NO_SHOW", ("last",)),
    ("2026-04-10", "2026-04-10 05:00:00", "call", "Connected", ("old",)),
    ("2026-04-10", "2026-04-09", "call", "CONNECTED", ("dora", "cid")),
    (_TEN, _TEN, "call", "connected", ("ann", "bob")), (_TEN, _TEN, "meeting", "held", ("bob",
     "ann")),
    (_TEN, "2026-04-10 07:59:59", "call", "booked", ("ann", "dora", "cid")),
    (_TEN, "2026-03-27 23:30:00", "call", "connected", ("left",)),
    (_TEN, "2026-03-27 08:00:00", "meeting", None, ("ann",)),
    (_TEN, "2026-03-26 08:00:00", "meeting", None, ("ann",)),
    (_TEN, "2026-04-05 08:00:00", "call", "replied", ("ann",)),
    (_TEN, "2026-04-04 08:00:00", "call", "replied", ("ann",)),
    (_TEN, "2026-03-11 08:00:00", "demo", "scheduled", ("ann",)),
    (_TEN, "2026-03-10 08:00:00", "demo", "cancelled", ("ann",)),
    (_TEN, "2026-04-10 08:30:00", "call", None, ("ann",)),
    (_TEN, "2026-04-10 09:00:00", "call", None, ("ann",)), (_TEN, "2026-04-10", "call", None,
     ("ann",)),
    (_TEN, "2026-04-10 08:30:00", "call", None, ("left",)),
    (_TEN, "2026-04-10 10:00:00", "call", "Meeting_Held", ("zoe",)),
)  # fmt: skip


def _add_outcomes(rows: Rows) -> None:
    """Add a call of sales and a meeting of marketing with every outcome that says something."""
    rows["touch"] += [
        {"touch_id": f"{outcome} {kind}", "lead_id": "excuse0", "kind": kind, "side": side,
         "occurred_at": "2026-06-29 08:00:00", "outcome": outcome, "direction": "outbound"}
        for outcome in OUTCOMES for kind, side in (("call", "sales"), ("meeting", "marketing"))
    ]  # fmt: skip


OUTCOMES = (
    "connected", "answered", "reached", "replied", "interested", "held", "meeting_held",
    "meeting_set", "completed", "demo_completed", "booked", "meeting_booked", "scheduled",
    "no_show", "cancelled", "canceled", "declined", "left a message",
)  # fmt: skip


def _add_evidence(rows: Rows) -> None:
    """Add a lead that never qualified, its evidence on the edges of the time it had for that."""
    rows["person"].append({"person_id": "held"})
    rows["lead"].append(
        {"lead_id": "held", "person_id": "held", "created_at": "2026-01-05 08:00:00"}
    )
    rows["touch"] += [
        {"touch_id": f"held {number}", "person_id": "held", "kind": kind, "occurred_at": at,
         "side": "marketing", "lead_id": lead}
        for number, (at, kind, lead) in enumerate((
            ("2025-12-20 08:00:00", "webinar_attended", None),
            ("2026-01-04 23:00:00", "content_download", "held"),
            ("2026-01-05 05:00:00", "content_download", None),
            ("2025-12-05 08:00:00", "demo_request", "held"),
            ("2026-01-26 05:00:00", "unsubscribe", None), ("2026-01-26 04:59:59", "email_click",
             None),
            ("2026-01-10 08:00:00", "page_view", None), ("2026-01-10 08:00:00", "page_view",
             "held"),
            ("2026-01-11 08:00:00", "page_view", None), ("2026-01-12 08:00:00",
             "form_submission", None),
        ))
    ]  # fmt: skip
    rows["person"].append({"person_id": "held on"})
    rows["lead"].append(
        {"lead_id": "held on", "person_id": "held on", "created_at": "2026-01-05 08:00:00"}
    )
    rows["touch"] += [
        {"touch_id": f"held on {kind}", "person_id": "held on", "kind": kind, "occurred_at": at,
         "side": "marketing"}
        for at, kind in (("2025-10-12 08:00:00", "webinar_attended"),
                         ("2026-01-10 08:00:00", "content_download"))
    ]  # fmt: skip
    rows["score_event"] += [
        {"lead_id": "held", "scored_at": at, "score": score}
        for at, score in (
            ("2026-01-04 08:00:00", 90.0), ("2026-01-04 08:00:00", 20.0),
            ("2026-01-04 23:00:00", 10.0), ("2026-01-05 05:00:00", 5.0),
            ("2026-01-26 05:00:00", 95.0),
        )
    ] + [
        {"lead_id": "left and came", "scored_at": at, "score": score}
        for at, score in (("2026-03-01 08:00:00", 30.0), ("2026-03-01 08:00:00", 70.0),
                          ("2026-03-02 08:00:00", 99.0))
    ]  # fmt: skip
