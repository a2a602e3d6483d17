"""How the tables of the workspace came to be as they are, step by step (Alembic)."""
