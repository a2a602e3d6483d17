"""One bad file is one refusal: whatever a file causes becomes a sentence that names it."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb

from smarketing.errors import SmarketingError, SourceError, StoreError
from smarketing.files.panics import is_panic

_NO_ROOM = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)
_INTERRUPTS = (KeyboardInterrupt, SystemExit, GeneratorExit)
_MEMORY = (MemoryError, duckdb.OutOfMemoryException)


def refusal(path: Path, name: str, out_dir: Path, error: BaseException) -> BaseException:
    """Say in one sentence what a file that is called `name` caused, for the reader to raise.

    SourceError where the file is to blame, StoreError where the machine refuses to write to
    `out_dir`; what is said already, and a person's interruption, stays as it is.
    """
    if isinstance(error, (SmarketingError, *_INTERRUPTS)):
        return error
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if _is_of_the_machine(error, out_dir):
        why = "no space is left" if "No space left" in first or "errno 28" in first else first
        return StoreError(
            f"{name} could not be landed in {out_dir} ({why}): nothing was changed; free some "
            "space or choose another home, and import again."
        )
    if isinstance(error, OSError) and error.filename == str(path):
        return SourceError(f"{path} cannot be read ({error.strerror}): check its permissions.")
    if isinstance(error, _MEMORY):
        return SourceError(
            f"{name} needs more memory than reading one file may take; export it in parts."
        )
    if is_panic(error):
        return SourceError(
            f"{name} is damaged or cut short: export it again, or open it in a spreadsheet and "
            "save it as csv."
        )
    if isinstance(error, RecursionError):
        return SourceError(f"{name} is nested too deeply to be an export of records.")
    return SourceError(
        f"{name} cannot be read ({type(error).__name__}: {first[:200]}): export it again, or open "
        "it in a spreadsheet and save it as csv."
    )


def _is_of_the_machine(error: BaseException, out_dir: Path) -> bool:
    """Whether writing failed rather than reading: the disk, or the folder that is written to."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM or str(error.filename).startswith(str(out_dir))
    said = str(error)
    return isinstance(error, duckdb.IOException) and (
        str(out_dir) in said or "No space left" in said or "errno 28" in said
    )
