"""What a KPI rests on: the tables under it, and of two agreements the settings that reach it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import TARGET, formula_names
from smarketing.agreement.loading import diff
from smarketing.agreement.told import told
from smarketing.analysis.review.lineage import tables_under
from smarketing.engine import DuckDBEngine
from smarketing.errors import SmarketingError

#: What of a KPI's entry makes its value; the rest is words, owners and places.
_MAKES_VALUE = frozenset({
    "mart", "date_column", "expression", "stage", "step", "filter", "recorded", "ratio", "formula",
    "unit",
})  # fmt: skip
#: What each promise of sales makes of a handover: the instant by which it is due.
_DUE = {name: f"handoff_clock.{name}_due_at" for name in ("response", "attempts", "decision")}
#: Where the build keeps what a part of the agreement says: tables, columns of the clock, and values
#: that marts ask for as $name. Of several parts that hold a setting the first counts; one that is
#: not named is kept as the value of its own name.
_KEPT_IN: Mapping[str, tuple[str, ...]] = {
    "teams": ("agreement_team", "agreement_cac_team", "map_team"),
    "stages": ("agreement_stage", "agreement_step_window", "map_lead_status", "lead_stage_event"),
    "exits": ("agreement_exit", "map_lead_status", "lead_stage_event"),
    "deal_opened": ("agreement_stage", "$deal_opened"),
    "deal_won": ("agreement_stage", "$deal_won"),
    "step_windows": ("agreement_step_window",),
    "deal_outcomes": ("deal",),
    "lead_definition": ("agreement_fit_rule", "agreement_behaviour_rule"),
    "classification.channels": ("map_channel",),
    "classification.segments": ("map_segment",),
    "classification.personas": ("map_persona",),
    "classification.regions": ("map_region",),
    "classification.lead_statuses": ("map_lead_status", "lead_stage_event"),
    "working_time": ("handoff_clock", "dim_date"),
    "member_calendars": ("handoff_clock",),
    "service_levels.response": (_DUE["response"],),
    "service_levels.attempts": (_DUE["attempts"], "$attempts_at_least"),
    "service_levels.decision": (_DUE["decision"],),
    "service_levels.exemptions": ("agreement_exemption",),
    "service_levels.meeting_kinds": ("agreement_meeting_kind",),
    "service_levels": (
        "handoff_clock", "agreement_exemption", "agreement_meeting_kind", "agreement_exit",
        "$from_stage", "$accepted_stage", "$attempts_at_least",
    ),
    "attribution.excluded_kinds": ("agreement_excluded_kind",),
    "attribution.kind_priority": ("agreement_kind_priority",),
    "attribution.qualifying_stages": ("agreement_qualifying_stage",),
    "attribution.custom_models": ("agreement_custom_model",),
    "attribution.gross_margin": ("agreement_gross_margin",),
    "attribution.cac": ("agreement_cac_team", "agreement_cac_category", "$lag_by_cycle"),
    "attribution.originator": (
        "agreement_team_originator", "agreement_channel_originator", "map_originator",
        "$originator_test",
    ),
}  # fmt: skip
#: What every figure is counted in.
_UNDER_ALL = ("timezone", "currency")
#: Tables that are made of records too.
_OF_RECORDS = frozenset({"deal", "lead_stage_event", "handoff_clock", *_DUE.values()})
#: Maps of raw values, and of days, with what they say of each.
_MAPS: Mapping[str, tuple[str, ...]] = {
    "map_channel": ("channel",), "map_segment": ("segment",), "map_persona": ("persona",),
    "map_region": ("region",), "map_team": ("team",), "map_originator": ("originator",),
    "map_lead_status": ("stage", "kind"), "dim_date": ("is_working_day",),
}  # fmt: skip
_ENTRY = re.compile(r"kpis\[(?P<kpi>[^\]]+)\](?:\.(?P<field>\w+))?")
_MARGIN, _HORIZON = "gross_margin", "horizon_months"


def parts_of(agreement: Agreement, kpi_id: str) -> list[Kpi]:
    """Return a KPI with all those it is made of."""
    found: dict[str, Kpi] = {}
    waiting = [kpi_id]
    known = {kpi.id: kpi for kpi in agreement.kpis}
    while waiting:
        kpi = known.get(waiting.pop(0))
        if kpi is None or kpi.id in found:
            continue
        found[kpi.id] = kpi
        if kpi.ratio is not None:
            waiting += [kpi.ratio.numerator, kpi.ratio.denominator]
        waiting += _named(kpi)
    return list(found.values())


def marts_under(kpis: Iterable[Kpi]) -> frozenset[str]:
    """Return every table that the marts of these KPIs are made of, and as $name their values."""
    # What makes the marts is loaded only where somebody asks why a number changed.
    from smarketing.build.marts.order import mart_reads
    from smarketing.build.marts.statements import statements

    reads, values = mart_reads(), statements()
    found: set[str] = set()
    waiting = [kpi.mart for kpi in kpis if kpi.mart is not None]
    while waiting:
        table = waiting.pop()
        if table in found:
            continue
        found.add(table)
        waiting += reads.get(table, ())
        found |= {f"${name}" for name in (values[table].values if table in values else ())}
    return frozenset(found)


@dataclass(frozen=True)
class Settings:
    """What differs between the agreements of two builds, and in which tables of them it shows."""

    before: Agreement
    after: Agreement
    sentences: tuple[tuple[str, str], ...]
    moved: frozenset[str]

    def of_entries(self, kpi_id: str) -> list[str]:
        """Return the sentences on the entries that make a KPI's value."""
        parts = {p.id for side in (self.before, self.after) for p in parts_of(side, kpi_id)}
        found = []
        for path, sentence in self.sentences:
            entry = _ENTRY.match(path)
            if entry and entry["kpi"] in parts and (entry["field"] or "mart") in _MAKES_VALUE:
                found.append(sentence)
        return found

    def under(self, kpi_id: str, columns: Iterable[tuple[str, str]]) -> list[str]:
        """Return the sentences on the other settings that reach a KPI, by what it is counted from.

        A table of the agreement reaches what rests on it, a value all that its mart holds.
        """
        parts = [p for side in (self.before, self.after) for p in parts_of(side, kpi_id)]
        values = {name for name in marts_under(parts) if name.startswith("$")}
        tables = (tables_under(columns) | values) & self.moved
        names = {name for part in parts for name in _all_named(part)}
        return [s for path, s in self.sentences if _reaches(path, tables, names)]


def settings_of(
    before: DuckDBEngine, old: Agreement, after: DuckDBEngine, new: Agreement
) -> Settings:
    """Return what differs between the agreements that two builds were derived under."""
    if old.hash == new.hash:
        return Settings(old, new, (), frozenset())
    paths = (change.path for change in diff(old, new))
    return Settings(
        old, new, tuple(zip(paths, told(old, new), strict=True)), frozenset(_moved(before, after))
    )


def _reaches(path: str, tables: frozenset[str], names: set[str]) -> bool:
    bare = path.removesuffix(" (order)")
    if bare in _UNDER_ALL:
        return True
    if bare.startswith("targets"):
        return any(name.startswith(TARGET) for name in names)
    if bare.startswith("lifetime_value"):
        return _HORIZON in names
    if bare.startswith("attribution.gross_margin") and _MARGIN in names:
        return True
    kept = next((kept for part, kept in _KEPT_IN.items() if _is_in(bare, part)), None)
    return bool(tables & set(kept or (f"${bare.rpartition('.')[2]}",)))


def _is_in(path: str, part: str) -> bool:
    return path == part or path.startswith((f"{part}.", f"{part}["))


def _moved(before: DuckDBEngine, after: DuckDBEngine) -> Iterator[str]:
    """Yield the tables of the agreement that say another thing in two builds of the same values.

    A map of raw values is held against the other where both know the value; tables that are made
    of records too may have moved.
    """
    yield from _OF_RECORDS
    old, new = (_settings(engine) for engine in (before, after))
    yield from (f"${name}" for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    tables = {table for kept in _KEPT_IN.values() for table in kept if not table.startswith("$")}
    for table in sorted(tables - _OF_RECORDS):
        if not (before.has(table) and after.has(table)):
            yield table
            continue
        old_rows, new_rows = (_said(engine, table) for engine in (before, after))
        if table in _MAPS:
            shared = old_rows.keys() & new_rows.keys()
            if any(old_rows[key] != new_rows[key] for key in shared):
                yield table
        elif old_rows.keys() != new_rows.keys():
            yield table


def _settings(engine: DuckDBEngine) -> dict[str, object]:
    tree = exp.select("name", "value").from_("agreement_setting")
    return {str(row["name"]): row["value"] for row in engine.rows(tree)}


def _said(engine: DuckDBEngine, table: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    """Return what a table of the agreement says, of a map by what it says it of."""
    says = _MAPS.get(table, ())
    of = ["day"] if table == "dim_date" else sorted(engine.columns(table) - {*says, "label"})
    rows = engine.rows(exp.select(*of, *says).from_(table))
    return {tuple(row[n] for n in of): tuple(row[n] for n in says) for row in rows}


def _named(kpi: Kpi) -> list[str]:
    """Return the KPIs and quantities that a formula names; none of one that is not valid."""
    return [name.removeprefix(TARGET) for name in _all_named(kpi)]


def _all_named(kpi: Kpi) -> list[str]:
    try:
        return formula_names(kpi.formula) if kpi.formula is not None else []
    except (ValueError, SmarketingError):
        return []
