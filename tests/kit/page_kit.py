"""What the tests of pages share: a view of a home, a page opened in it, records that add up."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.agreement import load_home_agreement
from smarketing.charts.theme import DARK, LIGHT
from smarketing.engine import Filters, open_engine
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.navigation import PAGES
from smarketing.ui.session import Store


def view_of(home: Path, period: str, **filters: Any) -> View:
    """The view of a home that the filter bar would read."""
    agreement = load_home_agreement(home)
    store = Store(home, open_engine(home), agreement, ())
    kept = Filters.from_mapping(filters)
    return View(store, agreement.read_window(period), "previous period", kept)


def adds_up(exhibit: Exhibit) -> None:
    """Draw an exhibit on both papers, then list its whole and each part against the figure."""
    if exhibit.draw is not None:
        for look in (LIGHT, DARK):
            assert exhibit.draw(look).layout.height, exhibit.key
    assert exhibit.title and exhibit.records is not None, exhibit.key
    for part in (None, *exhibit.parts):
        records = exhibit.records(part)
        assert records.adds_up is not False, (
            f"{exhibit.key}, {part}: {records.sum} listed, the figure says {records.expected}"
        )


_ALONE = """
from pathlib import Path
from smarketing.ui import shell
shell.run(Path(__file__).parent / "pages")
"""


def alone(name: str, folder: Path, *linked: str) -> AppTest:
    """A page of the home that is set, alone in an app of its own in a folder, run once.

    Pages `linked` from it stand beside it, where they come later in the navigation. A run of the
    whole app that turns to a page first forgets what was clicked.
    """
    (folder / "pages").mkdir()
    for page in (name, *linked):
        shutil.copy(app_path().parent / "pages" / f"{page}.py", folder / "pages")
    (folder / "app.py").write_text(_ALONE)
    return AppTest.from_file(str(folder / "app.py"), default_timeout=300).run()


def run_page(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, **address: str) -> AppTest:
    """A page run at an address, as by a link to it: no other one before; no exception."""
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if name != PAGES[0][0]:
        app.switch_page(f"pages/{name}.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def open_page(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, **address: str) -> str:
    """Everything written on a page at an address; no exception, no figure that failed."""
    app = run_page(home, monkeypatch, name, **address)
    html = [str(element.proto.body) for element in app.get("html")]
    text = "\n".join([*html, *(str(e.value) for e in (*app.markdown, *app.caption))])
    assert "could not be shown" not in text, text
    return text
