"""What is mutated, and which tests mirror it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SQL = "smarketing/sql"
FIGURES = "tests/sql/test_figures.py"
ANSWERS = "tests/analysis/test_answers.py"
_HANDOFF = ("value", "obligations", "worklist", "speed", "pace")
HANDOFF = tuple(f"tests/analysis/handoff/test_{name}.py" for name in _HANDOFF)


@dataclass(frozen=True)
class Part:
    """Files of one subject and the tests that mirror them, the quick ones first."""

    files: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Area:
    """A part of the program that is judged by itself, of so many faults."""

    name: str
    faults: int
    parts: tuple[Part, ...]


def _analysis(folder: str) -> Part:
    return Part(f"smarketing/analysis/{folder}/**/*.py", (f"tests/analysis/{folder}", ANSWERS))


AREAS = (
    Area(
        "marts",
        24,
        tuple(
            Part(f"{SQL}/marts/{folder}/*.sql", (FIGURES, *tests.split()))
            for folder, tests in (
                ("customers", "tests/analysis/kpis/test_customers.py"),
                ("deals", "tests/sql/marts/deals"),
                ("handoff", "tests/analysis/handoff"),
                ("identity", "tests/sql/marts/test_identity.py"),
                ("rules", "tests/analysis/lead_quality"),
                ("stages", "tests/sql/marts/stages"),
                ("touches",
                 "tests/sql/marts/test_attributed.py tests/analysis/attribution/test_store.py"),
            )
        ),
    ),
    Area(
        "queries",
        24,
        tuple(
            Part(f"{SQL}/queries/{folder}/*.sql", (FIGURES, f"tests/analysis/{mirror}"))
            for folder, mirror in (
                ("attribution", "attribution/test_store.py"),
                ("content", "content"),
                ("customers", "customers"),
                ("dimensions", "kpis/test_scoreboard.py"),
                ("funnel", "funnel/test_oracle.py"),
                ("handoff", "handoff"),
                ("health", "health"),
                ("journeys", "journeys"),
                ("planning", "planning"),
                ("quality", "lead_quality"),
            )
        ),
    ),
    Area(
        "analysis",
        24,
        (
            Part("smarketing/analysis/attribution/models/*.py",
                 ("tests/analysis/attribution/test_paths.py", ANSWERS)),
            Part("smarketing/analysis/attribution/*.py",
                 ("tests/analysis/attribution/test_spend.py",
                  "tests/analysis/attribution/test_store.py",
                  "tests/analysis/attribution/test_returns.py", ANSWERS)),
            Part("smarketing/analysis/funnel/*.py",
                 ("tests/analysis/funnel/test_reconcile.py", "tests/analysis/funnel/test_views.py",
                  "tests/analysis/funnel/test_choices.py", ANSWERS)),
            Part("smarketing/analysis/handoff/*.py",
                 (*HANDOFF, ANSWERS)),
            *(_analysis(name) for name in
              ("campaigns", "content", "customers", "health", "journeys", "kpis", "lead_quality",
               "planning", "review")),
            Part("smarketing/analysis/*.py",
                 ("tests/analysis/test_rates.py", "tests/analysis/test_availability.py", ANSWERS)),
        ),
    ),
    Area("files", 10, (Part("smarketing/files/*.py", ("tests/files",)),)),
    Area(
        "sources",
        10,
        (
            Part("smarketing/sources/currencies.py", ("tests/test_currencies.py", "tests/sources")),
            Part("smarketing/sources/*.py", ("tests/sources",)),
            Part("smarketing/sources/drafting/*.py", ("tests/sources/drafting",)),
        ),
    ),
    Area(
        "build",
        12,
        (
            Part("smarketing/build/core/*.py", ("tests/build/core",)),
            Part("smarketing/build/spend/*", ("tests/build/spend",)),
            *(Part(f"smarketing/build/{name}/*.py", (f"tests/build/{name}",))
              for name in ("accounting", "importing", "again", "erasing")),
            Part("smarketing/build/*.py", ("tests/build/test_timetable.py",
                                           "tests/build/test_remote.py",
                                           "tests/build/test_refreshing.py", "tests/build/again")),
            Part("smarketing/build/marts/*.py", ("tests/build/marts", "tests/sql/marts", FIGURES)),
        ),
    ),
    Area(
        "agreement",
        14,
        (
            Part("smarketing/agreement/*.py",
                 ("tests/agreement", "tests/build/core/test_outcomes.py")),
            Part("smarketing/periods.py", ("tests/test_periods.py",)),
        ),
    ),
    Area("engine", 12, (Part("smarketing/engine/*.py", ("tests/engine", "tests/sql/test_lint.py",
                                                        FIGURES)),)),
    Area("export", 12, (Part("smarketing/export/**/*.py", ("tests/export",)),)),
    Area(
        "addresses",
        10,
        (
            Part("smarketing/ui/address.py",
                 ("tests/ui/test_controls.py", "tests/ui/test_address.py")),
            Part("smarketing/ui/view.py",
                 ("tests/ui/test_view.py", "tests/ui/test_controls.py", "tests/ui/test_address.py",
                  "tests/ui/test_values.py")),
            Part("smarketing/ui/bar.py",
                 ("tests/ui/test_view.py", "tests/ui/test_controls.py", "tests/ui/test_address.py",
                  "tests/ui/test_values.py")),
        ),
    ),
)  # fmt: skip


def files_of(part: Part) -> list[Path]:
    """Return the files of a part in one order, without those for one engine alone and for Spark.

    What only a Spark could tell is compared by `make parity`, where one is installed.
    """
    found = [path for path in sorted(ROOT.glob(part.files)) if path.stem != "__init__"]
    found = [path for path in found if not path.stem.startswith("spark")]
    return [path for path in found if path.suffix == ".py" or "." not in path.stem]
