"""The server of the dashboard: Streamlit's own, behind a guard over every request.

The guard lets in the hosts and origins that people reach the dashboard by, takes files from those
alone whom a page has just asked for some, gives files that were made to who is let in now, hands on
only what a reader may ask of a session, adds the headers that keep a browser from being turned
against it, remembers the page one came for while signing in, and writes a line for each request
that names no person.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from smarketing.store.builds import published
from smarketing.ui.sign_in import CALLBACK, LOOPBACK
from smarketing.ui.transfers import MADE, NotTakenError, is_given, may_send, note_told, watched

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/health"
_CAME_FOR = "smarketing_came_for"
_USER = "_streamlit_user"
_LONGEST_ADDRESS = 2_000
#: What a browser may ask of its session. Streamlit knows more, such as emptying everybody's caches
#: or telling of the folder it runs in, and would do it for anyone who reaches the port.
_ASKED = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
_OPERATION = "backend_operation_request"
#: Of what it may have the server do: make a file to download, which asks who clicks (`handing`).
_OPERATIONS = frozenset({"deferred_file"})
#: What Streamlit says of the server itself, which is nobody's business who reaches it.
_SERVERS_OWN = ("/_stcore/metrics", "/_stcore/agent")
_QUIET = ("/static/", "/_stcore/", "/component/", HEALTH)
_LOG = logging.getLogger("smarketing.requests")
#: Everything from this host alone. Streamlit's own pages need styles and code of theirs inline.
_POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_ONE_YEAR = 31_536_000
_LOGIN = "/auth/login"
_NO_PROVIDER = (
    b"The provider of sign-in does not answer as it should; try again in a moment, or tell "
    b"whoever keeps this dashboard.\n"
)
_NOT_SIGNED_IN = b"This was made for somebody else, or long ago: ask for it on its page.\n"
_NOT_ASKED = b"No page of this session asks for a file.\n"
_PLAIN = (b"content-type", b"text/plain; charset=utf-8")
_NOT_OURS = b"This address is not one by which this dashboard is served.\n"


@dataclass(frozen=True)
class Reached:
    """How people reach the dashboard: by which hosts, whether by https, whether they sign in.

    No hosts means any, for a dashboard that was told to go without sign-in.
    """

    hosts: frozenset[str]
    is_https: bool = False
    signs_in: bool = False


class Guard:
    """Stands before Streamlit's server."""

    def __init__(self, app: Asgi, reached: Reached) -> None:
        """Guard an ASGI application."""
        self._app = app
        self._reached = reached

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        if not self._may_ask(headers, str(scope.get("scheme", ""))):
            await _refuse(scope, send, 421, _NOT_OURS)
            return
        if str(scope["path"]).startswith(_SERVERS_OWN):
            await _refuse(scope, send, 404, b"There is nothing here.\n")
            return
        path, method = str(scope["path"]), str(scope.get("method", ""))
        cookie = headers.get("cookie", "") if self._reached.signs_in else None
        if not may_send(path, method, cookie):
            await _refuse(scope, send, 403, _NOT_ASKED)
            return
        exchange = _Exchange(scope, headers, send, self._reached)
        heard = watched(_heard(scope, receive), path, method, cookie)
        try:
            await self._app(scope, heard, exchange.send)
        except NotTakenError:
            await _refuse(scope, send, 403, _NOT_ASKED)
        finally:
            exchange.log()

    def _may_ask(self, headers: Mapping[str, str], scheme: str) -> bool:
        """Whether the host is ours, and the page that asks (if any does) is one of its own.

        Where TLS is, with the server, a proxy or at the redirect address, a page that came without
        it may be anybody's who is on the way.
        """
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._reached.hosts and _name(host) not in self._reached.hosts:
            return False
        if origin is None:
            return True
        forwarded = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
        is_https = self._reached.is_https and _name(host) not in LOOPBACK
        is_https |= forwarded == "https" or scheme in ("https", "wss")
        begins = ("https://",) if is_https else ("https://", "http://")
        is_ours = bool(host) and _netloc(origin) == host.lower()
        return is_ours and origin.lower().startswith(begins)


class _Exchange:
    """One request and its answer."""

    def __init__(
        self, scope: Scope, headers: Mapping[str, str], send: Send, reached: Reached
    ) -> None:
        self._scope, self._headers, self._send, self._reached = scope, headers, send, reached
        self._began = time.monotonic()
        self._status = 0
        self._instead = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = int(message["status"])
            given = list(message.get("headers", ()))
            if self._is_anothers(given):
                self._status, self._instead, given = 403, _NOT_SIGNED_IN, [_PLAIN]
            elif self._status >= 400 and str(self._scope["path"]).endswith(_LOGIN):
                # Somebody goes to sign in, and there is no provider.
                self._instead = _NO_PROVIDER
            headers = self._answered(given)
            if self._instead:
                length = (b"content-length", str(len(self._instead)).encode())
                headers = [(n, v) for n, v in headers if n.lower() != length[0]] + [length]
            message = {**message, "status": self._status, "headers": headers}
        elif message["type"] == "http.response.body" and self._instead:
            message = {**message, "body": self._instead}
        elif message["type"] == "websocket.accept":
            self._status = 101
        elif message["type"] == "websocket.send" and self._reached.signs_in:
            note_told(message, self._headers.get("cookie", ""))
        await self._send(message)

    def _is_anothers(self, given: list[tuple[bytes, bytes]]) -> bool:
        """Whether a file to keep is asked for by who was not sent its address, or is another now.

        Its address alone would hand it to whoever was told it, and after signing out. What a page
        shows before anybody signs in, its icon, is no file to keep.
        """
        is_kept = any(name.lower() == b"content-disposition" for name, _ in given)
        path = str(self._scope["path"])
        if not (self._reached.signs_in and is_kept and path.startswith(MADE)):
            return False
        return not is_given(path, self._headers.get("cookie", ""))

    def _answered(self, given: Any) -> list[tuple[bytes, bytes]]:
        added = dict(_HEADERS)
        if str(self._scope["path"]).startswith(MADE):
            # Tables and pictures that were made for somebody are left in no browser and no proxy.
            added["cache-control"] = "no-store"
        if self._reached.is_https:
            added["strict-transport-security"] = f"max-age={_ONE_YEAR}"
        kept = [(name, value) for name, value in given if name.decode().lower() not in added]
        if self._reached.is_https:
            kept = [
                (name, value + b"; Secure" if name.lower() == b"set-cookie" else value)
                for name, value in kept
            ]
        kept += [(name.encode(), value.encode()) for name, value in added.items()]
        return self._led_back(kept) if self._reached.signs_in else kept

    def _led_back(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Note the page that somebody not signed in came for; lead there after sign-in."""
        cookies = _cookies(self._headers.get("cookie", ""))
        path = str(self._scope["path"])
        if path.endswith(CALLBACK) and _CAME_FOR in cookies:
            address = own_address(unquote(cookies[_CAME_FOR]))
            signed_in = any(
                name.lower() == b"set-cookie" and value.startswith(_USER.encode() + b"=")
                for name, value in headers
            )
            if address and signed_in:
                headers = [(n, v) for n, v in headers if n.lower() != b"location"]
                headers += [(b"location", address.encode()), _cookie("", 0, self._reached)]
        elif self._headers.get("sec-fetch-dest") == "document" and _USER not in cookies:
            query = self._scope.get("query_string", b"").decode("latin-1")
            address = own_address(f"{path}?{query}" if query else path)
            if address and not path.startswith(("/auth/", "/_stcore", "/media")):
                headers = [*headers, _cookie(quote(address, safe=""), 600, self._reached)]
        return headers

    def log(self) -> None:
        path = str(self._scope["path"])
        if path.startswith(_QUIET) and self._scope["type"] == "http":
            return
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "kind": self._scope["type"],
            "method": self._scope.get("method", ""),
            "path": path,
            "status": self._status,
            "ms": round(1000 * (time.monotonic() - self._began)),
        }
        _LOG.info(json.dumps(line))


def own_address(text: str) -> str:
    """Return an address within the dashboard, blank for one that leads elsewhere."""
    parts = urlsplit(text)
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc
    is_plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if is_own and is_plain and len(text) <= _LONGEST_ADDRESS else ""


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def _netloc(origin: str) -> str:
    """Return the host and port of an origin, blank for what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _name(host: str) -> str:
    """Return a host without its port: `[::1]:8501` is `::1`."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: held.value for name, held in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _cookie(value: str, seconds: int, reached: Reached) -> tuple[bytes, bytes]:
    secure = "; Secure" if reached.is_https else ""
    text = f"{_CAME_FOR}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    return b"set-cookie", text.encode("ascii")


def _heard(scope: Scope, receive: Receive) -> Receive:
    """Let through, of what comes by a socket, what a reader may ask."""
    if scope["type"] != "websocket":
        return receive

    async def asked() -> Message:
        message = await receive()
        while message["type"] == "websocket.receive" and not _may_be_asked(message):
            message = await receive()
        return message

    return asked


def _may_be_asked(message: Message) -> bool:
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from streamlit.proto.BackMsg_pb2 import BackMsg

    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return False
    kind = asked.WhichOneof("type")
    if kind == _OPERATION:
        return asked.backend_operation_request.WhichOneof("payload") in _OPERATIONS
    return kind in _ASKED


async def _refuse(scope: Scope, send: Send, status: int, body: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    kinds = [_PLAIN, (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": kinds})
    await send({"type": "http.response.body", "body": body})


def serve(script: Path, home: Path, reached: Reached, options: Mapping[str, Any]) -> None:
    """Serve the dashboard until interrupted; `options` are Streamlit's, by name."""
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from streamlit.web.server.starlette import App

    async def health(_request: Request) -> JSONResponse:
        is_ready = published(home) is not None
        state = "ok" if is_ready else "no build is published"
        return JSONResponse({"status": state}, 200 if is_ready else 503)

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    app = App(
        script,
        routes=[Route(HEALTH, health)],
        middleware=[Middleware(Guard, reached=reached)],
    )
    sys.argv = [str(script)]
    app.run(config=dict(options))


def reached_by(redirect: str | None, *, anyone: bool) -> Reached:
    """Return how people reach a dashboard: by its redirect address, else on this machine."""
    if redirect is not None:
        parts = urlsplit(redirect)
        hosts = frozenset({(parts.hostname or "").rstrip("."), *LOOPBACK})
        return Reached(hosts, parts.scheme == "https", signs_in=True)
    return Reached(frozenset() if anyone else frozenset(LOOPBACK))
