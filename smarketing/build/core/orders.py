"""Whether the dates of a file have the day or the month first.

All date columns of a file are settled together, by values that are a date in one order only:
25/12/2024 has the day first. A year of two digits may also stand first (26/01/05), unless a value
says that it does not. Where values leave a choice, what the import or the profile says decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from smarketing.build.core.decimals import Seen, UndecidedError

Order = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd")
_NONE = Seen()
_WORDS = {"dmy": "day", "mdy": "month", "ymd": "year"}


@dataclass(frozen=True)
class Dates:
    """The dates in figures of one column of a file, but those with dots, which are day first.

    `against` counts by order the values that it makes no date of; `apart` those that day first and
    month first read as different days; `dotted` dates with dots that have the month first; `taken`
    the dates whose day and month a spreadsheet may have exchanged; `day_second` those that have the
    year first and the day before the month, 2024-31-12.
    """

    column: str
    against: dict[Order, Seen]
    apart: Seen
    dotted: Seen
    taken: Seen = _NONE
    day_second: Seen = _NONE


def date_order(
    columns: Sequence[Dates],
    given: Order | None,
    default: Order | None,
    witness: Callable[[], Order | None] = lambda: None,
) -> Order | None:
    """Return the order of a file's dates; None where there is nothing to be settled.

    `given` is what the import said, `default` what the profile says, `witness` asks what stands
    above the header.

    Raises UndecidedError where values contradict each other or what was said, or nothing settles
    them.
    """
    for column in columns:
        _check(column)
    if not columns:
        return given
    open_orders = [order for order in ORDERS if not _against(columns, order)]
    if not open_orders:
        raise UndecidedError(
            f"has dates with the month first ({_against(columns, 'dmy')}) and with the day first "
            f"({_against(columns, 'mdy')}). Correct the one or the other, and import it again"
        )
    if given and given not in open_orders:
        raise UndecidedError(
            f"was to be read with the {_WORDS[given]} first, and has {_against(columns, given)}. "
            f"Import it with --date-order {open_orders[0]}"
        )
    is_open = len(open_orders) > 1 and any(column.apart.count for column in columns)
    said = (given, witness() if is_open and not given else None, default)
    chosen = next((order for order in said if order in open_orders), None)
    return chosen or _only(columns, open_orders)


def _check(column: Dates) -> None:
    """Refuse what no order of day and month can mend."""
    if column.dotted.count:
        raise UndecidedError(
            f"has dates with dots in '{column.column}' that begin with the month "
            f"({column.dotted}). Write them as 2024-12-31, and import it again"
        )
    if column.day_second.count:
        raise UndecidedError(
            f"has dates in '{column.column}' that have the day between the year and the month "
            f"({column.day_second}), so that the others may have it there too. Write all of its "
            "dates as 2024-12-31, and import it again"
        )
    left = next((seen for seen in column.against.values() if seen.count), None)
    if column.taken.count and left:
        raise UndecidedError(
            f"has dates in '{column.column}' that a spreadsheet took ({column.taken}) beside "
            f"others that it left as text ({left}): day and month of the former seem to be "
            "exchanged. Import the file as it was exported, without opening it in a spreadsheet, "
            "or write all of its dates as 2024-12-31"
        )


def _only(columns: Sequence[Dates], open_orders: Sequence[Order]) -> Order:
    """Return the order that is left, if all that are left read the same days."""
    apart = next((column for column in columns if column.apart.count), None)
    if len(open_orders) == 1 or (apart is None and "ymd" not in open_orders):
        return open_orders[0]
    unclear = apart or columns[0]
    shown = f" ({unclear.apart})" if unclear.apart.count else ""
    words = " or the ".join(_WORDS[order] for order in open_orders)
    options = " or ".join(f"--date-order {order}" for order in open_orders)
    raise UndecidedError(
        f"has dates in '{unclear.column}' that may have the {words} first{shown}, and no value in "
        f"it settles which. Import it with {options}, or set date_order: {open_orders[0]} in the "
        "profile of a source of your own"
    )


def _against(columns: Sequence[Dates], order: Order) -> str | None:
    for column in columns:
        seen = column.against[order]
        if seen.count:
            return f"{seen.text} in '{column.column}', line {seen.row}"
    return None
