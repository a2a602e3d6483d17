"""What the browser is asked that prints reports and draws pictures; by hand, without a browser."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go
import pytest

from smarketing.errors import UsageError
from smarketing.export import drawing, images
from smarketing.export.drawing import Drawing, DrawingError
from smarketing.export.images import NoBrowserError
from smarketing.export.report import pdf
from smarketing.export.stamp import Stamp


@pytest.mark.parametrize(
    ("paper", "across", "size"),
    [
        ("letter", False, (8.5, 11.0)),
        ("letter", True, (11.0, 8.5)),
        ("A4", False, (794 / 96, 1122 / 96)),
        ("", True, (1122 / 96, 794 / 96)),
    ],
)
def test_paper_lies_across_for_charts_and_upright_for_texts(
    paper: str, across: bool, size: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    async def printed(file: Path, *given: Any) -> bytes:
        asked.append((file.read_bytes(), *given))
        return b"(node00000007) (D:20260101000000Z)"

    monkeypatch.setattr(pdf, "find_browser", lambda: "/b")
    monkeypatch.setattr(pdf, "Settings", lambda: SimpleNamespace(paper="a4"))
    monkeypatch.setattr(pdf, "_print", printed)
    found = pdf.print_html("T", b"<html>", paper, across=across)
    assert asked == [(b"<html>", "/b", "T", size)]
    assert found == b"(node00000000) (D:20000101000000+0", "every byte keeps its place"


def test_a_report_that_is_not_printed_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> bytes:
        raise RuntimeError("no room.")

    monkeypatch.setattr(pdf, "_print", broken)
    monkeypatch.setattr(pdf, "find_browser", lambda: "/b")
    with pytest.raises(NoBrowserError, match=r"not be printed with /b: no room\. Try again"):
        pdf.print_html("T", b"", "a4")
    with pytest.raises(UsageError, match=r"Unknown paper 'lettr'\. Did you mean 'letter'"):
        pdf.print_html("T", b"", "Lettr")
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    with pytest.raises(NoBrowserError, match="apt install chromium"):
        pdf.print_html("T", b"", "a4")


class Tab:
    """A page of a browser, which notes what it is told."""

    def __init__(self, **answers: Any) -> None:
        self.told: list[tuple[str, Any]] = []
        self._answers = answers

    async def send_command(self, name: str, params: Any) -> Any:
        self.told.append((name, params))
        return self._answers.get(name.partition(".")[2], {})


def test_a_page_is_paper_from_the_start_and_waited_for() -> None:
    tab = Tab()
    asyncio.run(pdf._drawn(tab, Path("/x/r.html"), 700))
    assert [name for name, _ in tab.told] == [
        "Emulation.setEmulatedMedia", "Emulation.setDeviceMetricsOverride", "Page.navigate",
        "Runtime.evaluate",
    ]  # fmt: skip
    assert tab.told[0][1] == {"media": "print"} and tab.told[2][1] == {"url": "file:///x/r.html"}
    assert tab.told[1][1] == {
        "width": 700, "height": 1000, "deviceScaleFactor": 2, "mobile": False,
    }  # fmt: skip
    assert "Date.now() + 60000;" in tab.told[3][1]["expression"] and tab.told[3][1]["awaitPromise"]
    late = Tab(evaluate={"result": {"exceptionDetails": {}}})
    with pytest.raises(RuntimeError, match="not drawn in time"):
        asyncio.run(pdf._drawn(late, Path("/x"), 700))


def test_a_page_is_printed_with_its_margins_and_its_foot(monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(answer: Any) -> tuple[bytes, Tab]:
        tab = Tab(printToPDF=answer)

        class Browser:
            def __init__(self, **_: Any) -> None: ...

            async def __aenter__(self) -> Browser:
                return self

            async def __aexit__(self, *_: object) -> None: ...

            async def create_tab(self, _: str) -> Tab:
                return tab

        monkeypatch.setitem(sys.modules, "choreographer", SimpleNamespace(Browser=Browser))
        return asyncio.run(pdf._print(Path("/x"), "/b", "a<b", (11.0, 8.5))), tab

    data = base64.b64encode(b"pdf").decode()
    found, tab = printed({"result": {"data": data}})
    assert found == b"pdf" and tab.told[1][1]["width"] == 11 * 96 - 106
    told = tab.told[-1][1]
    assert (told["paperWidth"], told["paperHeight"]) == (11.0, 8.5)
    assert [round(told[f"margin{side}"] * 96) for side in ("Top", "Bottom", "Left", "Right")] == [
        60, 66, 53, 53,
    ]  # fmt: skip
    assert "<span>a&lt;b</span>" in told["footerTemplate"]
    assert all(told[name] for name in ("printBackground", "displayHeaderFooter",
                                       "generateTaggedPDF", "generateDocumentOutline"))  # fmt: skip
    with pytest.raises(RuntimeError, match="out of paper"):
        printed({"error": {"message": "out of paper"}})
    with pytest.raises(RuntimeError, match="no answer"):
        printed({})


def test_the_browser_is_the_one_that_is_named_else_one_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    find = images.find_browser.__wrapped__
    place = tmp_path / "chrome"
    monkeypatch.setattr(images, "PLACES", ("/none", str(place)))
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    assert find() is None
    place.touch()
    assert find() == str(place)
    monkeypatch.setattr("shutil.which", {"chrome": "/c", "msedge": "/e"}.get)
    assert find() == "/c"
    monkeypatch.setenv("BROWSER_PATH", "/none")
    assert find() == "/c", "what is named is not there"
    monkeypatch.setenv("BROWSER_PATH", str(place))
    assert find() == str(place)


class Process:
    """A driver of a browser that gives these answers, a line each, and then has ended."""

    def __init__(self, *answers: str) -> None:
        self.stdin, self.stdout = io.StringIO(), io.StringIO("".join(answers))
        self.ended, self.over = 0, False

    def poll(self) -> int | None:
        return 0 if self.over else None

    def communicate(self) -> None:
        self.ended += 1


def test_one_browser_draws_until_it_fails_and_another_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = json.dumps({"picture": base64.b64encode(b"x").decode()}) + "\n"
    begun: list[Process] = []
    left = [Process(picture, picture, '{"error": "no font"}\n'), Process(), Process(picture),
            Process(picture)]  # fmt: skip
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: begun.append(left.pop(0)) or begun[-1])
    drawn = Drawing(idle_seconds=60)
    assert not drawn.is_open
    assert drawn.draw("{}", {"format": "png"}) == drawn.draw("{}", {}) == b"x"
    assert len(begun) == 1 and drawn.is_open
    assert json.loads(begun[0].stdin.getvalue().splitlines()[0]) == {
        "figure": "{}", "options": {"format": "png"},
    }  # fmt: skip
    with pytest.raises(DrawingError, match="no font"):
        drawn.draw("{}", {})
    assert begun[0].ended == 1 and not drawn.is_open
    with pytest.raises(DrawingError, match="the browser ended"):
        drawn.draw("{}", {})
    assert drawn.draw("{}", {}) == b"x" and len(begun) == 3
    begun[2].over = True
    assert drawn.draw("{}", {}) == b"x" and len(begun) == 4
    drawn.close()
    drawn.close()
    assert begun[3].ended == 1 and not drawn.is_open


@pytest.mark.parametrize(
    ("fails", "said"), [(None, {"picture": "eA=="}), (ValueError("bad"), {"error": "bad"}),
                        (TimeoutError(), {"error": "TimeoutError"})],
)  # fmt: skip
def test_a_picture_or_why_there_is_none(fails: Exception | None, said: dict[str, str]) -> None:
    async def drawn(figure: Any, opts: Any) -> bytes:
        assert (figure, opts) == ({"a": 1}, {"format": "png"})
        if fails is not None:
            raise fails
        return b"x"

    browser = SimpleNamespace(calc_fig=drawn)
    question = {"figure": '{"a": 1}', "options": {"format": "png"}}
    assert asyncio.run(drawing._answer(browser, question)) == said


def test_a_picture_is_twice_as_fine_and_what_is_by_chance_in_it_is_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    pictures = SimpleNamespace(draw=lambda _, options: asked.append(options) or b"picture")
    monkeypatch.setattr(images, "find_browser", lambda: "/b")
    monkeypatch.setattr(images, "PICTURES", pictures)
    monkeypatch.setenv("BROWSER_PATH", "/a")
    monkeypatch.delenv("BROWSER_PATH")
    for kind in ("png", "svg", "pdf"):
        assert images.to_image(go.Figure(), Stamp("T"), kind, 400) == b"picture"
    assert os.environ["BROWSER_PATH"] == "/b", "told to who drives it"
    assert [(one["format"], one["scale"], one["width"]) for one in asked] == [
        ("png", 2, 400), ("svg", 1, 400), ("pdf", 1, 400),
    ]  # fmt: skip
    assert asked[0]["height"] == images.stamped(go.Figure(), Stamp("T"), width=400).layout.height
    assert images._settled(b"(D:20260101000000+00'00')", "png", "0" * 64) == (
        b"(D:20260101000000+00'00')"
    )
    svg = b'<g id="defs-aaaaaa" class="trace bbbbbb" fill="#aaaaaa"/>'
    assert images._settled(svg, "svg", "0123456789" * 7).count(b"#aaaaaa") == 1
