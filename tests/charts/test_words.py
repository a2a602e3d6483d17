"""Rates and shares in words: counts where a percentage would rest on few."""

from __future__ import annotations

from smarketing.analysis.rates import rate_of
from smarketing.charts import format as fmt
from smarketing.charts import words


def test_a_rate_names_what_it_is_of() -> None:
    assert (
        words.rate_of_noun(rate_of(40, 100), "worked leads")
        == f"{fmt.percent(0.4, 0)} of worked leads"
    )
    assert words.rate_of_noun(rate_of(3, 12), "worked leads") == "3 of 12 worked leads"


def test_a_share_of_few_is_counts() -> None:
    assert words.share(10, 17) == "10 of 17"
    assert words.share(52, 124) == fmt.percent(52 / 124, 0)
    assert words.share_of(52, 124, "exits") == f"{fmt.percent(52 / 124, 0)} of 124 exits"
    assert words.share_of(10, 17, "exits") == "10 of 17 exits"
