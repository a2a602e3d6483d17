"""What of a table says whose it is: ids, signs, how many headers are known; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.errors import SourceError
from smarketing.sources.reading import _of_no_source
from smarketing.sources.recognition import (
    _another_is_meant,
    _choose,
    _named,
    _needs_key,
    _shaped,
    _signs,
    _strange,
    _tells,
    _weights,
)
from smarketing.sources.refusals import (
    Candidate,
    UnknownTableError,
    _describe,
    _like,
    _missing,
    _shown,
    _unknown_columns,
)
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
        amounts=(),
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


def crm(shape: str | None = r"\d{3}", own: bool = True, prefix: str = "") -> tuple[Any, Any]:
    """Return a source and one of its objects, whose ids are three digits."""
    ids = SimpleNamespace(shape=shape, own=own, are_in=lambda name, _: name == "owner")
    item = SimpleNamespace(key=("id",), required=("id", "owner"), prefix=prefix)
    return SimpleNamespace(profile=SimpleNamespace(ids=ids)), item


@pytest.mark.parametrize(
    ("values", "shaped"),
    [
        (("001", "x", "y", "z"), True),  # one in four: counts and subtotals stand among them
        (("001", "x", "y", "z", "u"), False),
        ((" 001 ", "", " "), True),
        (("0010",), False),
        ((), None),
    ],
)
def test_ids_have_the_shape_of_a_source_or_nothing_tells(
    values: tuple[str, ...], shaped: bool | None
) -> None:
    source, item = crm()
    reading = cast(Any, SimpleNamespace(mapping={"id": "Id"}))
    assert _shaped(source, item, reading, {"Id": values}.__getitem__) is shaped
    assert _shaped(source, item, reading, None) is None
    assert _shaped(crm(shape=None)[0], item, reading, {"Id": values}.__getitem__) is None


def test_a_report_without_ids_of_its_own_is_told_by_those_it_refers_to() -> None:
    source, item = crm(prefix="5")
    own = cast(Any, SimpleNamespace(mapping={"id": "Id", "owner": "Owner"}))
    values = {"Id": ["501"], "Owner": ["001"]}.__getitem__
    assert _shaped(source, item, own, values) is True
    assert _shaped(source, item, own, {"Id": ["001"]}.__getitem__) is False, "of another prefix"
    item.required = ("name | id", "owner")
    report = cast(Any, SimpleNamespace(mapping={"name": "Name", "owner": "Owner"}))
    assert _needs_key(item, report) is False and _shaped(source, item, report, values) is True
    lacking = cast(Any, SimpleNamespace(mapping={"owner": "Owner"}))
    assert _needs_key(item, lacking) is True and _shaped(source, item, lacking, values) is None
    assert _shaped(crm(own=False)[0], item, report, values) is None


def test_signs_are_headers_that_no_other_system_writes() -> None:
    item = cast(Any, SimpleNamespace(
        signs=("Deal Stage", "TimePeriod", "Date entered *"),
        translated={"de": {"signs": ("Dealphase",)}},
    ))  # fmt: skip
    plain, german = (cast(Any, SimpleNamespace(language=one)) for one in (None, "de"))
    columns = ["deal_stage", "TimePeriod", "date entered x", "Dealphase", "Name"]
    assert _signs(item, plain, columns) == 3 and _signs(item, german, columns) == 4
    assert _signs(item, plain, ["Time period", "timeperiod", "entered x"]) == 0
    none = cast(Any, SimpleNamespace(signs=(), translated={}))
    assert _signs(none, german, columns) == 0


def test_columns_are_strange_that_no_name_of_the_object_is_for() -> None:
    item = cast(Any, SimpleNamespace(columns={"id": (), "name": ()},
                                     names=lambda column: (column, f"{column} label")))  # fmt: skip
    reading = cast(Any, SimpleNamespace(headers={"Id"}))
    assert _strange(item, reading, ["Id", "NAME", "name label", "Mine"]) == ("Mine",)


def test_a_header_weighs_less_the_more_objects_have_it() -> None:
    def objects(**columns: Any) -> Any:
        return SimpleNamespace(objects={n: SimpleNamespace(columns=c) for n, c in columns.items()})

    found = _weights(
        [objects(a={"id": ("Key", "ID"), "x": ()}, b={"id": ()}), objects(c={"x": ()})]
    )
    assert dict(found) == {"id": 0.5, "key": 1.0, "x": 0.5}


def scored(score: float, **more: Any) -> Candidate:
    return candidate(score=score, **more)


def test_of_objects_that_fit_the_nearest_in_name_is_taken_and_of_equals_none() -> None:
    best, near = scored(1.0), scored(0.81, named=1)
    assert _choose("t", [best, near]).reading is near.reading
    assert _choose("t", [best, scored(0.79, named=1)]).reading is best.reading
    assert _choose("t", [best, scored(0.81)]).reading is best.reading
    assert _choose("t", [best, scored(0.998)]).reading is best.reading
    with pytest.raises(SourceError, match="t fits crm deals, crm deals equally well"):
        _choose("t", [best, scored(0.999)])
    assert _choose("t", [best, scored(1.0, named=1)]).object == "deals"


def test_an_object_that_lacks_a_column_and_knows_far_more_is_what_is_meant() -> None:
    best = scored(1.0, known=3)
    lacking = {"headers": ["id", "name", "owner", "x"]}
    assert _another_is_meant(best, [scored(1.51, **lacking)])
    assert not _another_is_meant(best, [scored(1.5, **lacking)])
    assert not _another_is_meant(scored(1.0, known=4), [scored(1.51, **lacking)])
    assert not _another_is_meant(best, [scored(9.0, known=4)]), "it lacks nothing"
    few = scored(1.0, known=2)
    assert not _another_is_meant(few, [scored(9.0, headers=["Id", "Owner", "X"])])


def spelled(advice: str | None = None, **more: Any) -> Candidate:
    found = candidate(**more)
    found.source.profile.advice = advice  # type: ignore[misc]
    found.profile.translated, found.profile.families = {}, {}  # type: ignore[misc]
    return found


def test_what_lacks_is_called_as_the_others_are_written() -> None:
    one = spelled(headers=["id", "name"])
    assert _missing("t", ["id", "name", "stages"], one) == (
        "t looks like crm deals, but its required column 'stage' is missing. Did you mean "
        "'stages'? Rename the header, or add it as an alias in the profile."
    )
    two = spelled(headers=["Id"])
    assert _missing("t", ["Id", "q"], two) == (
        "t looks like crm deals, but its required columns 'Name', 'Stage' are missing. Its other "
        "columns: q. Rename the header, or add it as an alias in the profile."
    )
    assert "Its other columns: none." in _missing("t", ["Id"], two)
    assert _missing("t", ["Id"], spelled("Export all", headers=["Id"])).endswith(
        "'Stage' are missing. Export all."
    )


def test_a_column_that_is_not_known_may_be_one_twice_or_another_misspelt() -> None:
    twice = spelled(headers=["Name"], strange=("x", "Name_2"))
    assert "has the column 'Name' twice" in _unknown_columns("t", twice)
    odd = spelled(headers=["Name"], strange=("stag", *"abcdefg"))
    said = _unknown_columns("t", odd)
    assert "which has no column 'stag', 'a', 'b', 'c', 'd'. Did you mean 'stage'?" in said
    assert said.endswith("passed over with --source crm.")
    assert _like("amount_cents", ["amount", "cents_amount", "cost"]) == ["cents_amount", "cost"]
