"""The reports of an import and of a build, read from the build they made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from smarketing.agreement import Agreement
from smarketing.agreement.classification import UNMAPPED
from smarketing.build.accounting.balances import lacks_a_contact
from smarketing.build.core.stages import resolve
from smarketing.build.derive import Derived
from smarketing.build.importing.call_notes import call_notes, direction_notes, kind_notes
from smarketing.build.importing.changes import compare, outdated
from smarketing.build.importing.contact_notes import contact_notes
from smarketing.build.importing.emptied_notes import emptied_notes
from smarketing.build.importing.lead_notes import lead_notes
from smarketing.build.importing.left_out_notes import left_out_notes
from smarketing.build.importing.order_notes import order_notes
from smarketing.build.importing.rate_notes import rate_notes
from smarketing.build.importing.reference_notes import reference_notes
from smarketing.build.importing.report import (
    Assumed,
    BuildReport,
    ImportReport,
    Overlap,
    Teamless,
    Unmapped,
    Unplaced,
    Unread,
    Unruled,
)
from smarketing.build.importing.spend_notes import spend_notes
from smarketing.build.importing.staging import Staged
from smarketing.build.importing.undated_notes import undated_notes
from smarketing.currencies import minor_digits
from smarketing.errors import RefusedError
from smarketing.files.quoting import identifier, literal
from smarketing.in_memory import in_memory
from smarketing.store import builds
from smarketing.store.balance import NOT_RECOGNISED, SOURCE_GONE, FileBalance
from smarketing.store.schema import core_tables

_REASONS = 3
_CHANNELS = """
select source, channel, kind, utm_source, utm_medium, count(*)
from (
    select source, channel, null as kind, null as utm_source, null as utm_medium, _file_id
    from now.main.lead
    union all select source, channel, kind, null, null, _file_id from now.main.campaign
    union all
    select source, channel, kind, utm_source, utm_medium, _file_id from now.main.touch
    where side is distinct from 'sales'
)
where list_contains($ids, _file_id) and coalesce(channel, utm_source, utm_medium) is not null
group by all
"""
UNKNOWN_FILE = "no known source"


def import_report(
    home: Path, derived: Derived, import_id: str, staged: Staged, dry_run: bool
) -> ImportReport:
    """Report the files that were named and the tables they fill, against the published build."""
    hashes = {file.sha256 for file in staged.files}
    mine = [file for file in derived.files if file.sha256 in hashes]
    before = builds.published(home)
    ids = [file.file_id for file in mine]
    with _attached(derived.path, before) as (connection, earlier):
        tables = compare(connection, "now", earlier, ids)
        files = _file_balances(connection, staged, ids, earlier)
        as_of = _as_of(connection)
        unread = _unread(connection, ids)
        unplaced = _unplaced(connection, ids)
        unmapped = _unmapped(connection, ids, derived.agreement)
        unruled = _unruled(connection, ids, derived.agreement)
        teamless = _teamless(connection, ids)
        overlaps = _overlaps(connection, ids)
        assumed = _assumed(connection, ids, earlier)
    return ImportReport(
        import_id=max(file.import_id for file in mine) if derived.is_current else import_id,
        build_id=derived.build_id if derived.is_current or not dry_run else None,
        files=(*files, *_others(staged)),
        tables=tables,
        refused=tuple(staged.refused),
        dry_run=dry_run,
        as_of=as_of,
        unread=unread,
        unplaced=unplaced,
        unmapped=unmapped,
        unruled=unruled,
        teamless=teamless,
        passed_over=staged.passed,
        overlaps=overlaps,
        assumed=assumed,
    )


def unread_report(staged: Staged, dry_run: bool) -> ImportReport:
    """Report an import that landed nothing; RefusedError when every file of it was refused.

    Where no file is known, those of no source are refused: nothing else would say why.
    """
    # Why they cannot be used is the refusal: it is not noted as well.
    others = tuple(replace(file, notes=()) for file in _others(staged))
    if staged.refused and not others:
        raise RefusedError(staged.refused)
    reasons = [*staged.refused, *(why for *_, why in staged.unknown)]
    more = len(reasons) - _REASONS
    rest = [f"The other {more} files cannot be used either."] if more > 0 else []
    refused = (*reasons[:_REASONS], *rest)
    return ImportReport(None, None, others, (), refused, dry_run, passed_over=staged.passed)


def build_report(path: Path, derived: Derived) -> BuildReport:
    """Report what a build derived."""
    with _attached(path, None) as (connection, _):
        rows = {table: _count(connection, table) for table in core_tables()}
        return BuildReport(
            build_id=derived.build_id,
            as_of=_as_of(connection),
            rows={table: count for table, count in rows.items() if count},
            marts=derived.marts,
            quarantined=_count(connection, "quarantine"),
            unreached=_unreached(connection),
        )


def _unreached(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Say which landed tables no source reads any more, so that no figure holds them."""
    rows = connection.execute(
        "select u.file, u.source, u.reason, u.rows from now.main.file_unused u "
        "where u.reason in (?, ?) and u.rows > 0 order by 1, 2",
        [SOURCE_GONE, NOT_RECOGNISED],
    ).fetchall()
    return tuple(
        f"The {count} records of {file} are in no figure: {reason} ('{source}')."
        for file, source, reason, count in rows
    )


@contextmanager
def _attached(
    now: Path, before: Path | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str | None]]:
    """Open builds side by side as `now` and `before`; a build beside itself is one, `now`."""
    with closing(in_memory()) as connection:
        connection.execute(f"attach {literal(str(now))} as now (read_only)")
        if before is None:
            yield connection, None
        elif before.samefile(now):
            yield connection, "now"
        else:
            connection.execute(f"attach {literal(str(before))} as before (read_only)")
            yield connection, "before"


def _as_of(connection: duckdb.DuckDBPyConnection) -> date | None:
    found: list[tuple[date | None]]
    found = connection.execute("select as_of_day from now.main.build_info").fetchall()
    return found[0][0]


def _unread(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> tuple[Unread, ...]:
    """Return what the files hold that could not be read, most frequent first."""
    rows = connection.execute(
        "select file, min(row), column_name, arg_min(value, row), reason, count(*) "
        "from now.main.quarantine q where list_contains(?, _file_id) "
        f"and not {lacks_a_contact('now.main', 'q')} "
        "group by file, column_name, reason order by 6 desc, 1, 2, 3",
        [list(ids)],
    ).fetchall()
    return tuple(Unread(*row) for row in rows)


def _unplaced(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> tuple[Unplaced, ...]:
    """Return the stages of the files' deals that have no outcome, most deals first."""
    rows = connection.execute(
        "select source, pipeline, stage, count(*), sum(amount), currency from now.main.deal "
        "where outcome is null and list_contains(?, _file_id) "
        "group by all order by 4 desc, source, pipeline, stage, currency",
        [list(ids)],
    ).fetchall()
    return tuple(
        Unplaced(source, pipeline, stage, deals, _major(amount, currency), currency)
        for source, pipeline, stage, deals, amount, currency in rows
    )


def _unmapped(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int], agreement: Agreement
) -> tuple[Unmapped, ...]:
    """Return the statuses of the files' leads that are no stage and no exit, most leads first."""
    rows = connection.execute(
        "select source, status, count(*) from now.main.lead "
        "where status is not null and list_contains(?, _file_id) group by all "
        "order by 3 desc, 2, 1",
        [list(ids)],
    ).fetchall()
    return tuple(
        Unmapped(status, leads)
        for source, status, leads in rows
        if resolve(status, agreement, source) == (None, None)
    )


def _unruled(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int], agreement: Agreement
) -> tuple[Unruled, ...]:
    """Return the channels of the files' records that no rule maps, most records first."""
    rows = connection.execute(_CHANNELS, {"ids": list(ids)}).fetchall()
    found: Counter[str] = Counter()
    for source, raw, kind, utm_source, utm_medium, records in rows:
        channel = agreement.classification.channel_of(
            raw, kind=kind, utm_source=utm_source, utm_medium=utm_medium, system=source
        )
        if channel == UNMAPPED:
            found[raw or utm_source or utm_medium] += records
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Unruled(*item) for item in order)


def _teamless(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> tuple[Teamless, ...]:
    """Return how many of the files' costs name no team, by currency."""
    rows = connection.execute(
        "select count(*), sum(amount), currency from now.main.cost "
        "where team is null and list_contains(?, _file_id) group by currency order by 1 desc, 3",
        [list(ids)],
    ).fetchall()
    return tuple(
        Teamless(costs, _major(amount, currency), currency) for costs, amount, currency in rows
    )


def _overlaps(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> tuple[Overlap, ...]:
    """Return which costs of, or beside, the files may be another file's once more."""
    rows = connection.execute(
        "select file, other_file, count(*), min(day), max(day), sum(amount), currency "
        "from now.main.cost_overlap where list_contains($ids, file_id) "
        "or list_contains($ids, other_file_id) group by all order by 6 desc, 1, 2",
        {"ids": list(ids)},
    ).fetchall()
    return tuple(
        Overlap(
            file, other, costs, starts_on, ends_on, _major(amount, currency) or 0, currency or ""
        )
        for file, other, costs, starts_on, ends_on, amount, currency in rows
    )


def _assumed(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int], earlier: str | None
) -> tuple[Assumed, ...]:
    """Return how many amounts of the files' sources name no currency, most first."""
    told = "select source, table_name, currency from {}.main.currency_assumed"
    known = connection.execute(told.format(earlier)).fetchall() if earlier else []
    rows = connection.execute(
        "select source, table_name, records, currency from now.main.currency_assumed "
        "where source in (select source from now.main.file_info where list_contains(?, _file_id)) "
        "order by 3 desc, 1, 2, 4",
        [list(ids)],
    ).fetchall()
    return tuple(
        Assumed(source, table, records, currency, (source, table, currency) in known)
        for source, table, records, currency in rows
    )


def _major(amount: int | None, currency: str | None) -> float | None:
    return None if amount is None else float(amount) / 10 ** minor_digits(currency or "")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    asked = f"select count(*) from now.main.{identifier(table)}"
    [(count,)] = connection.execute(asked).fetchall()
    return int(count)


def _file_balances(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    ids: Sequence[int],
    before: str | None,
) -> list[FileBalance]:
    """Return one balance per file, over all tables read from it; `before` is an earlier build."""
    rows = connection.execute(
        "select sha256, max(file), sum(rows), sum(used), sum(unused), sum(quarantined), "
        "string_agg(distinct source, ', ' order by source), "
        "string_agg(distinct object, ', ' order by object), "
        "string_agg(distinct concat_ws(' ', source, object), ', ' "
        "order by concat_ws(' ', source, object)) from now.main.file_info "
        "where list_contains(?, _file_id) group by sha256",
        [list(ids)],
    ).fetchall()
    reasons = connection.execute(
        "select i.sha256, u.reason, sum(u.rows) from now.main.file_unused u "
        "join now.main.file_info i on i._file_id = u._file_id "
        "where list_contains(?, u._file_id) group by 1, 2 order by 3 desc, 2",
        [list(ids)],
    ).fetchall()
    noted = (
        staged.notes,
        _outdated(connection, ids),
        _rounded(connection, ids),
        spend_notes(connection, ids),
        lead_notes(connection, before, ids),
        emptied_notes(connection, before, ids),
        undated_notes(connection, ids),
        order_notes(connection, ids),
        reference_notes(connection, ids),
        rate_notes(connection, ids),
        call_notes(connection, ids),
        kind_notes(connection, ids),
        direction_notes(connection, ids),
        contact_notes(connection, ids),
        left_out_notes(connection, ids),
    )
    found = {
        sha: FileBalance(
            file=staged.labels.get(sha, file),
            sha256=sha,
            rows=int(total),
            used=int(used),
            unused=int(unused),
            quarantined=int(bad),
            source=source,
            object=kind,
            read_as=read_as or None,
            unused_reasons=tuple(
                (reason, int(count)) for key, reason, count in reasons if key == sha
            ),
            notes=tuple(note for notes in noted for note in notes.get(sha, ())),
            records=staged.records_of(sha),
        )
        for sha, file, total, used, unused, bad, source, kind, read_as in rows
    }
    return [found[sha] for sha in staged.labels if sha in found]


def _outdated(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Say of which files records were passed over for what is held, as they seem older."""
    lost = outdated(connection, "now", ids)
    hashes = connection.execute(
        "select _file_id, sha256 from now.main.file_info where list_contains(?, _file_id)",
        [list(lost)],
    ).fetchall()
    said: dict[str, list[str]] = {}
    for file_id, sha in hashes:
        records, held = lost[file_id]
        many = "1 record was" if records == 1 else f"{records:,} records were"
        said.setdefault(sha, []).append(
            f"{many} passed over, since {held}, imported before, seems newer. If this file is the "
            "correction, import it again with --as-of and the day of the correction, or with a "
            "column modified_at"
        )
    return said


def _rounded(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, tuple[str, ...]]:
    """Say of which amounts of each file more decimals were given than their currency has."""
    rows = connection.execute(
        "select i.sha256, r.column_name, r.currency, sum(r.amounts), arg_min(r.example, r.row), "
        "min(r.row) from now.main.amount_rounded r "
        "join now.main.file_info i on i._file_id = r._file_id "
        "where list_contains(?, r._file_id) group by 1, 2, 3 order by 6, 2",
        [list(ids)],
    ).fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for sha, column, currency, amounts, example, row in rows:
        several = f"{int(amounts):,} values of {column} have", "each was rounded"
        what, done = several if amounts > 1 else (f"1 value of {column} has", "it was rounded")
        note = f"{what} more decimals than {currency} ({example}, line {row}): {done}"
        found[sha] = (*found.get(sha, ()), note)
    return found


def _others(staged: Staged) -> Iterator[FileBalance]:
    """Return the balances of files that were not landed: of no source, or the same as another."""
    for file, sha, rows, why in staged.unknown:
        reasons = ((UNKNOWN_FILE, rows),)
        notes = (why.removeprefix(f"{file.path.name} is ").removesuffix("."),)
        yield FileBalance(file.label, sha, rows, 0, rows, 0, unused_reasons=reasons, notes=notes)
    for file, sha, other in staged.same:
        rows = staged.rows_of(sha)
        reasons = ((f"the same file as {other}", rows),)
        yield FileBalance(file.label, sha, rows, 0, rows, 0, unused_reasons=reasons)
