"""Small siblings of real exports, made of rules: one system alone, with what it does not give.

The CRM's export was loaded into a new org in one second, so that no creation is known, and its
campaign members never responded. The simulated company has leads, deals and touches by day, but
no campaign, no cost and no member. The odd company has a bit of everything, and gaps everywhere.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from small_company import tables

from smarketing.build import import_files
from smarketing.currencies import minor_digits
from smarketing.store.schema import Table, core_tables

LOADED = "2025-01-22T20:36:47.000Z"
SOURCES = ("Web", "Partner Referral", "Trade Show", "Purchased List")


def salesforce_home(folder: Path) -> Path:
    """A home with nothing but a CRM's export: 40 leads, 24 deals closed in 2024, 8 won."""
    files = folder / "salesforce"
    _write(
        files / "Account.csv",
        [{"Id": f"001{n}", "Name": f"Account {n}", "CreatedDate": LOADED} for n in range(10)],
    )
    _write(files / "Contact.csv", [_contact(n) for n in range(30)])
    _write(files / "Lead.csv", [_crm_lead(n) for n in range(40)])
    _write(files / "Opportunity.csv", [_opportunity(n) for n in range(24)])
    _write(
        files / "Campaign.csv",
        [{"Id": f"701{n}", "Name": f"Fair {n}", "Type": "Event", "Status": "Planned",
          "StartDate": "2024-03-01", "IsActive": "true", "CreatedDate": LOADED}
         for n in range(3)],
    )  # fmt: skip
    _write(
        files / "CampaignMember.csv",
        [{"Id": f"00v{n}", "CampaignId": f"701{n % 3}", "ContactId": f"003{n}", "Status": "Sent",
          "HasResponded": "false", "CreatedDate": LOADED} for n in range(30)],
    )  # fmt: skip
    return _home(folder, files, "salesforce", "2025-01-23")


def leadforge_home(folder: Path) -> Path:
    """A home with nothing but a simulated company: 200 leads of January 2024 and their deals."""
    files = folder / "leadforge"
    _write(
        files / "accounts.csv",
        [{"account_id": f"a{n}", "company_name": f"Company {n}", "industry": "logistics",
          "region": "UK", "employee_band": "200-499", "created_at": "2023-03-19"}
         for n in range(40)],
    )  # fmt: skip
    _write(
        files / "contacts.csv",
        [{"contact_id": f"c{n}", "account_id": f"a{n % 40}", "job_title": "VP Engineering",
          "role_function": "it_director", "seniority": "vp", "buyer_role": "evaluator",
          "email_domain_type": "corporate", "created_at": "2023-04-01"} for n in range(80)],
    )  # fmt: skip
    _write(files / "leads.csv", [_simulated_lead(n) for n in range(200)])
    _write(files / "opportunities.csv", [_simulated_deal(n) for n in range(160)])
    _write(files / "touches.csv", [_simulated_touch(n) for n in range(900)])
    return _home(folder, files, "leadforge", "2024-04-28")


#: Names that a terminal, Markdown, HTML, a chart or a spreadsheet would read as something else.
HOSTILE = (
    "[/b]", "[email] spring", "[click](https://evil.example)", "<b>bold</b>", "a\u202eb\u200f",
    '=HYPERLINK("http://evil.example")', "\uff1d1+1", ":material/home: $a$ `x` *y*",
    "%{x} &amp; co",
)  # fmt: skip


def hostile_home(folder: Path) -> Path:
    """A home whose campaigns, deals, accounts, people and owners have hostile names."""
    files = folder / "hostile"
    names = [(n, HOSTILE[n % len(HOSTILE)]) for n in range(45)]
    tables = {
        "campaign": [{"campaign_id": f"c{n}", "name": name, "channel": ("event", "webinar")[n % 2]}
                     for n, name in names[:9]],
        "account": [{"account_id": f"a{n}", "name": f"{name} {n}"} for n, name in names],
        "person": [{"person_id": f"p{n}", "account_id": f"a{n}", "full_name": f"{name} {n}"}
                   for n, name in names],
        "member": [{"member_id": f"m{n}", "name": name, "team": "sales_development"}
                   for n, name in names[:9]],
        "lead": [{"lead_id": f"l{n}", "person_id": f"p{n}", "account_id": f"a{n}",
                  "created_at": f"2026-0{1 + n % 3}-05T10:00:00Z", "campaign_id": f"c{n % 9}",
                  "channel": ("event", "webinar")[n % 2], "owner_id": f"m{n % 9}",
                  "converted_deal_id": f"d{n}"} for n, _ in names],
        "lead_stage_event": [{"lead_id": f"l{n}", "stage": stage, "entered_at": f"2026-0{1 + n % 3}"
                              f"-{day}T10:00:00Z", "reason": name if stage == "rejected" else ""}
                             for n, name in names
                             for stage, day in (("mql", "08"), (("sal", "rejected")[n % 2], "12"))],
        "deal": [{"deal_id": f"d{n}", "account_id": f"a{n}", "name": name, "amount": 1000 + n,
                  "currency": "EUR", "created_at": f"2026-0{1 + n % 3}-20T10:00:00Z",
                  "closed_at": "2026-05-20T10:00:00Z", "lost_reason": name,
                  "outcome": ("won", "lost")[n % 2], "owner_id": f"m{n % 9}"} for n, name in names],
        "touch": [{"touch_id": f"t{n}", "person_id": f"p{n}", "campaign_id": f"c{n % 9}",
                   "kind": "form", "side": "marketing", "content": name,
                   "occurred_at": f"2026-0{1 + n % 3}-04T10:00:00Z"} for n, name in names],
        "cost": [{"cost_id": f"k{n}", "incurred_on": "2026-02-01", "team": "marketing",
                  "category": "media", "amount": 50, "currency": "EUR", "campaign_id": f"c{n}"}
                 for n, _ in names[:9]],
    }  # fmt: skip
    for table, rows in tables.items():
        _write(files / f"{table}.csv", rows)
    return _home(folder, files, "generic", "2026-06-30")


def bare_home(folder: Path) -> Path:
    """A home with one campaign and nothing that ever happened."""
    files = folder / "bare"
    _write(
        files / "campaign.csv",
        [{"campaign_id": "c1", "name": "Spring fair", "channel": "event",
          "starts_on": "2026-03-01"}],
    )  # fmt: skip
    return _home(folder, files, "generic", "2026-06-30")


def odd_home(folder: Path) -> Path:
    """A home of the company in which everything that can be odd is odd."""
    files, rows = folder / "odd", tables()
    for table in core_tables().values():
        if rows.get(table.name):
            _write(files / f"{table.name}.csv", [_exported(table, row) for row in rows[table.name]])
    return _home(folder, files, "generic", "2026-07-01")


def _exported(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A core row as the product's own export has it: amounts in major units."""
    unit = 10 ** minor_digits(row.get("currency") or "EUR")
    given = {column.name: row.get(column.name) for column in table.columns}
    for column in table.columns:
        if column.type == "amount" and given[column.name] is not None:
            given[column.name] = f"{given[column.name] / unit:.{len(str(unit)) - 1}f}"
    return {name: value for name, value in given.items() if name != "source"}


def one_table_home(folder: Path, table: str) -> Path:
    """A home with nothing but 40 leads handed over in May, or 40 deals closed in May, half won."""
    rows: dict[str, list[dict[str, Any]]] = {
        "lead": [{"lead_id": f"l{n}", "created_at": f"2026-05-{1 + n % 27:02} 10:00",
                  "owner_id": "Ann Berg", "status": "mql"} for n in range(40)],
        "lead_stage_event": [{"lead_id": f"l{n}", "stage": "mql",
                              "entered_at": f"2026-05-{1 + n % 27:02} 11:00"} for n in range(40)],
        "deal": [{"deal_id": f"d{n}", "name": f"Deal {n}", "amount": 1000, "currency": "EUR",
                  "outcome": ("won", "lost")[n % 2], "created_at": "2026-04-01",
                  "closed_at": f"2026-05-{1 + n % 27:02}", "owner_id": f"00{n % 3}"}
                 for n in range(40)],
    }  # fmt: skip
    for name in (table, "lead_stage_event") if table == "lead" else (table,):
        _write(folder / "in" / f"{name}.csv", rows[name])
    return _home(folder, folder / "in", "generic", "2026-06-30")


def _home(folder: Path, files: Path, source: str, as_of: str) -> Path:
    home = folder / "home"
    import_files(home, [files], source=source, as_of=as_of, by="tests")
    return home


def _contact(n: int) -> dict[str, Any]:
    return {"Id": f"003{n}", "AccountId": f"001{n % 10}", "FirstName": "Ada", "LastName": f"No {n}",
            "Email": f"ada{n}@tanvik{n % 10}.io", "CreatedDate": LOADED}  # fmt: skip


def _crm_lead(n: int) -> dict[str, Any]:
    converted = n < 6
    return {
        "Id": f"00Q{n}", "FirstName": "Bo", "LastName": f"Lead {n}", "Company": f"Firm {n}",
        "Email": f"bo{n}@firm{n}.io", "LeadSource": SOURCES[n % 4], "Status": "Open",
        "IsConverted": str(converted).lower(), "ConvertedDate": "2024-06-01" if converted else "",
        "ConvertedContactId": f"003{n}" if converted else "",
        "ConvertedOpportunityId": f"006{n}" if converted else "",
        "CreatedDate": LOADED,
    }  # fmt: skip


def _opportunity(n: int) -> dict[str, Any]:
    closed, won = n < 18, n < 8
    stage = "Closed Won" if won else "Closed Lost" if closed else "Proposal"
    return {
        "Id": f"006{n}", "AccountId": f"001{n % 10}", "Name": f"Deal {n}", "StageName": stage,
        "Amount": f"{1000 + 250 * n}", "CloseDate": f"2024-{1 + n % 12:02d}-15",
        "IsClosed": str(closed).lower(), "IsWon": str(won).lower(), "LeadSource": SOURCES[n % 4],
        "CreatedDate": LOADED,
    }  # fmt: skip


def _simulated_lead(n: int) -> dict[str, Any]:
    day = date(2024, 1, 1) + timedelta(days=n % 30)
    return {
        "lead_id": f"l{n}", "contact_id": f"c{n % 80}", "account_id": f"a{n % 40}",
        "lead_created_at": day, "lead_source": ("sdr_outbound", "webinar", "partner")[n % 3],
        "first_touch_channel": ("sdr_outbound", "webinar", "partner")[n % 3],
        "current_stage": "negotiation" if n < 160 else "mql", "owner_rep_id": f"r{n % 4}",
        "is_sql": "true", "converted_within_90_days": "false", "conversion_timestamp": "",
    }  # fmt: skip


def _simulated_deal(n: int) -> dict[str, Any]:
    created = date(2024, 1, 10) + timedelta(days=n % 30)
    outcome = ("closed_won", "closed_lost", "", "closed_lost")[n % 4]
    return {
        "opportunity_id": f"o{n}", "lead_id": f"l{n}", "created_at": created,
        "stage": outcome or "negotiation", "estimated_acv": 1000 * (n + 1),
        "close_outcome": outcome,
        "closed_at": created + timedelta(days=20 + n % 40) if outcome else "",
    }  # fmt: skip


def _simulated_touch(n: int) -> dict[str, Any]:
    lead = n % 200
    return {
        "touch_id": f"t{n}", "lead_id": f"l{lead}",
        "touch_timestamp": date(2024, 1, 1) + timedelta(days=lead % 30 + n // 200),
        "touch_type": ("email", "webinar", "call")[n % 3],
        "touch_channel": ("website", "webinar", "partner")[n % 3],
        "touch_direction": ("inbound", "inbound", "outbound")[n % 3], "campaign_id": "",
    }  # fmt: skip


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
