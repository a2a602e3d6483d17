"""Run by Alembic: brings a workspace up to date inside the transaction that is given."""

from alembic import context

from smarketing.workspace.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
