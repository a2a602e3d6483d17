"""How a deal ended: by its source's own words, by the agreement's map, by a stage that says it.

What none of these places has no outcome. It is never taken for open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from smarketing.agreement import Agreement
from smarketing.agreement.outcomes import Outcome, StageOutcome, outcome_of
from smarketing.agreement.plain_outcomes import CLOSED, plain_outcome
from smarketing.build.core.given_rows import TEXT, write_rows
from smarketing.build.core.views import MAIN
from smarketing.files.quoting import literal
from smarketing.sources import Source


def place_deals(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], agreement: Agreement
) -> None:
    """Give an outcome to the deals of which the source says none, or only that they are over.

    A source with one date for both gives it as close and as expected close: of a deal that turns
    out to be open it is the latter. What stays unplaced has no outcome.
    """
    rows = connection.execute(
        f"select distinct source, pipeline, stage, outcome from {MAIN}.deal "
        "where outcome is null or outcome = 'closed'"
    ).fetchall()
    if not rows:
        return
    agreed = agreement.deal_outcomes
    own = {name: source.profile.deal_outcomes for name, source in sources.items()}
    placed = [
        (source, pipeline, stage, said, _place(said, stage, pipeline, (agreed, own[source])))
        for source, pipeline, stage, said in rows
    ]
    columns = [(name, TEXT) for name in ("source", "pipeline", "stage", "said", "outcome")]
    write_rows(connection, "create or replace temp table deal_outcome as", columns, placed)
    zone = literal(agreement.timezone)
    connection.execute(
        f"""
        update {MAIN}.deal as d
        set outcome = p.outcome,
            closed_at = case when p.outcome = 'open' then null else d.closed_at end,
            closed_at_has_time = case
                when p.outcome = 'open' then null else d.closed_at_has_time end,
            expected_close_on = case
                when p.outcome = 'open' then coalesce(
                    d.expected_close_on,
                    cast(timezone({zone}, timezone('UTC', d.closed_at)) as date)
                )
                else d.expected_close_on end
        from temp.deal_outcome as p
        where (d.outcome is null or d.outcome = 'closed')
            and p.source = d.source
            and p.pipeline is not distinct from d.pipeline
            and p.stage is not distinct from d.stage
            and p.said is not distinct from d.outcome
        """
    )


def _place(
    said: str | None,
    stage: str | None,
    pipeline: str | None,
    maps: Sequence[tuple[StageOutcome, ...]],
) -> Outcome | None:
    """Return what a deal in a stage is; one that is over is not open, whatever its stage says."""
    mapped = [found for known in maps if (found := outcome_of(known, stage, pipeline))]
    found = mapped[0] if mapped else plain_outcome(stage or "")
    return None if said == CLOSED and found == "open" else found
