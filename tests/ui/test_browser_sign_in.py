"""Signing in for real: a provider of OpenID Connect, the dashboard, and Chromium between them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser_kit import FLAGS, stop, wait_for
from playwright.sync_api import expect

from smarketing.analysis.review.meeting import open_meeting
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Issue

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
COMMAND = [sys.executable, "-c", "from smarketing.cli import main; main()"]
expect.set_options(timeout=120_000)
ACCESS = (
    "people:\n  anna@acme.example: {role: lead, team: marketing}\n"
    "  bo@acme.example: {role: member, team: sales}\n"
)
PEOPLE = {"anna": True, "bo": True, "uma": False}
SECRETS = """[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{secret}"
client_id = "smarketing"
client_secret = "secret"
server_metadata_url = "http://localhost:{provider}/.well-known/openid-configuration"
"""


@dataclass
class Site:
    """The dashboard served with sign-in, and the provider that can be made to lie."""

    address: str
    home: Path
    provider: Any


class Lying:
    """A provider's application that may call itself another issuer."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.issuer: str | None = None

    def __call__(self, environ: Any, start: Any) -> Any:
        body = b"".join(self.app(environ, start))
        if self.issuer and environ["PATH_INFO"].endswith("openid-configuration"):
            said = json.loads(body) | {"issuer": self.issuer}
            body = json.dumps(said).encode().ljust(len(body))
        return [body]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory, chromium: str
) -> Iterator[Site]:
    """A copy of the demo company behind sign-in."""
    import oidc_provider_mock

    users = [
        oidc_provider_mock.User(
            sub=name,
            claims={"email": f"{name}@acme.example", "email_verified": verified, "name": name},
        )
        for name, verified in PEOPLE.items()
    ]
    home = tmp_path_factory.mktemp("signed") / "home"
    shutil.copytree(demo_home, home)
    (home / "access.yaml").write_text(ACCESS)
    port = free_port()
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as provider:
        lying = Lying(provider.app)
        provider.app = lying
        secrets = home / "secrets.toml"
        secrets.write_text(
            SECRETS.format(port=port, secret="s" * 40, provider=provider.server_port)
        )
        secrets.chmod(0o600)
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            env={**os.environ, "SMARKETING_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://localhost:{port}"
        try:
            wait_for(f"{address}/health", server)
            yield Site(address, home, lying)
        finally:
            stop(server)


@pytest.fixture
def page(site: Site, chromium: str) -> Iterator[Any]:
    """A page of a fresh browser, with a memory of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(120_000)
        yield page
        browser.close()


def sign_in(page: Any, site: Site, who: str, path: str = "") -> None:
    page.goto(f"{site.address}/{path}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()


def test_sign_in_leads_to_the_page_one_came_for_and_ends_with_sign_out(
    page: Any, site: Site
) -> None:
    sign_in(page, site, "anna", "planning?region=dach")
    page.wait_for_url("**/planning?region=dach")
    expect(page.get_by_role("heading", name="Planning")).to_be_visible()
    page.get_by_role("button", name="anna").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/planning" not in address)
    page.goto(f"{site.address}/planning")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_file_is_handed_to_whom_it_was_made_for_alone(page: Any, site: Site) -> None:
    """Its address alone opens it for nobody, nor for who may see something else by then."""
    other = page.context.browser.new_context().new_page()
    other.set_default_timeout(120_000)
    sign_in(other, site, "bo", "agreement")
    expect(other.get_by_role("heading", name="Agreement")).to_be_visible()
    sign_in(page, site, "anna", "agreement")
    with page.expect_download() as download:
        page.get_by_role("button", name="YAML").click()
    address = download.value.url
    assert "/media/" in address and page.request.get(address).ok
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address)
    assert other.request.get(address).status == 403
    try:
        (site.home / "access.yaml").write_text(ACCESS.replace("lead, team: marketing", "viewer"))
        assert page.request.get(address).status == 403
    finally:
        (site.home / "access.yaml").write_text(ACCESS)


def test_another_secret_ends_the_sessions_of_pages_that_stand_open(page: Any, site: Site) -> None:
    """What a cookie says is signed by it; on a wall nobody clicks, and nothing starts again."""
    sign_in(page, site, "anna", "?present=1")
    expect(page.get_by_role("button", name="End")).to_be_visible()
    secrets = site.home / "secrets.toml"
    text = secrets.read_text()
    secrets.write_text(text.replace("s" * 40, "t" * 40))
    try:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_role("button", name="End")).to_have_count(0)
    finally:
        secrets.write_text(text)


def test_who_was_taken_off_the_list_is_out_with_the_next_click(page: Any, site: Site) -> None:
    sign_in(page, site, "anna", "planning")
    expect(page.get_by_role("heading", name="Planning")).to_be_visible()
    (site.home / "access.yaml").write_text("people: {}\n")
    try:
        page.reload()
        expect(page.get_by_text("names neither the person")).to_be_visible()
        expect(page.get_by_role("heading", name="Planning")).to_have_count(0)
    finally:
        (site.home / "access.yaml").write_text(ACCESS)


def test_who_presents_a_meeting_writes_and_shows_no_more_than_may_be_now(
    page: Any, site: Site
) -> None:
    """The role is lowered, then the person taken off the list, while the page stands on a wall."""
    open_meeting(site.home, "Ben")
    issues = open_workspace(site.home).of(Issue)
    sign_in(page, site, "anna", "meeting?topic=issues&present=1")
    expect(page.get_by_text("No issue is open.")).to_be_visible()
    try:
        page.get_by_text("Raise an issue").click()
        page.get_by_label("What is off track?").fill("too few leads")
        (site.home / "access.yaml").write_text(ACCESS.replace("lead, team: marketing", "viewer"))
        page.get_by_role("button", name="Raise it").click()
        # The page is drawn for a viewer then, who is offered no way to write.
        expect(page.get_by_role("button", name="Raise it")).to_have_count(0)
        assert issues.all() == []
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("heading", name="Meeting")).to_be_visible()
        page.wait_for_url(lambda address: "topic=issues" not in address)
        (site.home / "access.yaml").write_text("people: {}\n")
        expect(page.get_by_text("names neither the person")).to_be_visible()
        expect(page.get_by_role("heading", name="Meeting")).to_have_count(0)
    finally:
        (site.home / "access.yaml").write_text(ACCESS)


def test_an_address_that_the_provider_has_not_verified_opens_nothing(page: Any, site: Site) -> None:
    sign_in(page, site, "uma")
    expect(page.get_by_text("has not verified the e-mail address")).to_be_visible()


def test_a_provider_that_calls_itself_another_lets_nobody_in(page: Any, site: Site) -> None:
    site.provider.issuer = "http://evil.example"
    try:
        sign_in(page, site, "anna")
        page.wait_for_url(f"{site.address}/**")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    finally:
        site.provider.issuer = None
