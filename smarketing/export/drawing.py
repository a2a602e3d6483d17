"""The browser that draws pictures: started for the first one, kept for the next ones.

Starting takes seconds, a picture a fraction of one. It is driven by a process of its own, which
reads questions from its input and ends with it: whatever becomes of the program, no browser stays
behind. Run as `python -m smarketing.export.drawing`, this module is that process.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from threading import Lock, Timer
from typing import Any

_PATIENCE_SECONDS = 60.0
_IDLE_SECONDS = 300.0


class DrawingError(Exception):
    """A picture that the browser did not draw, in its driver's words."""


class Drawing:
    """One browser; `draw` may be called from any thread, one picture is drawn at a time."""

    def __init__(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        """`idle_seconds` is how long the browser is kept while nobody asks for a picture."""
        self._idle_seconds = idle_seconds
        self._turn = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._timer: Timer | None = None

    @property
    def is_open(self) -> bool:
        """Whether a browser is kept."""
        return self._process is not None

    def draw(self, figure: str, options: Mapping[str, Any]) -> bytes:
        """Return the picture of a figure, given as Plotly's JSON.

        Raises DrawingError where there is none; a browser that failed is not asked again.
        """
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            answer = self._ask({"figure": figure, "options": dict(options)})
            if "picture" not in answer:
                self._end()
                raise DrawingError(answer.get("error") or "the browser ended.")
            self._timer = Timer(self._idle_seconds, self.close)
            self._timer.daemon = True
            self._timer.start()
            return base64.b64decode(answer["picture"])

    def close(self) -> None:
        """Close the browser, once the picture it draws is done."""
        with self._turn:
            self._end()

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer of the process, started where there is none; empty if it ended."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                text=True, encoding="utf-8", start_new_session=True,
            )  # fmt: skip
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return {}
        answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if self._timer is not None:
            self._timer.cancel()
        if process is not None:
            process.communicate()


#: The one browser of this program.
PICTURES = Drawing()


async def _serve() -> None:
    """Draw what is asked line by line, until nobody asks any more.

    Without MathJax, which would come from another host and read `$…$` as formulas.
    """
    import kaleido

    async with kaleido.Kaleido(mathjax=False) as browser:
        for line in sys.stdin:
            print(json.dumps(await _answer(browser, json.loads(line))), flush=True)


async def _answer(browser: Any, question: Mapping[str, Any]) -> dict[str, str]:
    drawn = browser.calc_fig(json.loads(question["figure"]), opts=question["options"])
    try:
        picture = await asyncio.wait_for(drawn, _PATIENCE_SECONDS)
    except Exception as error:  # told to the one who asked: whatever it is, there is no picture
        return {"error": str(error) or type(error).__name__}
    return {"picture": base64.b64encode(picture).decode("ascii")}


if __name__ == "__main__":
    asyncio.run(_serve())
