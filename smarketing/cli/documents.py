"""Commands that print what the product is made of: the data model."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(model)


def model(
    mermaid: bool = typer.Option(False, "--mermaid", help="Only the entity diagram, in Mermaid."),
) -> None:
    """Print the data model: core tables, marts and queries, with what each column means."""
    from smarketing.build import data_model

    typer.echo(data_model.mermaid() if mermaid else data_model.document(), nl=mermaid)
