"""A timeline of campaigns by channel: planned, running, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from smarketing.analysis.campaigns.together import ENDED, PLANNED, RUNNING, Entry
from smarketing.charts.format import day
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import Look, empty_figure, mix

_ROW, _LINE = 38, 16
_DAY = dt.timedelta(days=1)


def timeline(
    entries: Sequence[Entry],
    look: Look,
    *,
    as_of: dt.date,
    channels: Mapping[str, str],
    personas: Mapping[str, str],
) -> go.Figure:
    """Each dated campaign as a bar from its first to its last day, by channel, then persona.

    Planned ones are hollow, ended ones pale; the line is the data's date. Customdata is the key.
    """
    dated = sorted(
        (e for e in entries if e.starts_on),
        key=lambda e: (e.channel, e.persona, e.starts_on, e.name),
    )
    kinds = [
        [channels.get(e.channel, e.channel), personas.get(e.persona, e.persona)] for e in dated
    ]
    names = [
        "<br>".join([two_lines(e.name, 26), " · ".join(label(one) for one in kind if one)])
        for e, kind in zip(dated, kinds, strict=True)
    ]
    lines = max((name.count("<br>") for name in names), default=1)
    figure = empty_figure(look, max(1, len(dated)) * (_ROW + _LINE * (lines - 1)) + 60)
    tones = {
        PLANNED: look.paper,
        RUNNING: look.marketing,
        ENDED: mix(look.marketing, look.paper, 0.4),
    }
    for place, entry in enumerate(dated):
        assert entry.starts_on is not None
        last = entry.ends_on or max(as_of, entry.starts_on)
        days = (last - entry.starts_on + _DAY).days
        figure.add_bar(
            x=[days * 86_400_000],
            y=[place],
            base=[entry.starts_on.isoformat()],
            orientation="h",
            marker={"color": tones[entry.state], "line": {"color": look.marketing, "width": 1.5}},
            customdata=[entry.key],
            hovertemplate=f"{label(entry.name)}, {entry.state}: {day(entry.starts_on)} to "
            f"{day(entry.ends_on) if entry.ends_on else 'open'}<extra></extra>",
        )
    figure.add_vline(x=as_of.isoformat(), line={"color": look.ink, "width": 1, "dash": "dot"})
    names_of_rows = {"tickvals": list(range(len(dated))), "ticktext": names}
    figure.update_layout(xaxis=_days(look), yaxis=names_of_rows | {"autorange": "reversed"})
    return figure


def _days(look: Look) -> dict[str, object]:
    """Return the axis of days, above the first row: many campaigns are longer than a screen.

    It has as many ticks as a phone has room for.

    Ticks within a month name their days: months alone would stand there twice.
    """
    return {
        "type": "date",
        "side": "top",
        "nticks": 4,
        "tickangle": 0,
        "tickformatstops": [
            {"dtickrange": [None, "M1"], "value": "%-d %b<br>%Y"},
            {"dtickrange": ["M1", None], "value": "%b<br>%Y"},
        ],
        "showgrid": True,
        "gridcolor": look.hairline,
    }
