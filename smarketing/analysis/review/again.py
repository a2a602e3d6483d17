"""What do the records of an earlier build make anew, at its own date or that of a later one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property

from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.resting import parts_of
from smarketing.analysis.review.six_and_twelve import Total
from smarketing.analysis.review.weeks import totals_in
from smarketing.engine import DuckDBEngine
from smarketing.errors import SmarketingError
from smarketing.periods import Period


class Again:
    """The records of the build `before`, made anew by this version once somebody asks for it.

    `asked` holds, by KPI, every period that is asked about.
    """

    def __init__(
        self, before: Seen, after: DuckDBEngine, asked: Mapping[str, Sequence[Period]]
    ) -> None:
        self._before = before
        self._after = after
        self._asked = asked
        self._engines: dict[bool, DuckDBEngine | None] = {}
        self._totals: dict[tuple[bool, str], Mapping[tuple[str, str], Total]] = {}

    @cached_property
    def is_same_program(self) -> bool:
        """Whether the earlier build was made by the version that would make it anew."""
        from smarketing.build.again.fingerprint import code_hash

        return self._before.engine.code_hash == code_hash()

    def total(self, kpi: str, period: Period, *, is_later: bool) -> Total | None:
        """Return what they make of a KPI at the later build's date, or at their own.

        None where it cannot be shown, for they are of a version that this one cannot read.
        """
        engine = self._engine(is_later)
        if engine is None:
            return None
        key = is_later, kpi
        if key not in self._totals:
            agreement = self._before.agreement
            self._totals[key] = totals_in(engine, agreement, [kpi], self._asked[kpi])
        return self._totals[key][kpi, period.label]

    def _engine(self, is_later: bool) -> DuckDBEngine | None:
        # What makes the marts is loaded only where somebody asks why a number changed.
        from smarketing.build.again.replay import replay

        if is_later not in self._engines:
            before, of = self._before, self._after if is_later else self._before.engine
            parts = (part for kpi in self._asked for part in parts_of(before.agreement, kpi))
            marts = {part.mart for part in parts if part.mart is not None}
            self._engines[is_later] = None
            with suppress(SmarketingError):
                self._engines[is_later] = replay(
                    before.engine, before.agreement, marts, of.as_of_at, of.as_of_day
                )
        return self._engines[is_later]
