"""Smarketing: one set of numbers for marketing and sales.

From Python: `import_files` fills a home folder, `open_engine` opens what was built of it, and
`kpis`, `funnel` and `attributions` ask it what the pages ask. `credit_paths` needs no store: it
gives credit over paths of one's own. Each is imported when it is first asked for, so that importing
the package costs nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smarketing.on_demand import on_demand

if TYPE_CHECKING:
    from smarketing.agreement import load_agreement, load_home_agreement
    from smarketing.analysis.attribution import attributions, credit_paths
    from smarketing.analysis.funnel.stages import funnel
    from smarketing.analysis.kpis.scoreboard import kpis
    from smarketing.build import import_files
    from smarketing.engine import open_engine

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "app_path",
    "attributions",
    "credit_paths",
    "funnel",
    "import_files",
    "kpis",
    "load_agreement",
    "load_home_agreement",
    "open_engine",
]

#: Where each public name lives.
_HOMES = {
    "attributions": "smarketing.analysis.attribution",
    "credit_paths": "smarketing.analysis.attribution",
    "funnel": "smarketing.analysis.funnel.stages",
    "import_files": "smarketing.build",
    "kpis": "smarketing.analysis.kpis.scoreboard",
    "load_agreement": "smarketing.agreement",
    "load_home_agreement": "smarketing.agreement",
    "open_engine": "smarketing.engine",
}


__getattr__ = on_demand(globals(), _HOMES)


def app_path() -> Path:
    """Where the dashboard's app.py is: in a checkout, else packed inside the installed wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "app.py"
    return checkout if checkout.exists() else package / "_app" / "app.py"


def __dir__() -> list[str]:
    """List what the package offers, imported yet or not."""
    return sorted({*globals(), *__all__})
