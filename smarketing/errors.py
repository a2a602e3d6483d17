"""The one error hierarchy.

A message is one sentence that says what, where, the nearest valid name, and what to do next.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

#: What no name is as long as: of a longer word the beginning says enough.
_ENDLESS = re.compile(r"(\S{120})\S{180,}")
#: Of more valid names the first are listed.
_MOST_NAMES = 30


class SmarketingError(Exception):
    """A failure the user can act on; the command line prints it and exits with `exit_code`."""

    exit_code = 1

    def __str__(self) -> str:
        """Return the message; a word of hundreds of characters is cut."""
        return bounded(super().__str__())


class UsageError(SmarketingError):
    """The command, flag, name or parameter asked for does not exist or is out of range."""

    exit_code = 2


class AgreementError(SmarketingError):
    """The agreement file cannot be read or contradicts itself."""


class SourceError(SmarketingError):
    """A file or a source profile cannot be used with confidence."""


class RefusedError(SourceError):
    """Not one file of an import can be used; `reasons` holds a sentence or two for each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        """Keep the reasons beside the message, which joins them."""
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class StoreError(SmarketingError):
    """The store is missing, locked, full, unwritable or of a newer version."""


class BusyError(StoreError):
    """Another process is at it just now; nothing was done, and the same command works later.

    The exit code is that of sysexits for "try again later".
    """

    exit_code = 75


class QueryError(SmarketingError):
    """A query, expression, filter or dimension is not valid."""


def bounded(text: str) -> str:
    """Return a sentence in which a word of hundreds of characters is cut."""
    return _ENDLESS.sub(r"\1…", text)


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """Answer " Did you mean 'x'?" for the nearest valid name, else the list of valid names."""
    options = sorted({str(option) for option in valid})
    close = difflib.get_close_matches(str(name), options, n=1, cutoff=0.6)
    if close:
        return f" Did you mean '{close[0]}'?"
    if not options:
        return ""
    more = f" and {len(options) - _MOST_NAMES} more" if len(options) > _MOST_NAMES else ""
    return f" Valid: {', '.join(options[:_MOST_NAMES])}{more}."


def unknown(what: str, name: str, valid: Iterable[str], where: str = "") -> UsageError:
    """Build the error for a name that does not exist: what, which, where and the nearest one."""
    place = f" in {where}" if where else ""
    return UsageError(f"Unknown {what} '{name}'{place}.{did_you_mean(name, valid)}")
