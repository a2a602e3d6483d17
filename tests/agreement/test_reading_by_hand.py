"""How text becomes an agreement's content, when a target holds and how words are compared."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from smarketing.agreement import load_agreement
from smarketing.agreement.kpis import Target
from smarketing.agreement.plain_outcomes import _plain
from smarketing.agreement.wording import _is_match, match_words
from smarketing.agreement.yaml_source import YamlSource
from smarketing.errors import AgreementError, UsageError
from smarketing.periods import parse_period


def read(text: str) -> Any:
    return YamlSource.parse(f"a: {text}", "ours.yaml").content["a"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("true", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("0", 0), ("007", "007"), ("-12", -12), ("+1_000", 1000), ("0x1f", "0x1f"),
        ("1:30", "1:30"), ("0.5", 0.5), ("-1.5e+3", -1500.0), ("2026-07-01", date(2026, 7, 1)),
        ("", None), ("[1, [x]]", [1, ["x"]]), ("{b: 1, c: {b: 2}}", {"b": 1, "c": {"b": 2}}),
        ("&x [1]\nb: *x", [1]), ("[&x {c: 1}, *x, *x]", [{"c": 1}] * 3),
    ],
)  # fmt: skip
def test_a_value_is_what_whoever_writes_it_means(text: str, value: Any) -> None:
    found = read(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("1\nb: 2\na: 3", 3, "the key 'a' is given twice"),
        ("{b: 1, b: 1}", 1, "the key 'b' is given twice"),
        ("\n  ? [x]\n  : 1", 2, "a key is a word, not a list or a mapping"),
        (".inf", 1, "'.inf' is no number that an agreement can hold"),
        ("1\nb: .nan", 2, "'.nan' is no number that an agreement can hold"),
        ("2026-02-30", 1, "'2026-02-30' is no day or time that exists"),
        ("&x {b: [*x]}", 1, "a part refers to itself"),
        ("[", 1, "not valid YAML"),
        ("1\n\x07", 2, "not valid YAML: a character that no text has (number 7); remove it"),
    ],
)
def test_what_cannot_be_meant_is_refused_on_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(AgreementError) as refused:
        read(text)
    assert str(refused.value).startswith(f"ours.yaml, line {line}: ") and says in str(refused.value)


def test_only_a_mapping_is_an_agreement() -> None:
    for text in ("", "# nothing", "- a", "words"):
        with pytest.raises(AgreementError, match=r"^ours\.yaml: an agreement is a mapping"):
            YamlSource.parse(text, "ours.yaml")


def target(**said: Any) -> Target:
    return Target.model_validate({"kpi": "new_leads", "value": 5, **said})


def test_a_recurring_target_holds_from_its_first_day_until_its_last() -> None:
    every = target(every="month", starts_on="2026-03-01", ends_on="2026-06-01")
    held = [month for month in range(1, 13)
            if every.applies_to(parse_period(f"2026-{month:02d}"))]  # fmt: skip
    assert held == [3, 4, 5]
    march, quarter = parse_period("2026-03"), parse_period("2026-Q2")
    assert not every.applies_to(quarter)
    assert target(every="month").applies_to(march)
    assert target(every="month", starts_on="2026-03-01").applies_to(march)
    assert not target(every="month", starts_on="2026-03-02").applies_to(march)
    assert target(every="month", ends_on="2026-03-02").applies_to(march)
    assert not target(every="month", ends_on="2026-03-01").applies_to(march)
    assert not target(every="quarter").applies_to(march)


def test_a_target_of_one_period_holds_in_it_by_whatever_name() -> None:
    year = target(period="2026")
    assert year.applies_to(parse_period("2026")) and not year.applies_to(parse_period("2025"))
    assert year.applies_to(parse_period("FY2026"))
    assert not year.applies_to(parse_period("2026-Q1"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Closed_Won", "closed won"), ("GEWONNEN", "gewonnen"), ("perdu\u0301", "perdu"),
        ("Fermé", "ferme"), ("ganhou\u0300\u036f", "ganhou"), ("ＷＯＮ", "won"),
        ("Straße", "strasse"), ("Йод", "иод"), ("가", "가"), ("が", "が"),
    ],
)  # fmt: skip
def test_words_are_compared_without_case_accents_and_underscores(text: str, plain: str) -> None:
    assert _plain(text) == plain


def test_what_recognises_a_value_is_told_from_other_entries() -> None:
    whole: dict[str, Any] = {name: ["a"] for name in ("equals", "words", "prefix", "regex")}
    whole["missing"] = True
    assert all(map(_is_match, (whole, {"missing": True}, {"equals": ["a"]})))
    assert not any(map(_is_match, ({}, None, "a", [], {**whole, "label": "x"}, {"label": "x"})))
    assert match_words({"missing": True}) == "is missing"
    assert match_words({**whole, "equals": ["a", 2], "prefix": []}) == (
        "is a, 2 or holds the word a or fits the pattern a or is missing"
    )


def test_a_window_is_a_period_or_the_span_of_two_in_the_company_s_own_weeks() -> None:
    agreement = load_agreement()
    weeks = [agreement.model_copy(update={"week_starts_on": day}).week_start
             for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]  # fmt: skip
    assert weeks == [1, 2, 3, 4, 5, 6, 7]
    own = agreement.model_copy(update={"week_starts_on": "sun", "fiscal_year_start_month": 4})

    def days(text: str) -> tuple[str, str]:
        window = own.read_window(text)
        return str(window.start), str(window.end)

    assert days("2026-Q2") == ("2026-04-01", "2026-07-01")
    assert days("2025-12..2026-01") == ("2025-12-01", "2026-02-01")
    assert days("2026-06..2026-Q2") == ("2026-06-01", "2026-07-01"), "they may overlap"
    week = own.read_window("2026-W10")
    assert week.start.isoweekday() == 7 and (week.end - week.start).days == 7
    assert own.read_window("FY2026").start.month == 4
    with pytest.raises(UsageError, match=r"The period '2026-02\.\.2026-01' ends before it begins"):
        days("2026-02..2026-01")
