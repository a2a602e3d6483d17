"""What stands above a header settles whether the dates below it have the day or the month first."""

from __future__ import annotations

from datetime import date

import pytest

from smarketing.build.core.orders import Order
from smarketing.build.core.witnesses import order_above

FEBRUARY: dict[Order, tuple[date, date]] = {
    "dmy": (date(2026, 2, 1), date(2026, 2, 5)),
    "mdy": (date(2026, 1, 2), date(2026, 5, 2)),
}


@pytest.mark.parametrize(
    ("texts", "name", "order"),
    [
        (["Report Time: 01/02/2026,28/02/2026"], "a.csv", "dmy"),
        (["Report Time: 02/01/2026,02/28/2026"], "a.csv", "mdy"),
        (["1/2/26 - 2/28/26"], "a.csv", "mdy"),
        (["Report Start: February 1, 2026, 12:00 AM", "Report End: February 5, 2026"], "", "dmy"),
        (["1 Feb 2026 - 28 Feb 2026"], "a.csv", "dmy"),
        (["1. Februar 2026 – 28. Februar 2026"], "a.csv", "dmy"),
        (["2026-01-01 - 2026-06-30"], "a.csv", None),
        (["Date Generated: February 6, 2026"], "a.csv", "dmy"),
        (["Report Time: 01/02/2026,05/02/2026"], "a.csv", None),
        (["01/28/2026", "28/02/2026"], "a.csv", None),
        (["Campaign report"], "report_2026-02-06.csv", "dmy"),
        (["1 de febrero de 2026 - 28 de febrero de 2026"], "a.csv", "dmy"),
        (["2025-02-01 - 2025-02-28"], "a.csv", None),
        (["Performance report, February 2026"], "a.csv", "dmy"),
        (["Januar 2026 - Mai 2026"], "a.csv", None),
        (["Report Time: 01/02/2026,05/02/2026", "Made: 2026-02-06"], "a.csv", "dmy"),
        ([], "a.csv", None),
    ],
)
def test_the_period_of_a_report_is_a_witness(
    texts: list[str], name: str, order: Order | None
) -> None:
    assert order_above(texts, name, lambda: FEBRUARY) == order
