"""The one visual language: hues, type and axes of every chart, on light and on dark paper.

Marketing is blue, sales vermilion, what both share slate; ahead is teal and behind magenta, always
with an arrow and a word. All pairs stay apart under the three common forms of colour blindness.
`.streamlit/config.toml` repeats the hues of `LIGHT` and `DARK`; a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif"
MAX_SERIES = 7
#: The luminance on which black and white read equally well.
_EVEN = 0.2
SIDES = ("marketing", "sales")


@dataclass(frozen=True)
class Look:
    """Every colour a chart may use on one kind of paper."""

    name: str
    paper: str
    ink: str
    muted: str
    hairline: str
    marketing: str
    sales: str
    shared: str
    good: str
    bad: str
    faint: str
    ramp: tuple[str, ...]
    series: tuple[str, ...]

    def team(self, side: str | None) -> str:
        """The hue of what belongs to a side; anything that is neither's alone is shared."""
        return str(getattr(self, side)) if side in SIDES else self.shared

    def status(self, status: str | None) -> str:
        """The hue of a status word; a status that is withheld is muted."""
        return {
            "ahead": self.good,
            "on track": self.good,
            "at risk": self.bad,
            "behind": self.bad,
            "met": self.good,
            "missed": self.bad,
        }.get(status or "", self.muted)


LIGHT = Look(
    name="light",
    paper="#ffffff",
    ink="#15191d",
    muted="#5a646e",
    hairline="#dde2e6",
    marketing="#0a5fa8",
    sales="#c8460f",
    shared="#52606d",
    good="#0f766e",
    bad="#a3134d",
    faint="#c3cbd2",
    ramp=("#f2f6fa", "#d5e4f2", "#a9cae6", "#6fa6d2", "#3a7fb8", "#0a5fa8", "#083f70"),
    series=("#0a5fa8", "#c8460f", "#3f8f7f", "#8a5a9e", "#b58900", "#4aa3df", "#7a4b2a"),
)
DARK = Look(
    name="dark",
    paper="#111417",
    ink="#eef1f3",
    muted="#a3adb6",
    hairline="#2b3238",
    marketing="#5aabf0",
    sales="#ff8a55",
    shared="#9aa8b5",
    good="#4bd8c6",
    bad="#f0639c",
    faint="#48525b",
    ramp=("#18222c", "#1b344b", "#1f4a70", "#2b6699", "#3f86c3", "#5aabf0", "#a8d3f8"),
    series=("#5aabf0", "#ff8a55", "#62bfae", "#bf94d6", "#e0b93b", "#93cdf5", "#c08a62"),
)


def look(name: str | None) -> Look:
    """The look named `light` or `dark`; light where the browser has not said."""
    return DARK if name == "dark" else LIGHT


def mix(colour: str, paper: str, share: float) -> str:
    """`share` of `colour` on `paper` as a solid hex colour: a tint without transparency."""
    pairs = zip(_rgb(colour), _rgb(paper), strict=True)
    return "#" + "".join(f"{round(c * share + p * (1 - share)):02x}" for c, p in pairs)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def ink_on(background: str) -> str:
    """Black or white, whichever reads better on `background` (relative luminance)."""
    channels = [value / 255 for value in _rgb(background)]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#15191d" if luminance > _EVEN else "#ffffff"


def scale(look: Look) -> list[list[Any]]:
    """The sequential ramp as a Plotly colour scale."""
    steps = len(look.ramp) - 1
    return [[index / steps, colour] for index, colour in enumerate(look.ramp)]


#: The style that a figure has before the house's: none.
PLAIN = go.layout.Template()


def empty_figure(look: Look, height: int, **layout: Any) -> go.Figure:
    """A figure in the house style without data: builders add their traces to it."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": 14, "color": look.muted},
        "title": {"font": {"size": 14, "color": look.muted}, "standoff": 8},
        "gridcolor": look.hairline,
        "fixedrange": True,
        "automargin": True,
    }
    house = {
        # Else a figure takes on the style of whichever library is loaded.
        "template": PLAIN,
        "height": height,
        "font": {"family": FONT, "size": 14, "color": look.ink},
        "paper_bgcolor": look.paper,
        "plot_bgcolor": look.paper,
        "colorway": list(look.series),
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "xaxis": axis,
        "yaxis": axis,
        "showlegend": False,
        "bargap": 0.34,
        "hoverlabel": {
            "bgcolor": look.paper,
            "bordercolor": look.hairline,
            "font": {"family": FONT, "size": 14, "color": look.ink},
        },
        "dragmode": False,
        "separators": ".,",
    }
    # To update the layout of a figure that is there takes ten times as long.
    figure = go.Figure(layout=house)
    if layout:
        figure.update_layout(**layout)
    return figure


def annotate(figure: go.Figure, words: Sequence[Mapping[str, Any]]) -> None:
    """Set words on a figure: all at once, since each `add_annotation` checks those before it."""
    figure.update_layout(annotations=[*figure.layout.annotations, *words])


def legend_on_top(figure: go.Figure, look: Look, rows: int = 1) -> go.Figure:
    """A legend above the plot, for the few charts that cannot label directly."""
    figure.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "xanchor": "left",
            "font": {"size": 14, "color": look.ink},
            "traceorder": "normal",
            # As tall as it must be: within half of a small chart it would scroll.
            "maxheight": 400,
            "itemclick": False,
            "itemdoubleclick": False,
        },
        margin={"t": 14 + 22 * rows},
        height=figure.layout.height + 22 * (rows - 1),
    )
    return figure
