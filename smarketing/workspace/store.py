"""The workspace: signatures, meetings and all else that people put on record.

`workspace.of(Action)` gives the records of one kind, to add to, change, list; what needs a rule
(who may sign, which experiment counts) is a method here. Every call is one short transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Table, delete, insert, select, update

from smarketing.access import HIDDEN, LOCAL, Access
from smarketing.errors import UsageError, unknown
from smarketing.periods import moment_words
from smarketing.settings import Settings
from smarketing.workspace.database import Database, queue
from smarketing.workspace.records import (
    Action,
    Audit,
    Decision,
    Experiment,
    Issue,
    Meeting,
    Note,
    Record,
    Signature,
)
from smarketing.workspace.tables import TABLES, table_name

TEAMS = ("marketing", "sales")
#: What the workspace of a home is called, where it stands in no other database.
DATABASE = "workspace.sqlite"
T = TypeVar("T", bound=Record)
#: How texts read without people's names; with each the figure that it was written of, if of one.
Hide = Callable[[Sequence[tuple[str, str]]], Sequence[str]]
#: What may tell of any record, in words that nothing narrows, and where the address stands of who
#: wrote it or has to do it. By a name, which people give themselves, nothing is anybody's.
_THEIRS: dict[type[Record], tuple[str, ...]] = {
    Note: ("email",),
    Issue: ("email",),
    Decision: ("email",),
    Action: ("email", "owner"),
}
#: What somebody wrote in words, and may have written of somebody.
_IN_WORDS = ("text", "note", "reason", "title")


class ConflictError(UsageError):
    """Somebody else changed the record meanwhile; `theirs` is what it says now."""

    def __init__(self, theirs: Record) -> None:
        """Keep the other version beside the message, so that both can be shown."""
        super().__init__(
            f"This {table_name(type(theirs)).replace('_', ' ')} was changed by somebody else "
            "meanwhile; nothing was overwritten. Look at both versions and save again."
        )
        self.theirs = theirs


class Records(Generic[T]):
    """The records of one kind."""

    def __init__(self, database: Database, kind: type[T], access: Access, hide: Hide) -> None:
        """Look at one kind of record in a database, as somebody sees it."""
        self._database = database
        self._kind = kind
        self._access = access
        self._hide = hide
        self._table: Table = TABLES[kind]

    def add(self, record: T) -> T:
        """Put a record down; returns it with its number. UsageError in a meeting that is closed.

        It is whose eyes look, where they signed in.
        """
        if self._access.is_verified and "email" in self._table.c:
            signed: dict[str, Any] = {"email": self._access.email}
            record = replace(record, **signed)
        with self._database.writing() as connection:
            demand_open(connection, getattr(record, "meeting_id", None))
            return self.put(connection, record)

    def put(self, connection: Connection, record: T) -> T:
        """Put a record down inside a transaction that runs; returns it with its number."""
        record = _kept(record)
        values = {k: v for k, v in vars(record).items() if k != "id" or v is not None}
        made = connection.execute(insert(self._table).values(**values))
        number = made.inserted_primary_key
        assert number is not None
        return replace(record, id=int(number[0]))

    def put_all(self, connection: Connection, records: Sequence[T]) -> None:
        """Put many new records down at once inside a transaction that runs."""
        rows = [{k: v for k, v in vars(_kept(one)).items() if k != "id"} for one in records]
        if rows:
            connection.execute(insert(self._table), rows)

    def change(self, record: T) -> T:
        """Write a record's new state; ConflictError if it was changed since it was read.

        UsageError for what belongs to a closed meeting; its issues and actions outlive it.
        """
        with self._database.writing() as connection:
            if not isinstance(record, Issue | Action):
                demand_open(connection, getattr(record, "meeting_id", None))
            return self.put_change(connection, record)

    def put_change(self, connection: Connection, record: T) -> T:
        """Write a record's new state as `change` does, inside a transaction that runs."""
        record = _kept(record)
        values = vars(record) | {"version": record.version + 1}
        changed = update(self._table).where(
            self._table.c.id == record.id, self._table.c.version == record.version
        )
        result = cast("CursorResult[Any]", connection.execute(changed.values(**values)))
        if not result.rowcount:
            raise ConflictError(self._one(connection, record.id))
        return replace(record, version=record.version + 1)

    def remove(self, record: T) -> None:
        """Take a record away; ConflictError if it was changed since it was read."""
        with self._database.writing() as connection:
            self.take(connection, record)

    def take(self, connection: Connection, record: T) -> None:
        """Take a record away as `remove` does, inside a transaction that runs."""
        mine = self._table.c.id == record.id
        gone = delete(self._table).where(mine, self._table.c.version == record.version)
        result = cast("CursorResult[Any]", connection.execute(gone))
        if not result.rowcount:
            raise ConflictError(self._one(connection, record.id))

    def one(self, number: int) -> T:
        """Return the record of this number; UsageError if there is none."""
        with self._database.reading() as connection:
            if connection is None:
                raise self._missing(number)
            return self._one(connection, number)

    def all(self, **wanted: object) -> list[T]:
        """Return the records whose columns have the values given, oldest first.

        Who sees a part of the company reads of notes, issues, decisions and actions their own.
        """
        with self._database.reading() as connection:
            found = [] if connection is None else self.within(connection, **wanted)
        theirs = _THEIRS.get(self._kind, ()) if self._access.scope else ()
        if not theirs:
            return found
        mine = self._access.email
        return [
            one
            for one in found
            if mine and mine in {getattr(one, who).strip().casefold() for who in theirs}
        ]

    def within(self, connection: Connection, **wanted: object) -> list[T]:
        """Return the records as `all` does, inside a transaction that runs."""
        query = select(self._table).order_by(self._table.c.id)
        for name, value in wanted.items():
            if name not in self._table.c:
                raise unknown("column", name, list(self._table.c.keys()), f"{self._table.name}")
            query = query.where(self._table.c[name] == value)
        found = [self._kind(**row._mapping) for row in connection.execute(query)]
        return found if self._access.may("see_personal") else _masked(found, self._hide)

    def _one(self, connection: Connection, number: int | None) -> T:
        for found in self.within(connection, id=number):
            return found
        raise self._missing(number)

    def _missing(self, number: int | None) -> UsageError:
        return UsageError(f"There is no {self._table.name.replace('_', ' ')} {number}.")


def _hidden(texts: Sequence[tuple[str, str]]) -> Sequence[str]:
    return [HIDDEN for _ in texts]


class Workspace:
    """Reads and writes what people put on record; `access` is whose eyes read it.

    `hide` takes people out of a text for those to whom they are masked. Without it they read none.
    """

    def __init__(self, address: str, access: Access = LOCAL, hide: Hide = _hidden) -> None:
        """Open the workspace at a database's address, which need not hold anything yet."""
        self.database = Database(address)
        self.access = access
        self._hide = hide

    def of(self, kind: type[T]) -> Records[T]:
        """Return the records of one kind."""
        return Records(self.database, kind, self.access, self._hide)

    def sign(
        self, team: str, name: str, agreement_hash: str, *, email: str = "", verified: bool = False
    ) -> Signature:
        """Put `name`'s signature for `team` under the agreement with this hash.

        UsageError where the team has signed it, or the same person has for the other team.
        """
        if team not in TEAMS:
            raise UsageError(f"Unknown team '{team}': marketing or sales signs the agreement.")
        if not name.strip():
            raise UsageError("A signature needs the name of the person who signs.")
        signature = Signature(
            team=team,
            name=name.strip(),
            signed_at=now(),
            agreement_hash=agreement_hash,
            email=email,
            is_verified=verified,
        )
        with self.database.writing() as connection:
            queue(connection)
            for other in self.of(Signature).within(connection, agreement_hash=agreement_hash):
                _check_apart(signature, other)
            signed = self.of(Signature).put(connection, signature)
            entry = Audit(at=signature.signed_at, who=email or signature.name, what="signed")
            self.of(Audit).put(connection, replace(entry, about=f"{team} {agreement_hash}"))
        return signed

    def withdraw(self, signature: Signature, *, by: str = "") -> Signature:
        """Take a signature back; it stays on record as withdrawn, and by whom if that is known."""
        about = f"{signature.team} {signature.agreement_hash}"
        entry = Audit(at=now(), who=by or signature.name, what="withdrew a signature", about=about)
        with self.database.writing() as connection:
            taken = self.of(Signature).put_change(
                connection, replace(signature, withdrawn_at=entry.at)
            )
            self.of(Audit).put(connection, entry)
        return taken

    def signatures(self, agreement_hash: str | None = None) -> list[Signature]:
        """Return every signature, newest first, withdrawn ones too; of one version if asked."""
        wanted = {} if agreement_hash is None else {"agreement_hash": agreement_hash}
        found = self.of(Signature).all(**wanted)
        return sorted(found, key=lambda s: (s.signed_at, s.id or 0), reverse=True)

    def in_force(self, agreement_hash: str) -> bool:
        """Have both teams signed exactly this version, and not taken it back?"""
        standing = {s.team for s in self.signatures(agreement_hash) if s.withdrawn_at is None}
        return standing >= set(TEAMS)

    def add_experiment(self, experiment: Experiment) -> Experiment:
        """Record the lift an experiment measured; it is shown beside credit, never merged."""
        low, lift, high = experiment.low, experiment.lift, experiment.high
        if low is not None and high is not None and not low <= lift <= high:
            raise UsageError(f"The lift {lift} lies outside its own limits {low} to {high}.")
        return self.of(Experiment).add(experiment)

    def experiments(self, dimension: str) -> dict[str, Experiment]:
        """Return the newest experiment of each key of a dimension; empty when none was entered."""
        found: Sequence[Experiment] = self.of(Experiment).all(dimension=dimension)
        return {e.key: e for e in sorted(found, key=lambda e: (e.entered_at, e.id or 0))}


def _masked(records: Sequence[T], hide: Hide) -> list[T]:
    """Return records as those read them to whom people are masked."""
    told = [(at, *one) for at, record in enumerate(records) for one in _words(record)]
    texts = [(text, str(getattr(records[at], "figure", ""))) for at, _, text in told]
    shown = hide(texts) if texts else ()
    found: list[dict[str, Any]] = [{} for _ in records]
    for (at, name, _), text in zip(told, shown, strict=True):
        found[at][name] = text
    return [replace(one, **new) for one, new in zip(records, found, strict=True)]


def _words(record: Record) -> Iterator[tuple[str, str]]:
    for name in _IN_WORDS:
        text = getattr(record, name, None)
        if isinstance(text, str) and text:
            yield name, text


def _kept(record: T) -> T:
    """Return a record as every database keeps it: PostgreSQL takes no null character in a text."""
    clean: dict[str, Any] = {
        name: value.replace("\0", "")
        for name, value in vars(record).items()
        if isinstance(value, str) and "\0" in value
    }
    return replace(record, **clean) if clean else record


def demand_open(connection: Connection, number: int | None) -> None:
    """Refuse what would change the minutes of the meeting of this number, which is closed.

    The meeting is held until the transaction ends, so that nobody closes it in between.
    """
    if number is None:
        return
    held = TABLES[Meeting]
    query = select(held.c.week, held.c.closed_at).where(held.c.id == number)
    query = query.with_for_update(read=True)
    for week, closed_at in connection.execute(query):
        if closed_at is not None:
            raise UsageError(
                f"The meeting of {week} was closed on {moment_words(closed_at)} "
                "UTC, so its minutes stay as they are; write it in the next meeting."
            )


def _check_apart(signature: Signature, other: Signature) -> None:
    """Refuse a second signature of a team, and one person's for both, while the other stands."""
    if other.withdrawn_at is not None:
        return
    version = f"version {signature.agreement_hash[:8]}"
    if signature.team == other.team:
        raise UsageError(
            f"{other.name} signed {version} for {other.team} already; withdraw that signature "
            "first."
        )
    if _person(signature) & _person(other):
        raise UsageError(
            f"{other.name} signed {version} for {other.team}; for {signature.team} somebody else "
            "signs, since an agreement is between two."
        )


def _person(signature: Signature) -> set[str]:
    """Return by what a person is known: the address, and the name however it is spaced."""
    name = " ".join(signature.name.split())
    return {text.casefold() for text in (signature.email, name) if text}


def open_workspace(home: Path, access: Access = LOCAL, hide: Hide = _hidden) -> Workspace:
    """Open the workspace to somebody: at the address of SMARKETING_WORKSPACE, else in the home."""
    return Workspace(Settings().workspace or f"sqlite:///{home / DATABASE}", access, hide)


def now() -> datetime:
    """Return the present second, as instants are kept: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
