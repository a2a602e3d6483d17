"""Bringing data in: land files, derive the build, publish it.

- `import_files(home, paths, source=, mode=, as_of=, dry_run=, by=, progress=) -> ImportReport`
- `Pull(address, queries=, schema=, cursor=)`: the tables of a database that an import pulls, as
  `import_files(…, pull=)`
- `build(home, progress=) -> BuildReport`
- `build_under(home, agreement, progress=) -> Path`: the same under another agreement, kept beside
- `stale_reasons(home) -> tuple[str, ...]`: why the published build is out of date
- `changes(agreement_hash, built_by, agreement) -> tuple[str, ...]`: the same of an open build
- `STEPS`: what `progress(step, fraction)` is told, in order
"""

from typing import TYPE_CHECKING

from smarketing.on_demand import on_demand

if TYPE_CHECKING:
    from smarketing.build.importing.pulled import Pull
    from smarketing.build.importing.report import BuildReport, ImportReport, TableBalance
    from smarketing.build.importing.run import STEPS, build, import_files
    from smarketing.build.importing.staleness import changes, stale_reasons
    from smarketing.build.importing.under import build_under
    from smarketing.store.balance import FileBalance

__all__ = [
    "STEPS",
    "BuildReport",
    "FileBalance",
    "ImportReport",
    "Pull",
    "TableBalance",
    "build",
    "build_under",
    "changes",
    "import_files",
    "stale_reasons",
]

_RUN, _REPORT = "smarketing.build.importing.run", "smarketing.build.importing.report"
_STALENESS = "smarketing.build.importing.staleness"

# What only looks at a build, as Data health does, needs none of what makes one.
__getattr__ = on_demand(
    globals(),
    {
        "STEPS": _RUN,
        "BuildReport": _REPORT,
        "FileBalance": "smarketing.store.balance",
        "ImportReport": _REPORT,
        "Pull": "smarketing.build.importing.pulled",
        "TableBalance": _REPORT,
        "build": _RUN,
        "build_under": "smarketing.build.importing.under",
        "changes": _STALENESS,
        "import_files": _RUN,
        "stale_reasons": _STALENESS,
    },
)
