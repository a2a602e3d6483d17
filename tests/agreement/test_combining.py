"""Two changes of one agreement laid together: neither undoes the other."""

from __future__ import annotations

from smarketing.agreement import Agreement, parse_agreement
from smarketing.agreement.combining import _lists, combined
from smarketing.agreement.told import told

BASE = "extends: default\n"
HOURS = "service_levels: {response: {within_business_hours: 2}}\n"
SCORE = "lead_definition: {threshold: 60}\n"


def both(theirs: str, yours: str, base: str = "") -> tuple[Agreement, Agreement, Agreement]:
    first, second, third = (parse_agreement(BASE + own) for own in (theirs, yours, base))
    return first, second, parse_agreement(combined(third, first, second))


def test_what_either_changed_is_in_it() -> None:
    theirs, _, found = both(SCORE, HOURS)
    assert told(theirs, found) == ["Response from 4 to 2 business hours."]
    assert found.lead_definition.threshold == 60


def test_who_changed_nothing_takes_all_of_theirs_and_they_of_yours() -> None:
    theirs, _, found = both(SCORE, "")
    assert found.hash == theirs.hash
    _, yours, found = both("", HOURS)
    assert found.hash == yours.hash


def test_where_both_changed_one_thing_yours_is_told_as_a_change_of_theirs() -> None:
    theirs, yours, found = both(SCORE, "lead_definition: {threshold: 70}\n")
    assert found.hash == yours.hash
    assert told(theirs, found) == ["Lead score from 60 to 70 points."]


def test_entries_that_came_and_went_on_either_side() -> None:
    def targets(**values: int) -> str:
        rows = "".join(
            f"- {{kpi: {kpi}, period: 2027-01, value: {value}}}\n" for kpi, value in values.items()
        )
        return f"targets:\n{rows}"

    base = targets(new_leads=10, new_mqls=5)
    theirs = targets(new_leads=12, new_mqls=5, new_sals=3)
    _, _, found = both(theirs, targets(new_leads=10, new_sqls=2), base)
    assert {target.kpi: target.value for target in found.targets} == {
        "new_leads": 12, "new_sals": 3, "new_sqls": 2
    }  # fmt: skip


def test_what_you_moved_or_put_first_keeps_its_place() -> None:
    def channels(names: str, **words: str) -> list[dict[str, str]]:
        return [{"id": name, "words": words.get(name, "")} for name in names]

    # They reword one, you move another to the front.
    assert _lists(channels("abc"), channels("abc", b="B"), channels("cab")) == (
        channels("cab", b="B")
    )
    assert _lists(channels("abc"), channels("abcd"), channels("xabc")) == channels("xabcd")
    assert _lists(channels("abc"), channels("ac"), channels("abyc")) == channels("ayc")


def test_rules_without_a_name_keep_their_place_and_come_and_go() -> None:
    def lists(*items: str) -> list[dict[str, str]]:
        return [{"words": item} for item in items]

    assert _lists(lists("a", "b"), lists("a", "b", "t"), lists("y", "a", "b")) == (
        lists("y", "a", "b", "t")
    )
    assert _lists(lists("a", "b"), lists("b"), lists("b", "a")) == lists("b")
