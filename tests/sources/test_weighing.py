"""What weighs when a table is recognised, and what is said of one that is not; by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from smarketing.errors import SourceError
from smarketing.sources.objects import Reading
from smarketing.sources.other_systems import _systems, holds, in_smallest_units, only_counts
from smarketing.sources.profile import BUILTIN, Profile, Source
from smarketing.sources.recognition import (
    Match,
    _another_is_meant,
    _candidates,
    _choose,
    _named,
    _shaped,
    _signs,
    _strange,
    _tells,
    _weights,
    has_shape,
    recognise,
)
from smarketing.sources.refusals import (
    Candidate,
    UnknownTableError,
    _describe,
    _like,
    _shown,
    _wanted,
    no_fit,
)

COLUMNS = {"Id": ["Key"], "Name": [], "Amount": [], "Stage": []}


def source(item: Mapping[str, Any], **profile: Any) -> Source:
    made = {"name": "crm", "objects": {"Deal": {"columns": COLUMNS, **item}}, **profile}
    return Source("crm", Path("crm"), Profile.model_validate(made))


def candidate(
    item: Mapping[str, Any] | None = None, mapping: str = "", own: Any = None, **more: Any
) -> Candidate:
    """A candidate for the object Deal that carries columns of these names."""
    reading = Reading({name: name for name in mapping.split()}, **more.pop("read", {}))
    said = {"score": 1.0, "share": 1.0, "named": 0, "shaped": None, "signs": 0, "told": True}
    return Candidate(source(item or {}, **(own or {})), "Deal", reading, **{**said, **more})


@pytest.mark.parametrize(
    ("name", "patterns", "rank"),
    [
        ("leads.csv", ("leads*",), 1), ("a.zip/Leads 2.csv", ("leads*",), 1),
        ("book.xlsx[Leads]", ("leads*",), 2), ("book.xlsx[Leads]", ("leads.csv",), 2),
        ("leads.xlsx[Sheet1]", ("leads",), 1), ("leads.xlsx[Sheet1]", ("deals*",), 0),
        ("x.csv", (), 0), ("leads.csv", ("x", "LEADS"), 1),
    ],
)  # fmt: skip
def test_a_table_is_named_by_its_sheet_before_its_file(
    name: str, patterns: tuple[str, ...], rank: int
) -> None:
    assert _named(name, patterns) == rank


def test_a_header_weighs_less_the_more_objects_have_it() -> None:
    both = {"A": {"columns": {"Id": ["ID", "Key"], "X": []}}, "B": {"columns": {"id": [], "Y": []}}}
    crm = Source("crm", Path(), Profile.model_validate({"name": "crm", "objects": both}))
    assert _weights([crm]) == {"id": 0.5, "key": 1.0, "x": 1.0, "y": 1.0}
    assert _weights([crm, crm])["id"] == 0.25


def test_the_score_is_what_is_known_of_the_object_and_of_the_table() -> None:
    crm = source({"files": "deals*"})
    [found] = _candidates("deals.csv", ["Key", "Amount", "Other", "other"], [crm], False, None)
    # Of four columns of weight 1 two are there, of three headers two are known.
    assert found.score == pytest.approx(2 * (0.5 + 0.5 * 2 / 4) * (0.5 + 0.5 * 2 / 3))
    assert (found.share, found.named, found.signs, found.strange) == (
        pytest.approx(2 / 3),
        1,
        0,
        (),
    )
    assert found.told and found.shaped is None and found.known == 2
    [lone] = _candidates("x.csv", [], [source({"columns": {}})], True, None)
    assert (lone.score, lone.share, lone.told) == (0, 0, False)
    [forced] = _candidates("x.csv", ["Id"], [crm], True, None)
    assert forced.told and forced.title == "crm Deal"


def test_who_held_an_event_is_passed_over_only_in_a_sheet_of_them() -> None:
    names = {"Hosts": "not people", "Guests": "not read", "Speakers": None}
    items = {n: {"columns": ["Id"], "ignored": why} for n, why in names.items()}
    crm = Source("crm", Path(), Profile.model_validate({"name": "crm", "objects": items}))
    for table, found in (
        ("x.csv", ["Guests", "Speakers"]),
        ("x.csv[Host details]", ["Hosts", "Guests", "Speakers"]),
        ("x.csv[Attendees]", ["Guests", "Speakers"]),
    ):
        assert [c.object for c in _candidates(table, ["Id"], [crm], False, None)] == found


EXACT = {"exact": True}
OWN = {"ids": {"shape": r"\d{3}", "own": True}}


@pytest.mark.parametrize(
    ("given", "gained", "told"),
    [
        ({"mapping": ""}, 9, False),
        ({"mapping": "Id"}, 1.0, True),
        ({"mapping": "Id"}, 0.99, False),
        ({"mapping": "Id Name Amount", "share": 0.75}, 0.5, True),
        ({"mapping": "Id Name Amount", "share": 0.74}, 0.5, False),
        ({"mapping": "Id Name", "share": 1.0}, 0.5, False),
        ({"mapping": "Id", "named": 1}, 0.5, True),
        ({"mapping": "Id", "own": EXACT}, 0.5, True),
        ({"mapping": "Id", "own": OWN}, 9, False),
        ({"mapping": "Id Name Amount", "own": OWN, "share": 0.75}, 0, True),
        ({"mapping": "Id Name Amount", "own": OWN, "share": 0.7}, 9, False),
        ({"mapping": "Id Name", "own": OWN}, 9, False),
        ({"mapping": "Id", "own": OWN, "shaped": True}, 0, True),
        ({"mapping": "Id", "own": OWN, "shaped": False}, 9, False),
        ({"mapping": "Id", "shaped": False}, 9, False),
        ({"mapping": "Id", "item": {"signs": "S"}}, 9, False),
        ({"mapping": "Id", "item": {"signs": "S"}, "signs": 1, "share": 0.5}, 0, True),
        ({"mapping": "Id", "item": {"signs": "S"}, "signs": 1, "share": 0.49}, 9, False),
        ({"mapping": "Id", "item": {"signs": "S"}, "signs": 2, "share": 0.1}, 0, True),
    ],
)
def test_what_tells_whose_a_table_is(given: dict[str, Any], gained: float, told: bool) -> None:
    assert _tells(candidate(**given), gained) is told


@pytest.mark.parametrize(
    ("others", "meant"),
    [
        ([{"score": 3.01, "mapping": "Id Name Amount Stage"}], True),
        ([{"score": 3.0, "mapping": "Id Name Amount Stage"}], False),
        ([{"score": 9, "mapping": "Id Name Amount"}], False),
        ([{"score": 9, "mapping": "Id Name Amount Stage", "item": {"required": "Id"}}], False),
        ([{"score": 9, "mapping": "Id Name Amount Stage", "share": 0.4}], False),
        ([], False),
    ],
)
def test_an_incomplete_object_that_knows_much_more_is_meant(
    others: list[dict[str, Any]], meant: bool
) -> None:
    lacking = {"columns": {**COLUMNS, "Day": []}, "required": ["Id", "Day"]}
    best = candidate(mapping="Id Name Amount", score=2.0)
    assert _another_is_meant(best, [candidate(**{"item": lacking, **o}) for o in others]) is meant


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"mapping": "Id Name"}, False),
        ({"mapping": "Id Name Amount"}, True),
        ({"mapping": "Id Name Amount", "shaped": False}, False),
        ({"mapping": "Id Name Amount", "share": 0.5}, True),
        ({"mapping": "Id Name Amount", "share": 0.49}, False),
        ({"mapping": "Name Amount Stage", "item": {"required": ["Id", "Name"]}}, True),
        ({"mapping": "Name Amount Stage", "item": {"required": "Id"}}, False),
        ({"mapping": "Id Name Amount", "item": {"columns": [*COLUMNS, *"abc"]}}, False),
        ({"mapping": "Id Name Amount", "item": {"columns": [*COLUMNS, *"ab"]}}, True),
        ({"mapping": "Id Name", "own": EXACT}, True),
        ({"mapping": "Id Name", "own": EXACT, "strange": ("a", "b")}, False),
        ({"mapping": "Id Name", "own": EXACT, "item": {"required": "Stage"}}, False),
        ({"mapping": "Id Name", "own": EXACT, "item": {"required": "Stage"}, "named": 1}, True),
        ({"mapping": "Id Name", "item": {"signs": "S", "required": "Id"}, "signs": 2}, False),
        ({"mapping": "Id Name Amount", "item": {"signs": "S", "required": "Id"}, "signs": 2}, True),
        ({"mapping": "Name Amount Stage", "item": {"signs": "S", "required": "Id"}, "signs": 2},
         False),
        ({"mapping": "Name Amount Stage", "item": {"signs": "S", "required": ["Id", "Name"]},
          "signs": 1}, False),
        ({"mapping": "Id Name Amount", "item": {"signs": "S", "required": ["Id", "Name", "Stage"]},
          "signs": 1}, True),
        ({"mapping": "Id Name", "item": {"signs": "S", "required": "Id"}, "signs": 1}, False),
        ({"mapping": "Id Name Amount", "own": OWN, "shaped": True, "item": {"required": "Id"},
          "share": 0.1}, True),
    ],
)  # fmt: skip
def test_a_table_is_meant_for_an_object_though_something_is_missing(
    given: dict[str, Any], meant: bool
) -> None:
    assert candidate(**given).is_meant is meant


def test_what_is_spelled_otherwise_is_meant_only_in_another_language() -> None:
    said = {"score": 1.0, "share": 1.0, "named": 0, "shaped": None, "signs": 0, "told": True}
    names = {"Id": "i-d", "Name": "Name", "Amount": "amount"}

    def made(mapping: Mapping[str, str], language: str | None) -> Candidate:
        return Candidate(source({}), "Deal", Reading(mapping, language=language), **said)

    assert not made(names, None).is_meant and made(names, "de").is_meant
    assert made({**names, "Id": "KEY"}, None).is_meant
    assert not made({**names, "Id": "KEY"}, None).spelled
    assert made({"Id": "Key", "Name": "Name"}, None).spelled


IDS = ["001", "002 ", "Count", "x", "y", "z", "003", "w"]


@pytest.mark.parametrize(
    ("item", "mapping", "values", "shaped"),
    [
        ({"key": "Id"}, "Id", ["001", "a", "b", "c"], True),
        ({"key": "Id"}, "Id", [" 001 ", "a", "b", "c", "d"], False),
        ({"key": "Id"}, "Id", [], None),
        ({"key": "Id"}, "Name", ["001"], None),
        ({}, "Id", ["001"], None),
        ({"key": "Id", "prefix": "0"}, "Id", ["101"], False),
        ({"key": "Id", "prefix": "0"}, "Id", ["001"], True),
        ({"key": "Id", "required": "Name"}, "Name", ["001"], None),
        ({"key": "Id", "required": "WhoId", "columns": ["Id", "WhoId"]}, "WhoId", ["001"], True),
        ({"key": "Id", "required": "WhoId", "columns": ["Id", "WhoId"], "prefix": "9"}, "WhoId",
         ["001"], True),
        ({"key": "Id", "required": ["WhoId", "Id"], "columns": ["Id", "WhoId"]}, "WhoId", ["001"],
         None),
        ({"key": "Id", "required": ["WhoId", "Id | Name"], "columns": ["Id", "WhoId", "Name"]},
         "WhoId Name", ["x"], False),
    ],
)  # fmt: skip
def test_the_ids_of_a_table_have_the_shape_of_its_source_or_not(
    item: dict[str, Any], mapping: str, values: list[str], shaped: bool | None
) -> None:
    for own in (True, False):
        made = source(item, ids={"shape": r"\d{3}", "own": own, "columns": "*Id"})
        reading = Reading({name: name for name in mapping.split()})
        found = _shaped(made, made.objects["Deal"], reading, lambda _: values)
        expected = shaped if own or "Id" in mapping.split() else None
        assert found is expected
        assert _shaped(made, made.objects["Deal"], reading, None) is None
        assert has_shape(Match(made, "Deal", reading), lambda _: values) is bool(expected)
    plain = source(item)
    assert _shaped(plain, plain.objects["Deal"], reading, lambda _: values) is None


def test_signs_are_headers_that_only_one_system_writes() -> None:
    translated = {"de": {"signs": ["Quelle des Leads"]}}
    signs = {"signs": ["TimePeriod", "Lead Source", "utm*id"], "translated": translated}
    item = source(signs).objects["Deal"]
    columns = ["TimePeriod", "Time period", "lead_source", "UTM-x-ID", "Quelle des Leads", "Id"]
    assert _signs(item, Reading({}), columns) == 3
    assert _signs(item, Reading({}, language="de"), columns) in (3, 4)
    assert _signs(source({}).objects["Deal"], Reading({}), columns) == 0


def test_what_is_strange_is_known_by_no_name() -> None:
    item = source({}).objects["Deal"]
    assert _strange(item, Reading({"Id": "Key"}), ["Key", "id", "Colour", "name"]) == ("Colour",)


def test_of_fitting_objects_the_name_decides_where_scores_are_close() -> None:
    def named(score: float, name: int, table: str = "Deal") -> Candidate:
        made = {"name": "crm", "objects": {t: {"columns": COLUMNS} for t in ("Deal", "Lead")}}
        crm = Source("crm", Path(), Profile.model_validate(made))
        return Candidate(crm, table, Reading({"Id": "Id"}), score, 1.0, name, None, 0, True)

    assert _choose("t", [named(1.0, 0), named(0.8, 1, "Lead")]).object == "Lead"
    assert _choose("t", [named(1.0, 0), named(0.79, 1, "Lead")]).object == "Deal"
    assert _choose("t", [named(1.0, 0), named(0.998, 0, "Lead")]).object == "Deal"
    with pytest.raises(SourceError, match="t fits crm Deal, crm Lead equally well"):
        _choose("t", [named(1.0, 0), named(0.999, 0, "Lead")])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mapping": "Id Name"}, "crm Deal (2 of its 4 columns; too few of them to be sure)"),
        ({"mapping": "Id", "item": {"required": ["Name", "Amount", "Stage"]}},
         "crm Deal (1 of its 4 columns; lacks Name, Amount, Stage)"),
        ({"mapping": "Id", "strange": ("x", "y")},
         "crm Deal (1 of its 4 columns; does not know x)"),
        ({"mapping": "Id", "item": {"required": "Name"}, "own": EXACT},
         "crm Deal (1 of its 4 columns; lacks Name, did you mean that by 'Nmae'?)"),
    ],
)  # fmt: skip
def test_a_near_object_is_described(given: dict[str, Any], said: str) -> None:
    assert _describe(candidate(**given), ["Id", "Nmae"]) == said


def test_columns_are_shown_and_wanted_as_they_are_written() -> None:
    assert (
        _shown([*"abcdef"]) == "a, b, c, d, e, f" and _shown([*"abcdefg"]) == "a, b, c, d, e, f …"
    )
    item = {"required": ["Id | Name"], "translated": {"de": {"Id": ["Kennung"]}}}
    assert _wanted(candidate(item, "Amount")) == ["'Id' or 'Name'"]
    assert _wanted(candidate(item, "Amount", read={"language": "de"})) == ["'Kennung' or 'Name'"]
    labelled = Reading({"Amount": "Value", "Stage": "Step"})
    said = {"score": 1.0, "share": 1.0, "named": 0, "shaped": None, "signs": 0, "told": True}
    assert _wanted(Candidate(source(item), "Deal", labelled, **said)) == ["'Key' or 'Name'"]
    half = Reading({"Amount": "Value", "Stage": "Stage"})
    assert _wanted(Candidate(source(item), "Deal", half, **said)) == ["'Id' or 'Name'"]
    assert _like("amount_cents", ["amount", "cents_amount", "count"]) == ["cents_amount", "count"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mapping": "Id Name Amount", "item": {"required": ["Id", "Stage"]}},
         "t looks like crm Deal, but its required column 'Stage' is missing. Did you mean 'Stgae'? "
         "Rename the header, or add it as an alias in the profile."),
        ({"mapping": "Id Name Amount", "item": {"required": ["Id", "Stage"]},
          "own": {"advice": "Export all"}},
         "t looks like crm Deal, but its required column 'Stage' is missing. Export all."),
        ({"mapping": "Id Name Amount", "item": {"required": ["Id", "Stage"], "ignored": "why"}},
         "t is of no known source"),
        ({"mapping": "Id Name Amount", "own": EXACT, "strange": ("Stgae",)},
         "t looks like crm Deal, which has no column 'Stgae'. Did you mean 'Stage'? Rename or"),
        ({"mapping": "Id Name Amount", "own": EXACT, "strange": ("Name_2",)},
         "t looks like crm Deal, but has the column 'Name' twice"),
        ({"mapping": "Id Name"},
         "t is of no known source: its columns are Id, Name, Amount, Stgae; nearest: crm Deal"),
        ({"mapping": "Id Name", "share": 0.4},
         "t is of no known source: its columns are Id, Name, Amount, Stgae. Write a source"),
    ],
)  # fmt: skip
def test_why_no_object_takes_a_table(given: dict[str, Any], said: str) -> None:
    assert str(no_fit("t", ["Id", "Name", "Amount", "Stgae"], [candidate(**given)])).startswith(
        said
    )


def deals(name: str, item: Mapping[str, Any], folder: str = "x/crm", **profile: Any) -> Source:
    made = {"name": name, "objects": {"Deal": {"columns": COLUMNS, **item}}, **profile}
    return Source(name, Path(folder), Profile.model_validate(made))


ALL = list(COLUMNS)
SHAPES = {"ids": {"shape": r"\d{3}"}}


def test_the_best_that_fits_is_taken_whoever_comes_first() -> None:
    whole = deals("whole", {})
    part = deals("part", {"columns": {**COLUMNS, "Day": [], "Week": [], "Year": []}})
    for sources in ([whole, part], [part, whole]):
        assert recognise("x.csv", ALL, sources).source is whole
        assert recognise("x.csv", ALL, sources, forced=part).source is part


def test_ids_of_another_shape_give_way_but_are_taken_where_nothing_else_fits() -> None:
    shaped = deals("shaped", {"key": "Id"}, **SHAPES)
    plain = deals("plain", {"columns": {**COLUMNS, "Day": [], "Week": [], "Year": []}})
    exact = deals("exact", {"key": "Id"}, exact=True, **SHAPES)
    for values, source in ((["001"], shaped), (["x"], plain)):
        found = recognise("x.csv", ALL, [shaped, plain], values=lambda _, v=values: v)
        assert found.source is source
    assert recognise("x.csv", ALL, [exact], forced=exact, values=lambda _: ["x"]).source is exact


SHOPIFY = ["Name", "Email", "Financial Status", "Paid at", "Lineitem name", "Total"]


@pytest.mark.parametrize(
    ("folder", "profile", "values", "taken"),
    [
        ("x/crm", {}, None, True),
        ("builtin", {}, None, False),
        ("builtin", {"exact": True}, None, True),
        ("builtin", {"ids": {"shape": "a", "own": True}}, ["a"], True),
    ],
)
def test_a_file_of_another_system_is_left_to_a_source_of_ones_own(
    folder: str, profile: dict[str, Any], values: list[str] | None, taken: bool
) -> None:
    place = str(BUILTIN / "crm") if folder == "builtin" else folder
    item = {"columns": SHOPIFY, "key": "Name"}
    crm = deals("crm", item, place, **profile)
    answers = None if values is None else lambda _: values
    if taken:
        assert recognise("x.csv", SHOPIFY, [crm], values=answers).source is crm
    else:
        with pytest.raises(UnknownTableError, match="an export of Shopify"):
            recognise("x.csv", SHOPIFY, [crm], values=answers)
    assert recognise("x.csv", SHOPIFY, [], forced=crm, values=answers).source is crm


def test_a_makeshift_is_refused_where_an_incomplete_object_knows_much_more() -> None:
    small = deals("small", {"columns": ["Id"], "files": "x*"})
    large = deals("large", {"required": ["Id", "Day"], "columns": [*COLUMNS, "Day"]})
    with pytest.raises(SourceError, match="looks like large Deal, but its required column 'Day'"):
        recognise("x.csv", ALL, [small, large])
    assert recognise("x.csv", ["Id"], [small, large]).source is small


def test_what_is_known_of_other_systems() -> None:
    known = _systems()
    names = {system.name for system in known}
    cents = {system.name for system in known if system.smallest_units}
    assert cents and {name for name in names if in_smallest_units(name)} == cents
    assert not in_smallest_units(None)
    for name in names:
        assert holds(name) == tuple(s.holds for s in known if s.name == name and s.holds)
        first = next(system.counts for system in known if system.name == name)
        told = only_counts(name)
        assert told == first or str(told).startswith(f"It holds numbers of {first}, and names no")
    assert holds("Kommo") == ("deals",) and holds(None) == ()
    assert only_counts("Matomo") and only_counts("No such system") is None
