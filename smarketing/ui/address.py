"""The filter bar and every other control, all of it in the address: a link reproduces the view."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from smarketing import app_path
from smarketing.agreement import Agreement
from smarketing.analysis.dimensions import dimension_values
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.engine import Filters
from smarketing.errors import SmarketingError, UsageError
from smarketing.periods import Period, add_months, parse_window, period_of
from smarketing.ui.navigation import navigation
from smarketing.ui.session import Store, ask

BAR = ("segment", "region", "persona", "channel", "owner")
#: Each run of a script has a thread of its own.
_run = threading.local()
COMPARISONS = ("previous period", "same period last year", "none")


@dataclass(frozen=True)
class View:
    """What a page is asked to show: which store, which window, against what, which records."""

    store: Store
    window: Period
    comparison: str
    filters: Filters

    @property
    def compared(self) -> Period | None:
        """The window to compare with; None when the reader wants none."""
        if self.comparison == "none":
            return None
        same = self.comparison == "same period last year"
        return self.window.same_last_year() if same else self.window.previous()

    def words(self, *dimensions: str) -> dict[str, str]:
        """The window and the filters in words, for stamps; only the `dimensions` named, if any."""
        kept = self.filters.only(*dimensions) if dimensions else self.filters
        chosen = {name.capitalize(): ", ".join(values) for name, values in kept}
        return {"Period": window_words(self.window), **chosen}


def window_words(window: Period, *, short: bool = False) -> str:
    """A window as its first and last counted day, with its label where it has one.

    `short`: the label alone where there is one.
    """
    if short and window.kind != "range":
        return window.label
    days = f"{fmt.day(window.start)} to {fmt.day(window.last_day)}"
    return days if window.kind == "range" else f"{window.label} ({days})"


def read_window(text: str, agreement: Agreement) -> Period:
    """Read what the period box holds: `2026-Q2`, `2026-W24`, or `2025-07..2026-06` (inclusive).

    UsageError says how to write one.
    """
    first, dots, last = text.partition("..")
    if not dots:
        return agreement.parse_period(text)
    start, end = agreement.parse_period(first), agreement.parse_period(last)
    if end.end <= start.start:
        raise UsageError(f"The period '{text}' ends before it begins; write the earlier one first.")
    return parse_window(start.start, end.end)


def period_options(as_of: date, agreement: Agreement) -> list[str]:
    """Periods worth offering on a day, the default first: quarters, months, weeks, years."""
    settings = {
        "week_start": agreement.week_start,
        "fiscal_year_start_month": agreement.fiscal_year_start_month,
    }

    def of(kind: str, day: date = as_of) -> Period:
        return period_of(day, kind, **settings)

    quarter, month, week, year = of("quarter"), of("month"), of("week"), of("year")
    twelve = add_months(month.start, -11)
    # A quarter that has hardly begun says nothing yet: start with the one before.
    young = as_of - quarter.start < timedelta(days=30)
    quarters = [quarter.label, quarter.previous().label, quarter.previous().previous().label]
    if young:
        quarters = [quarters[1], quarters[0], quarters[2]]
    options = [
        *quarters,
        f"{twelve:%Y-%m}..{month.label}",
        month.label,
        month.previous().label,
        week.label,
        week.previous().label,
        year.label,
        year.previous().label,
        f"{year.start.year - 4}..{year.label}",
    ]
    if agreement.fiscal_year_start_month != 1:
        options += [of("fiscal_quarter").label, of("fiscal_year").label]
    return list(dict.fromkeys(options))


def filter_bar(store: Store) -> View:
    """Draw the bar and read it. An unreadable period is said so and stops the page."""
    options = period_options(store.engine.as_of_day, store.agreement)
    typed = st.session_state.get("period") or st.query_params.get("period")
    if typed and typed not in options:
        options.append(str(typed))
    with st.container(horizontal=True, key="filter_bar", gap="small", vertical_alignment="bottom"):
        text = st.selectbox(
            "Period",
            options,
            key="period",
            bind="query-params",
            accept_new_options=True,
            width=176,
            help=(
                "Pick one or type your own: 2026-W24, 2026-06, 2026-Q2, 2026, FY2026-Q1, or a "
                "stretch such as 2025-07..2026-06."
            ),
        )
        comparison = st.selectbox(
            "Compared with", COMPARISONS, key="compare", bind="query-params", width=160
        )
        chosen = {name: _dimension(store, name) for name in BAR}
    try:
        window = read_window(str(text), store.agreement)
    except SmarketingError as error:
        st.error(markdown(error), icon=":material/calendar_month:")
        st.stop()
    return View(store, window, str(comparison), Filters.from_mapping(chosen))


def _dimension(store: Store, name: str) -> list[str]:
    options = ask(store, dimension_values, name)
    return st.multiselect(
        name.capitalize(),
        options,
        key=name,
        bind="query-params",
        placeholder="all",
        width=168,
        disabled=not options,
    )


def choice(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    help: str | None = None,
    labels: Mapping[str, str] | None = None,
    default: str | None = None,
    width: int = 168,
) -> str:
    """A control whose value is in the address; `labels` are words for ids (blanks for `_`)."""
    words = {(labels or {}).get(o, o.replace("_", " ")): o for o in options}
    shown = list(words)
    first = 0 if default is None or default not in options else list(options).index(default)
    picked = st.selectbox(
        label, shown, index=first, key=key, bind="query-params", help=help, width=width
    )
    return words.get(str(picked), options[first])


def link(view: View, page: str) -> str:
    """The address of a view with everything spelled out, the defaults too, so that it lasts."""
    pairs: list[tuple[str, str]] = [("period", st.session_state.get("period", view.window.label))]
    pairs.append(("compare", view.comparison))
    pairs += [(name, value) for name, values in view.filters for value in values]
    known = {name for name, _ in pairs}
    for name in st.query_params:
        if name not in known:
            pairs += [(name, value) for value in st.query_params.get_all(name)]
    return f"/{page}?{urlencode(pairs)}" if page else f"/?{urlencode(pairs)}"


@contextmanager
def framed(view: View) -> Iterator[None]:
    """Let a page that runs inside the frame read the view that the frame's bar was read into."""
    _run.view = view
    try:
        yield
    finally:
        del _run.view


def here() -> View:
    """The view of the page that is being run.

    A server that has not shown any page yet runs the script of a linked page without the frame
    around it: then the frame is called first.
    """
    view: View | None = getattr(_run, "view", None)
    if view is None:
        navigation(app_path().parent / "pages")
        st.rerun()
    return view
