"""Classification maps: the agreement's rules applied once to each distinct raw value.

The rules are tried in Python over distinct values only; the marts join the maps. A missing raw
value is written as '' in a map, since joins never match nulls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from smarketing.agreement import Agreement
from smarketing.agreement.classification import Classification
from smarketing.agreement.teams import team_names, team_of
from smarketing.build.core.given_rows import INT, TEXT, write_rows
from smarketing.build.core.select_shape import reads
from smarketing.build.marts.domains import company_domain, mailbox
from smarketing.build.marts.names import member_names, read_for_names

_CHANNEL_VALUES = """
select source, channel as raw_channel, kind, utm_source, utm_medium from touch
union select source, channel, null, null, null from lead
union select source, channel, kind, null, null from campaign
union select source, lead_source, null, null, null from deal
"""
_PERSONA_VALUES = "select distinct title, seniority from person"
_REGION_VALUES = """
select country, null as region from account
union select null, region from account
union select country, null from person
"""
_TEAM_VALUES = "select team from member union select team from cost"
_LEAD_SOURCE_VALUES = "select distinct lead_source from deal"
_DOMAIN_VALUES = """
select domain as raw from account where domain is not null
union select split_part(lower(trim(email)), '@', 2) from person where email like '%@%'
"""
_EMAIL_VALUES = r"""
select distinct lower(trim(email)) as raw from person
where not regexp_full_match(lower(trim(email)), '[a-z0-9._%-]+@[a-z0-9.-]+\.[a-z]{2,}')
"""
"""Of most addresses there is nothing to be said."""

_Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class _Maps:
    """Where maps are written, and of which core tables they are out of date; None for all."""

    connection: duckdb.DuckDBPyConnection
    changed: Collection[str] | None

    def write(
        self,
        table: str,
        columns: Sequence[str],
        values: str,
        classify: Callable[[Sequence[Any]], str | None],
    ) -> None:
        """Classify each row of `values` once, unless what they are read from did not change."""
        if self.changed is not None and not reads(values) & set(self.changed):
            return
        found = self.connection.execute(values).fetchall()
        # Blank text and no value are one missing value, to the rules and to the joins.
        keys = {tuple("" if value is None else str(value) for value in row) for row in found}
        rows = [(*key, classify([part or None for part in key])) for key in sorted(keys)]
        save(self.connection, table, [(column, TEXT) for column in columns], rows)


def write_maps(
    connection: duckdb.DuckDBPyConnection,
    agreement: Agreement,
    changed: Collection[str] | None = None,
) -> None:
    """Write the maps: channel, segment, persona, region, member, team, status, domain, mailbox …

    With `changed`, maps of the same agreement are there: those of these core tables are replaced.
    """
    rules = agreement.classification
    write = _Maps(connection, changed).write
    write(
        "map_channel",
        ("source", "raw_channel", "kind", "utm_source", "utm_medium", "channel"),
        _CHANNEL_VALUES,
        lambda row: rules.channel_of(
            row[1], kind=row[2], utm_source=row[3], utm_medium=row[4], system=row[0] or ""
        ),
    )
    _write_segments(connection, rules)
    write(
        "map_persona",
        ("title", "seniority", "persona"),
        _PERSONA_VALUES,
        lambda row: rules.persona_of(row[0], row[1]),
    )
    write(
        "map_region",
        ("country", "raw_region", "region"),
        _REGION_VALUES,
        lambda row: region_of(rules, row[0], row[1]),
    )
    if changed is None or read_for_names() & set(changed):
        called = sorted(member_names(connection).items())
        save(connection, "map_member", [("member_id", TEXT), ("name", TEXT)], called)
    names = team_names(agreement.teams)
    write("map_team", ("name", "team"), _TEAM_VALUES, lambda row: team_of(names, row[0]))
    _write_lead_statuses(connection, agreement)
    write(
        "map_domain",
        ("raw", "domain"),
        _DOMAIN_VALUES,
        lambda row: company_domain(row[0]),
    )
    write("map_email", ("raw", "address"), _EMAIL_VALUES, lambda row: mailbox(row[0]))
    write(
        "map_originator",
        ("lead_source", "originator"),
        _LEAD_SOURCE_VALUES,
        lambda row: agreement.attribution.originator.of_lead_source(row[0]),
    )


def region_of(rules: Classification, country: str | None, region: str | None) -> str:
    """Return the region of a country; without one, of a raw region that names an agreed region."""
    if country or not region:
        return rules.region_of(country)
    named = region.strip().casefold()
    for agreed in rules.regions:
        if named in (agreed.id.casefold(), agreed.label.casefold()):
            return agreed.id
    return rules.region_of(region)


def _write_segments(connection: duckdb.DuckDBPyConnection, rules: Classification) -> None:
    found = connection.execute(
        "select distinct employees from account where employees is not null order by employees"
    ).fetchall()
    rows = [(employees, rules.segment_of(employees)) for (employees,) in found]
    save(connection, "map_segment", [("employees", INT), ("segment", TEXT)], rows)


def _write_lead_statuses(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Map the sources' words to stages and exits: by the rules, else by an id that is the word."""
    ids: dict[str, tuple[str, str]] = {stage.id: (stage.id, "entry") for stage in agreement.stages}
    ids |= {way.id: (way.id, "exit") for way in agreement.exits}
    found = connection.execute(
        "select source, status from lead where status is not null"
        " union select source, stage from lead_stage_event order by all"
    ).fetchall()
    rows = []
    for source, status in found:
        ruled = agreement.classification.lead_status_of(status, source or "")
        known = ruled or ids.get(str(status).strip().lower())
        rows.append((source, status, *(known or (None, None))))
    columns = [(name, TEXT) for name in ("source", "status", "stage", "kind")]
    save(connection, "map_lead_status", columns, rows)


def save(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[tuple[str, str]],
    rows: _Rows,
) -> None:
    """Write rows as a table of the build, replacing one of that name."""
    write_rows(connection, f'create or replace table "{table}" as', columns, rows)
