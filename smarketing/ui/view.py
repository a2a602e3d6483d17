"""What a page is asked to show, and how a figure says which part of it it obeyed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from smarketing.agreement import Agreement
from smarketing.charts import format as fmt
from smarketing.engine import Filters
from smarketing.periods import Period, add_months, period_of
from smarketing.ui.labels import labels_of
from smarketing.ui.session import Store

PREVIOUS, LAST_YEAR, NONE = "previous period", "same period last year", "none"
#: How a box for a day writes it: as periods are written.
DAY = "YYYY-MM-DD"
COMPARISONS = (PREVIOUS, LAST_YEAR, NONE)


@dataclass(frozen=True)
class View:
    """What a figure is asked to show: which store, which window, against what, which records.

    A figure gets a view that holds only what it obeys, so that its stamp cannot say more: `dated`
    is whether it is about the window at all, `subjects` whose property a filter is where that
    differs between figures (the channel of the touch, of the lead).
    """

    store: Store
    window: Period
    comparison: str
    filters: Filters
    dated: bool = True
    subjects: tuple[tuple[str, str], ...] = ()

    @property
    def compared(self) -> Period | None:
        """The window to compare with; None when the reader wants none."""
        if self.comparison == NONE:
            return None
        same = self.comparison == LAST_YEAR
        return self.window.same_last_year() if same else self.window.previous()

    def undated(self) -> View:
        """The view of a figure that is as of the data's day, whatever the period."""
        return replace(self, dated=False)

    def within(self, window: Period) -> View:
        """The view of a figure that is about another window."""
        return replace(self, window=window)

    def without(self, *dimensions: str) -> View:
        """The view of a figure that does not know these filters."""
        return replace(self, filters=self.filters.without(*dimensions))

    def unfiltered(self) -> View:
        """The view of a figure that knows no filter."""
        return replace(self, filters=Filters())

    def of(self, **subjects: str) -> View:
        """The view with whose property each filter is: `view.of(channel="touch")`."""
        return replace(self, subjects=tuple({**dict(self.subjects), **subjects}.items()))

    def filter_name(self, dimension: str) -> str:
        """A filter by name, with whose property it is where figures differ in it."""
        subject = dict(self.subjects).get(dimension)
        return dimension.capitalize() + (f" of the {subject}" if subject else "")

    def filter_words(self) -> dict[str, str]:
        """The filters that are set, in words."""
        return {
            self.filter_name(name): ", ".join(self.labels(name).get(v, v) for v in values)
            for name, values in self.filters
        }

    def among(self, *but: str) -> str:
        """The filters that choose what a share is of, for a title: " in Enterprise, DACH"."""
        values = [
            self.labels(name).get(value, value)
            for name, chosen in self.filters
            if name not in but
            for value in chosen
        ]
        return f" in {', '.join(values)}" if values else ""

    def labels(self, dimension: str) -> Mapping[str, str]:
        """Words for the values of a filter that are ids."""
        return labels_of(self.store.agreement, dimension)

    def words(self) -> dict[str, str]:
        """The window and the filters in words, as stamps carry them."""
        period = {"Period": window_words(self.window)} if self.dated else {}
        return {**period, **self.filter_words()}

    def foot(self) -> list[str]:
        """The same, shorter, as it stands under a figure."""
        period = [window_words(self.window, short=True)] if self.dated else []
        return period + [f"{name} {values}" for name, values in self.filter_words().items()]


def window_words(window: Period, *, short: bool = False) -> str:
    """A window as its first and last counted day, with its label where it has one.

    `short`: the label alone where there is one.
    """
    if short and window.kind != "range":
        return window.label
    days = f"{fmt.day(window.start)} to {fmt.day(window.last_day)}"
    return days if window.kind == "range" else f"{window.label} ({days})"


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
