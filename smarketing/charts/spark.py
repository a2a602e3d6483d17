"""Sparklines as small SVG pictures: no axes, no library, one dot for the latest value."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from smarketing.charts.format import is_missing


def sparkline(
    values: Sequence[float | None], hue: str, width: int = 120, height: int = 28, label: str = ""
) -> str:
    """An HTML image of `values` in order, the last one marked; nothing for fewer than two.

    Missing values break the line rather than pretending to be zero.
    """
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
    lines = "".join(
        f'<polyline fill="none" stroke="{hue}" stroke-width="1.75" stroke-linejoin="round" '
        f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}"/>'
        for run in runs
        if run
    )
    x, y = next(run[-1] for run in reversed(runs) if run)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.75" fill="{hue}"/></svg>'
    )
    data = b64encode(drawing.encode()).decode()
    return (
        f'<img alt="{escape(label, quote=True)}" width="{width}" height="{height}" '
        f'src="data:image/svg+xml;base64,{data}">'
    )
