"""Pictures of charts: PNG, SVG and PDF by Kaleido with an installed Chrome or Chromium."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import plotly.graph_objects as go

from smarketing.charts.names import label, visible
from smarketing.charts.theme import LIGHT, Look
from smarketing.errors import SmarketingError, UsageError, did_you_mean
from smarketing.export.drawing import PICTURES, DrawingError
from smarketing.export.stamp import Stamp

FORMATS = ("png", "svg", "pdf")
MIME = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
PLACES = (
    "/usr/bin/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
#: What Plotly draws by chance in an SVG, to tell figures of one page and their traces apart.
_RANDOM = re.compile(rb'(?:id="defs-|class="[^"]*\btrace)([0-9a-f]{6})"')
_CLOCK = re.compile(rb"\(D:\d{14}[^)]*\)")
HOW_TO = (
    "Pictures need Chrome or Chromium, and none was found. Install one (Debian: apt install "
    "chromium) or set BROWSER_PATH to it; the chart's camera button and XLSX work without."
)


class NoBrowserError(SmarketingError):
    """There is no Chrome or Chromium to draw a picture with."""


@lru_cache(maxsize=1)
def find_browser() -> str | None:
    """The Chrome or Chromium to draw with: `BROWSER_PATH`, else one on the path, else None."""
    named = os.environ.get("BROWSER_PATH")
    if named and Path(named).exists():
        return named
    found = (shutil.which(name) for name in BROWSERS)
    on_disk = (place for place in PLACES if Path(place).exists())
    return next((path for path in found if path), None) or next(on_disk, None)


def stamped(figure: go.Figure, stamp: Stamp, look: Look = LIGHT, width: int = 1200) -> go.Figure:
    """A copy of `figure`, its finding above and its provenance below, so that it can travel."""
    title = _lines(stamp.title, max(30, width // 15)) or [""]
    reading = _lines(stamp.reading, max(40, width // 9))
    footer = _lines(stamp.footer(), max(40, width // 7))
    copy = go.Figure(figure)
    plot = int(figure.layout.height or 360)
    margin = figure.layout.margin
    top = 28 + len(title) * 32 + len(reading) * 22 + 16
    bottom = 20 + len(footer) * 17 + 40
    copy.update_layout(
        width=width,
        height=plot + top + bottom,
        margin={
            "l": max(32, margin.l or 0),
            "r": max(32, margin.r or 0),
            "t": top + (margin.t or 0),
            "b": bottom,
        },
    )
    head = f"<b>{'<br>'.join(title)}</b>"
    _write(copy, head, _font(22, look.ink), y=1, shift=top - 20 + (margin.t or 0))
    below = top - 20 - len(title) * 32 + (margin.t or 0)
    _write(copy, "<br>".join(reading), _font(15, look.muted), y=1, shift=below)
    _write(copy, "<br>".join(footer), _font(12, look.muted), y=0, shift=12 - bottom)
    return copy


def _lines(text: str, width: int) -> list[str]:
    return [label(line) for line in textwrap.wrap(visible(text), width)]


def _font(size: int, colour: str) -> dict[str, int | str]:
    return {"size": size, "color": colour}


def _write(
    figure: go.Figure, text: str, font: Mapping[str, int | str], *, y: int, shift: int
) -> None:
    """Set words above the plot (y is 1) or below it (0), so many pixels from its edge."""
    figure.add_annotation(
        xref="paper",
        yref="paper",
        x=0,
        y=y,
        yshift=shift,
        xanchor="left",
        yanchor="top" if y else "bottom",
        align="left",
        showarrow=False,
        text=text,
        font=dict(font),
    )


def to_image(figure: go.Figure, stamp: Stamp, kind: str = "png", width: int = 1200) -> bytes:
    """The stamped chart as `png` (at twice the pixels), `svg` or `pdf`.

    Raises UsageError for another kind and NoBrowserError, which says how to get one, where no
    browser is installed.
    """
    if kind not in FORMATS:
        raise UsageError(f"Unknown picture format '{kind}'.{did_you_mean(kind, FORMATS)}")
    browser = find_browser()
    if browser is None:
        raise NoBrowserError(HOW_TO)
    os.environ.setdefault("BROWSER_PATH", browser)
    whole = stamped(figure, stamp, width=width)
    size = {"width": width, "height": whole.layout.height, "scale": 2 if kind == "png" else 1}
    drawn = whole.to_json()
    try:
        picture = PICTURES.draw(drawn, {"format": kind, **size})
    except (DrawingError, OSError) as error:
        raise NoBrowserError(
            f"The picture could not be drawn with {browser}: {error} Try again, or set "
            "BROWSER_PATH to another Chrome or Chromium."
        ) from error
    return _settled(picture, kind, sha256(drawn.encode()).hexdigest())


def _settled(picture: bytes, kind: str, mark: str) -> bytes:
    """Make the names drawn at random a figure's own and take out the clock: same in, same out."""
    if kind == "pdf":
        return without_clock(picture)
    for place, name in enumerate(dict.fromkeys(_RANDOM.findall(picture)) if kind == "svg" else ()):
        start = place % (len(mark) - len(name))
        own = mark[start : start + len(name)].encode()
        picture = re.sub(rb"(?<!#)" + name, own, picture)
    return picture


def without_clock(pdf: bytes) -> bytes:
    """Return a PDF with its days of creation set to one; every byte keeps its place."""
    return _CLOCK.sub(lambda found: b"(D:20000101000000+00'00')"[: len(found[0])], pdf)
