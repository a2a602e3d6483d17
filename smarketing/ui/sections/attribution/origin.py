"""Exhibits beside credit: who sourced deals, what marketing influenced, measured lift."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from smarketing.agreement.attribution import ORIGINATOR_TESTS
from smarketing.analysis.attribution import Attribution
from smarketing.analysis.attribution.origin import OVERLAP, Origins, origin_records
from smarketing.analysis.attribution.result import NOT_LIFT
from smarketing.analysis.availability import without_amount
from smarketing.charts import format as fmt
from smarketing.charts.bars import stacked
from smarketing.charts.encoding import Encoding
from smarketing.charts.theme import Look, mix
from smarketing.errors import SmarketingError
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.gate import recheck
from smarketing.ui.person import person
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.attribution.credit import names
from smarketing.ui.session import ask
from smarketing.ui.states import failed
from smarketing.ui.view import View
from smarketing.workspace import Experiment, open_workspace
from smarketing.workspace.store import now

#: The tests of who originated a deal, as short as a row of a chart needs them.
_TESTS = {
    "lead_source": "CRM's lead source",
    "first_touch": "First touch",
    "before_sales": "Marketing before sales",
}


def _hues(look: Look) -> dict[str, str]:
    return {
        "marketing": look.marketing,
        "sales_development": look.sales,
        "account_executive": mix(look.sales, look.paper, 0.55),
        "partner": look.shared,
        "success": mix(look.shared, look.paper, 0.65),
        "product": mix(look.shared, look.paper, 0.4),
        "unknown": look.faint,
    }


def sourced(view: View, found: Origins) -> Exhibit:
    """Who originated the deals under three tests side by side, the agreed one marked."""
    unit, currency = 10**found.minor_digits, view.store.engine.currency
    labels = {
        test: words + (" (agreed)" if test == found.agreed_test else "")
        for test, words in _TESTS.items()
    }
    frame = pd.DataFrame(
        [
            {
                "test": labels[test],
                **{name: part.amount / unit for name, part in parts.items()},
            }
            for test, parts in found.tests.items()
        ]
    )
    originators = [c for c in frame.columns if c != "test" and frame[c].sum()]
    noun = "won revenue" if found.measure == "revenue" else "pipeline"
    return Exhibit(
        key="sourced",
        title=_title(view, found, noun),
        reading=_parts(found, unit, currency) + OVERLAP + _lacking(found, currency),
        view=view,
        definition=Definition(
            "Sourced and influenced",
            "Who brought the deals, and where did marketing have a part?",
            "Every deal has one originator, fixed at its creation, under one of three tests. "
            "Influenced is every deal with at least one marketing touch in the window.",
            "sourced share = amount of deals marketing originated ÷ amount of all deals",
            caveats=(OVERLAP,),
            sql=lambda: view.store.engine.sql(
                "attribution/origin",
                {
                    "measure": found.measure,
                    "from_day": view.window.start,
                    "to_day": view.window.end,
                },
                view.filters,
            ),
        ),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            Encoding(key="test", unit="money", currency=currency),
            [(o, o.replace("_", " "), _hues(look)[o]) for o in originators],
        ),
        records=lambda _: _deals(view, found),
        choices={"Measure": found.measure, "Agreed test": ORIGINATOR_TESTS[found.agreed_test]},
        units=dict.fromkeys(originators, "money"),
    )


def _title(view: View, found: Origins, noun: str) -> str:
    """What marketing sourced and influenced; neither is 0 % where nobody recorded what it takes."""
    own, touched, among = found.sourced, found.influenced, view.among()
    if not found.all_deals.deals:
        return f"No {noun} in this period"
    if found.all_deals.is_untold:
        return f"What marketing sourced or influenced of {noun}{among} is not known"
    influenced = f"influenced {fmt.percent(touched.share, 0)}"
    if not _knows_sourced(found):
        if not touched.deals:
            return f"What marketing sourced or influenced of {noun}{among} is not known"
        return f"Marketing {influenced} of {noun}{among}; what it sourced is not known"
    sourced = f"Marketing sourced {fmt.percent(own.share, 0)} of {noun}{among}"
    untold = found.tests[found.agreed_test].get("unknown")
    rest = ""
    if untold is not None and untold.deals:
        rest = f"; who sourced {fmt.percent(untold.share, 0)} is not known"
    if not touched.deals:
        return f"{sourced}{rest}; no deal of it has a touch of marketing's"
    return f"{sourced} and {influenced}{rest}"


def _knows_sourced(found: Origins) -> bool:
    """Whether of any deal it is known who originated it under the agreed test."""
    return any(part.deals for name, part in found.tests[found.agreed_test].items()
               if name != "unknown")  # fmt: skip


def _parts(found: Origins, unit: int, currency: str) -> str:
    """What is sourced and influenced in money and deals; of what is not known, nothing."""
    parts = []
    for part, how, known in ((found.sourced, "sourced by the agreed test", _knows_sourced(found)),
                             (found.influenced, "influenced", found.influenced.deals)):  # fmt: skip
        if known and not part.is_untold:
            amount = fmt.money(part.amount / unit, currency)
            deals = part.deals - part.lacking
            parts.append(f"{amount} from {fmt.many(deals, 'deal')} {how}")
    return f"{'; '.join(parts)}. " if parts else ""


def _lacking(found: Origins, currency: str) -> str:
    lacking = found.all_deals.lacking
    return f" {without_amount(lacking, currency)}" if lacking else ""


def _deals(view: View, found: Origins) -> Records:
    frame = ask(
        view.store, origin_records, view.window, measure=found.measure, filters=view.filters
    )
    unit = 10**found.minor_digits
    frame = frame.assign(amount=frame["amount"].astype("Float64") / unit)
    records = listed(
        view.store,
        frame,
        "deals",
        total="amount",
        unit="money",
        expected=found.all_deals.amount / unit,
    )
    return Records(**{**vars(records), "units": {"amount": "money"}})


def lift(view: View, answer: Attribution, measured: dict[str, Experiment]) -> Exhibit:
    """Measured lift beside credit: two different things, never merged."""
    shares = {row.key: row.share for row in answer.rows}
    labels = names(view, answer)
    frame = pd.DataFrame(
        [
            {
                answer.by: labels.get(key, key),
                "credit_share": shares.get(key),
                "lift": e.lift,
                "low": e.low,
                "high": e.high,
                "note": e.note,
                "entered_by": e.entered_by,
                "entered_at": e.entered_at,
            }
            for key, e in measured.items()
        ]
    )
    return Exhibit(
        key="lift",
        title=f"{fmt.many(len(measured), 'experiment')} beside the credit",
        reading=f"{NOT_LIFT} Lift is what an experiment measured.",
        view=view,
        definition=Definition(
            "Measured lift",
            "What did an experiment say it caused?",
            "The newest lift entered for each key, with its limits, as people entered it.",
            caveats=(NOT_LIFT,),
        ),
        data=frame,
        units={"credit_share": "rate", "lift": "rate", "low": "rate", "high": "rate"},
    )


@st.fragment
def enter_lift(view: View, answer: Attribution) -> None:
    """A place to enter an experiment's lift; it is kept with the signatures, not in the build."""
    recheck(view.store.access)
    if not view.store.access.may("write"):
        return
    labels = {k: v for k, v in names(view, answer).items() if not k.startswith("(")}
    with (
        st.popover("Enter an experiment's lift", icon=":material/science:", type="tertiary"),
        st.form("experiment", border=False),
    ):
        st.caption(NOT_LIFT)
        key = st.selectbox(answer.by.capitalize(), list(labels), format_func=lambda k: labels[k])
        values = st.columns(3)
        lift_percent = values[0].number_input("Lift in %", value=0.0, step=1.0)
        low = values[1].number_input("From", value=None, step=1.0)
        high = values[2].number_input("To", value=None, step=1.0)
        note = st.text_input("What was tested", placeholder="geo holdout, 6 weeks")
        who = person(view.store)
        by = who.name if who.is_verified else st.text_input("Your name")
        if st.form_submit_button("Put it on record"):
            lift = (lift_percent, low, high)
            _record(view, _experiment(answer.by, str(key), lift, note, by))


def _experiment(
    dimension: str,
    key: str,
    values: tuple[float, float | None, float | None],
    note: str,
    by: str,
) -> Experiment:
    lift, low, high = [None if value is None else value / 100 for value in values]
    return Experiment(
        dimension=dimension, key=key, lift=lift or 0.0, low=low, high=high, note=note,
        entered_by=by, entered_at=now(),
    )  # fmt: skip


def _record(view: View, experiment: Experiment) -> None:
    try:
        open_workspace(view.store.home).add_experiment(experiment)
    except SmarketingError as error:
        failed(error, "The lift was not recorded")
        return
    st.rerun()
