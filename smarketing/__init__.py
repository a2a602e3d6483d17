"""Smarketing: one set of numbers for marketing and sales."""

from pathlib import Path

__version__ = "0.1.0"


def app_path() -> Path:
    """Where the dashboard's app.py is: in a checkout, else packed inside the installed wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "app.py"
    return checkout if checkout.exists() else package / "_app" / "app.py"
