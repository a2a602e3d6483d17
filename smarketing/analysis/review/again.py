"""What do the records of an earlier build make anew, at its own date or that of a later one?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.resting import parts_of
from smarketing.analysis.review.six_and_twelve import Total
from smarketing.analysis.review.weeks import totals_in
from smarketing.engine import DuckDBEngine
from smarketing.errors import SmarketingError, StoreError
from smarketing.periods import Period
from smarketing.store.builds import beside_frozen
from smarketing.store.home import write_atomic

if TYPE_CHECKING:
    from smarketing.build.again.replay import Replay

#: By label of the period what a KPI makes: value and counts. None: there is too much to ask it.
_Totals = dict[str, Any] | None


class Again:
    """The records of the build `before`, made anew by this version once somebody asks for it.

    `asked` holds, by KPI, every period that is asked about. What a frozen build answered is kept
    beside it, so that it is asked once.
    """

    def __init__(
        self, before: Seen, after: DuckDBEngine, asked: Mapping[str, Sequence[Period]]
    ) -> None:
        self._before = before
        self._after = after
        self._asked = asked
        self._replays: dict[bool, Replay] = {}
        self._unread: set[bool] = set()

    @cached_property
    def is_same_program(self) -> bool:
        """Whether the earlier build was made by the version that would make it anew."""
        from smarketing.build.again.fingerprint import code_hash

        return self._before.engine.code_hash == code_hash()

    def is_too_much(self, kpi: str) -> bool:
        """Return whether a KPI was asked for that takes more rows than somebody would wait for."""
        return any(held.get(kpi, ()) is None for held in self._known.values())

    def total(self, kpi: str, period: Period, *, is_later: bool) -> Total | None:
        """Return what they make of a KPI at the later build's date, or at their own.

        None where it cannot be shown, for they are of a version that this one cannot read or more
        than somebody would wait for.
        """
        held = self._known.setdefault(self._key(is_later), {})
        totals = held.get(kpi, {})
        if totals is not None and period.label not in totals and is_later not in self._unread:
            found_now = self._ask(kpi, is_later=is_later)
            held[kpi] = totals = None if found_now is None else {**totals, **found_now}
            self._keep()
        found = (totals or {}).get(period.label)
        if found is None:
            return None
        value, counts = found
        return Total(value, None if counts is None else (counts[0], counts[1]))

    def _ask(self, kpi: str, *, is_later: bool) -> _Totals:
        # What makes the marts is loaded only where somebody asks why a number changed.
        from smarketing.build.again.replay import Replay, TooManyRowsError

        before, of = self._before, self._after if is_later else self._before.engine
        marts = {part.mart for part in parts_of(before.agreement, kpi) if part.mart is not None}
        try:
            if is_later not in self._replays:
                self._replays[is_later] = Replay(
                    before.engine,
                    before.agreement,
                    of.as_of_at,
                    of.as_of_day,
                    is_same_program=self.is_same_program,
                )
            engine = self._replays[is_later].on(marts)
            found = totals_in(engine, before.agreement, [kpi], self._asked[kpi])
        except TooManyRowsError:
            return None
        except SmarketingError:
            self._unread.add(is_later)
            return {}
        return {label: (total.value, total.counts) for (_, label), total in found.items()}

    def _key(self, is_later: bool) -> str:
        of = self._after if is_later else self._before.engine
        return of.as_of_at.isoformat()

    @cached_property
    def _known(self) -> dict[str, dict[str, _Totals]]:
        """What was asked before, by the date and the KPI."""
        path = self._path
        if path is not None:
            with suppress(OSError, ValueError, TypeError, KeyError):
                held = json.loads(path.read_text(encoding="utf-8"))
                if held["of"] == self._stamp:
                    return dict(held["totals"])
        return {}

    def _keep(self) -> None:
        """Keep what is known; where that cannot be written it is asked again."""
        if self._path is not None:
            held = {"of": self._stamp, "totals": self._known}
            with suppress(OSError, StoreError):
                write_atomic(self._path, json.dumps(held))

    @cached_property
    def _path(self) -> Path | None:
        path = self._before.engine.path
        return beside_frozen(Path(path), "again") if path else None

    @cached_property
    def _stamp(self) -> list[object]:
        """What the answers depend on: the build as it stands, its agreement and this version."""
        from smarketing.build.again.fingerprint import code_hash

        build = Path(self._before.engine.path).stat()
        return [build.st_size, build.st_mtime_ns, self._before.agreement.hash, code_hash()]
