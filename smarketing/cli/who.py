"""For which home a command answers, and for whom: who sits there, or one of `access.yaml`."""

from __future__ import annotations

from pathlib import Path

from smarketing.access import FILE_NAME, LOCAL, Access, AccessError, Act, Identity, access_of

#: Commands that only read figures and records; all others are for who manages the home.
_READING = frozenset({
    "kpi", "funnel", "attribution", "journey", "handoff", "worklist", "plan", "report", "export",
})  # fmt: skip
#: Commands that give out, or reach, what belongs to everybody's records at once.
_OF_EVERYTHING = frozenset({
    "audit", "backup", "check", "forget", "import", "meeting", "refresh", "undo", "workspace",
})  # fmt: skip
_chosen: list[Access] = [LOCAL]


def home() -> Path:
    """The home folder named by SMARKETING_HOME, else `data`."""
    from smarketing.settings import Settings

    return Settings().home


def answer_for(email: str | None, command: str | None) -> None:
    """Let the command that runs show what this person sees; AccessError where that is nothing."""
    _chosen[0] = LOCAL
    if email is None:
        return
    access = access_of(home() / FILE_NAME, Identity(email, is_verified=True))
    act: Act = "see" if command in _READING else "manage"
    access.demand(act, f"smarketing {command}")
    if access.scope and command in _OF_EVERYTHING:
        raise AccessError(
            f"smarketing {command} is about everything, and {email} sees a part; ask somebody who "
            "sees all of it."
        )
    _chosen[0] = access


def access() -> Access:
    """What the person may do for whom the command answers."""
    return _chosen[0]
