"""The address of who wrote a record; of before only that which stands as the name is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_BY = {
    "attendance": "name",
    "issue": "raised_by",
    "decision": "decided_by",
    "action": "created_by",
    "note": "author",
    "reply": "author",
}


def upgrade() -> None:
    """Add the address; who signed in at a provider that gives no names goes by it already."""
    for table, name in _BY.items():
        op.add_column(table, sa.Column("email", sa.Text, nullable=False, server_default=""))
        by = sa.table(table, sa.column("email"), sa.column(name))
        is_address = by.c[name].like("%_@_%._%") & ~by.c[name].like("% %")
        op.execute(by.update().values(email=sa.func.lower(by.c[name])).where(is_address))
