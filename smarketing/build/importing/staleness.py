"""Whether the published build still says what the landed files, agreement and code would say."""

from __future__ import annotations

from pathlib import Path

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.build.again.fingerprint import code_hash, landing_hash
from smarketing.build.importing.own_sources import own_folders
from smarketing.store import landing
from smarketing.store.builds import current_build
from smarketing.store.opening import build_info, open_build


def stale_reasons(home: Path) -> tuple[str, ...]:
    """Return why the published build is out of date, in words; empty when it is not.

    Raises StoreError when nothing has been published yet, AgreementError for a broken agreement.
    """
    info = build_info(open_build(current_build(home)))
    manifests = landing.read_manifests(home)
    landed = landing_hash(landing.effective_files(manifests), own_folders(home, manifests))
    changed = changes(info.agreement_hash, info.code_hash, load_home_agreement(home))
    return changed if info.landing_hash == landed else (*changed, "files were imported since")


def changes(agreement_hash: str, built_by: str, agreement: Agreement) -> tuple[str, ...]:
    """Return what of agreement and code a build was not made under, in words; empty for nothing.

    `agreement_hash` and `built_by` are the hashes of agreement and code in the build.
    """
    checks = {
        "the agreement has changed": agreement_hash != agreement.hash,
        "Smarketing has changed": built_by != code_hash(),
    }
    return tuple(reason for reason, holds in checks.items() if holds)
