"""Addresses to pull from, as they may be printed, and what stands behind each."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from smarketing.engine.pulling.origin import Origin
from smarketing.engine.warehouse import (
    PLACES,
    SCHEMES,
    check_spark,
    is_written_wrong,
    scheme_of,
    shown,
)
from smarketing.errors import UsageError

_POSTGRES = ("postgresql", "postgres")
_SPARK = ("spark", "sc")


def open_origin(address: str) -> Origin:
    """Connect to what data are pulled from: a database by its address, or a folder by its path.

    Raises UsageError for an address that leads nowhere, PullError where nobody answers.
    """
    scheme = scheme_of(address)
    if scheme == "file" or len(scheme) < 2:
        from smarketing.engine.pulling.folder import FolderOrigin

        return FolderOrigin(_folder(address))
    if scheme in _SPARK:
        check_spark(address)
    else:
        _check(address)
    place = place_of(address)
    # SQLAlchemy writes the driver behind the database: PostgreSQL is read in one way alone.
    if scheme.partition("+")[0] in _POSTGRES:
        scheme = "postgresql"
        address = f"{scheme}://{address.partition('://')[2]}"
    if scheme not in (*_POSTGRES, *_SPARK):
        from smarketing.engine.pulling.alchemy import AlchemyOrigin

        return AlchemyOrigin(address, place)
    try:
        if scheme in _SPARK:
            from smarketing.engine.pulling.spark import SparkOrigin

            return SparkOrigin(address, place)
        from smarketing.engine.pulling.postgres import PostgresOrigin

        return PostgresOrigin(address, place)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The driver of {scheme} is not installed ({error.name}). Run: "
            f"pip install 'smarketing[{SCHEMES[scheme]}]'."
        ) from error


def place_of(address: str) -> str:
    """Return where an address leads, without who may enter: no user, no password."""
    scheme = scheme_of(address)
    if scheme == "file" or len(scheme) < 2:
        return str(_folder(address))
    given = parse_qs(urlsplit(address).query)
    where = "&".join(f"{name}={given[name][0]}" for name in PLACES if name in given)
    return shown(address) + (f"?{where}" if where else "")


def _folder(address: str) -> Path:
    path = Path(unquote(urlsplit(address).path) if address.startswith("file:") else address)
    path = path.expanduser()
    if not path.is_dir():
        raise UsageError(
            f"There is no folder {path} to pull from. Name a folder of tables, or an address such "
            "as postgresql://host/database."
        )
    return path.resolve()


def _check(address: str) -> None:
    """Refuse an address of which a password's signs would be taken for its other parts."""
    is_wrong = is_written_wrong(address)
    if is_wrong or ("@" in address and "@" not in urlsplit(address).netloc):
        raise UsageError(
            "The address after --from is not written as one: signs such as / ? # @ : % in a user "
            "or password are written as %2F %3F %23 %40 %3A %25."
        )
