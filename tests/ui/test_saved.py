"""Views that are saved by a name: found again, opened as they were, taken off the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from page_kit import alone, view_of
from small_stores import bare_home
from streamlit.testing.v1 import AppTest

from smarketing.access import Access
from smarketing.ui.saved import views
from smarketing.workspace import open_workspace
from smarketing.workspace.records import SavedView
from smarketing.workspace.store import now


def said(app: AppTest) -> str:
    assert not app.exception, app.exception
    return "\n".join(element.proto.body for element in app.get("html"))


def test_a_view_is_kept_by_its_name_and_taken_off_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bare_home(tmp_path)
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = alone("customers", tmp_path)
    app.query_params["period"], app.query_params["segment"] = "2026-Q1", "enterprise"

    def save(name: str, by: str, *, held: bool = False) -> None:
        app.run()
        for box in app.text_input:
            if box.label in {"Save it as", "Your name"}:
                box.set_value(name if box.label == "Save it as" else by)
        app.checkbox(key="save_held").set_value(held)
        next(button for button in app.button if button.label == "Save").click()
        assert said(app.run())

    save("No one’s", "")
    assert open_workspace(home).of(SavedView).all() == [], "nothing is kept without who keeps it"
    save("Enterprise <b>", "Anna", held=True)
    save("Always the newest", "Anna")
    held, moving = open_workspace(home).of(SavedView).all()
    # Alone in its app, a page is that at `/`.
    assert (held.page, held.owner) == ("home", "Anna")
    assert "period=2026-Q1" in held.address and "segment=enterprise" in held.address
    assert "period=" not in moving.address and "segment=enterprise" in moving.address

    held, moving = (
        open_workspace(home).of(SavedView).change(replace(one, page="customers"))
        for one in (held, moving)
    )
    (tmp_path / "list").mkdir()
    listed = alone("views", tmp_path / "list", "customers")
    text = said(listed)
    assert "2 views to come back to." in text
    assert "Customers · 2026-Q1 · Enterprise (1000 and more) · saved by Anna" in text
    assert "Customers · the newest period · Enterprise (1000 and more)" in text
    next(button for button in listed.button if button.key == f"unsave_{held.id}").click()
    assert "1 view to come back to." in said(listed.run())
    assert open_workspace(home).of(SavedView).all() == [moving]


def test_who_signed_in_sees_their_own_views_and_those_shared(tmp_path: Path) -> None:
    home = bare_home(tmp_path)
    kept = open_workspace(home).of(SavedView)
    for name, owner, is_shared in (("a", "anna@x.io", False), ("b", "ben@x.io", False),
                                   ("c", "ben@x.io", True), ("d", "anna@x.io", True)):  # fmt: skip
        kept.add(SavedView(name=name, page="funnel", address="/funnel?", owner=owner,
                           is_shared=is_shared, saved_at=now()))  # fmt: skip
    kept.add(SavedView(name="e", page="gone", address="/gone?", owner="anna@x.io", saved_at=now()))
    anna = Access("member", "sales", email="anna@x.io", is_verified=True)

    def seen(access: Access) -> str:
        return "".join(
            one.name for one in views(replace(view_of(home, "2026-Q2").store, access=access))
        )

    assert seen(anna) == "acd"
    assert seen(replace(anna, scope=(("region", ("dach",)),))) == "ad"
    assert seen(replace(anna, role="viewer")) == ""
