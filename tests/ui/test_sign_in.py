"""Who is let in: the settings of sign-in, and what a page shows to whom."""

from __future__ import annotations

import ast
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.access import LOCAL, AccessError, access_of
from smarketing.cli.data import _sign_in_checks
from smarketing.errors import StoreError
from smarketing.store.erased import BEGUN, Erased, add_erased, keep_erased, read_erased
from smarketing.store.salt import salt_of
from smarketing.store.signed_out import end
from smarketing.ui.gate import _is_here
from smarketing.ui.sign_in import checked, read_sign_in, whole_sign_in

AUTH = {
    "redirect_uri": "https://figures.example.com/oauth2callback",
    "cookie_secret": "x" * 40,
    "client_id": "smarketing",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}
ACCESS = """
people:
  anna@example.com: {role: lead, team: marketing}
domains:
  example.com: {role: viewer}
"""


def text_of(app: AppTest) -> str:
    assert not app.exception, app.exception
    parts = [str(element.proto.body) for element in app.get("html")]
    return "\n".join([*parts, *(str(e.value) for e in (*app.title, *app.markdown))])


def visit(home: Path, monkeypatch: pytest.MonkeyPatch, auth: Any, **user: Any) -> AppTest:
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if auth is not None:
        app.secrets = {"auth": auth}
    if user:
        app.user = {"is_logged_in": True, "iat": time.time(), "email_verified": True, **user}
    else:
        app.user = {"is_logged_in": False}
    return app.run()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "access.yaml").write_text(ACCESS)
    return tmp_path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cookie_secret": "short"}, "cookie_secret"),
        ({"client_id": ""}, "client_id"),
        ({"redirect_uri": "http://figures.example.com/oauth2callback"}, "https"),
        ({"redirect_uri": "https://figures.example.com/elsewhere"}, "/oauth2callback"),
        ({"server_metadata_url": "ftp://id.example.com"}, "https"),
        ({"redirect_uri": "https://[figures/oauth2callback"}, "no address"),
    ],
)
def test_settings_of_sign_in_that_are_not_whole_are_refused(change: Any, words: str) -> None:
    with pytest.raises(AccessError, match=words):
        checked({**AUTH, **change})
    assert checked(AUTH) == AUTH


def test_a_misspelt_setting_is_named() -> None:
    given = {key: value for key, value in AUTH.items() if key != "client_secret"}
    with pytest.raises(AccessError, match=r"client_secret.*client_secert"):
        checked({**given, "client_secert": "x"})


def test_secrets_that_others_can_read_or_nobody_can_are_refused(tmp_path: Path) -> None:
    assert read_sign_in(tmp_path) is None
    path = tmp_path / "secrets.toml"
    path.write_text("[auth]\n" + "\n".join(f'{key} = "{value}"' for key, value in AUTH.items()))
    path.chmod(0o644)
    with pytest.raises(AccessError, match="chmod 600"):
        read_sign_in(tmp_path)
    path.chmod(0o600)
    assert read_sign_in(tmp_path) == AUTH
    path.write_text("[auth\n")
    with pytest.raises(AccessError, match="cannot be read"):
        read_sign_in(tmp_path)
    path.write_text("[other]\n")
    with pytest.raises(AccessError, match=r"\[auth\]"):
        read_sign_in(tmp_path)


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        ("127.0.0.1", {"Host": "localhost:8501"}, True),
        ("127.0.0.1", {"Host": "127.0.0.1"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("127.0.0.1", {"Host": "figures.example.com"}, False),
        ("127.0.0.1", {"Host": "localhost.example.com:8501"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "10.0.0.7"}, False),
        ("0.0.0.0", {"Host": "localhost"}, False),
        (None, {}, False),
    ],
)
def test_only_this_machine_needs_no_sign_in(address: Any, headers: Any, here: bool) -> None:
    assert _is_here(address, headers) is here


def test_nobody_sees_anything_before_signing_in(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(home, monkeypatch, AUTH)
    assert "Sign in" in text_of(app)
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.get("subheader")


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ({"email": "anna@example.com", "email_verified": False}, "has not verified"),
        ({"email": "anna@example.com", "email_verified": "true"}, "has not verified"),
        ({"email": "eve@elsewhere.com"}, "names neither"),
        ({"email": ""}, "no plain e-mail"),
    ],
)
def test_who_is_in_doubt_is_not_let_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, user: Any, words: str
) -> None:
    app = visit(home, monkeypatch, AUTH, **user)
    assert words in text_of(app)
    assert [button.label for button in app.button] == ["Sign out"]


@pytest.mark.parametrize("age", [13 * 3600, -3600, -(10**400), "soon", None])
def test_a_sign_in_of_long_ago_or_of_the_future_does_not_count(
    home: Path, monkeypatch: pytest.MonkeyPatch, age: Any
) -> None:
    issued = int(time.time()) - age if isinstance(age, int) else age
    app = visit(home, monkeypatch, AUTH, email="anna@example.com", iat=issued)
    assert [button.label for button in app.button] == ["Sign in"]


def test_a_copy_of_a_session_that_was_ended_opens_nothing(
    demo_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    (home / "access.yaml").write_text(ACCESS)
    one: dict[str, Any] = {"email": "anna@example.com", "nonce": "n1", "iat": time.time()}
    app = visit(home, monkeypatch, AUTH, **one)
    ended: list[bool] = []
    monkeypatch.setattr("streamlit.logout", lambda: ended.append(True))
    next(button for button in app.button if button.label == "Sign out").click().run()
    assert ended
    assert "Sign in to see" in text_of(visit(home, monkeypatch, AUTH, **one))
    other = visit(home, monkeypatch, AUTH, **{**one, "nonce": "n2"})
    assert "Sign in to see" not in text_of(other), "another session of the same person"
    assert "anna" not in (home / "signed-out.json").read_text()
    (home / "signed-out.json").write_text("{")
    caplog.clear()
    other = visit(home, monkeypatch, AUTH, **{**one, "nonce": "n2"})
    assert "nobody is let in" in text_of(other) and "signed-out.json" not in text_of(other)
    assert "signed-out.json" in caplog.text and "another cookie_secret" in caplog.text
    secrets = home / "secrets.toml"
    secrets.write_text("[auth]\n" + "\n".join(f'{key} = "{said}"' for key, said in AUTH.items()))
    secrets.chmod(0o600)
    with pytest.raises(StoreError, match="another cookie_secret"):
        whole_sign_in(home)
    (check,) = _sign_in_checks(home)
    assert check.status == "fail" and "another cookie_secret" in check.detail
    (home / "signed-out.json").unlink()
    assert whole_sign_in(home) == AUTH and _sign_in_checks(home)[0].status == "pass"


def test_who_is_on_the_list_comes_in_and_is_out_with_the_next_run(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(home, monkeypatch, AUTH, email="Anna@Example.com", iat=time.time() + 60)
    assert "No data yet" in text_of(app)
    # Where the home lies is of no concern to who may not fill it.
    said = " ".join(str(caption.value) for caption in app.caption)
    assert str(home) not in said and "brings in the first files" in said
    (home / "access.yaml").write_text("people:\n  bo@example.com: {role: viewer}\n")
    assert "names neither" in text_of(app.run())
    (home / "access.yaml").write_text("people: [")
    assert "not valid YAML" in text_of(app.run())
    (home / "access.yaml").unlink()
    assert "cannot be read" in text_of(app.run())


#: What a click does that writes nothing: it leads elsewhere, or changes what is seen.
_LEADS = {
    "write", "_told", "_told_all", "_turned", "_sent", "_go_on", "_list_instead", "_drill", "leave",
}  # fmt: skip


#: A file that is made by a click; what a report's button has was made so with the report.
_HANDED = ("handing(", "logged(", "asked")


def test_what_is_drawn_or_written_apart_from_a_page_asks_who_is_let_in() -> None:
    """A part that is redrawn by itself, and what a click calls, come before the page asks."""
    clicked, fragments, handed = set(), 0, 0
    for path in sorted(app_path().parent.glob("smarketing/ui/**/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        guarded = {
            name
            for name, one in functions.items()
            if any(ast.unparse(mark) == "writes" for mark in one.decorator_list)
        }
        for name, one in functions.items():
            if any(ast.unparse(mark).startswith("st.fragment") for mark in one.decorator_list):
                fragments += 1
                assert "recheck(" in ast.unparse(one), f"{path.name}: {name}"
        for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
            if ast.unparse(call.func).endswith("download_button"):
                handed += 1
                assert ast.unparse(call.args[1]).startswith(_HANDED), f"{path.name}: {call.lineno}"
            for given in call.keywords:
                if given.arg not in {"on_click", "on_change", "on_select", "on_submit"}:
                    continue
                names = {one.id for one in ast.walk(given.value) if isinstance(one, ast.Name)}
                called = names & functions.keys() - guarded - _LEADS
                assert not called, f"{path.name}: {called}"
                clicked |= names & guarded
    assert fragments >= 7 and handed >= 7 and {"_write", "_raise", "_add"} <= clicked


def test_a_click_of_somebody_who_may_no_longer_write_writes_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.access import Access
    from smarketing.ui import gate

    written: list[str] = []
    told: list[str] = []
    lead = Access("lead", "marketing", email="anna@example.com", is_verified=True)
    monkeypatch.setattr(gate, "tell", told.append)
    for then, now, count in (
        (lead, lead, 1),
        (lead, None, 1),
        (lead, replace(lead, role="viewer"), 1),
        (replace(lead, role="viewer"), replace(lead, role="viewer"), 1),
    ):
        monkeypatch.setattr(gate, "let_in", lambda then=then: then)
        monkeypatch.setattr(gate, "known", lambda now=now: now)
        gate.writes(written.append)("a note")
        assert len(written) == count
    assert len(told) == 3


def test_a_file_is_made_for_who_may_still_see_what_the_page_was_drawn_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click on a download runs no page, so that no page asks who is let in."""
    from smarketing.ui import gate

    user: dict[str, Any] = {
        "is_logged_in": True,
        "email": "anna@example.com",
        "email_verified": True,
        "iat": time.time(),
        "nonce": "n1",
    }
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    anna = access_of(home / "access.yaml", gate._identity(user))
    monkeypatch.setattr(gate, "let_in", lambda: anna)
    monkeypatch.setattr("streamlit.user", type("User", (), {"to_dict": lambda: dict(user)}))
    made = gate.handing(lambda: b"rows")
    assert made() == b"rows"
    (home / "access.yaml").write_text("domains:\n  example.com: {role: viewer}\n")
    with pytest.raises(AccessError, match="has changed"):
        made()
    (home / "access.yaml").write_text("people: {}\n")
    with pytest.raises(AccessError, match="has changed"):
        made()
    (home / "access.yaml").write_text(ACCESS)
    assert made() == b"rows"
    salt_of(home)
    add_erased(home, Erased("erased-1", "2026-01-01", (), ()))
    with pytest.raises(AccessError, match="was erased since"):
        made()
    (home / BEGUN).write_text("{}")
    made = gate.handing(lambda: b"rows")
    (home / BEGUN).unlink()
    with pytest.raises(AccessError, match="was erased since"):
        made()  # drawn from what still named somebody
    made = gate.handing(lambda: b"rows")
    keep_erased(home, read_erased(home))
    assert made() == b"rows"
    end(home, user, 3600)
    with pytest.raises(AccessError, match="has changed"):
        made()


def test_what_takes_a_while_asks_again_before_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    from smarketing.access import Access
    from smarketing.ui import gate
    from smarketing.ui.sections.importing.progress import shown_by

    admin = Access("admin", email="anna@example.com", is_verified=True)
    shown: list[str] = []
    for access, now, count in ((admin, admin, 1), (admin, None, 1), (LOCAL, None, 2)):
        monkeypatch.setattr(gate, "known", lambda now=now: now)
        with suppress(AccessError):
            shown_by(lambda _share, step: shown.append(step), access)("typing", 0.4)
        assert len(shown) == count


def test_a_page_whose_cookie_was_signed_by_another_secret_is_asked_to_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    from smarketing.ui import gate

    monkeypatch.setattr("streamlit.web.server.server_util.get_cookie_secret", lambda: "x" * 40)
    for secret, is_good in (("x" * 40, True), ("y" * 40, False)):
        signed = create_signed_value(secret, "_streamlit_user", '{"email": "a@b.example"}')
        assert gate._is_good(f"_xsrf=1; _streamlit_user={signed.decode()}") is is_good
    assert not gate._is_good("") and gate._is_good(None)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": ["anna@example.com"]},
        {"email": {"anna@example.com": 1}},
        {"email": "anna@example.com\u202e"},
        {"email": "anna@example.com,boss@example.com"},
        {"email": "anna@" + "example." * 40_000 + "com"},
        {"email_verified": "true"},
        {"email_verified": 1},
        {"email_verified": [True]},
        {"email": None},
    ],
)
def test_odd_claims_let_nobody_in(home: Path, claims: dict[str, Any]) -> None:
    from smarketing.ui import gate

    said = {"email": "anna@example.com", "email_verified": True, **claims}
    with pytest.raises(AccessError):
        access_of(home / "access.yaml", gate._identity(said))


@pytest.mark.parametrize(
    "groups", [[["admins"]], {"admins": True}, "admins", [{"name": "admins"}], [None, 1]]
)
def test_groups_of_another_shape_are_none(home: Path, groups: Any) -> None:
    from smarketing.ui import gate

    (home / "access.yaml").write_text("groups:\n  admins: {role: admin}\n")
    said = {"email": "anna@example.com", "email_verified": True, "groups": groups}
    with pytest.raises(AccessError, match="names neither"):
        access_of(home / "access.yaml", gate._identity(said))


def test_a_name_that_turns_what_stands_beside_it_is_shown_plain() -> None:
    from smarketing.ui import gate

    assert gate._identity({"name": "An\u202ena\n\x00 " + "x" * 10_000}).name == ("Anna " + "x" * 75)
    assert gate._identity({"name": ["Anna"]}).name == "['Anna']"
    assert gate._identity({"name": "山田\u3000太郎\xa0"}).name == "山田 太郎"


def test_broken_settings_of_sign_in_close_the_door(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(home, monkeypatch, {**AUTH, "cookie_secret": "short"}, email="anna@example.com")
    assert "cookie_secret" in text_of(app)


def test_a_list_of_people_without_sign_in_opens_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit(home, monkeypatch, None)
    assert "nobody can sign in yet" in text_of(app)
    monkeypatch.setenv("SMARKETING_WITHOUT_SIGN_IN", "1")
    assert "No data yet" in text_of(visit(home, monkeypatch, None))
