"""Records of the small company that stand for one edge of a rule each: ties, equals, both or none.

What a rule prefers, and what it would take without it, are never the same here: the value that
counts lies between two others, the instant that counts is shared, the name is written otherwise.
"""

from __future__ import annotations

import itertools
from typing import Any

from small_carriers import AT as _AT
from small_carriers import add_carriers, add_origins
from small_findings import Rows

Row = dict[str, Any]


def add_edges(rows: Rows) -> None:
    """Add all of them."""
    for table, added in RECORDS.items():
        rows[table] += [dict(row) for row in added]
    add_carriers(rows)
    add_origins(rows)
    _write_otherwise(rows)


def _write_otherwise(rows: Rows) -> None:
    """Write some currencies and e-mails in another case and with blanks, which means the same."""
    for table in ("deal", "cost", "contract", "campaign", "quota", "deal_stage_event"):
        for row in itertools.islice(
            (row for row in rows[table] if row.get("currency")), 0, None, 7
        ):
            row["currency"] = f" {row['currency'].lower()} "
    for row in itertools.islice((row for row in rows["person"] if row.get("email")), 0, None, 5):
        row["email"] = f" {row['email'].title()} "


def _merged(table: str, kept: str, *others: str) -> list[Row]:
    return [{"table": table, "alias_id": one, "id": kept, "source": "crm"} for one in others]


def _three(key: str, **columns: tuple[Any, Any, Any]) -> list[Row]:
    """Three records of which the first is what the others were merged into."""
    return [
        {key: f"crm:both{number}", "source": "crm"}
        | {column: values[number] for column, values in columns.items()}
        for number in range(3)
    ]  # fmt: skip


def _decided(stage: str, won: int, lost: int) -> list[Row]:
    """Decided deals that were in a stage, and an open one in it, written otherwise."""
    ended = (
        [("won", stage.upper())] * won + [("lost", f" {stage}")] * lost + [("open", f" {stage} ")]
    )
    return [
        {"deal_id": f"{stage}{number}", "stage": name, "outcome": outcome, "amount": 1000_01,
         "currency": "EUR", "created_at": "2025-10-01 08:00:00", "account_id": "of stages",
         "closed_at": "2025-11-01 08:00:00" if outcome != "open" else None}
        for number, (outcome, name) in enumerate(ended)
    ]  # fmt: skip


_ASKED = {"asked_at": "2026-03-03 08:00:00", "account_id": "a3"}
_LOADED_AS_WELL = "2026-03-01 13:00:00"
_USELESS = (
    "", "(not set)", "(none)", "(direct)", "(organic)", "(referral)", "spring sale", "SUMMER",
    "Spring Fair", "twin", "ad99", "only-alias", "two ways", "upper", "ad98", "shop:AD98",
)  # fmt: skip
RECORDS: dict[str, list[Row]] = {
    "record_alias": [
        *_merged("account", "both0", "both1", "both2"), *_merged("person", "both0", "both1",
         "both2"),
        *_merged("company", "mail0", "mail1", "mail2"), *_merged("accounts", "mail3", "mail4"),
        *_merged("contacts", "crm:mail0", "crm:mail1"), *_merged("Companies", "mail5", "mail6"),
        *_merged("contact", "crm:mail3", "crm:mail5"), *_merged("People", "mail6", "mail7"),
    ],
    "account": [
        *_three(
            "account_id", name=("Mm", "Aa", "Zz"), domain=("mm.com", "aa.com", "zz.com"),
            industry=("Media", "Arts", "Zoo"), employees=(100, 10, 9000),
            country=("GB", "DE", "US"), region=("M", "A", "Z"), owner_id=("bob", "ann", "eve"),
            is_target=(False, False, None), tier=("B", "A", "C"),
            created_at=("2025-03-01", "2025-01-01", "2025-09-01"),
        ),
        *({"account_id": f"crm:mail{number}", "source": "crm", "domain": domain}
          for number, domain in enumerate((None, "GMAIL.com", "Yahoo.com", "GMX.net",
          "corp9.com"))),
        {"account_id": "web mail", "domain": "GMX.de", "region": "Nowhere"},
        {"account_id": "of stages", "name": "Of stages"},
        {"account_id": "tiny", "name": "Tiny", "employees": -1, "country": "Atlantis"},
        {"account_id": "of nobody"}, {"account_id": "d3", "name": "Called as a deal is"},
        *({"account_id": name, "source": name[:-5], "domain": "dup9.com"}
          for name in ("crm:dup1", "crm:dup2", "shop:dup3")),
    ],
    "person": [
        *_three(
            "person_id", account_id=("a1", "a0", "a3"), email=("m@mm.com", "a@aa.com", "z@zz.com"),
            full_name=("Mm", "Aa", "Zz"), title=("CFO", "CEO", "Intern"),
            seniority=("VP", "C-level", "Worker"), country=("GB", "DE", "US"),
            email_opt_out=(False, False, None), do_not_contact=(None, False, False),
        ),
        {"person_id": "crm:mail0", "source": "crm"},
        {"person_id": "crm:mail1", "source": "crm", "email": "me@gmail.com",
         "do_not_contact": True},
        {"person_id": "here", "source": "crm", "email": " Same@Mail9.com"},
        {"person_id": "there", "source": "shop", "email": "same@mail9.com "},
        {"person_id": "of tiny", "account_id": "tiny", "title": "Juggler"},
        {"person_id": "unnamed", "email": "unnamed@fresh9.com", "account_id": "tiny"},
        {"person_id": "new", "email": " New@Fresh9.com "},
        *({"person_id": name, "source": name[:-5], "email": "dup@dup9.com"}
          for name in ("crm:dupa", "crm:dupb", "shop:dupc")),
        *({"person_id": name, "source": name.partition(":")[0], "email": email}
          for name, email in (("crm:blank", " Dupe@Blank9.com "), ("shop:blank", "dupe@blank9.com"),
                              ("test:tagged", " dupe+tag@blank9.com "))),
        {"person_id": "d3", "account_id": "d3", "full_name": "Called as a deal is"},
        {"person_id": "at home", "email": "me@gmail.com", "account_id": None},
    ],
    "campaign": [
        {"campaign_id": "crm:4711", "name": "Spring Fair", "source": "crm", "channel": "Webinar"},
        {"campaign_id": "crm:Spring Fair", "name": "Spring Fair", "source": "crm"},
        {"campaign_id": "shop:Spring Fair", "name": "Spring Fair", "source": "shop"},
        {"campaign_id": "crm:1", "name": "Twin", "source": "crm"},
        {"campaign_id": "crm:2", "name": "twin ", "source": "crm"},
        {"campaign_id": "crm:Twin", "name": "Twin", "source": "crm"},
        {"campaign_id": "shop:ad99", "name": "Ad 99", "source": "shop",
         "parent_id": "crm:Spring Fair"},
        {"campaign_id": "shop:ad98", "source": "shop", "budget": 12_34, "currency": "USD"},
        {"campaign_id": "shop:AD77", "name": "Ad 77", "source": "shop"},
        {"campaign_id": "crm:UP1", "name": "Upper", "source": "crm"},
        {"campaign_id": "crm:Upper", "name": "Upper", "source": "crm"},
    ],
    "campaign_alias": [
        {"alias": " AD99", "campaign_id": "crm:4711", "source": "shop"},
        {"alias": "only-alias", "campaign_id": "test:c1", "source": "test"},
        {"alias": "two ways", "campaign_id": "c2", "source": "crm"},
        {"alias": "Two Ways", "campaign_id": "c1", "source": "shop"},
        {"alias": "ad77", "campaign_id": "c1", "source": "shop"},
        {"alias": "UP1", "campaign_id": "c2"}, {"alias": "twice", "campaign_id": "c2"},
        {"alias": "crm:twice", "campaign_id": "c1"},
        {"alias": None, "campaign_id": "c1"}, {"alias": "nowhere", "campaign_id": "c99"},
    ],
    "cost": [
        {"cost_id": f"edge{number}", "incurred_on": day, "amount": 1000 + number,
         "currency": currency,
         "campaign_id": campaign, "team": team, "category": category, "source": "crm"}
        for number, (day, currency, campaign, team, category) in enumerate((
            ("2025-09-01", "EUR", "c0", "marketing", "media"),
            ("2026-01-05", "EUR", "c1", "sales", "event"),
            ("2026-01-05", None, "crm:Spring Fair", "sales development", "salary"),
            ("2026-03-01", "CHF", "shop:ad99", None, "tool"),
            ("2026-07-01", "JPY", "c0", "nobody's", "agency"),
            ("2026-07-02", "EUR", "c0", "marketing", "media"),
            ("2025-07-01", "EUR", "c0", "partner", "media"),
            ("2025-06-30", "EUR", "c0", "marketing", "media"),
        ))
    ],
    "fx_rate": [
        {"currency": " usd", "rate_on": "2025-07-17", "rate": 0.99},
        {"currency": "USD", "rate_on": "2026-06-28", "rate": 0.91},
        {"currency": "chf", "rate_on": "2026-06-24", "rate": 1.07},
        {"currency": "JPY", "rate_on": "2026-06-23", "rate": 0.0061},
    ],
    "lead": [
        {"lead_id": "tiny", "created_at": _AT, "account_id": "tiny", "person_id": "unnamed",
         "channel": "carrier pigeon"},
        {"lead_id": "from crm", "source": "crm", "created_at": "2025-09-01 03:30:00"},
        {"lead_id": "by day", "created_at": "2026-01-05", "person_id": "p999",
         "account_id": "a999"},
        {"lead_id": "half", "created_at": "2025-09-01 03:30:00.500",
         "campaign_id": "crm:Spring Fair"},
        {"lead_id": "unsaid", "created_at": None, "converted_deal_id": "three leads"},
        {"lead_id": "first of three", "created_at": _AT, "converted_deal_id": "three leads"},
        {"lead_id": "a later one", "created_at": "2026-03-01", "converted_deal_id": "three leads"},
        {"lead_id": "also first", "created_at": _AT, "converted_deal_id": "three leads"},
        {"lead_id": "not named", "created_at": "2025-08-01", "converted_deal_id": "named"},
        *({"lead_id": f"stated {status}", "status": status, "created_at": _AT,
           "recorded_at": "2026-04-01 08:00:00"} for status in ("rejected", "opportunity")),
        {"lead_id": "of tomorrow", "created_at": "2026-05-01 08:00:00"},
        {"lead_id": "d3", "person_id": "d3", "account_id": "d3", "created_at": "2026-01-05"},
        *({"lead_id": f"{outcome} at once", "created_at": "2026-01-05", "channel": "Webinar"}
          for outcome in ("won", "lost")),
        {"lead_id": "named one", "created_at": "2025-12-01", "lead_type": "free_trial"},
    ],
    "deal": [
        {"deal_id": "three leads", "created_at": "2026-03-05 08:00:00", "outcome": "open"},
        {"deal_id": "named", "lead_id": "named one", "created_at": _AT, "outcome": "lost",
         "closed_at": "2026-03-03"},
        {"deal_id": "loaded", "created_at": _LOADED_AS_WELL, "outcome": "open", "amount": 5},
        {"deal_id": "loaded later", "created_at": "2026-03-01 13:00:00.500", "outcome": "open"},
        {"deal_id": "from crm", "created_at": _LOADED_AS_WELL, "outcome": "open", "source": "crm"},
        {"deal_id": "by day", "created_at": "2026-01-05", "outcome": "open"},
        *({"deal_id": f"twice won{number}", "account_id": "lone0", "outcome": "won", "amount": 3,
           "created_at": "2026-01-01 08:00:00", "closed_at": "2026-02-01 08:00:00", "kind": kind,
           "currency": "EUR"} for number, kind in enumerate((" New ", "new", "RENEWAL", ""))),
        {"deal_id": "again and again", "outcome": "won", "created_at": "2026-01-01", "amount": 9,
         "closed_at": "2026-06-28", "currency": "EUR"},
        {"deal_id": "qualified", "outcome": "open", "created_at": "2026-01-01", "amount": 9,
         "currency": "EUR"},
        {"deal_id": "qualified in dollars", "outcome": "won", "created_at": "2026-01-01",
         "amount": 9,
         "currency": "EUR", "closed_at": "2026-01-20"},
        {"deal_id": "won on a day", "account_id": "lone1", "outcome": "won", "amount": 5,
         "currency": "EUR", "created_at": "2025-11-01 08:00:00", "closed_at": "2025-12-01"},
        {"deal_id": "after that day", "account_id": "lone1", "outcome": "won", "amount": 5,
         "currency": "EUR", "created_at": "2026-01-05 08:00:00", "closed_at": "2026-02-02",
         "kind": "renewal"},
        *({"deal_id": deal, "account_id": "lone2", "outcome": "won", "amount": 7, "kind": kind,
           "currency": "EUR", "created_at": created, "closed_at": closed}
          for deal, kind, created, closed in (
              ("won long before", "new", "2025-09-01 08:00:00", "2025-09-01 08:00:00"),
              ("long after", "renewal", "2026-01-05 08:00:00", "2026-05-05 08:00:00"),
        )),
        *({"deal_id": f"lost in blanks{number}", "outcome": "lost", "created_at": "2026-01-05",
           "closed_at": "2026-03-03", "lost_reason": reason, "account_id": account,
           "owner_id": "bob"}
          for number, (reason, account) in enumerate(((" Price ", "a3"), ("  ", "a1")))),
        {"deal_id": "of d3", "account_id": "d3", "lead_id": "d3", "outcome": "won", "amount": 3,
         "currency": "EUR", "created_at": _AT, "closed_at": "2026-03-03"},
        {"deal_id": "no stage", "created_at": _AT, "amount": 4, "currency": "EUR"},
        {"deal_id": "in six", "stage": "Six", "outcome": "open", "created_at": _AT, "amount": 4,
         "currency": "EUR"},
        *({"deal_id": f"{outcome} at once{number}", "lead_id": f"{outcome} at once", "amount": 6,
           "outcome": outcome, "created_at": _AT, "closed_at": closed, "currency": "EUR",
           "owner_id": owner, "lost_reason": f"Reason {number}"}
          for outcome in ("won", "lost") for number, (owner, closed) in enumerate((
              ("bob", "2026-03-03 08:00:00"), ("ann", "2026-03-03 08:00:00"),
              ("cid", "2026-03-02 08:00:00"),
        ))),
        *({"deal_id": f"of who left{number}", "owner_id": owner, "outcome": outcome, "amount": 8,
           "currency": "EUR", "created_at": created, "closed_at": closed}
          for number, (owner, outcome, created, closed) in enumerate((
              ("bob", "won", "2026-06-15", "2026-06-20"), ("bob", "open", "2026-06-16", None),
              ("gone early", "lost", _LOADED_AS_WELL, "2026-01-20"),
        ))),
        {"deal_id": "won tomorrow", "lead_id": "of tomorrow", "account_id": "of tomorrow",
         "outcome": "won", "amount": 8, "currency": "EUR", "created_at": "2026-06-01 08:00:00",
         "closed_at": "2026-07-02 20:00:00"},
        {"deal_id": "just in time", "outcome": "won", "amount": 5, "currency": "EUR",
         "created_at": "2026-01-05", "closed_at": "2026-04-07"},
        *_decided("five", 4, 1), *_decided("four", 1, 3),
    ],
    "deal_contact": [
        {"deal_id": deal, "person_id": person, "is_primary": True}
        for deal, person in (("odd2", "p3"), ("odd2", "p999"), ("long after", "only2"))
    ] + [
        {"deal_id": "odd2", "person_id": "p3", "is_primary": False},
        {"deal_id": "of d3", "person_id": "d3", "is_primary": True},
        {"deal_id": "won tomorrow", "person_id": "of tomorrow", "is_primary": True},
    ],
    "deal_stage_event": [
        {"deal_id": "qualified", "stage": stage, "entered_at": at, "amount": amount,
         "currency": "EUR"}
        for stage, at, amount in (("Offer", _AT, 70), (" DEMO ", _AT, 80), ("Demo", "2026-02-11",
        90))
    ] + [
        {"deal_id": "d3", "stage": "Talk", "entered_at": None},
        *({"deal_id": f"five{number}", "stage": stage, "entered_at": "2025-10-05"}
          for number, stage in enumerate((" six ", "SIX", "six", " Six", "Six "))),
        {"deal_id": "qualified in dollars", "stage": "offer", "entered_at": _AT, "amount": 1001,
         "currency": "USD"},
    ],
    "contract": [
        {"contract_id": f"edge{number}", "account_id": account, "deal_id": "again and again",
         "starts_on": "2026-01-01", "ends_on": "2026-12-31", "recurring_amount": 1001 + number,
         "currency": currency, "source": source}
        for number, (account, currency, source) in enumerate((
            ("a999", "EUR", "test"), ("a999", "USD", "crm"), (None, "CHF", "crm"), ("a1", "JPY",
             "shop"),
        ))
    ]
    + [
        {"contract_id": f"the same again{year}", "account_id": "the same again",
         "starts_on": f"{year}-01-01", "ends_on": f"{year + 1}-01-01", "recurring_amount": 70,
         "currency": "EUR"} for year in (2024, 2025)
    ]
    + [
        {"contract_id": f"renews{number}", "account_id": "renews", "starts_on": starts,
         "ends_on": ends, "recurring_amount": 50_00 + number, "currency": "EUR"}
        for number, (starts, ends) in enumerate((
            ("2025-01-01", "2026-01-01"), ("2025-12-20", "2026-01-01"),
            ("2025-06-01", "2025-06-20"), ("2025-06-01", "2025-09-01"),
            ("2025-12-02", "2026-03-01"), ("2025-12-01", "2026-02-01"),
            ("2026-05-01", "2026-08-01"), ("2026-05-01", "2027-05-01"),
        ))
    ],
    "lead_assignment": [
        {"lead_id": "l8", "member_id": "bob", "assigned_at": f"2026-06-10 {hour}:00:00"}
        for hour in ("08", "09")
    ],
    "quota": [
        {"member_id": "ann", "period": "2024", "amount": 9, "currency": "CHF"},
        {"member_id": "ann", "period": "2023", "amount": None, "currency": "USD"},
        {"member_id": "ann", "period": "2022", "amount": 5, "currency": "CHF"},
        {"member_id": "bob", "period": "2024", "amount": 8, "currency": "USD"},
        {"member_id": "ann", "period": "someday", "amount": 7, "currency": "CHF"},
        {"member_id": "ann", "period": "2026-Q3", "amount": 100_01, "currency": "USD"},
        {"member_id": "ann", "period": "2026-Q2", "amount": 100_01, "currency": "USD"},
        {"member_id": "left", "period": "2026-06", "amount": 7, "currency": "EUR"},
    ],
    "feedback": [
        {"feedback_id": f"none{number}", "kind": kind, "score": None} | _ASKED
        for number, kind in enumerate(("nps", "csat", None))
    ]
    + [
        {"feedback_id": f"said{number}", "kind": "nps", "score": 3.0, "account_id": account,
         "comment": f"word {number}", "asked_at": at, "person_id": "p999"}
        for number, (at, account) in enumerate((
            ("2025-07-01", "a3"), ("2025-09-01", "a3"), ("2026-01-05", "a4"), ("2026-03-01",
             "a999"),
            ("2026-07-02", "a3"), ("2025-06-30", "a3"), (None, "a3"),
        ))
    ],
    "touch": [
        *({"touch_id": f"utm{number}", "utm_campaign": name, "person_id": "p1",
           "occurred_at": "2026-04-04 08:00:00", "kind": "page_view", "side": "marketing"}
          for number, name in enumerate(_USELESS)),
        *({"touch_id": f"to campaign{number}", "campaign_id": name, "person_id": "p2",
           "occurred_at": "2026-04-04 08:00:00", "kind": None, "side": None}
          for number, name in enumerate(("crm:Spring Fair", "shop:ad99", "crm:Twin", "ad99"))),
        *({"touch_id": f"asset{number}", "lead_id": "left and came", "side": "marketing",
           "occurred_at": at, "kind": "content_download", "content": content, "url": url}
          for number, (at, content, url) in enumerate((
              ("2026-03-01 08:00:00", " Asset 1 ", None), ("2026-03-01 08:00:00", " ",
               " /pricing "),
              ("2026-03-02 08:00:00", "Asset 9", None), ("2026-03-02", "Asset 8", None),
              ("2026-03-01", "", "/late"),
          ))),
        {"touch_id": "before the win", "person_id": "only2", "kind": "webinar_attended",
         "side": "marketing", "occurred_at": "2025-08-01 08:00:00"},
        {"touch_id": "of tiny", "lead_id": "stub of tiny", "person_id": "of tiny",
         "channel": "carrier pigeon", "occurred_at": _AT},
        {"touch_id": "both ways", "deal_id": "d3", "person_id": "p999", "content": "Asset 1",
         "occurred_at": _AT},
        *({"touch_id": f"tomorrow {column}", column: "of tomorrow", "kind": "webinar_attended",
           "occurred_at": "2026-07-02 08:00:00", "side": "marketing"}
          for column in ("person_id", "lead_id", "account_id")),
        *({"touch_id": f"{column} d3", column: "d3", "occurred_at": _AT, "kind": "page_view"}
          for column in ("person_id", "lead_id", "account_id")),
        *({"touch_id": f"unmapped{number}", "utm_campaign": name, "person_id": "only2",
           "occurred_at": at, "kind": "webinar_attended", "side": "marketing"}
          for number, (name, at) in enumerate((
              ("twice lost", "2026-04-01 08:00:00"), ("twice lost", "2026-04-02 08:00:00"),
              ("lost in vain", "2026-06-01 08:00:00"),
        ))),
        *({"touch_id": f"as judged {kind}", "lead_id": "left and came", "occurred_at": at,
           "kind": kind, "side": "marketing"}
          for kind, at in (("webinar_attended", "2026-03-02 08:00:00"),
                           ("demo_request", "2026-03-02"))),
        {"touch_id": "at no time", "deal_id": "d3", "person_id": "p3"},
        {"touch_id": "deal alone", "deal_id": "d3", "occurred_at": "2026-04-04 08:00:00"},
        {"touch_id": "stub1", "lead_id": "stub of two", "person_id": "p7", "source": "shop",
         "occurred_at": "2026-04-04 08:00:00"},
        {"touch_id": "stub2", "lead_id": "stub of two", "person_id": "p6", "source": "crm",
         "occurred_at": "2026-04-05 08:00:00"},
    ],
}  # fmt: skip
