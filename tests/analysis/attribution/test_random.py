"""The SQL pass against the slow, obvious version, on random stores; and the invariants."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from functools import cache
from typing import Any

from attribution_slow import Asked, slow_ledger
from attribution_store import AttributionStore
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smarketing.agreement import Agreement, load_agreement
from smarketing.analysis.attribution import asked, attributions, ledger
from smarketing.analysis.attribution.question import question
from smarketing.attribution_models import key_models, rule_models
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import parse_window

WINDOW = parse_window("2020-01-01", "2030-01-01")
CHANNELS = ("webinar", "direct", "paid_search", "email")
KINDS = ("form", "click", "email_open", "call")
ACCOUNTS = ("a1", "a1", "a2")
START = dt.datetime(2025, 1, 1)
CASES: tuple[dict[str, Any], ...] = (
    {},
    {"measure": "pipeline"},
    {"measure": "leads"},
    {"lookback_days": 20},
    {"side": "both", "lookback_days": 400},
    {"side": "sales"},
    {"people": "committee"},
    {"people": "primary", "side": "both"},
    {"people": "account"},
    {"people": "lead"},
    {"kinds": ("email_open", "form"), "side": "both"},
    {"half_life_days": 1.5},
    {"measure": "pipeline", "people": "account", "half_life_days": 30.0},
)


@cache
def agreement() -> Agreement:
    return load_agreement()


def random_store(seed: int) -> AttributionStore:
    """Some ten deals and leads of a few accounts, with ties, bare days, gaps and stray touches."""
    rng = random.Random(seed)

    def moment() -> dt.datetime:
        day = START + dt.timedelta(days=rng.randrange(300))
        return day + dt.timedelta(hours=rng.choice((0, 9, 9, 15)))

    people = [
        {"person_id": f"p{n}", "account_id": rng.choice((*ACCOUNTS, None))}
        for n in range(rng.randrange(1, 9))
    ]
    names = [person["person_id"] for person in people]
    touches = [_random_touch(rng, n, moment, people) for n in range(rng.randrange(0, 80))]
    leads = [
        {
            "lead_id": f"l{n}",
            "person_id": rng.choice([rng.choice(names), None]),
            "account_id": rng.choice((*ACCOUNTS, None)),
            "created_at": rng.choice((moment(), None)),
            "created_by_touch_id": rng.choice([*[t["touch_id"] for t in touches], None, None]),
        }
        for n in range(rng.randrange(0, 4))
    ]
    deals = [_random_deal(rng, number, moment, names, leads) for number in range(rng.randrange(9))]
    contacts: dict[tuple[str, str], dict[str, Any]] = {}
    for deal in deals:
        for name in rng.sample(names, rng.choice((0, 0, 1, min(3, len(names))))):
            row = {"deal_id": deal["deal_id"], "person_id": name, "is_primary": rng.random() < 0.4}
            contacts[deal["deal_id"], name] = row
    return AttributionStore(deals, leads, people, list(contacts.values()), touches)


def _random_touch(
    rng: random.Random, number: int, moment: Any, people: list[dict[str, Any]]
) -> dict[str, Any]:
    """A touch of a person, of an account alone, on a lead alone, of nobody, or of no date."""
    person = None if rng.random() < 0.4 else rng.choice(people)
    account = rng.choice((*ACCOUNTS, None))
    if person is not None and rng.random() < 0.8:
        account = person["account_id"]
    at = moment() if rng.random() > 0.05 else None
    return {
        "touch_id": f"t{number:03}",
        "person_id": person and person["person_id"],
        "lead_id": rng.choice(("l0", "l1", "l2", None, None, None)),
        "account_id": account,
        "channel": rng.choice(CHANNELS),
        "kind": rng.choice(KINDS),
        "side": rng.choice(("marketing", "marketing", "sales")),
        "campaign_id": rng.choice(("c1", "c2", None)),
        "occurred_at": at,
        "is_usable": at is not None and rng.random() > 0.1,
    }


def _random_deal(
    rng: random.Random, number: int, moment: Any, names: list[str], leads: list[dict[str, Any]]
) -> dict[str, Any]:
    created = moment()
    lead = rng.choice([*leads, None])
    timed = rng.random() > 0.3
    closed = created + dt.timedelta(days=rng.randrange(1, 200), hours=3)
    outcome = rng.choice(("won", "won", "lost", "open"))
    if not timed:
        created, closed = (dt.datetime.combine(at.date(), dt.time()) for at in (created, closed))
    return {
        "deal_id": f"d{number}",
        "account_id": rng.choice((*ACCOUNTS, None)),
        "kind": rng.choice(("new", "renewal", "expansion")),
        "amount": rng.choice((0, 1, 5, 99, 100, 1005, 12345, 999_999_937)),
        "outcome": outcome,
        "created_at": created if rng.random() > 0.15 else None,
        "created_has_time": timed,
        "closed_at": None if outcome == "open" else closed,
        "closed_has_time": timed,
        "carrier_lead_id": lead and lead["lead_id"],
        "carrier_person_id": lead and lead["person_id"],
        "primary_person_id": rng.choice([*names, *[None] * 2 * len(names)]),
        "segment": rng.choice(("small", "large")),
    }


def fast_ledgers(engine: DuckDBEngine, case: dict[str, Any]) -> dict[str, dict[Any, int]]:
    """Return per model (unit, touch or None) -> credit, as the SQL pass gives it."""
    tree, values = question(engine, "attribution/ledger", asked(agreement(), WINDOW, **case))
    frame = engine.run(tree, values)
    cells = [
        (unit, touch if isinstance(touch, str) else None)
        for unit, touch in zip(frame["unit_id"], frame["touch_id"], strict=True)
    ]
    assert len(set(cells)) == len(cells)
    return {
        model: dict(zip(cells, (int(c) for c in frame[f"{model}_credit"]), strict=True))
        for model in rule_models()
    }


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), cases=st.permutations(CASES))
def test_the_pass_gives_what_the_slow_version_gives_each_touch_once(
    seed: int, cases: list[dict[str, Any]]
) -> None:
    store = random_store(seed)
    engine = store.engine(agreement())
    twice = "select unit_number, touch_id from fct_journey group by all having count(*) > 1"
    assert engine._connection.cursor().execute(twice).fetchall() == []
    for case in cases[:4]:
        _compare(store, engine, case)


def _compare(store: AttributionStore, engine: DuckDBEngine, case: dict[str, Any]) -> None:
    plain = Asked(**{"excluded": agreement().attribution.excluded_kinds, **case})
    for model, fast in fast_ledgers(engine, case).items():
        slow = {(unit, touch): credit for unit, touch, credit in slow_ledger(store, plain, model)}
        assert fast.keys() == slow.keys()
        # Exact halves of decaying weights are nowhere representable: one minor unit apart at most.
        apart = 1 if model == "time_decay" else 0
        wrong = {key: (fast[key], slow[key]) for key in slow if abs(fast[key] - slow[key]) > apart}
        assert not wrong, (case, model, wrong)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10_000),
    case=st.sampled_from(CASES),
    segment=st.booleans(),
    by=st.sampled_from(("channel", "campaign", "kind", "segment")),
    checked=st.sampled_from((*rule_models(), *key_models())),
)
def test_credits_add_up_for_every_model_measure_key_and_filter(
    seed: int, case: dict[str, Any], segment: bool, by: str, checked: str
) -> None:
    store = random_store(seed)
    assume({*case.get("kinds", ())} <= {touch["kind"] for touch in store.touches})  # type: ignore[misc]
    engine = store.engine(agreement())
    filters = Filters.of(segment="large") if segment else Filters()
    question_ = asked(agreement(), WINDOW, **case)
    slow = slow_ledger(store, Asked(**case), "linear")
    kept = {deal["deal_id"] for deal in store.deals if deal["segment"] == "large"}
    kept_leads = set() if segment else {lead["lead_id"] for lead in store.leads}
    amounts: dict[str, int] = defaultdict(int)
    for unit, _, credit in slow:
        if not segment or unit in kept or unit in kept_leads:
            amounts[unit] += credit
    answers = attributions(engine, agreement(), question_, by=by, filters=filters, intervals=False)
    for answer in answers:
        assert answer.total == sum(amounts.values()), answer.model
        assert sum(row.credit for row in answer.rows) == answer.total
        assert answer.deals == len(amounts)
        if answer.model == checked:
            rows = ledger(engine, agreement(), question_, model=checked, by=by, filters=filters)
            assert int(rows["credit"].sum()) == answer.total
            for row in answer.rows:
                assert int(rows.loc[rows["key"] == row.key, "credit"].sum()) == row.credit


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_touches_outside_the_window_and_the_order_of_rows_change_nothing(seed: int) -> None:
    store = random_store(seed)
    shuffled = AttributionStore(
        **{name: random.Random(seed).sample(rows, len(rows)) for name, rows in vars(store).items()}
    )
    late = [
        {**touch, "touch_id": f"x{number}", "occurred_at": at}
        for number, touch in enumerate(store.touches)
        for at in (dt.datetime(2020, 1, 1), dt.datetime(2026, 12, 31))
    ]
    shuffled.touches = shuffled.touches + late
    before, after = store.engine(agreement()), shuffled.engine(agreement())
    plain = asked(agreement(), WINDOW)
    for answer, again in zip(
        attributions(before, agreement(), plain, intervals=False),
        attributions(after, agreement(), plain, intervals=False),
        strict=True,
    ):
        assert answer.rows == again.rows


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_doubling_amounts_doubles_credits_within_one_unit(seed: int) -> None:
    store = random_store(seed)
    double = random_store(seed)
    double.deals = [{**deal, "amount": 2 * deal["amount"]} for deal in double.deals]
    engines = store.engine(agreement()), double.engine(agreement())
    ledgers = [fast_ledgers(engine, {}) for engine in engines]
    for model in rule_models():
        once, twice = (credits[model] for credits in ledgers)
        assert all(abs(twice[key] - 2 * once[key]) <= 2 for key in once)
