"""Reading agreements: the packaged one, what goes wrong and how it is said, hash and diff."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.agreement import (
    agreement_yaml,
    diff,
    load_agreement,
    load_home_agreement,
    parse_agreement,
)
from smarketing.agreement.loading import DEFAULT
from smarketing.errors import AgreementError, UsageError

DEFAULT_TEXT = DEFAULT.read_text(encoding="utf-8")


def refused(text: str) -> str:
    with pytest.raises(AgreementError) as caught:
        parse_agreement(text, "agreement.yaml")
    return str(caught.value)


def with_change(old: str, new: str) -> str:
    assert old in DEFAULT_TEXT
    return DEFAULT_TEXT.replace(old, new, 1)


def test_a_file_of_one_change_is_told_how_to_begin():
    own = "deal_outcomes: {Angebot: open}\n"
    assert "let the file begin with `extends: default`" in refused(own)
    [told] = parse_agreement(f"extends: default\n{own}").deal_outcomes
    assert (told.stage, told.outcome) == ("Angebot", "open")


@pytest.mark.parametrize(
    ("kpi", "value", "says"),
    [
        (
            "acceptance_rate",
            75,
            "75 would be 7500 %, and 'acceptance_rate' is a share of at most 100 %; "
            "for 75 % write 0.75.",
        ),
        ("logo_churn", 2.5, "for 2.5 % write 0.025."),
        ("win_rate_closed", 250, "write a share."),
    ],
)
def test_a_share_written_in_percent_is_asked_about(kpi: str, value: float, says: str):
    text = f"extends: default\ntargets:\n  - {{kpi: {kpi}, every: month, value: {value}}}\n"
    said = refused(text)
    assert said.startswith("agreement.yaml, line 3: targets[0].value: ")
    assert said.endswith(says)
    # A version that was agreed once stays as it was.
    [target] = parse_agreement(text, is_kept=True).targets
    assert target.value == value


def test_a_rate_that_may_exceed_1_is_not_asked_about():
    for kpi in ("net_retention", "romi", "quota_attainment"):
        text = f"extends: default\ntargets:\n  - {{kpi: {kpi}, every: month, value: 75}}\n"
        assert parse_agreement(text).targets[0].value == 75


def test_the_packaged_agreement_is_complete():
    agreement = load_agreement()
    assert [stage.id for stage in agreement.stages] == [
        "lead", "mql", "sal", "sql", "opportunity", "customer",
    ]  # fmt: skip
    assert [way.id for way in agreement.exits] == ["disqualified", "rejected", "recycled", "lost"]
    listed = [kpi for kpi in agreement.kpis if kpi.listed]
    assert len(listed) >= 25
    assert all(kpi.question.endswith("?") for kpi in agreement.kpis)
    assert all(stage.definition for stage in agreement.stages)
    assert agreement.attribution.lookback_days == 180
    assert agreement.attribution.max_lookback_days == 730
    assert {"email_sent", "email_open", "ad_impression"} <= set(
        agreement.attribution.excluded_kinds
    )
    assert agreement.targets and agreement.glossary and agreement.lead_definition.fit


def test_several_faults_are_a_sentence_each_in_the_order_of_the_file():
    said = refused("extends: default\ncurrency: EURO\ntimezone: Europe/Berln\ncurency: EUR\n")
    assert [line.partition(":")[0] for line in said.splitlines()] == [
        f"agreement.yaml, line {number}" for number in (2, 3, 4)
    ]
    assert all(line.endswith((".", "?")) for line in said.splitlines())
    assert "a currency code of three capitals" in said


def test_a_home_without_an_agreement_has_the_packaged_one(tmp_path: Path):
    assert load_home_agreement(tmp_path).hash == load_agreement().hash
    (tmp_path / "agreement.yaml").write_text("extends: default\ncompany: Ours 7\n")
    assert load_home_agreement(tmp_path).company == "Ours 7"


def test_a_short_agreement_builds_on_the_packaged_one():
    own = parse_agreement(
        "extends: default\n"
        "attribution: {lookback_days: 90}\n"
        "kpis:\n"
        "  - {id: won_revenue, label: Bookings}\n"
        "  - id: deals_lost\n"
        "    label: Lost deals\n"
        "    question: How many did we lose?\n"
        "    definition: Lost deals by close.\n"
        "    mart: fct_deal\n"
        "    date_column: closed_day\n"
        "    expression: count(*)\n"
        "    filter: outcome = 'lost'\n"
        "    unit: count\n"
        "    direction: down\n"
        "    owners: {marketing: head_of_marketing, sales: head_of_sales}\n"
    )
    assert own.attribution.lookback_days == 90
    assert own.attribution.half_life_days == 7
    assert own.kpi("won_revenue").label == "Bookings"
    assert own.kpi("won_revenue").expression == "sum(won_amount)"
    assert own.kpis[-1].id == "deals_lost"
    assert len(own.kpis) == len(load_agreement().kpis) + 1


def test_an_unknown_kpi_in_a_ratio_names_place_and_neighbour():
    message = refused(
        with_change("ratio: {numerator: won_revenue,", "ratio: {numerator: won_revnue,")
    )
    number = next(
        place for place, kpi in enumerate(load_agreement().kpis) if kpi.id == "average_deal_size"
    )
    line = next(
        place
        for place, text in enumerate(DEFAULT_TEXT.splitlines(), start=1)
        if "numerator: won_revenue," in text
    )
    assert message == (
        f"agreement.yaml, line {line}: kpis[{number}].ratio.numerator: unknown KPI 'won_revnue'."
        " Did you mean 'won_revenue'?"
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "currency: EUR",
            "curency: EUR",
            r"curency: unknown key 'curency'. Did you mean 'currency'",
        ),
        ("currency: EUR", "currency: Euro", r"line \d+: currency: .*'Euro'"),
        ("timezone: Europe/Berlin", "timezone: Europe/Berlinn", "no timezone"),
        ("  threshold: 50", "  treshold: 50", "Did you mean 'threshold'"),
        (
            "    owner: marketing",
            "    owner: marketting",
            r"stages\[0\].owner: unknown team 'marketting'. Did you mean 'marketing'",
        ),
        (
            "  from_stage: mql",
            "  from_stage: mqll",
            "service_levels.from_stage: unknown stage 'mqll'",
        ),
        (
            "rejected_exits: [rejected,",
            "rejected_exits: [rejectd,",
            "unknown exit 'rejectd'. Did you mean 'rejected'",
        ),
        (
            "{stage: mql, next_stage: sql}",
            "{stage: sql, next_stage: mql}",
            "'mql' does not come after 'sql'",
        ),
        (
            "kpi: win_rate_closed, every",
            "kpi: win_rate, every",
            r"targets\[\d+\].kpi: unknown KPI 'win_rate'",
        ),
        (
            "every: quarter, value: 0.25",
            "every: fortnight, value: 0.25",
            "'fortnight' is not valid",
        ),
        ("every: quarter, value: 0.25", "period: 2026-Q7, value: 0.25", "quarters run 1 to 4"),
        ("every: quarter, value: 0.25", "value: 0.25", "needs either period or every"),
        (
            "models: [first, last,",
            "models: [frist, last,",
            "unknown model 'frist'. Did you mean 'first'",
        ),
        (
            "custom_models: []",
            "custom_models: [{id: ours, label: Ours, weights: {first: 0.5, last: 0.4}}]",
            "sum to 0.9, they must sum to 1",
        ),
        ("lookback_days: 180", "lookback_days: 800", "exceeds max_lookback_days 730"),
        ("lookback_days: 180", "lookback_days: 0", "lookback_days"),
        (
            "formula: open_deals * win_rate_closed",
            "formula: open_deals * winrate_closed",
            "unknown KPI 'winrate_closed'",
        ),
        ("formula: open_deals * win_rate_closed", "formula: exit(open_deals)", "a formula is"),
        (
            "marketing: head_of_demand, sales",
            "marketing: head_of_demnd, sales",
            "unknown role 'head_of_demnd'",
        ),
        ("country: DE", "country: XX", "no holidays are known"),
        (
            'opens: "09:00", closes: "17:00"',
            'opens: "17:00", closes: "09:00"',
            "is not after opens",
        ),
        ('opens: "09:00"', 'opens: "9 am"', "no time of day"),
        (
            "from_employees: 200, to_employees: 999",
            "from_employees: 150, to_employees: 999",
            "overlap",
        ),
        (
            "segments: [mid_market, enterprise]\n  personas",
            "segments: [midmarket]\n  personas",
            "unknown segment 'midmarket'",
        ),
        ("  - id: sal\n", "  - id: mql\n", "'mql' is defined twice"),
        ("week_starts_on: mon", "week_starts_on: monday", "Did you mean 'mon'"),
        ("    unit: money\n", "", r"kpis\[\d+\].unit: is missing"),
    ],
)
def test_mistakes_are_named_with_their_place(old, new, says):
    message = refused(with_change(old, new))
    assert message.startswith("agreement.yaml")
    assert re.search(says, message), message


def test_a_kpi_defined_by_itself_is_refused():
    text = with_change(
        "ratio: {numerator: won_revenue, denominator: won_deals_valued}",
        "ratio: {numerator: pipeline_velocity, denominator: won_deals_valued}",
    )
    assert "is defined by itself" in refused(text)


def test_what_is_not_an_agreement_is_refused(tmp_path: Path):
    assert "not valid YAML" in refused("stages: [")
    assert "line 2" in refused("company: A\ncompany: B\n")
    assert "given twice" in refused("company: A\ncompany: B\n")
    assert "is a mapping" in refused("- a\n- b\n")
    assert "is a mapping" in refused("")
    assert "write 'default'" in refused("extends: ours\n")
    with pytest.raises(AgreementError, match="no agreement at"):
        load_agreement(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("company: M\xfcller".encode("latin-1"))
    with pytest.raises(AgreementError, match="UTF-8"):
        load_agreement(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (
            "kpis:\n  - {id: new_leads, label: A}\n  - {id: new_leads, label: B}\n",
            "agreement.yaml, line 4: kpis[1].id: 'new_leads' is defined twice.",
        ),
        (
            "lead_quality:\n  fit:\n    - {id: size, points: 1}\n    - {id: other, points: 2}\n"
            "    - {id: size, points: 3}\n",
            "agreement.yaml, line 6: lead_quality.fit[2].id: 'size' is defined twice.",
        ),
    ],
)
def test_an_entry_of_a_part_of_an_agreement_is_given_once(own, says):
    text = f"extends: default\n{own}"
    assert refused(text) == says
    with pytest.raises(AgreementError) as kept:
        parse_agreement(text + "company: [a]\n", is_kept=True)
    assert "defined twice" not in str(kept.value)  # one that was in force stays what it was


def test_many_mistakes_are_listed_together():
    message = refused(with_change("currency: EUR", "curency: EUR").replace("mon\n", "moon\n", 1))
    assert "currency: is missing" in message and "week_starts_on" in message


def test_yaml_words_that_look_like_something_else_are_words():
    agreement = parse_agreement(
        "extends: default\n"
        "version: 1.0\n"
        "working_time: {hours: [{opens: 09:00, closes: 17:00}]}\n"
        "classification: {regions: [{id: nordics, countries: [NO, SE]}]}\n"
    )
    nordics = next(one for one in agreement.classification.regions if one.id == "nordics")
    assert nordics.countries == ("NO", "SE")
    assert agreement.working_time.hours[0].minutes == (540, 1020)
    assert agreement.version == "1.0"


def test_the_hash_ignores_layout_comments_and_the_order_of_keys():
    content = yaml.safe_load(DEFAULT_TEXT.replace('"NO"', "'NO'"))
    keys = list(content)
    random.Random(7).shuffle(keys)
    shuffled = yaml.safe_dump({key: content[key] for key in keys}, allow_unicode=True, width=40)
    assert parse_agreement("# a comment\n" + shuffled).hash == load_agreement().hash
    assert re.fullmatch(r"[0-9a-f]{64}", load_agreement().hash)


def test_the_hash_sees_every_change_of_meaning():
    base = load_agreement().hash
    assert parse_agreement(with_change("threshold: 50", "threshold: 51")).hash != base
    reordered = with_change("models: [first, last,", "models: [last, first,")
    assert parse_agreement(reordered).hash != base
    assert parse_agreement(with_change("value: 0.90,", "value: 0.9,")).hash == base


def test_an_agreement_written_out_reads_back_the_same():
    agreement = load_agreement()
    assert parse_agreement(agreement_yaml(agreement)) == agreement
    assert parse_agreement(agreement_yaml(agreement)).hash == agreement.hash


def test_diff_names_what_changed():
    before = load_agreement()
    after = parse_agreement(
        "extends: default\nlead_definition: {threshold: 60}\n"
        "kpis: [{id: won_revenue, label: Bookings}]\n"
        "roles: [{id: head_of_product, label: Head of product, team: marketing, definition: P.}]\n"
    )
    changes = {change.path: (change.before, change.after) for change in diff(before, after)}
    assert changes["lead_definition.threshold"] == (50, 60)
    assert changes["kpis[won_revenue].label"] == ("Won revenue", "Bookings")
    assert changes["roles[head_of_product]"][0] is None
    assert len(changes) == 3
    assert diff(before, before) == []


def test_diff_of_entries_without_ids_goes_by_place_or_by_what_came_and_went():
    before = load_agreement()
    text = with_change(
        "kpi: speed_to_lead, every: week, value: 120", "kpi: speed_to_lead, every: week, value: 90"
    )
    (change,) = diff(before, parse_agreement(text))
    assert re.fullmatch(r"targets\[\d+\]\.value", change.path)
    assert (change.before, change.after) == (120, 90)
    text = with_change("targets:\n", "targets:\n  - {kpi: new_leads, every: year, value: 9}\n")
    (change,) = diff(before, parse_agreement(text))
    assert change.path == "targets[0]" and change.before is None
    assert change.after["kpi"] == "new_leads"


def test_diff_of_one_list_of_kpis_in_another_order_says_so():
    before = load_agreement()
    kpis = before.kpis
    after = before.model_copy(update={"kpis": (kpis[1], kpis[0], *kpis[2:])})
    assert [change.path for change in diff(before, after)] == ["kpis (order)"]
    assert after.hash != before.hash


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("models: [first, last, linear, position]", "models: first", "models: should be a list"),
        ("threshold: 50", "threshold: many", "threshold: should be a whole number"),
        ("starts_on: 2000-01-01", "starts_on: soon", "should be a day such as"),
        ("half_life_days: 7", "half_life_days: -7", "should be greater than 0"),
        ("lifetime_value: {horizon_months: 60}", "lifetime_value: 60", "should be a mapping"),
        ("company: Your company", "company: ''", "company: should not be empty"),
    ],
)
def test_wrong_kinds_of_value_are_named_in_plain_words(old, new, says):
    assert says in refused(with_change(old, new))


def test_diff_sees_a_new_order():
    text = with_change("models: [first, last,", "models: [last, first,")
    assert [change.path for change in diff(load_agreement(), parse_agreement(text))] == [
        "attribution.models"
    ]


def test_a_named_target_beats_a_recurring_one():
    agreement = parse_agreement(
        "extends: default\n"
        "targets:\n"
        "  - {kpi: new_leads, every: month, value: 100}\n"
        "  - {kpi: new_leads, period: 2026-06, value: 130}\n"
        "  - {kpi: new_leads, period: 2026-06, segment: small, value: 40}\n"
        "  - {kpi: won_revenue, every: quarter, value: 9, starts_on: 2026-04-01}\n"
    )
    june, may = agreement.parse_period("2026-06"), agreement.parse_period("2026-05")
    assert agreement.target_for("new_leads", june).value == 130
    assert agreement.target_for("new_leads", may).value == 100
    assert agreement.target_for("new_leads", june, "small").value == 40
    assert agreement.target_for("new_leads", may, "small") is None
    assert agreement.target_for("new_leads", agreement.parse_period("2026-Q2")) is None
    assert agreement.target_for("won_revenue", agreement.parse_period("2026-Q1")) is None
    assert agreement.target_for("won_revenue", agreement.parse_period("2026-Q2")).value == 9


def test_names_that_do_not_exist_get_the_nearest_one():
    with pytest.raises(UsageError, match="Did you mean 'won_revenue'"):
        load_agreement().kpi("won_revenu")
    with pytest.raises(UsageError, match="stage 'mqls'"):
        load_agreement().stage_number("mqls")
    assert load_agreement().stage_number("sql") == 4


def test_a_member_may_keep_hours_of_their_own():
    agreement = parse_agreement(
        "extends: default\n"
        "member_calendars:\n"
        "  - member: M000007\n"
        "    timezone: America/New_York\n"
        "    working_time: {working_days: [mon], hours: [{opens: '10:00', closes: '12:00'}]}\n"
    )
    own = agreement.calendar_of("generic:M000007")
    assert (own.timezone, own.working_time.working_days) == ("America/New_York", ("mon",))
    assert agreement.calendar_of("generic:M000008") == agreement.calendar
    abroad = agreement.calendar_of("generic:M000008", "Europe/London")
    assert abroad.timezone == "Europe/London"
    assert abroad.working_time == agreement.working_time


def test_margin_and_originator_follow_the_agreement():
    settings_ = parse_agreement(
        "extends: default\nattribution: {gross_margin: ["
        "{starts_on: 2025-01-01, margin: 0.7}, {starts_on: 2026-01-01, margin: 0.8}]}\n"
    ).attribution
    june = load_agreement().parse_period("2025-06-01").start
    assert settings_.margin_on(june) == 0.7
    assert settings_.margin_on(june.replace(year=2026)) == 0.8
    assert settings_.margin_on(june.replace(year=2024)) is None
    assert settings_.originator.of_lead_source("Paid search") == "marketing"
    assert settings_.originator.of_lead_source("Outbound SDR") == "sales_development"
    assert settings_.originator.of_lead_source("Partner") == "partner"
    assert settings_.originator.of_lead_source(None) == "unknown"


@settings(max_examples=15)
@given(st.integers(1, 99), st.sampled_from(["  ", "\n  "]))
def test_prose_is_the_same_however_it_is_wrapped(number, blank):
    text = f"extends: default\ncompany: Company{blank}{number}\n"
    assert parse_agreement(text).company == f"Company {number}"
