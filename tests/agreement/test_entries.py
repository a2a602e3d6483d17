"""Forms reword entries and change one KPI, and write what the file would."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from smarketing.agreement import Agreement, load_agreement, parse_agreement
from smarketing.agreement.entries import WORDS, entries, kpi_fields, with_entries, with_kpi
from smarketing.agreement.told import told
from smarketing.errors import AgreementError, SmarketingError, UsageError

NEW = {
    "id": "deals_per_lead",
    "label": "Deals per lead",
    "question": "How many deals comes of a lead?",
    "definition": "Deals won for each new lead.",
    "ratio": {"numerator": "won_deals", "denominator": "new_leads"},
    "unit": "ratio",
    "direction": "up",
    "owners": {"marketing": "head_of_marketing", "sales": "head_of_sales"},
    "headline": False,
    "mart": None,
    "formula": "  ",
}


@pytest.fixture(scope="module")
def before() -> Agreement:
    return load_agreement()


@pytest.mark.parametrize("part", list(WORDS))
def test_what_is_sent_as_it_stood_changes_nothing(before: Agreement, part: str) -> None:
    rows = entries(before, part)
    assert rows and all(list(row) == list(WORDS[part]) for row in rows)
    assert told(before, parse_agreement(with_entries(before, part, rows))) == []


def test_entries_are_reworded_given_away_added_and_dropped(before: Agreement) -> None:
    stages = entries(before, "stages")
    stages[2] |= {"label": " Accepted ", "owner": "sales"}
    after = parse_agreement(with_entries(before, "stages", stages))
    assert (after.stages[2].id, after.stages[2].label) == ("sal", "Accepted")
    assert (after.stages[2].owner, after.stages[2].definition) == (
        "sales",
        before.stages[2].definition,
    )
    exits = entries(before, "exits")
    exits[0]["reasons"] = ["Spam"]
    assert parse_agreement(with_entries(before, "exits", exits)).exits[0].reasons == ("Spam",)
    words = [*entries(before, "glossary")[1:], {"term": "Duck", "definition": "A bird."}]
    after = parse_agreement(with_entries(before, "glossary", words))
    assert [one.term for one in after.glossary][-1] == "Duck"
    assert before.glossary[0].term not in {one.term for one in after.glossary}
    assert len(after.glossary) == len(before.glossary)


def test_a_kpi_is_reworded_counted_otherwise_and_added(before: Agreement) -> None:
    after = parse_agreement(with_kpi(before, kpi_fields(before, "won_deals")))
    assert told(before, after) == []
    after = parse_agreement(with_kpi(before, {"id": "won_deals", "label": "Wins"}))
    assert told(before, after) == ["KPIs, “Wins”, Label from Won deals to Wins."]
    # A KPI that is counted otherwise keeps nothing of the way before.
    counted = {"expression": None, "mart": None, "date_column": None, "filter": None}
    counted |= {"recorded": None, "formula": "closed_deals - created_deals_won"}
    kpi = parse_agreement(with_kpi(before, {"id": "won_deals", **counted})).kpi("won_deals")
    assert (kpi.formula, kpi.mart, kpi.filter) == ("closed_deals - created_deals_won", None, None)
    made = parse_agreement(with_kpi(before, NEW))
    assert made.kpis[:-1] == before.kpis and made.kpis[-1].id == "deals_per_lead"
    assert made.kpis[-1].ratio is not None and made.kpis[-1].formula is None


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (lambda a: with_entries(a, "stage", []), UsageError, "Did you mean 'stages'"),
        (lambda a: with_entries(a, "stages", entries(a, "stages")[1:]), UsageError, "'lead' is"),
        (lambda a: with_entries(a, "exits", [{"id": "gone"}]), UsageError, "added or left out"),
        (
            lambda a: with_entries(a, "glossary", [{"term": "A"}, {"term": " A "}]),
            UsageError,
            "two rows for 'A'",
        ),
        (lambda a: with_entries(a, "glossary", [{"term": "A"}]), AgreementError, "definition"),
        (lambda a: with_kpi(a, {"id": "Won deals!"}), AgreementError, "id"),
        (lambda a: with_kpi(a, NEW | {"mart": "fct_del"}), AgreementError, "mart"),
        (
            lambda a: with_kpi(a, NEW | {"ratio": {"numerator": "won_deal", "denominator": "x"}}),
            AgreementError,
            "won_deal",
        ),
    ],
)
def test_what_cannot_be_is_said_as_the_file_would(
    before: Agreement,
    change: Callable[[Agreement], str],
    kind: type[SmarketingError],
    message: str,
) -> None:
    with pytest.raises(kind, match=message):
        change(before)
