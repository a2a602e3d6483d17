"""A note says what its figure was called when it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the title; notes of before have none."""
    op.add_column("note", sa.Column("title", sa.Text, nullable=False, server_default=""))
