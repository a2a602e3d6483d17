"""The guard before the server: hosts, origins, headers, the page one came for, the log."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from smarketing.cli import app as cli
from smarketing.errors import UsageError
from smarketing.ui import transfers
from smarketing.ui.serving import Guard, Reached, own_address, reached_by
from smarketing.ui.transfers import take_files

HERE = reached_by(None, anyone=False)
ANYONE = reached_by(None, anyone=True)
SECRET = "x" * 40
PUBLIC = reached_by("https://figures.example.com/oauth2callback", anyone=False)


def answer(
    reached: Reached,
    path: str = "/",
    *,
    kind: str = "http",
    method: str = "GET",
    query: str = "",
    given: list[tuple[bytes, bytes]] | None = None,
    takes: Callable[[], None] | None = None,
    tells: bytes = b"",
    **headers: str,
) -> tuple[int, list[tuple[str, str]]]:
    """What a guarded server answers: the status (or the close code) and the headers."""
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "bytes": tells})
            return
        for _ in range(3 if takes else 0):
            await receive()
        await send({"type": "http.response.start", "status": 200, "headers": given or []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Any:
        if takes is not None:
            takes()
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": named,
    }
    asyncio.run(Guard(app, reached)(scope, receive, send))
    first = sent[0]
    status = first.get("status") or first.get("code") or 101
    return status, [(n.decode(), v.decode()) for n, v in first.get("headers", [])]


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "LOCALHOST:1"])
def test_this_machine_is_answered_by_its_own_names(host: str) -> None:
    assert answer(HERE, host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "10.0.0.9"])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert answer(HERE, host=host)[0] == 421
    assert answer(HERE, kind="websocket", host=host)[0] == 1008


def test_a_page_of_another_origin_opens_no_socket_and_posts_nothing() -> None:
    foreign = {"host": "localhost:8501", "origin": "https://evil.example"}
    assert answer(HERE, kind="websocket", **foreign)[0] == 1008
    assert answer(HERE, "/_stcore/upload_file/a/b", **foreign)[0] == 421
    other_port = {"host": "localhost:8501", "origin": "http://localhost:9000"}
    assert answer(HERE, kind="websocket", **other_port)[0] == 1008
    for odd in ("http://[", "null", ""):
        assert answer(HERE, host="localhost:8501", origin=odd)[0] == 421
    assert answer(PUBLIC, host="", origin="null")[0] == 421
    own = {"host": "figures.example.com", "origin": "https://figures.example.com"}
    assert answer(PUBLIC, kind="websocket", **own)[0] == 101


def test_a_page_without_tls_asks_nothing_of_a_dashboard_that_is_served_by_it() -> None:
    """Whoever is on the way can write the page that a browser gets by plain http."""
    plain, own = "http://figures.example.com", "https://figures.example.com"
    for kind, refused in (("websocket", 1008), ("http", 421)):
        host = {"kind": kind, "host": "figures.example.com"}
        assert answer(PUBLIC, **host, origin=plain)[0] == refused
        assert answer(PUBLIC, **host, origin=own)[0] in (101, 200)
        assert answer(ANYONE, **host, x_forwarded_proto="https", origin=plain)[0] == refused
        assert answer(ANYONE, **host, x_forwarded_proto="https", origin=own)[0] in (101, 200)
        assert answer(ANYONE, **host, x_forwarded_proto="http", origin=plain)[0] in (101, 200)
        assert answer(ANYONE, **host, origin="ftp://figures.example.com")[0] == refused
    here = {"host": "localhost:8501", "origin": "http://localhost:8501"}
    assert answer(PUBLIC, kind="websocket", **here)[0] == 101


def test_a_provider_that_does_not_answer_is_said_in_a_sentence() -> None:
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"20"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": b"Authentication error"})

    async def send(message: Any) -> None:
        sent.append(message)

    def body(path: str) -> bytes:
        sent.clear()
        scope = {"type": "http", "path": path, "headers": [(b"host", b"localhost")]}
        asyncio.run(Guard(app, HERE)(scope, None, send))  # type: ignore[arg-type]
        lengths = [value for name, value in sent[0]["headers"] if name == b"content-length"]
        told = bytes(sent[1]["body"])
        assert lengths == [str(len(told)).encode()]
        return told

    assert body("/auth/login").startswith(b"The provider of sign-in does not answer")
    assert body("/other") == b"Authentication error"


def test_a_file_is_taken_from_a_session_whose_page_asks_for_one_alone() -> None:
    """What is sent stays in memory, so that nobody else may send it, whatever they may see."""
    here = {"host": "localhost:8501", "origin": "http://localhost:8501"}

    def sent(session: str, **other: str) -> int:
        return answer(
            HERE, f"/_stcore/upload_file/{session}/f", **{"method": "PUT", **other, **here}
        )[0]

    assert sent("viewer") == 403 and sent("viewer", method="OPTIONS") == 200
    take_files("admin")
    assert sent("admin") == 200 and sent("viewer") == 403 and sent("") == 403


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The list of who may see what, of a home where people sign in by a cookie."""
    monkeypatch.setattr("streamlit.web.server.server_util.get_cookie_secret", lambda: SECRET)
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path))
    monkeypatch.setattr(transfers, "_told", {})
    listed = tmp_path / "access.yaml"
    listed.write_text("domains: {example.com: {role: viewer}}")
    return listed


def held(user: Mapping[str, object], key: str = SECRET) -> str:
    """The cookies of somebody who signed in."""
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    signed = create_signed_value(key, "_streamlit_user", json.dumps(user)).decode()
    return f"_xsrf=1; _streamlit_user={signed}; odd[1]=@"


def person(name: str) -> dict[str, object]:
    email = f"{name}@example.com"
    return {"email": email, "email_verified": True, "iat": time.time(), "is_logged_in": True}


def fetched(cookie: str) -> int:
    """What is answered to who asks for a made file by its address."""
    kept = [(b"content-disposition", b"attachment; filename=x.csv")]
    where = {"host": "figures.example.com", "cookie": cookie}
    return answer(PUBLIC, f"/media/{'0a' * 16}.csv", given=kept, **where)[0]


def told(cookie: str) -> None:
    """Have a socket tell the address of a made file."""
    message = b"\x12\x07..." + f"/media/{'0a' * 16}.csv".encode() + b"\x1a"
    answer(PUBLIC, kind="websocket", tells=message, host="figures.example.com", cookie=cookie)


def test_a_file_that_was_made_is_given_to_whom_its_address_was_sent(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was told the address otherwise, signed out or may see something else, gets nothing."""
    from smarketing.store.signed_out import end

    anna, bo = person("anna"), person("bo")
    assert fetched(held(anna)) == 403
    told(held(anna))
    assert fetched(held(anna)) == 200 and fetched(held(bo)) == 403
    told(held(bo))
    assert fetched(held(anna)) == 200 and fetched(held(bo)) == 200, "one file made for both"
    assert fetched("") == 403 and fetched(held(anna, "y" * 40)) == 403 and fetched(held({})) == 403
    assert fetched(held({**anna, "email_verified": "true"})) == 403
    assert fetched(held({**anna, "iat": time.time() - 40 * 3600})) == 403
    end(listed.parent, anna, 3600)
    assert fetched(held(anna)) == 403 and fetched(held({**anna, "nonce": "2"})) == 200
    listed.write_text("domains: {example.com: {role: viewer, scope: {region: [dach]}}}")
    assert fetched(held(bo)) == 403, "made of more than may be seen now"
    told(held(bo))
    assert fetched(held(bo)) == 200
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now + 601)
    assert fetched(held(bo)) == 403, "long ago"
    told(held({**anna, "nonce": "2"}))
    assert [len(each) for each in transfers._told.values()] == [1]
    assert answer(PUBLIC, "/media/icon.png", host="figures.example.com")[0] == 200


def test_who_may_not_import_any_more_sends_no_file_to_its_end(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large one takes minutes, and what is sent stays in memory."""
    anna = held(person("anna"))
    pieces: list[int] = []

    def sent(reached: Reached = PUBLIC, cookie: str = anna, then: str = "") -> int:
        def slow() -> None:
            pieces.append(1)
            if then:
                listed.write_text(then)

        pieces.clear()
        where = {"host": "figures.example.com", "cookie": cookie, "method": "PUT"}
        return answer(reached, "/_stcore/upload_file/anna/f", takes=slow, **where)[0]

    take_files("anna")
    assert sent() == 403 and not pieces, "no admin"
    admin = "people: {anna@example.com: {role: admin}}"
    listed.write_text(admin)
    assert sent() == 200 and len(pieces) == 3
    assert sent(cookie="") == 403 and sent(ANYONE, "") == 200
    monkeypatch.setattr(transfers, "_ASK_AGAIN_SECONDS", -1.0)
    assert sent() == 200 and len(pieces) == 3
    assert sent(then="domains: {example.com: {role: viewer}}") == 403 and len(pieces) == 1


def test_a_socket_hands_on_what_a_reader_may_ask_and_nothing_of_the_server() -> None:
    """Streamlit would empty everybody's caches, or tell its folder, for anyone at the port."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    sent = [
        BackMsg(clear_cache=True),
        BackMsg(load_git_info=True),
        BackMsg(set_run_on_save=True),
        BackMsg(backend_operation_request={"install_skills": {}}),
        BackMsg(backend_operation_request={"dataframe_chunk": {"source_id": "s"}}),
        BackMsg(backend_operation_request={"deferred_file": {"file_id": "f"}}),
    ]
    waiting: list[Any] = [
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "clear"},
        {"type": "websocket.receive", "bytes": b"\xff\xff"},
        *({"type": "websocket.receive", "bytes": one.SerializeToString()} for one in sent),
        {"type": "websocket.disconnect"},
    ]
    heard: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not heard or heard[-1]["type"] != "websocket.disconnect":
            heard.append(await receive())

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"localhost")]}
    asyncio.run(Guard(app, HERE)(scope, receive, send))
    assert [one["type"] for one in heard] == [
        "websocket.connect",
        "websocket.receive",
        "websocket.disconnect",
    ]
    assert heard[1]["bytes"] == sent[-1].SerializeToString()


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact"])
def test_nobody_is_told_how_the_server_fares(path: str) -> None:
    assert answer(HERE, path, host="localhost")[0] == 404


def test_every_answer_tells_the_browser_to_trust_this_host_alone() -> None:
    given = [(b"set-cookie", b"_streamlit_user=1"), (b"x-frame-options", b"ALLOWALL")]
    status, headers = answer(PUBLIC, given=given, host="figures.example.com")
    found = dict(headers)
    assert status == 200
    assert "default-src 'self'" in found["content-security-policy"]
    assert found["x-frame-options"] == "DENY"
    assert found["strict-transport-security"] == "max-age=31536000"
    assert found["set-cookie"] == "_streamlit_user=1; Secure"
    assert "strict-transport-security" not in dict(answer(HERE, host="localhost")[1])


def test_the_page_one_came_for_is_shown_after_sign_in() -> None:
    page = {"host": "figures.example.com", "sec_fetch_dest": "document"}
    _, headers = answer(PUBLIC, "/funnel", query="period=2026-Q1&region=dach", **page)
    (cookie,) = [v for n, v in headers if n == "set-cookie"]
    held = cookie.partition(";")[0]
    assert "HttpOnly" in cookie and "Secure" in cookie
    back = [(b"location", b"/"), (b"set-cookie", b"_streamlit_user=signed; Path=/")]
    _, headers = answer(
        PUBLIC, "/oauth2callback", given=back, host="figures.example.com", cookie=held
    )
    assert [v for n, v in headers if n == "location"] == ["/funnel?period=2026-Q1&region=dach"]
    assert any("Max-Age=0" in v for n, v in headers if n == "set-cookie")


def test_who_did_not_get_in_is_led_nowhere() -> None:
    _, headers = answer(
        PUBLIC,
        "/oauth2callback",
        given=[(b"location", b"/")],
        host="figures.example.com",
        cookie="smarketing_came_for=%2Ffunnel",
    )
    assert [v for n, v in headers if n == "location"] == ["/"]


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "",
        "/a\r\nx: y",
        "/" + "a" * 3000,
    ],
)
def test_an_address_that_leads_elsewhere_is_not_followed(address: str) -> None:
    assert own_address(address) == ""
    assert own_address("/funnel?period=2026") == "/funnel?period=2026"


def test_the_log_names_no_person(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="smarketing.requests"):
        logging.getLogger("smarketing.requests").propagate = True
        answer(HERE, "/journeys", query="unit=anna@example.com", host="localhost", cookie="a=b")
    line = json.loads(caplog.records[-1].message)
    assert set(line) == {"at", "kind", "method", "path", "status", "ms"}
    assert line["path"] == "/journeys" and "anna" not in caplog.text


def test_others_are_served_only_with_sign_in_or_when_told_so(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="no sign-in"):
        cli(["serve", "--address", "0.0.0.0"], standalone_mode=False)
