"""Where the workspace is kept: SQLite in the home, or any database by its address.

A database is made by the first thing that is written to it; looking makes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from smarketing.errors import StoreError, UsageError

#: The present shape of the tables: the newest of `migrations/versions`.
HEAD = "0005"
KNOWN = ("0001", "0002", "0003", "0004", HEAD)
_VERSION = "alembic_version"
#: So long somebody waits for a file that another program has locked: to write, and to look.
_WAIT_SECONDS, _LOOK_SECONDS = 30, 5
_LOCK = 7_319_001
"""The advisory lock under which a PostgreSQL workspace is brought up to date."""


class Database:
    """Connections to the workspace, in short transactions; what fails is one sentence."""

    def __init__(self, address: str) -> None:
        """Take the address of a database; UsageError when it is none."""
        self._address = address
        self._is_current = False
        try:
            self._url = make_url(address)
            self._engine  # noqa: B018 - the address is tried where it is given
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            raise UsageError(
                f"The workspace's address cannot be used ({error}). Set SMARKETING_WORKSPACE to "
                "one such as postgresql+psycopg://host/database, or leave it out."
            ) from error

    @cached_property
    def _engine(self) -> Engine:
        if self._url.get_backend_name() != "sqlite":
            return create_engine(self._url, pool_pre_ping=True)
        engine = create_engine(self._url)

        @event.listens_for(engine, "connect")
        def _manual(connection: Any, _: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            reads = connection.get_execution_options().get("reads", False)
            seconds = _LOOK_SECONDS if reads else _WAIT_SECONDS
            connection.exec_driver_sql(f"pragma busy_timeout = {1000 * seconds}")
            connection.exec_driver_sql("begin" if reads else "begin immediate")

        return engine

    @property
    def file(self) -> Path | None:
        """Where the database is a file, that file."""
        is_file = self._url.get_backend_name() == "sqlite" and self._url.database
        return Path(str(self._url.database)) if is_file else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection inside one transaction; what was written is there at its end."""
        with self._errors(), self._engine.begin() as connection:
            self._bring_up(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection to read by, or None where nothing was ever written."""
        file = self.file
        if file is not None and not (file.exists() and file.stat().st_size):
            yield None
            return
        with self._errors():
            with self._engine.connect().execution_options(reads=True) as connection:
                found = self._revision(connection)
            if found is None:
                yield None
                return
            if found != HEAD:
                with self.writing():
                    pass
            with self._engine.connect().execution_options(reads=True) as connection:
                yield connection

    def write_anew(self) -> None:
        """Write a file of SQLite anew, without what was there before; nothing for other databases.

        StoreError where another program writes to it, or the disk has no room for a second one.
        """
        file = self.file
        if file is None or not (file.exists() and file.stat().st_size):
            return
        with self._errors(), closing(self._engine.raw_connection()) as connection:
            for said in (
                f"busy_timeout = {1000 * _WAIT_SECONDS}",
                *("secure_delete = on", "vacuum", "wal_checkpoint(truncate)"),
            ):
                connection.cursor().execute(said if said == "vacuum" else f"pragma {said}")

    def _bring_up(self, connection: Connection) -> None:
        if self._is_current:
            return
        queue(connection)
        found = self._revision(connection)
        self._refuse_newer(found)
        if found != HEAD:
            _migrate(connection)
        self._is_current = True

    def _revision(self, connection: Connection) -> str | None:
        """Return the shape a database is in: None where it holds nothing of ours."""
        names = set(inspect(connection).get_table_names())
        if _VERSION in names:
            return connection.execute(text(f"select version_num from {_VERSION}")).scalar()
        first = {"signature", "experiment"}
        return "0000" if names & first else None

    def _refuse_newer(self, found: str | None) -> None:
        if found is not None and found not in (*KNOWN, "0000"):
            raise StoreError(
                f"The workspace was written by a newer Smarketing (its shape is {found}); "
                "install that version or a later one."
            )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            reason = str(error.__cause__ or error).splitlines()[0]
            where = self.file or self._url.render_as_string(hide_password=True)
            what = "Check that it is there and that you may write to it."
            if "locked" in reason:
                what = "Another program is writing to it: try again once that is done."
            raise StoreError(
                f"The workspace {where} could not be read or written ({reason}); figures do not "
                f"depend on it. {what}"
            ) from error


def queue(connection: Connection) -> None:
    """Let no other writer in until the transaction ends: what was looked up stays so.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:n)"), {"n": _LOCK})


def _migrate(connection: Connection) -> None:
    """Bring the tables to the present shape, inside the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "smarketing:workspace/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
