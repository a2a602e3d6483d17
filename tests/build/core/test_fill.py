"""How a value of a core table is written in SQL, and what makes a row bad; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from smarketing.build.core.clocks import may_turn
from smarketing.build.core.fill import _checks, _value
from smarketing.build.core.job import Fill
from smarketing.build.core.values import (
    Habits,
    Money,
    currency_reason,
    filled,
    own_id,
    points_to_completed,
    reason_sql,
)
from smarketing.store.schema import Column, core_tables

OWN = (
    "case when contains({0}, ':') and split_part({0}, ':', 1) in ('crm') then {0} "
    "else 'crm:' || {0} end"
)
AMOUNT = """t."amount" like '%.___%' or contains(t."amount", '.') and t._digits = 0"""


def work(table: str, *columns: str, currency: str | None = None, **said: Any) -> Fill:
    habits = Habits("Europe/Berlin", "UTC", **{"sources": {"crm": False}, **said.pop("habits", {})})
    source = SimpleNamespace(name="crm", profile=SimpleNamespace(currency=currency))
    agreement = SimpleNamespace(currency="EUR")
    return Fill(source, None, core_tables()[table], columns, habits, agreement, **said)


@pytest.mark.parametrize(
    ("table", "column", "given", "sql"),
    [
        ("lead_stage_event", "stage", "stage", "m.known_stage"),
        ("lead_stage_event", "kind", "kind", "m.known_kind"),
        ("record_alias", "alias_id", "alias_id", OWN.format('"alias_id"')),
        ("record_alias", "id", "id", OWN.format('"id"')),
        ("touch", "touch_id", "touch_id", OWN.format('"touch_id"')),
        ("deal", "currency", "amount", "_currency"),
        ("deal", "outcome", "outcome",
         '(select m.outcome from temp.outcome_map m where m.raw = c."outcome")'),
        ("campaign", "name", "name", '"name"'),
    ],
)  # fmt: skip
def test_a_value_is_typed_by_its_column(table: str, column: str, given: str, sql: str) -> None:
    found = work(table, given)
    assert _value(found, found.table.column(column)) == sql


def test_a_word_of_a_list_is_written_small_and_others_are_none() -> None:
    found = work("record_alias", "table")
    sql = _value(found, found.table.column("table"))
    assert sql.startswith("""case when lower("table") in ('""") and "'deal'" in sql
    assert sql.endswith("""') then lower("table") end""")
    [bad, missing] = _checks(found)
    assert (bad.condition, bad.column) == (
        't."table typed" is null and t."table" is not null', "table",
    )  # fmt: skip
    assert bad.reason.startswith("'not one of account, ")
    assert (missing.condition, missing.reason) == ('t."table" is null', "'missing'")


def test_a_timezone_that_is_none_is_told_before_a_clock_would_stop_at_it() -> None:
    found = work("member", "member_id", "timezone")
    sql = f"select {_value(found, found.table.column('timezone'))} from (select ? as timezone)"
    given = ["Europe/Berlin", "Central Europe", "europe/berlin", "../x", None]
    read = [duckdb.sql(sql, params=[name]).fetchall()[0][0] for name in given]
    assert read == ["Europe/Berlin", None, None, None, None]
    assert [one.reason for one in _checks(found) if one.column == "timezone"] == [
        "'no time zone that is known, such as Europe/Berlin'"
    ]


def test_the_only_default_of_the_contract_is_told_by_the_agreement() -> None:
    told = {name: table.defaults for name, table in core_tables().items() if table.defaults}
    assert told == {"lead_stage_event": (("kind", "entry"),)}
    found = work("lead_stage_event", "stage")
    assert _value(found, found.table.column("kind")) == "m.known_kind"


def test_the_currency_of_a_row_that_names_none() -> None:
    assert work("deal").unsaid_currency == "'EUR'"
    assert work("deal", currency="CHF").unsaid_currency == "'CHF'"
    assert work("deal", currencies={7: "USD", 2: "SEK"}).unsaid_currency == (
        "case _file_id when 2 then 'SEK' when 7 then 'USD' else 'EUR' end"
    )
    assert work("deal").has_amounts and not work("person").has_amounts
    assert work("deal").prefix == "crm:"
    assert [c.name for c in work("campaign", "name", "campaign_id").given()] == [
        "campaign_id", "name",
    ]  # fmt: skip


def test_what_is_said_of_a_row_and_a_rate() -> None:
    found = _checks(work("fx_rate", "rate", "_modified", "_unknown"))
    told = {(one.column, one.condition) for one in found}
    assert ("rate", 't."rate typed" <= 0') in told
    assert ("_modified", "t._recorded is null and t._modified is not null") in told
    assert ("_unknown", "t._unknown is not null") in told
    stages = {one.column: one.condition for one in _checks(work("lead_stage_event", "kind"))}
    assert stages["kind"] == "t.kind is not null and lower(t.kind) <> t._stage_kind"
    assert "kind" not in {one.column for one in _checks(work("lead_stage_event", "stage"))}


@pytest.mark.parametrize(
    ("table", "column", "thorough", "doubt"),
    [
        ("deal", "amount", False, AMOUNT),
        ("deal", "amount", True, None),
        ("fx_rate", "rate", False, """t."rate" like '%.___'"""),
        ("quota", "amount", False, AMOUNT),
        ("deal", "deal_id", False, "false"),
    ],
)  # fmt: skip
def test_what_a_quick_reading_leaves_to_a_thorough_one(
    table: str, column: str, thorough: bool, doubt: str | None
) -> None:
    found = _checks(work(table, column, habits={"thorough": thorough}))
    told = [one.condition for one in found if one.reason == "''"]
    assert told == ([doubt] if doubt else [])


HABITS = Habits(
    "Europe/Berlin",
    "UTC",
    {"crm": True, "ads": False},
    orders={3: "dmy", 1: "mdy", 2: "dmy"},
    days={"at": (4, 2)},
    zones={"at": {5: "Asia/Tokyo", 1: "Asia/Tokyo", 2: "UTC"}},
)


def test_habits_are_conditions_on_the_file() -> None:
    assert HABITS.order == (
        "case when _file_id in (2, 3) then 'dmy' when _file_id in (1) then 'mdy' else '' end"
    )
    assert HABITS.zone_of("at") == (
        "case when _file_id in (1, 5) then 'Asia/Tokyo' "
        "when _file_id in (2) then 'UTC' else 'UTC' end"
    )
    assert HABITS.zone_of("on") == "'UTC'" and Habits("A", "B").order == "''"
    assert HABITS.holds_days("at") == "_file_id in (2, 4)" and HABITS.holds_days("on") == "false"
    assert (
        Habits("A", "B", words={"mai": "May", "x": "y"}).word_map == "map {'mai': 'May', 'x': 'y'}"
    )


def test_an_id_of_a_source_that_completes_them_is_completed_by_a_thorough_reading() -> None:
    quick = OWN.format("i").replace("'crm'", "'crm', 'ads'").replace("'crm:'", "'p:'")
    assert own_id("i", "p:", HABITS) == quick
    careful = Habits("A", "B", {"crm": True, "ads": False}, thorough=True)
    assert own_id("i", "p:", careful) == quick.replace(
        "case when",
        "case when starts_with(i, 'crm:') then 'crm:' || completed_id(substr(i, 5)) when", 1,
    )  # fmt: skip
    assert points_to_completed("i", HABITS) == "starts_with(i, 'crm:')"
    assert points_to_completed("i", Habits("A", "B", {"ads": False})) == "false"


@pytest.mark.parametrize(
    ("zone", "condition"),
    [
        ("Europe/Berlin", "substr(x, 6, 5) between '03-25' and '04-01'"),
        ("America/New_York", "substr(x, 6, 5) between '03-07' and '04-07'"),
        ("Asia/Tokyo", "false"),
        ("No/Where", "false"),
        ("../etc", "false"),
    ],
)
def test_the_weeks_in_which_clocks_go_forward(zone: str, condition: str) -> None:
    assert may_turn("x", zone) == condition


def test_where_clocks_go_forward_all_year_the_days_are_listed() -> None:
    assert may_turn("x", "Africa/Casablanca").startswith(
        "left(x, 10) in ('2008-05-31', '2008-06-01'"
    )


MONEY = {
    "$": Money(("USD", "CAD", "AUD", "NZD"), None),
    "fr": Money(("CHF",), "CHF"),
    "?": Money((), None),
}
TOLD = "'of a currency that cannot be told ({0}): name it in a column of currencies'"


def test_why_a_value_could_not_be_read() -> None:
    thorough = Habits("A", "B", money=MONEY, thorough=True)
    amount = Column("amount", "amount")
    assert reason_sql(Column("n", "int"), "t", thorough) == "'not a whole number'"
    assert reason_sql(amount, "t", HABITS) == "'not an amount'"
    assert reason_sql(Column("d", "date"), "t", HABITS) == (
        "unread_time(t.\"d\", 'not a date', 'in a year before 1900 or after 2199')"
    )
    found = reason_sql(amount, "t", thorough)
    dollars = TOLD.format("USD, CAD, AUD …")
    assert found.startswith(
        """case when t."amount label" = '$' then case when t._currency is null """
        f"then {dollars} when not ("
    )
    assert (
        f"t.\"amount label\" = 'fr' then case when t._currency is null then {TOLD.format('CHF')}"
        in found
    )
    assert "'?'" not in found and found.endswith("else 'not an amount' end")
    assert currency_reason("t", thorough, "no") == (
        f"case when lower(t.currency) = '$' then {dollars} "
        f"when lower(t.currency) = 'fr' then {TOLD.format('CHF')} else 'no' end"
    )
    assert currency_reason("t", HABITS, "no") == "'no'"


@pytest.mark.parametrize(
    ("name", "kind", "sql"),
    [
        ("ends_on", "date", 'open_end(not_missing("ends_on"))'),
        ("starts_on", "date", 'not_missing("starts_on")'),
        ("ends_on", "instant", 'not_missing("ends_on")'),
        ("a", "id", 'id_text("a")'),
        ("a", "text", '"a"'),
    ],
)
def test_what_is_missing_is_null(name: str, kind: str, sql: str) -> None:
    assert filled(name, kind) == sql
