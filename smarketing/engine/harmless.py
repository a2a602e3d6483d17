"""Texts of a build that name nobody outside the company: whoever sees a record may read them.

A column whose text stands neither here nor among the masks is hidden from whom names are.
"""

from __future__ import annotations

#: By what they mean, in whatever table they stand.
_HARMLESS = frozenset({
    # Ids of the company's own people, campaigns and costs, and what colleagues are called.
    "actor_id", "attempts_owner_id", "campaign_id", "cost_id", "decision_owner_id", "manager_id",
    "member_id", "owner", "owner_id", "response_actor_id", "response_owner_id",
    "named_team", "owner_team", "owner_timezone", "team", "timezone",
    # What the agreement calls stages, channels, teams, rules and the rest that it sorts by.
    "actor_side", "attempts_status", "attribute", "by_before_sales", "by_first_touch",
    "by_lead_source", "carrier_rule", "category", "channel", "deal_kind", "decision",
    "decision_kind", "decision_stage", "decision_status", "default_rule", "direction",
    "exemption", "exit", "fault", "forecast_category", "kind", "label", "last_exit",
    "lead_type", "measure", "mode", "model", "next_stage", "origin", "originator", "patterns",
    "people_rule", "persona", "pipeline", "region", "response_status", "role", "rule",
    "segment", "seniority", "side", "stage", "stated_stage", "status", "tier", "unit_kind",
    "unusable_reason", "why",
    # What a company is, but for its name; its domain is left of every address as well.
    "country", "domain", "industry",
    # Currencies and times.
    "currency", "entry_currency", "fiscal_quarter", "fiscal_year", "iso_week", "month", "period",
    "quarter",
    # Of the build itself: its files, sources, tables and their columns.
    "agreement_hash", "build_id", "code_hash", "column_name", "import_id", "object",
    "other_source", "references_table", "sha256", "source", "table", "table_name", "version",
})  # fmt: skip
#: What means something else in other tables, which may name people.
_HARMLESS_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("deal", "fct_credit", "fct_deal", "fct_origin", "fct_stage_count", "fct_unit"),
        frozenset({"outcome"}),
    ),
    **dict.fromkeys(("map_member", "map_team", "member"), frozenset({"name"})),
    **dict.fromkeys(("agreement_exemption", "agreement_fit_rule"), frozenset({"value"})),
    "agreement_setting": frozenset({"name", "value"}),
    **dict.fromkeys(("file_unused", "quarantine"), frozenset({"reason"})),
    "map_channel": frozenset({"utm_source", "utm_medium"}),
    "map_domain": frozenset({"raw"}),
}


def is_harmless(table: str, column: str) -> bool:
    """Answer whether the text of a table's column names nobody outside the company."""
    return column in _HARMLESS or column in _HARMLESS_IN.get(table, ())
