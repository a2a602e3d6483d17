"""The digest by hand, as Markdown and HTML; and what is posted, to whom, and what never is."""

from __future__ import annotations

import datetime as dt
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from builders import default_agreement, make_store
from markdown_it import MarkdownIt

from smarketing.charts.headlines import Sentence
from smarketing.errors import SmarketingError, UsageError
from smarketing.export.report import webhook
from smarketing.export.report.asked import Asked
from smarketing.export.report.digest import Digest, digest, to_html, to_markdown
from smarketing.export.report.webhook import checked_webhook, post
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Action
from smarketing.workspace.store import now

EVIL = "<b>[x](http://a.b) & *y*"
ADDRESS = (("kpi", "a&b"),)
FOUND = Digest(
    f"{EVIL}: June",
    "as of 30 Jun 2026",
    (
        ("Needs a word", (Sentence(f"2026-W26: {EVIL}.", "bad", "lead_quality", ADDRESS),)),
        ("Empty", ()),
    ),
    (("period", "2026-06"), ("segment", "mid market")),
)  # fmt: skip


def test_every_line_links_to_its_figure_in_the_same_view() -> None:
    address = "https://s.example/lead_quality?period=2026-06&segment=mid+market&kpi=a%26b"
    written = to_markdown(FOUND, "https://s.example/")
    assert f"[Lead quality]({address})" in written and "2026-W26" in written
    assert f'href="{address.replace("&", "&amp;")}"' in to_html(FOUND, "https://s.example")
    assert "lead_quality" not in to_markdown(FOUND) and "href" not in to_html(FOUND)


def test_a_name_is_data_in_both() -> None:
    shown = MarkdownIt("commonmark").render(to_markdown(FOUND)).replace("⁠", "")
    for page in (shown, to_html(FOUND)):
        assert "<b>" not in page and "<em>" not in page and "<a " not in page
        assert "&lt;b&gt;[x](http://a.b) &amp; *y*" in page


def test_an_action_is_in_it_from_the_day_after_it_was_due(tmp_path: Path) -> None:
    agreement, workspace = default_agreement(), open_workspace(tmp_path)
    asked = Asked(
        make_store({}), agreement, agreement.parse_period("2026-06"), workspace, False, {}
    )
    day = asked.engine.as_of_day
    for text, due, status in (
        ("Late", day - dt.timedelta(days=1), "open"),
        ("Today", day, "open"),
        ("Done", day - dt.timedelta(days=1), "done"),
    ):
        workspace.of(Action).add(
            Action(text=text, owner="Ann", team="sales", due_on=due, status=status,
                   created_by="B", created_at=now())
        )  # fmt: skip
    found = digest("T", asked)
    assert [title for title, _ in found.parts] == ["Where we stand", "Needs a word"]
    (said,) = found.parts[1][1]
    assert said.text.startswith("Late since ") and said.text.endswith(": Late (Ann).")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server of this machine that notes what it is sent; `/no` refuses, `/away` sends on."""
    got: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response({"/no": 403, "/away": 307}.get(self.path, 200))
            self.send_header("Location", "/ok")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()
        thread.join()


def test_it_is_posted_as_text_and_a_refusal_is_one_sentence(
    listener: tuple[str, list[bytes]],
) -> None:
    url, got = listener
    post(f"{url}/ok", "# Ä")
    assert json.loads(got[0]) == {"text": "# Ä"}
    for path, code in (("no", 403), ("away", 307)):
        with pytest.raises(SmarketingError, match=f"127.0.0.1 .it answered {code}") as told:
            post(f"{url}/{path}", "x")
        assert f"/{path}" not in str(told.value)
    assert len(got) == 3
    with pytest.raises(SmarketingError, match=r"accepted by localhost \(\[Errno .*refused"):
        post("http://localhost:9/secret", "x")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "it ended the connection without an answer"),
        (b"hello\r\n\r\n", "its answer is not one of a web server"),
        (b"HTTP/1.1 410 Gone\r\n\r\n", "it answered 410"),
        # An answer that never ends, a letter at a time.
        (None, "it did not answer in time"),
    ],
)
def test_an_address_that_does_not_answer_well_is_told_in_words(
    answer: bytes | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "_SECONDS", 0.2 if answer is None else 20)
    ended = threading.Event()

    def serve() -> None:
        with server.accept()[0] as asked:
            asked.recv(65_536)
            asked.sendall(answer if answer is not None else b"HTTP/1.1 200 OK\r\n")
            while answer is None and not ended.wait(0.05):
                asked.sendall(b"X")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(SmarketingError, match=f"127.0.0.1 .{why}.; see"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/x", "x")
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    "url", ["", "http://chat.example/x", "ftp://localhost/x", "https://", "file:///etc", "https://[x"]
)  # fmt: skip
def test_nothing_is_sent_where_it_could_be_read(url: str) -> None:
    with pytest.raises(UsageError, match="SMARKETING_WEBHOOK"):
        checked_webhook(url)
