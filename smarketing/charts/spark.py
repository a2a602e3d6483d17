"""Sparklines as small SVG pictures: no axes, no library, one dot for the latest value."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from smarketing.charts.format import is_missing


def sparkline(
    values: Sequence[float | None],
    hue: str,
    size: tuple[int, int] = (120, 28),
    label: str = "",
    *,
    is_partial: bool = False,
) -> str:
    """An HTML image of `values` in order, the last one marked; nothing for fewer than two.

    Missing values break the line rather than pretending to be zero. A last one that is not whole
    yet (`is_partial`) is led to by dashes and hollow, so that it is not taken for a fall.
    """
    width, height = size
    known = [float(v) for v in values if v is not None and not is_missing(v)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    step = (width - 8) / (len(values) - 1)

    def place(index: int, value: float) -> tuple[float, float]:
        return 4 + index * step, height - 4 - (value - low) / span * (height - 8)

    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None or is_missing(value):
            runs.append([])
        else:
            runs[-1].append(place(index, float(value)))
    x, y = next(run[-1] for run in reversed(runs) if run)
    is_hollow = is_partial and bool(runs[-1])
    lines = ""
    if is_hollow:
        lines = _line(runs[-1][-2:], hue, 'stroke-dasharray="3 3" ')
        runs[-1] = runs[-1][:-1]
    lines += "".join(_line(run, hue) for run in runs if run)
    dot = f'fill="none" stroke="{hue}" stroke-width="1.5"' if is_hollow else f'fill="{hue}"'
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.75" {dot}/></svg>'
    )
    data = b64encode(drawing.encode()).decode()
    return (
        f'<img alt="{escape(label, quote=True)}" width="{width}" height="{height}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )


def _line(points: Sequence[tuple[float, float]], hue: str, dashes: str = "") -> str:
    return (
        f'<polyline fill="none" stroke="{hue}" stroke-width="1.75" stroke-linejoin="round" {dashes}'
        f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
    )
