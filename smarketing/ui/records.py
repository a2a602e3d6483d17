"""The records under a figure: a table whose sum is shown and compared with the figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from smarketing.access import Access
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.charts.words import column_label
from smarketing.currencies import minor_digits
from smarketing.export.stamp import Stamp
from smarketing.export.tables import to_csv, to_xlsx
from smarketing.settings import Settings
from smarketing.store.audit import EXPORTED
from smarketing.store.audit import note as log
from smarketing.ui import drill, texts
from smarketing.ui.gate import handing, let_in
from smarketing.ui.labels import labels_of
from smarketing.ui.session import Store

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of a table that are sent to a browser at most.
SHOWN = 50_000
#: Characters of names that need a column of their width, and that are shown at most.
SHORT_NAME, LONG_NAME, NOTE = 12, 32, 42
#: The share of its longest text that the first of a column must have, to get it the room.
_MUCH = 0.8
#: How many times the usual length a text may have before the table takes it for an odd one out.
_ODD = 1.5


def listed(
    store: Store,
    frame: pd.DataFrame,
    noun: str,
    *,
    expected: float | None = None,
    total: str | None = None,
    unit: str = "count",
    note: str = "",
) -> Records:
    """Records as the analyses hand them out, made readable.

    Instants become local time of the agreement, `…_amount` columns major units, ids of channels,
    segments and the like their labels; a `key` that says "(all)" throughout is dropped.
    """
    shown, units = frame.copy(), {}
    if "key" in shown and (shown["key"] == "(all)").all():
        shown = shown.drop(columns="key")
    for name in shown.columns:
        words = labels_of(store.agreement, str(name))
        if words:
            shown[name] = shown[name].astype(object).replace(dict(words))
        elif str(name).endswith("_amount"):
            shown[name] = shown[name].astype("Float64") / 10**store.engine.minor_digits
            units[str(name)] = "money"
    shown = localised(store, shown)
    return Records(shown.reset_index(drop=True), noun, total, unit, expected, units, note)


def localised(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    """A copy whose instants (naive UTC) stand in the agreement's zone, with their offset."""
    moved = {}
    for name in frame.columns:
        kind = str(frame[name].dtype)
        is_instant = "timestamp" in kind or "datetime" in kind or str(name).endswith("_at")
        if is_instant and "UTC" not in kind and "/" not in kind:
            instants = pd.to_datetime(frame[name].astype("datetime64[us]"), utc=True)
            moved[name] = instants.dt.tz_convert(store.agreement.timezone)
    return frame.assign(**moved)


@dataclass(frozen=True)
class Records:
    """The rows under a figure. `total` names the column that adds up to `expected`.

    Without `total` the rows themselves are counted. `units` says how columns are written; `note`
    explains a table whose sum is not the figure, such as a ratio's two parts.
    """

    frame: pd.DataFrame
    noun: str = "records"
    total: str | None = None
    unit: str = "count"
    expected: float | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def sum(self) -> float:
        """What the rows add up to."""
        if self.total is None:
            return float(len(self.frame))
        return float(pd.to_numeric(self.frame[self.total]).sum()) if len(self.frame) else 0.0

    @property
    def adds_up(self) -> bool | None:
        """Whether the rows add up to the figure; None where there is no figure to compare with."""
        if self.expected is None:
            return None
        return abs(self.sum - self.expected) <= max(0.005, abs(self.expected) * 1e-9)

    def words(self, currency: str) -> str:
        """The sum as Markdown: how many rows, what they add up to, and whether it is the figure."""
        text = markdown(f"{fmt.number(len(self.frame))} {self.noun}")
        if self.total is not None and not self.note:
            name = column_label(self.total).lower()
            whole = fmt.by_unit(self.sum, self.unit, currency, exact=True)
            text += markdown(f" · {name} {whole}")
        if self.adds_up is True:
            text += " · :material/check: adds up to the figure"
        elif self.adds_up is False:
            figure = fmt.by_unit(self.expected, self.unit, currency, exact=True)
            text += f" · :material/error: the figure says {markdown(figure)}"
        return f"{text} · {markdown(self.note)}" if self.note else text


#: How a table writes numbers of a unit, and how long that is.
_WRITTEN: Mapping[str, tuple[str, Callable[[float], str]]] = {
    **dict.fromkeys(
        ("rate", "share", "percent"), ("percent", lambda value: f"{100 * value:,.1f}%")
    ),
    "difference": ("%+.1f pts", lambda value: f"{100 * value:+.1f} pts"),
    "ratio": ("%.2f ×", lambda value: f"{value:,.2f} ×"),
}


def column_config(frame: pd.DataFrame, units: Mapping[str, str], currency: str) -> dict[str, Any]:
    """How each column is written: numbers to the right and by unit, dates as dates."""
    config: dict[str, Any] = {}
    for name in frame.columns:
        label, unit = column_label(str(name)), units.get(str(name), "")
        if unit in {"money", "currency"}:
            config[name] = _money_column(label, frame[name], currency)
        elif unit in _WRITTEN:
            pattern, written = _WRITTEN[unit]
            width = _width(label, frame[name], written)
            config[name] = st.column_config.NumberColumn(label, format=pattern, width=width)
        elif unit == "right":
            config[name] = st.column_config.TextColumn(label, alignment="right")
        elif unit == "bar":
            config[name] = st.column_config.ProgressColumn(
                label, format="percent", min_value=0, max_value=1
            )
        elif unit == "spark":
            config[name] = st.column_config.LineChartColumn(label, width="small")
        elif pd.api.types.is_bool_dtype(frame[name]):
            config[name] = st.column_config.CheckboxColumn(label)
        elif "timestamp" in str(frame[name].dtype) or "datetime" in str(frame[name].dtype):
            config[name] = st.column_config.DatetimeColumn(label, format="D MMM YYYY, HH:mm")
        elif _is_day(frame[name]):
            config[name] = st.column_config.DateColumn(label, format="D MMM YYYY")
        elif pd.api.types.is_numeric_dtype(frame[name]):
            config[name] = st.column_config.NumberColumn(label, format="localized")
        else:
            config[name] = st.column_config.Column(label)
    return config | _names(frame, units)


def _names(frame: pd.DataFrame, units: Mapping[str, str]) -> dict[Any, Any]:
    """Names whose column would cut them: those of the rows, longer than their first, or than most.

    The table makes room for the text of its first rows, but not for one far longer than the
    others.
    """
    config: dict[Any, Any] = {}
    for place, name in enumerate(frame.columns):
        values, unit = frame[name], units.get(str(name), "")
        known = values.dropna()
        if not len(frame) or not pd.api.types.is_string_dtype(known):
            continue
        longest = int(known.astype(str).str.len().max()) if len(known) else 0
        first = 0 if fmt.is_missing(values.iloc[0]) else len(str(values.iloc[0]))
        rare = longest > _ODD * known.astype(str).str.len().mean()
        if first < _MUCH * longest or rare or (longest > SHORT_NAME and not place):
            longest = max(longest, len(column_label(str(name))))
            config[name] = st.column_config.TextColumn(
                column_label(str(name)),
                width=28 + 7 * min(longest, NOTE if place else LONG_NAME),
                alignment="right" if unit == "right" else None,
            )
    return config


def _is_day(values: pd.Series) -> bool:
    """Whether a column holds days, which pandas keeps as objects."""
    known = values.dropna()
    return len(known) > 0 and isinstance(known.iloc[0], date)


def _money_column(label: str, values: pd.Series, currency: str) -> Any:
    """Amounts with their currency; in whole units where they are large."""
    known = pd.to_numeric(values, errors="coerce").abs().max()
    is_large = not fmt.is_missing(known) and known >= texts.WHOLE_FROM
    places = 0 if is_large else minor_digits(currency)
    pattern = fmt.with_currency(f"%,.{places}f" if places else "%,d", currency)
    width = _width(label, values, lambda v: fmt.with_currency(f"{v:,.{places}f}", currency))
    return st.column_config.NumberColumn(label, format=pattern, width=width)


def _rounded(frame: pd.DataFrame, units: Mapping[str, str], currency: str) -> pd.DataFrame:
    """Tenths of a percent, hundredths of a number, what a currency has: what a reader compares."""
    places = {
        name: 3 if units.get(str(name)) in {"rate", "share", "percent", "difference"} else 2
        for name in frame.columns
        if pd.api.types.is_float_dtype(frame[name])
    }
    for name in places:
        if units.get(str(name)) == "money":
            is_small = (frame[name].abs().dropna() < texts.WHOLE_FROM).all()
            places[name] = minor_digits(currency) if is_small else 0
    rounded = frame.round(places)
    for name in places:
        # Few are not none: what would round to nothing stays as it is.
        few = (rounded[name] == 0) & (frame[name] != 0) & frame[name].notna()
        rounded[name] = rounded[name].where(~few, frame[name])
        if units.get(str(name)) == "difference":
            # Written in points, of which the table's formats know nothing.
            rounded[name] = 100 * rounded[name]
    return rounded


def _width(label: str, values: pd.Series, written: Callable[[float], str]) -> int:
    """Pixels that hold the heading and the longest number: half a number would be another one."""
    known = pd.to_numeric(values, errors="coerce").dropna()
    ends = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    return 28 + 8 * max(len(label), *(len(written(end)) for end in ends))


def table(
    frame: pd.DataFrame,
    currency: str,
    *,
    units: Mapping[str, str] | None = None,
    key: str | None = None,
    height: int | None = None,
    alt: str | None = None,
    on_select: Callable[[], None] | None = None,
    columns: Sequence[str] = (),
) -> None:
    """A table in the house style, without an index, as tall as its rows up to `height`.

    `columns` are those shown, all where none are named; one of sentences alone is wrapped text.
    `on_select` is called when a cell is clicked. Without it a click leads to the page of the
    record that the cell or its row names: a lead, deal, account, person, campaign or owner.

    Rows are sent at once, `SHOWN` at most: Streamlit would hand on those of a long table later, and
    would not ask whether whoever scrolls may still see them.
    """
    tall = min(36 + 35 * max(len(frame), 1), height or 420)
    if on_select is None and key is not None and drill.leads_on(frame):
        on_select = drill.on_cell(key, frame)
    ids = drill.hidden(frame)
    shown = [str(n) for n in frame.columns if n not in ids and (not columns or n in columns)]
    labels = {name: column_label(name) for name in shown}
    if on_select is None and texts.is_read(frame):
        texts.read(frame[shown], labels, height=height or 420, alt=alt or "Table")
        return
    first = frame.head(SHOWN)
    with st.container(gap=None):
        st.dataframe(
            _rounded(first, units or {}, currency),
            hide_index=True,
            column_config=column_config(first, units or {}, currency),
            column_order=shown,
            key=key,
            height=tall,
            placeholder="",
            alt=alt,
            on_select=on_select or "ignore",
            selection_mode="single-cell",
            lazy=False,
        )
        if (left := len(frame) - len(first)) > 0:
            said = fmt.many(left, "more row is", "more rows are")
            st.caption(f"{said} neither shown nor sorted here: the export has all.")
        texts.on_paper(frame[shown], labels, units or {}, currency)
    if on_select is not None:
        drill.go()


#: Columns of tables that say who somebody outside the company is.
PERSONAL = frozenset({"person", "who", "email", "full_name", "person_id"})


def downloads(
    frame: pd.DataFrame, stamp: Stamp, key: str, units: Mapping[str, str], currency: str
) -> None:
    """The buttons that hand out a table as CSV and XLSX, made when clicked."""
    # The table alone, with its provenance in a first line, with its provenance on a sheet.
    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("csv", "CSV", lambda: to_csv(frame)),
        ("stamped", "CSV + source", lambda: to_csv(frame, stamp)),
        ("xlsx", "XLSX", lambda: to_xlsx(frame, stamp, units, currency)),
    )
    for name, label, make in kinds:
        suffix = "xlsx" if name == "xlsx" else "csv"
        st.download_button(
            label,
            logged(frame, stamp, make),
            file_name=stamp.file_name(suffix),
            mime=XLSX if name == "xlsx" else "text/csv",
            key=f"{key}_{name}",
            on_click="ignore",
        )


def logged(frame: pd.DataFrame, stamp: Stamp, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A download that is put down in the log first, where it hands out who people are.

    `frame` is what is handed out, or what a picture was drawn from.
    """
    access = let_in()
    if not PERSONAL & set(map(str, frame.columns)) or not access.may("see_personal"):
        return handing(make)
    home = Settings().home.resolve()

    def made() -> bytes:
        handed_out(home, access, f"{stamp.title}: {len(frame):,} rows")
        return make()

    return handing(made)


def handed_out(home: Path, access: Access, about: str) -> None:
    """Put down that people leave the home, and for whom."""
    log(home, access.email or access.name, EXPORTED, about)


def show_records(records: Records, stamp: Stamp, currency: str, key: str) -> None:
    """The table, its sum against the figure, and its exports."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(records.words(currency), width="stretch")
        downloads(records.frame, stamp, key, records.units, currency)
    if len(records.frame):
        table(records.frame, currency, units=records.units, key=f"{key}_table")
