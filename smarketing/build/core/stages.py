"""The stages a source writes, as the agreement knows them."""

from __future__ import annotations

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.core.given_rows import TEXT, write_rows
from smarketing.errors import did_you_mean


def stage_map(
    connection: duckdb.DuckDBPyConnection, select: str, agreement: Agreement, source: str
) -> None:
    """Write temp.stage_map: each raw stage of a SELECT with its stage and kind, or why none.

    A raw stage is the id or the label of an agreed stage or exit in any case, else a lead status
    that the agreement's classification maps.
    """
    rows = connection.execute(
        f"select distinct trimmed_text(cast(stage as varchar)) from (\n{select}\n) "
        "where stage is not null"
    ).fetchall()
    found = [(raw, *resolve(raw, agreement, source)) for (raw,) in rows]
    columns = [(name, TEXT) for name in ("raw", "stage", "kind", "reason")]
    write_rows(connection, "create or replace temp table stage_map as", columns, found)


def resolve(
    raw: str, agreement: Agreement, source: str
) -> tuple[str | None, str | None, str | None]:
    """Return stage, kind (entry or exit) and None; or None, None and why the stage is unknown."""
    agreed = {stage.id: "entry" for stage in agreement.stages}
    agreed |= {way.id: "exit" for way in agreement.exits}
    names = {stage.label.casefold(): stage.id for stage in agreement.stages}
    names |= {way.label.casefold(): way.id for way in agreement.exits}
    names |= {known: known for known in agreed}
    stage = names.get(raw.casefold())
    if stage is not None:
        return stage, agreed[stage], None
    status = agreement.classification.lead_status_of(raw, source)
    if status is not None:
        return status[0], status[1], None
    return None, None, f"unknown stage.{did_you_mean(raw, agreed)}"
