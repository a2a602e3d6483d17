"""What a proposal changes: a figure is another one where value, target, status or unit are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.analysis.review.proposal import Effect, _said


def result(value: float | None = 1.0, **more: Any) -> Any:
    return SimpleNamespace(**{"value": value, "target": 2.0, "status": "on track", "unit": "rate"}
                           | more)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        (result(), result(), False),
        (result(1.0), result(1.0 + 1e-12), False),
        (result(1.0), result(1.0 + 1e-8), True),
        (result(None), result(None), False),
        (result(None), result(0.0), True),
        (result(), result(target=3.0), True),
        (result(), result(status="behind"), True),
        (result(), result(unit="count"), True),
        (None, result(), True),
        (result(), None, True),
        (None, None, False),
    ],
)
def test_a_figure_is_another_one(before: Any, after: Any, other: bool) -> None:
    effect = Effect("k", "K", "rate", cast(Any, before), cast(Any, after))
    assert effect.is_other is other
    assert (_said(before) is None) is (before is None)
