"""The dashboard: `smarketing serve`, or `streamlit run app.py` from a checkout."""

from pathlib import Path

from smarketing.ui import shell

shell.run(Path(__file__).resolve().parent / "pages")
