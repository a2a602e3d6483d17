"""What of a table says whose it is: ids, signs, how many headers are known; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.errors import SourceError
from smarketing.sources.reading import _of_no_source
from smarketing.sources.recognition import _named, _tells
from smarketing.sources.refusals import Candidate, UnknownTableError, _describe, _shown
from smarketing.sources.selects import _is_record_of

REQUIRED = ("id", "name", "stage")


def candidate(**told: Any) -> Candidate:
    """An object of five columns, of which three are required; the table knows its first `known`."""
    headers = told.pop("headers", ["id", "name", "stage", "owner", "x"][: told.pop("known", 3)])
    item = SimpleNamespace(
        signs=("Sign",) if told.pop("has_signs", False) else (),
        required=REQUIRED, key=("id",), ignored=told.pop("ignored", None),
        columns={name: (name.title(),) for name in (*REQUIRED, "owner", "x")},
        lacks=lambda reading: tuple(r for r in REQUIRED if r not in reading.mapping),
    )  # fmt: skip
    profile = SimpleNamespace(
        exact=told.pop("exact", False), ids=SimpleNamespace(own=told.pop("own", False))
    )
    reading = SimpleNamespace(
        headers=headers,
        mapping={name.lower(): name for name in headers},
        language=told.pop("language", None),
    )
    source = SimpleNamespace(name="crm", profile=profile, objects={"deals": item})
    fields: dict[str, Any] = {
        "score": 1.0, "share": 0.5, "named": 0, "shaped": None, "signs": 0, "told": False,
    }  # fmt: skip
    return Candidate(cast(Any, source), "deals", cast(Any, reading), **{**fields, **told})


@pytest.mark.parametrize(
    ("evidence", "gained", "told"),
    [
        ({"known": 0, "exact": True}, 9, False),
        ({"shaped": False, "exact": True}, 9, False),
        ({"exact": True, "known": 1, "share": 0.1}, 0, True),
        ({"named": 1, "known": 1, "share": 0.1}, 0, True),
        ({"shaped": True, "own": True, "known": 1, "share": 0.1}, 0, True),
        ({"shaped": True, "known": 1, "share": 0.1}, 0, False),
        ({"has_signs": True, "share": 1.0}, 9, False),
        ({"has_signs": True, "signs": 1, "share": 0.49}, 9, False),
        ({"has_signs": True, "signs": 1, "share": 0.5}, 0, True),
        ({"has_signs": True, "signs": 2, "share": 0.1}, 0, True),
        ({"own": True, "share": 0.75}, 0, True),
        ({"own": True, "share": 0.74}, 9, False),
        ({"own": True, "known": 2, "share": 1.0}, 9, False),
        ({"share": 0.1, "known": 1}, 1.0, True),
        ({"share": 0.74}, 0.99, False),
        ({"share": 0.75}, 0.99, True),
        ({"share": 1.0, "known": 2}, 0.99, False),
    ],
)
def test_what_a_table_s_own_evidence_says(
    evidence: dict[str, Any], gained: float, told: bool
) -> None:
    assert _tells(candidate(**evidence), gained) is told


@pytest.mark.parametrize(
    ("evidence", "meant"),
    [
        ({"known": 3}, True),
        ({"known": 3, "share": 0.49}, False),
        ({"known": 2}, False),
        ({"known": 3, "shaped": False}, False),
        ({"headers": ["ID", "NAME", "STAGE"]}, True),
        ({"headers": ["Id", "Owner", "X"]}, False),
        ({"headers": ["Id", "Name", "X"]}, True),
        ({"exact": True, "known": 3, "strange": ("a", "b", "c")}, False),
        ({"exact": True, "known": 3, "strange": ("a", "b")}, True),
        ({"exact": True, "known": 2, "strange": ("a",)}, False),
        ({"exact": True, "known": 2, "strange": ("a",), "named": 1}, True),
        ({"shaped": True, "own": True, "headers": ["Id", "Owner", "X"], "share": 0.1}, True),
        ({"shaped": True, "own": True, "known": 2}, False),
        ({"has_signs": True, "signs": 2, "headers": ["Id", "Owner", "X"], "share": 0.1}, True),
        ({"has_signs": True, "signs": 1, "headers": ["Id", "Owner", "X"]}, False),
        ({"has_signs": True, "signs": 1, "headers": ["Id", "Name", "X"]}, True),
    ],
)
def test_whether_a_table_is_meant_to_be_an_object(evidence: dict[str, Any], meant: bool) -> None:
    assert candidate(**evidence).is_meant is meant


def test_what_decides_between_objects_that_fit_alike() -> None:
    ranks = [
        candidate(ignored="no use").rank, candidate().rank,
        candidate(headers=["ID"]).rank, candidate(headers=["ID"], named=1).rank,
    ]  # fmt: skip
    assert ranks == [(0, True, 3, False), (0, True, 3, True), (0, False, 3, True),
                     (1, False, 3, True)]  # fmt: skip
    assert candidate(headers=["Id", "name"]).missing == ("stage",)


def test_columns_are_named_up_to_six() -> None:
    assert _shown(list("abcdef")) == "a, b, c, d, e, f"
    assert _shown(list("abcdefg")) == "a, b, c, d, e, f …"
    assert _shown([]) == ""


def test_which_object_holds_the_records_of_a_table() -> None:
    selects = [SimpleNamespace(core_table=table, object=name)
               for table, name in (("lead", "leads"), ("deal_account", "deals"))]  # fmt: skip
    found = {
        (table, name)
        for table in ("lead", "deal", "deal_account")
        for name in ("leads", "deals")
        if _is_record_of(table, name, cast(Any, selects))
    }
    assert found == {("lead", "leads")}


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("crm[Leads]", 2), ("crm[All Leads]", 0), ("leads.csv", 1), ("zip/Leads.csv", 1),
        ("leads[Deals]", 1), ("deals.csv", 0), ("leads/deals.csv", 0),
    ],
)  # fmt: skip
def test_a_table_is_named_by_its_sheet_before_its_file(table: str, found: int) -> None:
    assert _named(table, ("leads*",)) == found


def test_a_file_of_no_source_says_what_was_wrong_in_it_first() -> None:
    unknown = UnknownTableError("no source knows it")

    def table(records: int, *refused: str) -> Any:
        return SimpleNamespace(refused=refused, records=records)

    def said(*tables: tuple[Any, SourceError]) -> SourceError:
        return _of_no_source(tables)

    assert str(said((table(2, "A line is broken."), unknown))) == (
        "A line is broken. no source knows it"
    )
    lacks = SourceError("it lacks a date")
    assert str(said((table(2), unknown), (table(3), lacks))) == "it lacks a date"
    both = said((table(2), unknown), (table(3), UnknownTableError("nor this")))
    assert both is unknown and unknown.records == 5


def test_what_is_nearest_is_described_by_what_is_wrong_with_it() -> None:
    assert _describe(candidate(headers=["Id"], strange=("b", "a"))) == (
        "crm deals (1 of its 5 columns; lacks name, stage)"
    )
    assert _describe(candidate(strange=("b", "a"))).endswith(
        "(3 of its 5 columns; does not know b)"
    )
    assert _describe(candidate()).endswith("; too few of them to be sure)")
