"""The way into a warehouse: by its address, to the engine that stands behind it."""

from __future__ import annotations

from urllib.parse import urlsplit

from smarketing.engine.warehouse import SCHEMES, Warehouse, shown
from smarketing.errors import UsageError, did_you_mean


def open_warehouse(address: str) -> Warehouse:
    """Connect to a warehouse by its address; UsageError for one no engine stands behind.

    Raises WarehouseError where it does not answer. Passwords are in no message.
    """
    scheme = urlsplit(address).scheme
    if scheme not in SCHEMES:
        raise UsageError(
            f"'{scheme or shown(address)}' is no warehouse that marts can be built in."
            f"{did_you_mean(scheme, SCHEMES)}"
        )
    try:
        return _opened(SCHEMES[scheme], address)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The driver of {scheme} is not installed ({error.name}). Run: "
            f"pip install 'smarketing[{SCHEMES[scheme]}]'."
        ) from error


def _opened(engine: str, address: str) -> Warehouse:
    if engine == "spark":
        from smarketing.engine.spark import SparkWarehouse

        return SparkWarehouse(address)
    from smarketing.engine.postgres import PostgresWarehouse

    return PostgresWarehouse(address)
