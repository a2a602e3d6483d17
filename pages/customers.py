"""Customers: who stays, what are they worth, and what brought them?"""

import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.analysis.customers.kept import BROUGHT_BY, due, kept
from smarketing.ui.address import choice, here
from smarketing.ui.exhibit import show
from smarketing.ui.sections.customers import kept as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.states import empty, unavailable

view = here().of(channel="customer", persona="customer", owner="customer")
store = view.store
above = st.container()
by = choice("Brought by", BROUGHT_BY, key="by")
whole = next(iter(ask(store, kept, store.agreement, view.window, view.filters)), None)
found = ask(store, kept, store.agreement, view.window, view.filters, by)
with above:
    contracts = len(ask(store, due, view.filters.without(*BROUGHT_BY)))
    missing = ask(store, not_given, ("fct_customer",))
    head(
        "Customers",
        section.finding(whole, contracts, ask(store, not_given, ("fct_contract",))),
        missing,
    )
if missing:
    unavailable("Customers are not available", missing)
elif not any(one.opening_customers or one.new_customers for one in found):
    empty(
        "No customer was under contract or won in this period",
        "There is no contract and no first won deal for new business in the period and filters.",
        "Choose a longer period or fewer filters; contracts come from the file of contracts.",
    )
else:
    show(section.by_origin(view, by, found))
    show(section.value_against_cost(view, by, found))
show(section.renewals(view.without(*BROUGHT_BY)))
