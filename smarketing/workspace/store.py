"""The workspace: a small SQL database of signatures and experiments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from smarketing.errors import StoreError, UsageError

TEAMS = ("marketing", "sales")

_metadata = MetaData()
_signature = Table(
    "signature",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("team", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("signed_at", DateTime, nullable=False),
    Column("agreement_hash", String(64), nullable=False, index=True),
)
_experiment = Table(
    "experiment",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("dimension", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("lift", Float, nullable=False),
    Column("low", Float),
    Column("high", Float),
    Column("note", String(1000), nullable=False),
    Column("entered_by", String(200), nullable=False),
    Column("entered_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class Signature:
    """One team's signature under one version of the agreement, named by its hash."""

    team: str
    name: str
    signed_at: datetime
    agreement_hash: str


@dataclass(frozen=True)
class Experiment:
    """The lift an experiment measured for one key, as a share (0.12 is 12 %), with its limits."""

    dimension: str
    key: str
    lift: float
    low: float | None
    high: float | None
    note: str
    entered_by: str
    entered_at: datetime


class Workspace:
    """Reads and writes what people put on record; every call is one short transaction.

    Its file is made by the first record, so that a home nobody may write to can still be read.
    """

    def __init__(self, file: Path) -> None:
        """Open the workspace kept in `file`, which need not be there yet."""
        self._file = file
        self._engine: Engine = create_engine(f"sqlite:///{file}")

    def sign(self, team: str, name: str, agreement_hash: str) -> Signature:
        """Put `name`'s signature for `team` under the agreement with this hash."""
        if team not in TEAMS:
            raise UsageError(f"Unknown team '{team}': marketing or sales signs the agreement.")
        if not name.strip():
            raise UsageError("A signature needs the name of the person who signs.")
        signature = Signature(team, name.strip(), _now(), agreement_hash)
        self._insert(_signature, vars(signature))
        return signature

    def signatures(self, agreement_hash: str | None = None) -> list[Signature]:
        """Every signature, newest first; only those under one version when a hash is given."""
        query = select(_signature).order_by(_signature.c.signed_at.desc(), _signature.c.id.desc())
        if agreement_hash is not None:
            query = query.where(_signature.c.agreement_hash == agreement_hash)
        return [
            Signature(row.team, row.name, row.signed_at, row.agreement_hash)
            for row in self._rows(query)
        ]

    def in_force(self, agreement_hash: str) -> bool:
        """Have both teams signed exactly this version?"""
        return {s.team for s in self.signatures(agreement_hash)} >= set(TEAMS)

    def add_experiment(
        self,
        dimension: str,
        key: str,
        lift: float,
        *,
        low: float | None = None,
        high: float | None = None,
        note: str = "",
        entered_by: str = "",
    ) -> Experiment:
        """Record the lift an experiment measured; it is shown beside credit, never merged."""
        if low is not None and high is not None and not low <= lift <= high:
            raise UsageError(f"The lift {lift} lies outside its own limits {low} to {high}.")
        experiment = Experiment(dimension, key, lift, low, high, note, entered_by, _now())
        self._insert(_experiment, vars(experiment))
        return experiment

    def experiments(self, dimension: str) -> dict[str, Experiment]:
        """The newest experiment of each key of a dimension; empty when none was entered."""
        query = (
            select(_experiment)
            .where(_experiment.c.dimension == dimension)
            .order_by(_experiment.c.entered_at, _experiment.c.id)
        )
        return {
            row.key: Experiment(**{k: v for k, v in row._mapping.items() if k != "id"})
            for row in self._rows(query)
        }

    def _insert(self, table: Table, values: dict[str, object]) -> None:
        try:
            with self._engine.begin() as connection:
                _metadata.create_all(connection)
                connection.execute(insert(table).values(**values))
        except SQLAlchemyError as error:
            raise _failed(error) from error

    def _rows(self, query: Select[Any]) -> list[Row[Any]]:
        try:
            if not self._file.exists() or not self._file.stat().st_size:
                return []
            with self._engine.connect() as connection:
                return list(connection.execute(query))
        except SQLAlchemyError as error:
            raise _failed(error) from error


def open_workspace(home: Path) -> Workspace:
    """Open the home's workspace; StoreError comes from reading or writing it."""
    return Workspace(home / "workspace.sqlite")


def _failed(error: SQLAlchemyError) -> StoreError:
    reason = str(error.__cause__ or error).splitlines()[0]
    return StoreError(f"The workspace could not be read or written ({reason}); check the home.")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
