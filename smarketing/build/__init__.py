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
