"""A build under another version of the agreement, beside the published one and never current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from smarketing.agreement import Agreement
from smarketing.build.again.fingerprint import build_hash, landing_hash
from smarketing.build.derive import derive
from smarketing.build.importing.run import again
from smarketing.build.progress import Progress, silent
from smarketing.store import builds, landing
from smarketing.store.workplace import workplace


def build_under(home: Path, agreement: Agreement, progress: Progress | None = None) -> Path:
    """Return the build of all landed files under `agreement`; the published one stays current.

    One that was made before is taken, unless files or code changed since. It is pruned like any
    other. Raises StoreError when nothing has been imported yet or an invariant does not hold.
    """
    home = Path(home)
    builds.current_build(home)
    with workplace(home) as place:
        setting = replace(again(home, place, agreement, progress or silent), warehouse="")
        effective = landing.effective_files(landing.read_manifests(home))
        whole = build_hash(landing_hash(effective, setting.folders), agreement.hash)
        known = builds.same_build(home, whole)
        if known is not None:
            return known.path
        made = derive(setting, effective, again=True)
        return builds.keep_beside(home, made.build_id)
