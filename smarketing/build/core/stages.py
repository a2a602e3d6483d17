"""The stages a source writes, as the agreement knows them."""

from __future__ import annotations

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.core.given_rows import TEXT, write_rows

NO_STAGE = (
    "is no stage and no exit of the agreement: say under classification.lead_statuses in "
    "agreement.yaml which one it is"
)
"""Why a stage event whose stage nothing places is in no figure, and what to do."""


def stage_map(
    connection: duckdb.DuckDBPyConnection, select: str, agreement: Agreement, source: str
) -> None:
    """Write temp.stage_map: each raw stage of a SELECT with its stage and kind, if any.

    A raw stage is the id or the label of an agreed stage or exit in any case, else a lead status
    that the agreement's classification maps.
    """
    rows = connection.execute(
        f"select distinct trimmed_text(cast(stage as varchar)) from (\n{select}\n) "
        "where stage is not null"
    ).fetchall()
    found = [(raw, *resolve(raw, agreement, source)) for (raw,) in rows]
    columns = [(name, TEXT) for name in ("raw", "stage", "kind")]
    write_rows(connection, "create or replace temp table stage_map as", columns, found)


def resolve(raw: str, agreement: Agreement, source: str) -> tuple[str, str] | tuple[None, None]:
    """Return the stage and its kind (entry or exit) that a raw stage stands for; None for none."""
    agreed = {stage.id: "entry" for stage in agreement.stages}
    agreed |= {way.id: "exit" for way in agreement.exits}
    names = {stage.label.casefold(): stage.id for stage in agreement.stages}
    names |= {way.label.casefold(): way.id for way in agreement.exits}
    names |= {known: known for known in agreed}
    stage = names.get(raw.casefold())
    if stage is not None:
        return stage, agreed[stage]
    return agreement.classification.lead_status_of(raw, source) or (None, None)
