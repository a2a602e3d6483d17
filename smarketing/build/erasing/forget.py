"""`forget`: a person is erased from the whole home and stays erased; figures stay what they are."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyarrow.parquet import read_schema

from smarketing.agreement import load_home_agreement
from smarketing.build.derive import Setting, raw_files
from smarketing.build.erasing.begun import Begun, begin, begun_in, end
from smarketing.build.erasing.columns import roles
from smarketing.build.erasing.letters import is_wide
from smarketing.build.erasing.person import Known, find, traces_of
from smarketing.build.erasing.searching import files_of, holds, unsearched
from smarketing.build.erasing.tables import (
    Table,
    clean_build,
    clean_parquet,
    phones_of,
    rename_columns,
)
from smarketing.build.erasing.traces import Traces, renamed, words_of
from smarketing.build.importing.own_sources import all_sources, own_folders
from smarketing.build.importing.run import build
from smarketing.build.progress import silent
from smarketing.engine.pulling import place_of
from smarketing.engine.warehouse import WarehouseError, is_written_wrong
from smarketing.errors import StoreError, UsageError
from smarketing.settings import Settings
from smarketing.store import audit, backup, builds, landing, uploads
from smarketing.store.elsewhere import hold_erased, note_erased
from smarketing.store.erased import Erased, add_erased, mark, record_id
from smarketing.store.home import Home, write_atomic
from smarketing.store.lock import writing
from smarketing.store.workplace import Workplace
from smarketing.workspace import open_workspace
from smarketing.workspace.erase import erase


@dataclass(frozen=True)
class Forgotten:
    """What an erasure touched: rows of landed files and of builds, records of the workspace.

    `shared_names` are names that others have as well, within a longer one too, or of one word:
    erased in the person's own rows, left where they may be another's. `remains` are files of the
    home that still hold an address or a name, `elsewhere` warehouses whose builds still hold the
    person. `unsearched` are files of the home whose text nobody can search.
    """

    landed_rows: int
    build_rows: int
    workspace_records: int
    shared_names: tuple[str, ...]
    remains: tuple[str, ...]
    dry_run: bool
    elsewhere: tuple[str, ...] = ()
    unsearched: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as a plain mapping."""
        return asdict(self)


def forget(
    home: Path, given: str, *, by: str = "unknown", dry_run: bool = False, rebuild: bool = True
) -> Forgotten:
    """Erase the person with this e-mail address or id from a home; `dry_run` says what it touches.

    Without `rebuild` the caller builds once it has erased several.

    Landed files are rewritten, then every kept build, then the workspace; a build is derived anew
    from what is left, and no earlier one stays in the warehouse of the settings; what holds the
    person in others, or in one that is away, is dropped by the next build there. Killed on the way,
    the same command goes on where it stopped. Raises UsageError where nothing in the home names the
    person, StoreError where something of the person remains.
    """
    with writing(Home(home), Settings().lock_wait_seconds):
        setting = _setting(home)
        before = None if dry_run else begun_in(home)
        counts = _erase(home, setting, before, False) if before else (0, 0, 0)
        known = find(home, given)
        traces = traces_of(known, setting.sources)
        if traces.ids or traces.leads or traces.mailboxes:
            landed_tables = list(_landed(setting, landing.read_manifests(home)))
            traces = replace(traces, phones=phones_of(landed_tables, traces))
        if not dry_run and (known.ids or known.leads or known.mailboxes):
            note_erased(home, _warehouse())
            _put_down(home, traces)
            begin(home, Begun(known, traces))
            _discard(home)
        more = _erase(home, setting, Begun(known, traces), dry_run)
        landed, kept, written = (sum(both) for both in zip(counts, more, strict=True))
        if not dry_run:
            end(home)
        if before and not sum(more):
            traces = before.traces
    remains: tuple[str, ...] = ()
    if not landed + kept + written:
        remains = tuple(_remaining(home, traces))
    if not landed + kept + written + len(remains):
        raise UsageError(
            f"Nothing in {home} names '{given}'; write the e-mail address or the ID as a record "
            f"shows it.{told_elsewhere(hold_erased(home))}"
        )
    if landed + kept + written and not dry_run:
        audit.note(home, by, "erased a person", traces.pseudonym)
        if (landed or _warehouse() in hold_erased(home)) and rebuild:
            # The home is clean; what stays in a warehouse that is away is told.
            with suppress(WarehouseError):
                build(home)
        remains = tuple(_remaining(home, traces))
    held = () if dry_run else hold_erased(home)
    shared, odd = tuple(sorted(traces.shared)), tuple(unsearched(home))
    return Forgotten(landed, kept, written, shared, remains, dry_run, held, odd)


def told_elsewhere(places: Iterable[str]) -> str:
    """Say which warehouses hold erased people, and what drops them; blank for none."""
    found = ", ".join(places)
    return found and (
        f" Builds in {found} still hold people who were erased: run smarketing build --on with its "
        "address, which drops them."
    )


def _warehouse() -> str:
    """Return where the warehouse of the settings is; blank for none."""
    address = Settings().warehouse
    return "" if not address or is_written_wrong(address) else place_of(address)


def _erase(home: Path, setting: Setting, begun: Begun, dry_run: bool) -> tuple[int, int, int]:
    """Erase from landed files, builds, and what was written; returns what each of them had."""
    landed = _clean_landing(home, setting, begun.traces, dry_run)
    kept = _clean_builds(home, begun.known, begun.traces, dry_run)
    cleaned = begun.traces.cleaned
    written = erase(open_workspace(home), cleaned, dry_run=dry_run)
    return landed, kept, written + audit.without(home, cleaned, dry_run=dry_run)


def _discard(home: Path) -> None:
    """Throw away what was dropped in the browser, and what was killed half-way."""
    uploads.discard_all(home)
    landing.clear_unfinished(home)
    builds.clear_unfinished(home)
    backup.clear_unfinished(home)


def _setting(home: Path) -> Setting:
    folders = own_folders(home, landing.read_manifests(home))
    agreement = load_home_agreement(home)
    return Setting(Workplace(home), agreement, all_sources(folders), folders, None, silent)


def _put_down(home: Path, traces: Traces) -> None:
    add_erased(
        home,
        Erased(
            traces.pseudonym,
            datetime.now(UTC).isoformat(timespec="seconds"),
            tuple(sorted(mark(home, box) for box in traces.mailboxes)),
            _marks(home, traces.ids),
            tuple(sorted({mark(home, "name", name) for n in traces.names for name in _runs(n)})),
            _marks(home, traces.leads),
        ),
    )


def _marks(home: Path, ids: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({mark(home, source, record_id(raw)) for source, raw in ids}))


def _runs(name: str) -> Iterator[str]:
    """Give a name as words in a row; of a script that parts none also without spaces."""
    yield " ".join(words_of(name))
    if is_wide(name):
        yield "".join(words_of(name))


def _clean_landing(home: Path, setting: Setting, traces: Traces, dry_run: bool) -> int:
    """Rewrite every landed table, those of files that no longer count among them."""
    manifests = landing.read_manifests(home)
    rows = 0
    for parquet, source, found in _landed(setting, manifests):
        rows += clean_parquet(parquet, source, found, traces, dry_run)
        told = {} if dry_run else renamed(_headers(parquet), traces.cleaned)
        if told:
            rename_columns(parquet, told)
    return rows + sum(_clean_manifest(home, m.import_id, traces, dry_run) for m in manifests)


def _landed(setting: Setting, manifests: Iterable[landing.Manifest]) -> Iterator[Table]:
    """Give every landed table once, its source and what its headers are to a person."""
    seen: set[Path] = set()
    for manifest in manifests:
        for file in raw_files(setting, landing.effective_files([manifest])):
            source = setting.sources.get(file.source)
            item = source.objects.get(file.object) if source and file.object else None
            if source is None or item is None or file.parquet in seen:
                continue
            seen.add(file.parquet)  # later imports name what they read again
            # Killed after a header was renamed the manifest still has the old one.
            headers = _headers(file.parquet)
            yield file.parquet, file.source, roles(source, file.object, item.read(headers), headers)


def _headers(parquet: Path) -> tuple[str, ...]:
    return tuple(read_schema(parquet).names[:-1])


def _clean_manifest(home: Path, import_id: str, traces: Traces, dry_run: bool) -> int:
    """Rewrite what a manifest quotes of a file: rows that could not be read, names, totals."""
    path = Home(home).landing / import_id / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    count = [0]
    cleaned = _walked(content, traces.cleaned, count)
    if count[0] and not dry_run:
        write_atomic(path, json.dumps(cleaned, ensure_ascii=False, indent=1))
    return count[0]


def _walked(value: Any, cleaned: Callable[[str], str], count: list[int]) -> Any:
    if isinstance(value, str):
        text = cleaned(value)
        count[0] += text != value
        return text
    if isinstance(value, list):
        return [_walked(item, cleaned, count) for item in value]
    if isinstance(value, dict):
        told = renamed(value.get("columns", ()), cleaned)
        within = (lambda text: told.get(text) or cleaned(text)) if told else cleaned
        return {key: _walked(item, within, count) for key, item in value.items()}
    return value


def _clean_builds(home: Path, known: Known, traces: Traces, dry_run: bool) -> int:
    return sum(clean_build(b.path, known, traces, dry_run) for b in builds.list_builds(home))


def _remaining(home: Path, traces: Traces) -> Iterator[str]:
    """Name the files of a home whose bytes still hold an address or a name of the person.

    Tables are packed, so that they are asked again; all else is searched byte by byte.
    """
    rules = [re.compile(pattern) for pattern, _ in traces.rules]
    # Of bytes only the letters of ASCII have a small form.
    needles = {each for n in traces.needles for each in (n, unicodedata.normalize("NFD", n))}
    packed = [needle.encode() for needle in sorted(needles)]
    for path in files_of(home):
        name = path.relative_to(home).as_posix()
        if holds(path, rules, packed) or any(rule.search(name) for rule in rules):
            yield name
    setting = _setting(home)
    if _clean_landing(home, setting, traces, True) or _clean_builds(home, Known(), traces, True):
        raise StoreError(
            "Something of the person is still in the home's tables; run the same command again."
        )
