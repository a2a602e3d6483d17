"""How many cells the records of a delimited file have, where they agree on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from smarketing.files.headers import blank
from smarketing.files.shape import filled
from smarketing.files.table import Header
from smarketing.files.totals import names_a_total

_FOR_ONE = 20
"""Records of one width for each that has another, for that one to be broken and not they."""


def common_width(records: Sequence[Sequence[str | None]], header: Header) -> int:
    """Tell how many cells the records have: as many as the header, or all of them another number.

    A separator at the end of every record adds an empty cell to all of them, and a record may end
    before columns that have no name. Where only some do, one separator is too many or too few, and
    nobody knows where: the header decides.
    """
    rows = [row for row in records if len(filled(row)) > 1 and not names_a_total(row)]
    widths = Counter(len(row) for row in rows if not blank(row))
    own = len(header.cells)
    if not widths or (own in widths and widths[own] * (_FOR_ONE + 1) > widths.total()):
        return own
    width, count = widths.most_common(1)[0]
    alike = [row for row in rows if len(row) == width]
    agreed = count * (_FOR_ONE + 1) >= widths.total() * _FOR_ONE
    if not agreed or width < header.named or any(any(row[own:]) for row in alike):
        return own
    if len(alike) == 1 and len(filled(alike[0])) < own < width:
        return own
    return width


def unnamed_are_filled(records: Sequence[Sequence[str | None]], header: Header) -> bool:
    """Whether the columns behind the last header are columns: most records fill one of them."""
    rows = [row for row in records if len(row) == len(header.columns)]
    beyond = sum(1 for row in rows if any(row[header.named :]))
    return 2 * beyond > len(rows)
