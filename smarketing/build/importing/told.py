"""What an import has to say beyond its balances, in sentences for whoever made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smarketing.build.importing.report import ImportReport

_SHOWN = 3
"""Kinds of unread values that a message names."""
_FILES = 10
"""Files that were not read which are named one by one."""
_STAGES = 10
"""Stages without an outcome that a message names."""


def told(report: ImportReport, mode: str) -> Iterator[str]:
    """Say what became of rows that are not simply used, and what nobody has said yet."""
    yield from _notes(report)
    if report.passed_over:
        yield _documents(report)
    if report.removed:
        yield _removal(report, mode)
    if report.counted_elsewhere:
        yield _elsewhere(report)
    if report.repeated:
        yield _repetition(report)
    if report.alike:
        yield _alike(report)
    if any(file.quarantined and not file.is_unreadable for file in report.files):
        yield _quarantine(report)
    if report.unplaced:
        yield _unplaced(report)
    yield from _unclassified(report)
    if report.overlaps:
        yield _overlapping(report)
    assumed = [one for one in report.assumed if not one.was_told]
    if assumed:
        yield (
            f"{'; '.join(map(str, assumed[:_SHOWN]))}. If that is wrong, export the "
            "currency as a column too and import again."
        )
    for teamless in report.teamless:
        yield (
            f"{teamless}: they count for the one that the agreement names under "
            "cost_without_team. If they are another's, add a column team to the file."
        )


def _unclassified(report: ImportReport) -> Iterator[str]:
    """Say which words of the sources the agreement does not know."""
    if report.unmapped:
        yield (
            "nothing says which stage or exit these statuses of leads are: "
            f"{_first(report.unmapped, _STAGES)}. By it they are in no stage. Write it under "
            "classification.lead_statuses in agreement.yaml, then run: smarketing build."
        )
    if report.unruled:
        yield (
            f"no rule maps these channels: {_first(report.unruled, _STAGES)}. In figures by "
            "channel they are (unmapped). Write a rule under classification.channels in "
            "agreement.yaml, then run: smarketing build."
        )


def _notes(report: ImportReport) -> Iterator[str]:
    """Say what is to be said of files one by one; of many that were not read, of the first."""
    others = [file for file in report.files if not file.read_as and file.notes]
    left = {file.file for file in others[_FILES:]}
    for file in report.files:
        if file.file not in left:
            yield from (f"{file.file}: {note}." for note in file.notes)
    if left:
        yield f"{len(left):,} more files were not read; --json says why, file by file."


def _first(found: Sequence[object], most: int) -> str:
    """Name the first of what was found, and that there is more."""
    return "; ".join(map(str, found[:most])) + ("; …" if len(found) > most else "")


def _documents(report: ImportReport) -> str:
    """Name the documents and pictures that stood among the files of a folder."""
    names, more = report.passed_over[:_STAGES], len(report.passed_over) - _STAGES
    rest = f" and {more:,} more" if more > 0 else ""
    return f"passed over, since no table is read from such files: {', '.join(names)}{rest}."


def _repetition(report: ImportReport) -> str:
    """Say which files give a key more than once."""
    files = ", ".join(f"{rows:,} of {file}" for file, rows in report.repeated.items())
    return (
        "rows whose key stands again further down in their file are left out, so that the last "
        f"one counts: {files}."
    )


def _alike(report: ImportReport) -> str:
    """Say which files hold records that are the same as others of theirs."""
    files = ", ".join(f"{rows:,} of {file}" for file, rows in report.alike.items())
    return (
        f"rows that are the same as another of their file count once: {files}. Where they are "
        "records of their own, give each an id (costs: a column cost_id) and import again."
    )


def _elsewhere(report: ImportReport) -> str:
    """Say which rows of spend do not count again, and why."""
    found = [f"{rows:,} of {file}: {why}" for file, rows, why in report.counted_elsewhere]
    return f"rows of spend that do not count: {_first(found, _SHOWN)}."


def _overlapping(report: ImportReport) -> str:
    """Say which costs may be those of another file once more."""
    first = _first(report.overlaps, _SHOWN)
    return (
        f"costs of days on which another file has costs alike: {first}. If that is the same "
        "money it counts twice: leave it out of one of the files and import all files of that "
        "source again with --mode full; else, where costs have no id, give each one (cost_id)."
    )


def _removal(report: ImportReport, mode: str) -> str:
    """Say which records of earlier imports are no longer there."""
    gone = ", ".join(f"{count:,} of {table}" for table, count in report.removed.items())
    if mode == "add":
        return (
            f"records of earlier imports {'would' if report.dry_run else 'do'} no longer count, "
            f"since the new files hold the same, or say that they were deleted or merged: {gone}."
        )
    return (
        f"--mode full {'would take' if report.dry_run else 'took'} records out of the store that "
        f"the files do not hold: {gone}."
    )


def _unplaced(report: ImportReport) -> str:
    """Say in which stages deals are of which nothing says how they ended."""
    first = _first(report.unplaced, _STAGES)
    return (
        f"nothing says whether these stages are won, lost or open: {first}. "
        "Their deals are in no revenue, no open pipeline and no win rate. Write what the stages "
        "are under deal_outcomes in agreement.yaml, then run: smarketing build."
    )


def _quarantine(report: ImportReport) -> str:
    """Say what of files that are otherwise used could not be read and is in no figure."""
    lost = {file.file for file in report.unreadable}
    rows = sum(file.quarantined for file in report.files if file.file not in lost)
    unread = [part for part in report.unread if part.file not in lost]
    wrong = any(not part.is_of_agreement for part in unread)
    then = f"Correct {'it' if rows == 1 else 'them'} in the source and" if wrong else "Then"
    return (
        f"{rows:,} row{'' if rows == 1 else 's'} went to quarantine and "
        f"{'is' if rows == 1 else 'are'} left out of every figure: {_first(unread, _SHOWN)}. "
        f"{then} import again."
    )
