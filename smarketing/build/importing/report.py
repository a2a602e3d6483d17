"""What an import and a build answer: every row accounted for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from smarketing.build.core.stages import NO_STAGE
from smarketing.build.core.versions import REPEATED, SAME
from smarketing.build.spend.settle import ELSEWHERE
from smarketing.currencies import in_words
from smarketing.periods import day_words
from smarketing.store.balance import FileBalance


@dataclass(frozen=True)
class TableBalance:
    """One core table of an import, against the build before.

    `produced = new + changed + unchanged + quarantined`; `removed` counts the records that are no
    longer in the store after an import in mode `full`.
    """

    table: str
    produced: int
    new: int
    changed: int
    unchanged: int
    quarantined: int
    removed: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON keys of the contract, and `removed`."""
        return {
            "table": self.table,
            "produced": self.produced,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "quarantined": self.quarantined,
            "removed": self.removed,
        }


@dataclass(frozen=True)
class Unread:
    """Values of one column of a file that could not be read alike; `line` and `value` of the first.

    `line` counts the records of a file from 1, the header among them.
    """

    file: str
    line: int
    column: str | None
    value: str | None
    reason: str
    values: int

    @property
    def is_of_agreement(self) -> bool:
        """Return whether the agreement lacks the word, so that nothing is wrong with the file."""
        return self.reason == NO_STAGE

    def __str__(self) -> str:
        """Say what cannot be read, and where."""
        what = f"{self.column} " if self.column else ""
        given = "" if self.value is None else f"'{self.value}' "
        more = f" (and {self.values - 1} more)" if self.values > 1 else ""
        return f"{self.file}, line {self.line}: {what}{given}{self.reason}{more}"


@dataclass(frozen=True)
class Unplaced:
    """Deals of an import in one stage of which nothing says whether it is won, lost or open.

    `amount` is their sum in major units of `currency`; deals in several currencies are told apart.
    """

    source: str
    pipeline: str | None
    stage: str | None
    deals: int
    amount: float | None
    currency: str | None

    def __str__(self) -> str:
        """Name the stage, and how many deals it holds."""
        name = f"“{self.stage}”" if self.stage else "no stage"
        pipeline = f" of “{self.pipeline}”" if self.pipeline else ""
        worth = f", {in_words(self.amount, self.currency or '')}" if self.amount else ""
        return f"{name}{pipeline} ({self.deals:,} deal{'' if self.deals == 1 else 's'}{worth})"


@dataclass(frozen=True)
class Unmapped:
    """Leads of an import whose status is no stage and no exit of the agreement."""

    status: str
    leads: int

    def __str__(self) -> str:
        """Name the status, and how many leads have it."""
        return f"“{self.status}” ({self.leads:,} lead{'' if self.leads == 1 else 's'})"


@dataclass(frozen=True)
class Unruled:
    """Records of an import, leads, touches or campaigns, whose channel no rule maps."""

    channel: str
    records: int

    def __str__(self) -> str:
        """Name the channel, and how many records have it."""
        return f"“{self.channel}” ({self.records:,} record{'' if self.records == 1 else 's'})"


@dataclass(frozen=True)
class Teamless:
    """Costs of an import that name no team; `amount` is in major units of `currency`."""

    costs: int
    amount: float | None
    currency: str | None

    def __str__(self) -> str:
        """Say how many they are, and what they are worth."""
        worth = f" worth {in_words(self.amount, self.currency or '')}" if self.amount else ""
        many = self.costs != 1
        return f"{self.costs:,} cost{'s' if many else ''}{worth} name{'' if many else 's'} no team"


@dataclass(frozen=True)
class Assumed:
    """Amounts in a table of a source that came without a currency, and which one was taken.

    `was_told` says that an earlier import took the same currency for the same table.
    """

    source: str
    table: str
    amounts: int
    currency: str
    was_told: bool = False

    def __str__(self) -> str:
        """Say how many they are, and of what."""
        many = self.amounts != 1
        return (
            f"{self.amounts:,} amount{'s' if many else ''} of {self.source} "
            f"({self.table.replace('_', ' ')}) came without a currency and "
            f"{'were' if many else 'was'} taken as {self.currency}"
        )


@dataclass(frozen=True)
class Overlap:
    """Costs on days, and of a kind, of which another file has costs as well.

    `amount`, in major units of `currency`, is theirs: what counts twice if it is the same money.
    """

    file: str
    other_file: str
    costs: int
    starts_on: date
    ends_on: date
    amount: float
    currency: str

    def __str__(self) -> str:
        """Name both files, the days, and what they are worth."""
        costs = f"{self.costs:,} cost{'' if self.costs == 1 else 's'}"
        last = "" if self.ends_on == self.starts_on else f" to {day_words(self.ends_on)}"
        return (
            f"{costs} of {self.file} worth {in_words(self.amount, self.currency)}, on "
            f"{day_words(self.starts_on)}{last}, beside {self.other_file}"
        )


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    `refused` holds a sentence per file that was not imported, `unread` what is in quarantine,
    `unplaced` the stages of its deals that say neither won, lost nor open, `unmapped` the statuses
    of its leads that are no stage, `unruled` the channels that no rule maps, `teamless` the costs
    that name no team, `overlaps` those that may be another file's once more, `assumed` the amounts
    of its sources that name no currency, `passed_over` the documents and pictures among its files.
    """

    import_id: str | None
    build_id: str | None
    files: tuple[FileBalance, ...]
    tables: tuple[TableBalance, ...]
    refused: tuple[str, ...] = ()
    dry_run: bool = False
    as_of: date | None = None
    unread: tuple[Unread, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    unruled: tuple[Unruled, ...] = ()
    teamless: tuple[Teamless, ...] = ()
    passed_over: tuple[str, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    assumed: tuple[Assumed, ...] = ()

    @property
    def unreadable(self) -> tuple[FileBalance, ...]:
        """The files of which every record is in quarantine."""
        return tuple(file for file in self.files if file.is_unreadable)

    @property
    def refusal(self) -> str:
        """Say of which files not one record could be read, and why; empty when there is none."""
        return " ".join(
            f"No record of {file.file} could be read, all {file.records:,} went to quarantine"
            f"{self._first(file)} import it again."
            for file in self.unreadable
        )

    def _first(self, file: FileBalance) -> str:
        unread = [part for part in self.unread if part.file == file.file]
        first = f": {unread[0]}" if unread else ""
        is_wrong = not unread or any(not part.is_of_agreement for part in unread)
        return f"{first}; {'correct the file and' if is_wrong else 'then'}"

    @property
    def repeated(self) -> dict[str, int]:
        """How many rows of each file give a key that the same file gives again."""
        return self._unused_for(REPEATED)

    @property
    def alike(self) -> dict[str, int]:
        """How many rows of each file are the same, in all that is read, as a later one of it."""
        return self._unused_for(SAME)

    def _unused_for(self, reason: str) -> dict[str, int]:
        return {
            file.file: rows
            for file in self.files
            for given, rows in file.unused_reasons
            if given == reason
        }

    @property
    def counted_elsewhere(self) -> list[tuple[str, int, str]]:
        """The rows of each file whose spend is counted from another: file, rows and the reason."""
        return [
            (file.file, rows, reason)
            for file in self.files
            for reason, rows in file.unused_reasons
            if reason.startswith(ELSEWHERE)
        ]

    @property
    def removed(self) -> dict[str, int]:
        """How many records of each table an import in mode `full` took out of the store."""
        return {table.table: table.removed for table in self.tables if table.removed}

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of `smarketing import --json`."""
        return {
            "import_id": self.import_id,
            "build_id": self.build_id,
            "as_of": self.as_of,
            "dry_run": self.dry_run,
            "files": [file.as_dict() for file in self.files],
            "tables": [table.as_dict() for table in self.tables],
            "refused": list(self.refused),
            "unread": [asdict(unread) for unread in self.unread],
            "unplaced_stages": [asdict(unplaced) for unplaced in self.unplaced],
            "unmapped_statuses": [asdict(unmapped) for unmapped in self.unmapped],
            "unmapped_channels": [asdict(unruled) for unruled in self.unruled],
            "costs_without_team": [asdict(teamless) for teamless in self.teamless],
            "costs_that_may_count_twice": [asdict(overlap) for overlap in self.overlaps],
            "currencies_assumed": [asdict(assumed) for assumed in self.assumed],
            "passed_over": list(self.passed_over),
        }


@dataclass(frozen=True)
class BuildReport:
    """What a build derived: the rows of each core table that has any, the marts, the as-of.

    `unreached` holds a sentence per landed table that no source reads any more.
    """

    build_id: str
    as_of: date | None
    rows: dict[str, int] = field(default_factory=dict)
    marts: tuple[str, ...] = ()
    quarantined: int = 0
    unreached: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document of `smarketing build --json`."""
        return {
            "build_id": self.build_id,
            "as_of": self.as_of,
            "tables": [{"table": table, "rows": rows} for table, rows in self.rows.items()],
            "marts": list(self.marts),
            "quarantined": self.quarantined,
            "unreached": list(self.unreached),
        }
