"""Meetings, decisions, actions, notes, plans and ideas; who signed; how often a record changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0002"
down_revision = "0001"


def _numbered(*columns: SchemaItem) -> list[SchemaItem]:
    number = sa.Column("id", sa.Integer, primary_key=True)
    return [number, sa.Column("version", sa.Integer, nullable=False, server_default="1"), *columns]


def upgrade() -> None:
    """Add what is new to the first two tables, and make the others."""
    for table in ("signature", "experiment"):
        version = sa.Column("version", sa.Integer, nullable=False, server_default="1")
        op.add_column(table, version)
    op.add_column("signature", sa.Column("email", sa.Text, nullable=False, server_default=""))
    verified = sa.Column("is_verified", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("signature", verified)
    op.add_column("signature", sa.Column("withdrawn_at", sa.DateTime))
    for name, columns in _TABLES.items():
        op.create_table(name, *_numbered(*columns))


_TABLES: dict[str, list[SchemaItem]] = {
    "proposal": [
        sa.Column("agreement_hash", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("based_on", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.DateTime, nullable=False),
    ],
    "meeting": [
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("build_id", sa.Text, nullable=False),
        sa.Column("agreement_hash", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sa.UniqueConstraint("week", name="one_meeting"),
    ],
    "reported": [
        sa.Column("meeting_id", sa.BigInteger, nullable=False),
        sa.Column("kpi", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("n", sa.BigInteger),
        sa.UniqueConstraint("meeting_id", "kpi", "period", name="one_reported"),
    ],
    "attendance": [
        sa.Column("meeting_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("rating", sa.BigInteger),
        sa.UniqueConstraint("meeting_id", "name", name="one_attendance"),
    ],
    "issue": [
        sa.Column("meeting_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kpi", sa.Text, nullable=False),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("raised_by", sa.Text, nullable=False),
        sa.Column("raised_at", sa.DateTime, nullable=False),
        sa.Column("solved_at", sa.DateTime),
    ],
    "decision": [
        sa.Column("meeting_id", sa.BigInteger),
        sa.Column("issue_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
    ],
    "action": [
        sa.Column("meeting_id", sa.BigInteger),
        sa.Column("issue_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("kpi", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    ],
    "note": [
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("view", sa.Text, nullable=False),
        sa.Column("meeting_id", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
    ],
    "annotation": [
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
    ],
    "saved_view": [
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
    ],
    "plan": [
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("persona", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("budget", sa.BigInteger),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("marketing_owner", sa.Text, nullable=False),
        sa.Column("sales_owner", sa.Text, nullable=False),
        sa.Column("promised_leads", sa.BigInteger),
        sa.Column("promised_mqls", sa.BigInteger),
        sa.Column("promised_pipeline", sa.BigInteger),
        sa.Column("promised_by", sa.Date),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("campaign_id", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    ],
    "idea": [
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("raised_at", sa.DateTime, nullable=False),
        sa.Column("plan_id", sa.BigInteger),
    ],
    "reply": [
        sa.Column("idea_id", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
    ],
    "limits": [
        sa.Column("kpi", sa.Text, nullable=False),
        sa.Column("grain", sa.Text, nullable=False),
        sa.Column("mean", sa.Float, nullable=False),
        sa.Column("low", sa.Float, nullable=False),
        sa.Column("high", sa.Float, nullable=False),
        sa.Column("based_from", sa.Date, nullable=False),
        sa.Column("based_to", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.DateTime, nullable=False),
    ],
    "audit": [
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
    ],
}
