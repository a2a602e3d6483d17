"""What each member should win: data that are typed in, not a part of what is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement
from smarketing.analysis.planning.quotas import Quotas, quotas
from smarketing.build.importing.typed_in import import_typed
from smarketing.charts import format as fmt
from smarketing.currencies import minor_digits
from smarketing.errors import SmarketingError, UsageError
from smarketing.ui.grid import number_text, read_number
from smarketing.ui.session import Store, ask
from smarketing.ui.states import failed

_EDITION = "_quotas_edition"


def grid(store: Store) -> None:
    """The quotas of all members, to be added to and corrected by those who may import."""
    # Of a part of the company there is no saying whose quotas belong to it.
    if not store.access.may("import") or store.access.scope:
        return
    with st.expander("Quotas by member", icon=":material/person_check:"):
        st.caption(
            "Quotas are data, not a part of what is signed: saving them is an import, which can be "
            "undone. Periods as 2026, 2026-Q3, 2026-07 or FY2026-Q1; rows can be pasted from a "
            "spreadsheet. A row that is taken away leaves its quota as it is: write 0 instead."
        )
        found = ask(store, quotas)
        if not found.members:
            st.html(
                '<p class="sm-reading">The data name no member yet: import those of the CRM, or a '
                "table of members, and their quotas can be typed in here.</p>"
            )
            return
        edited = _table(store, found)
        if st.button("Save the quotas", icon=":material/save:"):
            _save(store, found, edited)


def _table(store: Store, found: Quotas) -> pd.DataFrame:
    rows = [
        (one.member_id, one.period, number_text(one.amount), one.currency) for one in found.held
    ]
    columns: dict[str, Any] = {
        "member": st.column_config.SelectboxColumn(
            "Member",
            options=list(found.members),
            format_func=lambda one: found.members.get(str(one), str(one)),
            required=True,
        ),
        "period": st.column_config.TextColumn("Period", required=True),
        "amount": st.column_config.TextColumn("Amount", required=True, alignment="right"),
        "currency": st.column_config.TextColumn("Currency", default=store.engine.currency),
    }
    edited: pd.DataFrame = st.data_editor(
        pd.DataFrame(rows, columns=list(columns)),
        num_rows="dynamic",
        hide_index=True,
        key=f"quotas_{st.session_state.get(_EDITION, 0)}",
        column_config=columns,
    )
    return edited


def _save(store: Store, found: Quotas, edited: pd.DataFrame) -> None:
    try:
        rows = changed(store.agreement, found, edited.to_dict("records"))
        with st.spinner("Deriving everything again …"):
            import_typed(
                store.home,
                "quota",
                rows,
                as_of=store.engine.as_of_day,
                by=store.access.email or store.access.name,
            )
    except SmarketingError as error:
        failed(error, "The quotas were not saved")
        return
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
    st.toast(f"{fmt.many(len(rows), 'quota')} saved.")
    st.rerun()


def _label(agreement: Agreement, period: str) -> str:
    try:
        return agreement.parse_period(period).label
    except UsageError:
        return period


def changed(
    agreement: Agreement, found: Quotas, rows: list[dict[Any, Any]]
) -> list[Mapping[str, str]]:
    """The rows of the grid that say something else than the data, as rows of the table.

    Raises UsageError for a row without member, period or amount, or named twice, for a part of a
    minor unit and for a period that no calendar knows.
    """
    held = {(one.member_id, one.period): (one.amount, one.currency) for one in found.held}
    # A period as the data write it is the key of its quota, even where it names none.
    spelled = {
        (one.member_id, _label(agreement, one.period)): one.period for one in reversed(found.held)
    }
    said: dict[tuple[str, str], tuple[float, str]] = {}
    for number, row in enumerate(rows, start=1):
        member, period, currency = (
            "" if fmt.is_missing(row[name]) else str(row[name]).strip()
            for name in ("member", "period", "currency")
        )
        amount = read_number(row["amount"])
        if not member or not period or amount is None:
            raise UsageError(f"Row {number} needs a member, a period and an amount.")
        if (member, period) not in held:
            label = agreement.parse_period(period).label
            period = spelled.get((member, label), label)
        key = (member, period)
        if key in said:
            name = found.members.get(member, member)
            raise UsageError(f"{name} has two quotas for {key[1]} here; keep one.")
        currency = currency.upper() or agreement.currency
        digits = minor_digits(currency)
        if amount < 0:
            raise UsageError(f"Row {number}: a quota of {amount:g} is below 0.")
        if round(amount, digits) != amount:
            raise UsageError(
                f"Row {number}: {amount:g} {currency} has more than {digits} decimals."
            )
        said[key] = (amount, currency)
    return [
        {
            "member_id": member,
            "period": period,
            "amount": f"{amount:.{minor_digits(currency)}f}",
            "currency": currency,
        }
        for (member, period), (amount, currency) in said.items()
        if held.get((member, period)) != (amount, currency)
    ]
