"""The way into a warehouse: by its address, to the engine that stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from smarketing.engine.warehouse import (
    SCHEMES,
    Reader,
    Warehouse,
    check_spark,
    is_written_wrong,
    scheme_of,
    shown,
)
from smarketing.errors import UsageError, did_you_mean


def open_warehouse(address: str) -> Warehouse:
    """Connect to a warehouse by its address; UsageError for one no engine stands behind.

    Raises WarehouseError where it does not answer. Passwords are in no message.
    """
    with _driver(address) as engine:
        if engine == "spark":
            from smarketing.engine.spark import SparkWarehouse

            return SparkWarehouse(address)
        from smarketing.engine.postgres import PostgresWarehouse

        return PostgresWarehouse(address)


def open_reader(address: str) -> Reader:
    """Connect to a warehouse to ask what was published there; raises as `open_warehouse` does."""
    with _driver(address) as engine:
        if engine == "spark":
            from smarketing.engine.spark import spark_reader

            return spark_reader(address)
        from smarketing.engine.postgres import PostgresReader

        return PostgresReader(address)


@contextmanager
def _driver(address: str) -> Iterator[str]:
    """Say which engine stands behind an address, and which extra brings its driver."""
    scheme = scheme_of(address)
    if scheme not in SCHEMES:
        raise UsageError(
            f"'{scheme or shown(address)}' is no warehouse that marts can be built in."
            f"{did_you_mean(scheme, SCHEMES)}"
        )
    if SCHEMES[scheme] == "spark":
        check_spark(address)
    elif is_written_wrong(address):
        raise UsageError(
            "The address of the warehouse is not written as one: signs such as / ? # @ : % in a "
            "user or password are written as %2F %3F %23 %40 %3A %25."
        )
    try:
        yield SCHEMES[scheme]
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The driver of {scheme} is not installed ({error.name}). Run: "
            f"pip install 'smarketing[{SCHEMES[scheme]}]'."
        ) from error
