"""What analyses make of a few rows, without a store: quotas, who buys, records that differ."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from told_engine import told

from smarketing.agreement.models import TargetMarket
from smarketing.analysis.attribution.attribute import key_labels
from smarketing.analysis.kpis.records import DAY, PART, VALUE
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.planning.quotas import Quota, quotas
from smarketing.analysis.review import counted
from smarketing.analysis.review.counted import differing, within
from smarketing.periods import Period

JUNE = Period("2026-06", dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def test_quotas_are_in_major_units_and_members_without_one_could_have_it() -> None:
    names = ("member_id", "member", "period", "amount", "currency")
    rows = [("m1", "Ana", "2026-Q2", 150_050, "EUR"), ("m2", "Bo", None, None, "EUR"),
            ("m1", "Ana", "2026-Q3", 700, "JPY"), ("m3", "Cy", "2026-Q2", 0, "EUR")]  # fmt: skip
    found = quotas(told(planning__quotas=[dict(zip(names, row, strict=True)) for row in rows]))
    assert found.held == (
        Quota("m1", "2026-Q2", 1500.5, "EUR"), Quota("m1", "2026-Q3", 700, "JPY"),
        Quota("m3", "2026-Q2", 0, "EUR"),
    )  # fmt: skip
    assert found.members == {"m1": "Ana", "m2": "Bo", "m3": "Cy"}


def test_campaigns_alone_are_called_otherwise_than_by_their_keys() -> None:
    engine = told(attribution__names=[{"key": "c1", "label": "Fair"}])
    assert key_labels(engine, "campaign") == {"c1": "Fair"}
    assert key_labels(engine, "channel") == {} == key_labels(engine, "segment")


def buyers(*rows: tuple[Any, ...], **market: Any) -> Any:
    """Say who bought by rows of segment, persona, region, deals and their amount."""
    frame = pd.DataFrame(
        [dict(zip(("segment", "persona", "region", "deals", "won_amount"), row, strict=True),
              customers=1, lacking=0) for row in rows],
    )  # fmt: skip
    engine = cast("Any", SimpleNamespace(run=lambda *_: frame))
    agreed = cast("Any", SimpleNamespace(target_market=TargetMarket(definition="-", **market)))
    return who_buys(engine, agreed, JUNE)


def test_who_was_meant_to_buy_and_did_not_is_known_where_anything_is_known() -> None:
    meant = {"segments": ("big", "mid"), "personas": ("cto", "cfo")}
    found = buyers(
        ("big", "cto", "dach", 2, 700), ("small", "cto", "dach", 1, 200),
        ("big", "cto", "us", 1, 100), **meant,
    )  # fmt: skip
    assert [(b.segment, b.deals, b.won_amount, b.share) for b in found.buyers] == [
        ("big", 3, 800, 0.8), ("small", 1, 200, 0.2)
    ]  # fmt: skip
    assert (found.missing, found.won_amount, found.target_amount) == (("mid", "cfo"), 1000, 800)
    assert (found.target_share, found.gap) == (0.8, pytest.approx(0.2))
    found = buyers(("(unknown)", "cto", "dach", 1, 400), **meant)
    assert found.missing == ("cfo",), "of no segment is it known that it did not buy"
    assert (found.unknown_amount, found.gap) == (400, None)
    nothing = buyers(("big", "cto", "dach", 1, 0), **meant)
    assert (nothing.buyers[0].share, nothing.target_share, nothing.gap) == (0.0, None, None)


def frame(*rows: tuple[str | None, float | None, str]) -> pd.DataFrame:
    names = ("lead_id", VALUE, "note")
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows], columns=[*names])


@pytest.mark.parametrize("many", [10_000, 1])
def test_rows_differ_that_one_side_has_more_often(
    monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(counted, "_MANY", many)
    old = frame(("a", 1, "x"), ("b", 2, "x"), ("b", 2, "x"), (None, None, "x"), ("c", None, "x"))
    new = frame(("a", 1, "y"), ("b", 2, "x"), (None, None, "x"), ("c", 3, "x"), ("d", 4, "x"))
    told_of = sorted(row["lead_id"] for row in differing(old, new))
    assert told_of == ["b", "c", "c", "d"], "what else is shown of a record changes no number"
    assert differing(old, old) == [] and differing(old, old.iloc[::-1]) == []
    assert sorted(row["lead_id"] for row in differing(frame(), new) if row) == ["a", "b", "c", "d"]
    assert sorted(row["lead_id"] for row in differing(new, frame()) if row) == ["a", "b", "c", "d"]
    assert PART not in old


def test_records_of_a_period_are_from_its_first_day_to_its_last() -> None:
    days = pd.DataFrame({DAY: ["2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"]})
    assert within(days, JUNE)[DAY].tolist() == ["2026-06-01", "2026-06-30"]
    undated = pd.DataFrame({"lead_id": ["a"]})
    assert within(undated, JUNE) is undated
