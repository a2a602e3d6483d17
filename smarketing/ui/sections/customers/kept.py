"""Exhibits of customers: who was kept, by what brought them, and which contracts are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd

from smarketing.analysis.availability import not_given
from smarketing.analysis.customers.kept import DUE_DAYS, Kept, due, kept_records
from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.rates import SMALL_COUNT, Rate
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask
from smarketing.ui.view import View

_QUESTION = "Which customers stay, what are they worth, and what did they cost?"
_TEXT = (
    "Customers under contract when the period begins, by the channel, campaign or persona of their "
    "first won deal. Left: without a running contract at its end. Kept and net revenue: what they "
    "bring at the end against the start, without and with what they added; expansion is the "
    "difference. Renewed: ended contracts that another one followed."
)
_FORMULA = (
    "lifetime value = recurring revenue per customer ÷ 12 × gross margin × months they stay; "
    "months = those of the period × customers at the start ÷ customers lost, at most the agreed "
    "horizon; "
    "cost = acquisition cost ÷ new customers of the period"
)
_CAVEATS = (
    "Fewer than 5 customers lost make lifetime value leap: such rows say unsettled, and their "
    "value is not divided by cost. Of fewer than 5 answers no promoter score is told.",
    "Costs have no persona and no segment: with these, cost is not available. What names no "
    "campaign, such as salaries, stands at (unknown).",
    "What brought a customer is association: other customers might have stayed elsewhere.",
)


def finding(whole: Kept | None, contracts: int, missing: str | None = None) -> str:
    """How many customers left and what the others bring, and how many contracts are due.

    `missing` says why nothing is known of contracts.
    """
    if missing:
        return f"Who stays is not known: {missing}."
    if whole is None or not whole.opening_customers:
        said = "No customer was under contract when the period began."
    else:
        left = fmt.number(whole.lost_customers) if whole.lost_customers else "none"
        customers = fmt.many(whole.opening_customers, "customer")
        said = f"Of {customers} when the period began, {left} "
        said += "has left" if whole.lost_customers in (0, 1) else "have left"
        said += "."
        if whole.net_retention is not None:
            brought = fmt.percent(whole.net_retention, 0)
            said += f" Together they bring {brought} of what they brought then"
            said += ", those who left counted as nothing." if whole.lost_customers else "."
    ending = {0: "No contract ends", 1: "One contract ends"}.get(
        contracts, f"{fmt.number(contracts)} contracts end"
    )
    return f"{said} {ending} within a year without another that follows."


def _words(view: View, by: str, found: Sequence[Kept]) -> dict[str, str]:
    names = ask(view.store, campaign_names) if by == "campaign" else {}
    return {one.key: names.get(one.key) or name_of(view.store.agreement, by, one.key)
            for one in found}  # fmt: skip


def _frame(view: View, by: str, found: Sequence[Kept]) -> pd.DataFrame:
    words, scale = _words(view, by, found), 10**view.store.engine.minor_digits
    rows = [
        {
            by: words[one.key],
            "at the start": one.opening_customers,
            "left": _counts(one.churn),
            "kept revenue": one.gross_retention,
            "net revenue": one.net_retention,
            "expansion": one.expansion,
            "renewed": _counts(one.renewal),
            "promoter score": one.nps if one.nps_answers >= SMALL_COUNT else None,
            "answers": one.nps_answers,
            "new": one.new_customers,
            "lifetime value": _major(one.lifetime_value, scale),
            "cost": _major(one.cost_per_customer, scale),
            "value to cost": None if _note(one) else one.value_to_cost,
            "note": _note(one),
        }
        for one in found
    ]
    frame = pd.DataFrame(rows)
    for name in (*_RATES, "promoter score", "lifetime value", "cost", "value to cost"):
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame


_RATES = ("kept revenue", "net revenue", "expansion")
_UNITS = {
    **dict.fromkeys(_RATES, "rate"), "lifetime value": "money", "cost": "money",
    "value to cost": "ratio", "left": "right", "renewed": "right",
}  # fmt: skip


def _major(amount: float | None, scale: int) -> float | None:
    return None if amount is None else amount / scale


def _counts(rate: Rate) -> str:
    """A rate as counts, which few records always allow."""
    return f"{fmt.number(rate.successes)} of {fmt.number(rate.n)}" if rate.n else ""


def _note(one: Kept) -> str:
    if one.lifetime_value is not None and one.lost_customers < SMALL_COUNT:
        return "unsettled"
    return ""


def by_origin(view: View, by: str, found: Sequence[Kept]) -> Exhibit:
    """Retention, renewal, expansion, lifetime value against cost, satisfaction: a row by origin."""
    shown = [one for one in found if one.opening_customers or one.new_customers]
    words = _words(view, by, shown)
    known = [one for one in shown if not one.churn.is_small and not one.key.startswith("(")]
    title = f"Too few customers by {by} to tell which stay"
    untold = ask(view.store, not_given, ("fct_contract",))
    if untold:
        came = fmt.many(sum(one.new_customers for one in shown), "new customer")
        title = f"{came}; which customers stay is not known"
    elif not any(one.opening_customers for one in shown):
        title = "Nobody was a customer yet who could stay or leave"
    title = most_kept(known, by, words) or title
    params = {"from": view.window.start, "to": view.window.end}
    engine, frame = view.store.engine, _frame(view, by, shown)
    return Exhibit(
        key="kept",
        title=title,
        reading="Customers by what brought them; a click on a row lists them.",
        view=view,
        definition=Definition(
            "Customers kept", _QUESTION, _TEXT, _FORMULA, caveats=_CAVEATS,
            sql=lambda: engine.sql("customers/kept", params, view.filters, by),
        ),
        data=frame,
        columns=_columns(frame, by, bool(untold)),
        records=lambda part: _customers(view, by, shown, part),
        parts=words,
        units=_UNITS,
        height=640,
        campaigns=words if by == "campaign" else {},
    )  # fmt: skip


def most_kept(known: Sequence[Kept], by: str, words: Mapping[str, str]) -> str:
    """Whose customers bring the most of what they did; empty where that is known of none."""
    told = [(one.net_retention, one.key) for one in known if one.net_retention is not None]
    if not told:
        return ""
    share = max(share for share, _ in told)
    first = [words[key] for each, key in told if each == share]
    brings = f"bring {fmt.percent(share, 0)} of what they did"
    if len(first) > 1:
        return f"Customers of {fmt.many(len(first), by)} {brings}"
    if len(told) == 1:
        return f"Customers that {first[0]} brought {brings}"
    most = "grew most" if share > 1 else "stayed best"
    return f"Customers that {first[0]} brought {most}: they {brings}"


def _columns(frame: pd.DataFrame, by: str, is_untold: bool) -> list[str]:
    """What the screen shows: nothing that only contracts tell of where none is given."""
    if is_untold:
        return [by, "new", "cost", "promoter score", "answers"]
    noted = frame["note"].any()
    # Expansion is what net revenue is above the kept one; exports have it.
    return [str(name) for name in frame if name != ("expansion" if noted else "note")]


def _customers(view: View, by: str, found: Sequence[Kept], part: str | None) -> Records:
    keys = tuple(one.key for one in found if part in (None, one.key))
    rows = ask(view.store, kept_records, view.window, view.filters, by, keys)
    expected = sum(one.opening_customers for one in found if one.key in keys)
    return listed(view.store, rows, "customers at the start", expected=float(expected))


def value_against_cost(view: View, by: str, found: Sequence[Kept]) -> Exhibit:
    """Lifetime value of a customer by what brought it, its cost beside."""
    scale, currency = 10**view.store.engine.minor_digits, view.store.engine.currency
    valued = [one for one in found if one.lifetime_value is not None]
    frame = pd.DataFrame(
        [
            {
                "key": one.key,
                "value": _major(one.lifetime_value, scale),
                "note": _against(one, scale, currency),
            }
            for one in valued
        ],
        columns=["key", "value", "note"],
    )
    words = _words(view, by, found)
    settled = [
        one for one in valued if one.lost_customers >= SMALL_COUNT and not one.key.startswith("(")
    ]
    title = f"What a customer is worth is not settled: too few have left by {by} to tell"
    if not valued:
        title = "What a customer is worth is not known"
    if settled:
        first = max(settled, key=lambda one: (one.lifetime_value or 0, one.key))
        amount = fmt.money(_major(first.lifetime_value, scale), currency)
        most = "worth most: " if len(settled) > 1 else "worth "
        title = f"A customer of {words[first.key]} is {most}{amount} over its lifetime"
    return Exhibit(
        key="worth",
        needs=("fct_contract",),
        title=title,
        reading="Margin over the lifetime of one customer at the churn of the period, which is not "
        "settled where fewer than 5 have left. Its cost stands beside, where costs are known.",
        view=view,
        definition=Definition("Lifetime value", _QUESTION, _TEXT, _FORMULA, caveats=_CAVEATS),
        data=frame.rename(columns={"key": by}),
        draw=lambda look: ranked_bars(
            frame,
            look,
            Encoding(key="key", unit="money", currency=currency, labels=words, note="note",
                     hue=look.shared),
        ),
        records=lambda part: _customers(view, by, valued, part),
        parts={one.key: words[one.key] for one in valued},
        units={"value": "money"},
        reason="nobody was under contract when the period began, or no gross margin is agreed",
        campaigns=words if by == "campaign" else {},
    )  # fmt: skip


def _against(one: Kept, scale: int, currency: str) -> str:
    cost = _major(one.cost_per_customer, scale)
    said = f"{one.lost_customers} of {one.opening_customers} left"
    if cost is None or one.value_to_cost is None or _note(one):
        return said
    return f"{fmt.number(one.value_to_cost, 1)} × its cost of {fmt.money(cost, currency)}; {said}"


def renewals(view: View) -> Exhibit:
    """Contracts that end soon and that none follows, with the last mark the customer gave."""
    rows = ask(view.store, due, view.filters)
    shown = listed(view.store, rows.drop(columns=["contract_id", "deal_id"]), "contracts").frame
    shown = shown.rename(columns={"recurring_amount": "a year", "last_nps": "last mark"})
    total = float(pd.to_numeric(shown["a year"]).sum()) if len(shown) else 0.0
    currency = view.store.engine.currency
    today = view.store.engine.as_of_day
    params = {"from": today, "to": today + timedelta(days=DUE_DAYS)}
    return Exhibit(
        key="renewals",
        needs=("fct_contract",),
        title=f"{fmt.many(len(shown), 'contract is', 'contracts are')} due for renewal, worth "
        f"{fmt.money(total, currency)} a year" if len(shown) else "No contract ends within a year",
        reading="Ending within a year of the data's date, without another one that "
        "follows; the last mark is of 0 to 10. A click on a row leads to the customer.",
        view=view.undated(),
        definition=Definition(
            "Renewals due",
            "Whose contract ends soon?",
            "Contracts that were not given up, whose last day lies ahead, and that no contract of "
            "the same customer follows.",
            sql=lambda: view.store.engine.sql("customers/due", params, view.filters),
        ),
        data=shown,
        units={"a year": "money"},
        reason="no contract ends within a year",
        height=420,
    )  # fmt: skip
