"""Files that go between browser and server apart from any page: who may send, who is given one.

The server keeps what is sent in memory and would take it from anybody; what was made it gives to
whoever knows its address. Here both are asked of the person who is let in at that moment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from smarketing.access import Access
from smarketing.ui.cookie import user_in

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

MADE = "/media/"
_UPLOAD = "/_stcore/upload_file/"
_UPLOAD_SECONDS = 3_600
_ASK_AGAIN_SECONDS = 5.0
#: A browser fetches what it was told of at once.
_KEPT_SECONDS = 600
_MADE_ADDRESS = re.compile(rb"/media/([0-9a-f]{16,128})")
#: Until when each session may send files, by its number: granted by the page that asks for them.
_may_send: dict[str, float] = {}
#: Whom the address of a made file was sent to, and until when it opens to them.
_told: dict[str, dict[Access, float]] = {}


class NotTakenError(Exception):
    """Whoever sends a file may not, or no longer; nobody but the guard sees it."""


def take_files(session_id: str) -> None:
    """Let a session send files for an hour: the page that asks for them was opened by it."""
    now = time.monotonic()
    for old in [one for one, until in _may_send.items() if until < now]:
        _may_send.pop(old, None)
    _may_send[session_id] = now + _UPLOAD_SECONDS


def may_send(path: str, method: str, cookie: str | None) -> bool:
    """Whether a request sends no file, or one that a page has just asked its session for.

    `cookie` is the request's where people sign in: then whoever sends must be an admin still.
    """
    _, is_upload, rest = path.partition(_UPLOAD)
    if not is_upload or method != "PUT":
        return True
    is_asked = _may_send.get(rest.partition("/")[0], 0.0) > time.monotonic()
    return is_asked and (cookie is None or _may_import(cookie))


def watched(receive: Receive, path: str, method: str, cookie: str | None) -> Receive:
    """Give what is sent piece by piece; NotTakenError once whoever sends it may no longer."""
    if method != "PUT" or cookie is None or _UPLOAD not in path:
        return receive
    asked_at = time.monotonic()

    async def received() -> Message:
        nonlocal asked_at
        message = await receive()
        if time.monotonic() - asked_at > _ASK_AGAIN_SECONDS:
            if not _may_import(cookie):
                raise NotTakenError
            asked_at = time.monotonic()
        return message

    return received


def _may_import(cookie: str) -> bool:
    access = _let_in(cookie)
    return access is not None and access.may("import")


def note_told(message: Message, cookie: str) -> None:
    """Note whom a socket's message tells the address of a made file."""
    sent = message.get("bytes") or b""
    if MADE.encode() not in sent:
        return
    access, now = _let_in(cookie), time.monotonic()
    if access is None:
        return
    for name in [one for one, told in _told.items() if max(told.values()) < now]:
        _told.pop(name, None)
    for found in _MADE_ADDRESS.findall(sent):
        _told.setdefault(found.decode(), {})[access] = now + _KEPT_SECONDS


def is_given(path: str, cookie: str) -> bool:
    """Whether a made file is given to who asks: its address was sent to them, as they are now."""
    access = _let_in(cookie)
    name = path.rpartition("/")[2].partition(".")[0]
    return access is not None and _told.get(name, {}).get(access, 0.0) > time.monotonic()


def _let_in(cookie: str) -> Access | None:
    # Loaded with the first page, which makes the files.
    from smarketing.ui.gate import access_now

    return access_now(user_in(cookie))
