"""Exports in the shape of public reports: read as their README says, or refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import only_marts

from smarketing.build import import_files
from smarketing.errors import SmarketingError
from smarketing.store.builds import published
from smarketing.store.opening import open_build

pytestmark = pytest.mark.real

_DEALS = "select deal_id, amount, currency, outcome from fct_deal order by deal_id"
_SPENT = (
    "select currency, sum(amount), min(incurred_on)::text, max(incurred_on)::text"
    " from cost group by 1"
)
_CLOSED = "select amount, closed_day::text from fct_deal order by amount"
_WHOSE = "select account_id, person_id from fct_deal join deal_contact using (deal_id) order by all"
_SF = "salesforce:006Q0000001"

#: The folder, a question, and what is right.
READ = [
    ("01-hubspot-api-associations", _WHOSE,
     [("hubspot:77", "hubspot:501"), ("hubspot:77", "hubspot:502")]),
    ("02-hubspot-multi-company", "select deal_id, account_id from fct_deal order by 1",
     [("hubspot:9001", "hubspot:771"), ("hubspot:9002", "hubspot:773")]),
    ("03-hubspot-merged", "select person_id from deal_contact", [("hubspot:601",)]),
    ("05-epoch-ms", "select created_at::text from lead order by 1",
     [("2026-01-10 09:00:00",), ("2026-01-11 09:00:00",)]),
    ("07-timezone-close", _CLOSED,
     [(10000, "2026-03-31"), (20000, "2026-03-31"), (40000, "2026-04-01")]),
    ("09-meta-german", _SPENT, [("EUR", 133456, "2026-01-01", "2026-01-02")]),
    ("10-google-german", _SPENT, [("EUR", 133456, "2026-01-01", "2026-01-02")]),
    ("11-google-regrain", _SPENT, [("EUR", 15000, "2026-01-01", "2026-01-02")]),
    ("13-sf-formatted-xlsx", "select count(*), sum(amount) from fct_deal", [(3, 700000)]),
    ("14-sf-report-currency", _DEALS,
     [(f"{_SF}DAAAIA4", 100000, "EUR", "won"), (f"{_SF}DAABIA4", 1500000, "JPY", "won"),
      (f"{_SF}DAACIA4", 400000, "USD", "won")]),
    ("15-reopened", "select outcome, count(*) from fct_deal group by 1 order by 1",
     [("lost", 1), ("open", 1)]),
    ("16-lifecycle-back",
     "select status from lead where lead_id = 'hubspot:801'", [("Lead",)]),
    ("17-archived-same-stamp", "select deal_id from fct_deal", [("hubspot:9302",)]),
    ("21-xls", "select count(*), sum(amount) from fct_deal", [(3, 700050)]),
    ("31-ids-15-18", "select person_id from deal_contact", [("salesforce:003Q0000001HAAxIAO",)]),
    ("34-meta-no-day", "select distinct currency from cost", [("MXN",)]),
    ("36-hubspot-deal-stage-dates", _DEALS,
     [("hubspot:9401", 100000, "EUR", "won"), ("hubspot:9402", 200000, "EUR", "(unknown)")]),
    ("38-currency-cells", "select currency, sum(amount) from fct_deal group by 1 order by 1",
     [("EUR", 75000), ("USD", 300000)]),
    ("44-google-resaved-de", _SPENT, [("EUR", 399650, "2026-01-01", "2026-01-13")]),
    ("48-generic-thousand", _SPENT, [("EUR", 1445000, "2026-01-05", "2026-01-07")]),
]  # fmt: skip
#: The folder, a part of it, and what the sentence says.
REFUSED = [
    ("12-google-noday", "month", "the day: Segment > Time > Day"),
    ("23-pipedrive", "", "an export of Pipedrive"),
    ("24-zoho", "", "an export of Zoho CRM"),
    ("26-ga4", "", "an export of Google Analytics"),
    ("28-marketo", "", "an export of Marketo"),
    ("37-sf-german-locale", "hs", "--decimal ,"),
    ("40-other-systems", "", "of no known source"),
]


@pytest.mark.parametrize(("folder", "question", "right"), READ, ids=[one[0] for one in READ])
def test_it_is_read_right(
    folder: str,
    question: str,
    right: list[tuple[object, ...]],
    real_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only_marts(monkeypatch, "fct_deal")
    import_files(tmp_path, [real_data / "data/field" / folder])
    build = published(tmp_path)
    assert build is not None
    assert open_build(build).execute(question).fetchall() == right


@pytest.mark.parametrize(("folder", "part", "says"), REFUSED, ids=[one[0] for one in REFUSED])
def test_it_is_refused_with_what_to_do(
    folder: str, part: str, says: str, real_data: Path, tmp_path: Path
) -> None:
    try:
        report = import_files(tmp_path, [real_data / "data/field" / folder / part])
        said = " ".join(map(str, (*report.refused, report.refusal)))
    except SmarketingError as error:
        said = str(error)
    assert says in said
    assert published(tmp_path) is None
