"""Signatures and experiments, as the first workspaces held them without a version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the two tables where a workspace of before does not have them."""
    held = set(sa.inspect(op.get_bind()).get_table_names())
    if "signature" not in held:
        op.create_table(
            "signature",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("team", sa.Text, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("signed_at", sa.DateTime, nullable=False),
            sa.Column("agreement_hash", sa.Text, nullable=False),
        )
    if "experiment" not in held:
        op.create_table(
            "experiment",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("dimension", sa.Text, nullable=False),
            sa.Column("key", sa.Text, nullable=False),
            sa.Column("lift", sa.Float, nullable=False),
            sa.Column("low", sa.Float),
            sa.Column("high", sa.Float),
            sa.Column("note", sa.Text, nullable=False),
            sa.Column("entered_by", sa.Text, nullable=False),
            sa.Column("entered_at", sa.DateTime, nullable=False),
        )
