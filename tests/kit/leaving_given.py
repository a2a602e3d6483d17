"""The odd ones that `leaving` tries: files of reports, addresses, figures, tables, cells."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

#: What files of reports hold, by the name of the report.
REPORTS: dict[str, str | bytes] = {
    "whole": "title: '{company} & {period} {x} {company}'\naudience: All\nperiod: last-week\n"
             "every: week\nfilters: {segment: enterprise, channel: [webinar, 3, 2026-01-01]}\n"
             "figures:\n- funnel\n- funnel\n- {figure: funnel, period: 2026-Q2,"
             " filters: {segment: [smb]}}\n- funnel?show=time#stays\n",
    "bare": "figures: [plan]", "twice": "figures: [{figure: plan}, plan]",
    "marked": b"\xef\xbb\xbffigures: [handoff]", "latin": b"title: \xe4\nfigures: [plan]",
    "weekly": "title: [\n", "empty": "", "a list": "- plan", "not a list": "figures: plan",
    "no figures": "figures: []", "none at all": "title: x", "odd key": "figure: [plan]\n",
    "odd figure": "figures: [planned]", "a number": "figures: [3]",
    "odd view": "figures: [{figure: plan, filter: {}}]", "no view": "figures: [{period: 2026}]",
    "a page": "figures: ['funnel?show=time']", "home": "figures: ['/#won']",
    "year": "period: 2026\nfigures: [plan]", "day": "period: 2026-06-30\nfigures: [plan]",
    "moment": "period: 2026-06-30 10:00:00\nfigures: [plan]", "truth": "period: true\nfigures: [a]",
    "half": "period: 1.5\nfigures: [plan]", "title": "title: 3\nfigures: [plan]",
    "every": "every: hour\nfigures: [plan]", "each day": "every: day\nfigures: [plan]",
    "all": "filters: {segment: []}\nfigures: [plan]",
    "blank": "filters: {segment: ' '}\nfigures: [plan]",
    "nested": "filters: {segment: [[a]]}\nfigures: [plan]", "of none": "filters:\nfigures: [plan]",
    "a filter": "filters: segment\nfigures: [plan]",
    "odd filter": "filters: {x: 1}\nfigures: [plan]",
    "truths": "filters: {is_won: [true, 1.5]}\nfigures: [plan]",
    "years": "figures: [{figure: owners, period: 2025}, {figure: rejections, filters: {owner: 7}}]",
    "hidden": "title: \"a\\u202eb\"\nfigures: [plan]", "bomb": "a: &a [x]\nfigures: [*a, *a]",
    "leadership": "figures: [headlines]",
}  # fmt: skip
ADDRESSES = (
    "funnel", "funnel#stays", "funnel?show=time&period=2026-06#stays", "#won", "?period=2026#x", "",
    "https://our.host:8501/app/funnel/?segment=smb&segment=x&a=#stays", "/", "funnel/", "a/b#c",
    "funnel?period=&show=#", "  funnel?x=1 ", "funnel?x=%C3%A4+b#f%20g", "http://[::1#x",
    "funnel?" + "&".join(f"a{n}=1" for n in range(201)) + "#x",
    "funnel?channel=y&segment=z&show=1#q",
    "plan", "planned", "funnel?period=2026&period=2025#x",
)  # fmt: skip
#: Periods of reports, each with the last day of the data.
MOVING = tuple(
    (text, of)
    for of in ("2026-06-30", "2026-06-27", "2027-01-03", "2024-02-29")
    for text in (
        "last-week", "this-week", "last-month", "this-month", "last-quarter", "this-quarter",
        "last-year", "this-year", "2026-06", "2026-07", "2026-06-30", "last-day", "lastweek", "",
        "2026-W27",
    )
)  # fmt: skip
HOOKS = (
    "", "https://chat.example/x", "http://chat.example/x", "http://localhost:80/x", "https://", "x",
    "http://127.0.0.1/", "http://[::1]/x", "ftp://localhost/x", "https://a:b/x", "http://[::1",
    "//chat.example", "HTTPS://CHAT.example", "http://localhost.example/x",
)  # fmt: skip
CELLS: tuple[Any, ...] = (
    None, math.nan, math.inf, -math.inf, pd.NaT, pd.NA, True, np.bool_(True), 0, np.int64(7), -1.5,
    np.float64(2.0), "", "a", "=1", "+1", "-1", "@x", "\t=1", "\r1", "\n1", " =1", "\u200b=1",
    "\u202e-1", "'=1", "''", "' =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\ufeff@", "a;=1",
    "a; =1", "a\t+1", "a\n@x", "a\r-1", "a;'=1", "a,=1", ";=1", "' ;=1", "=;=1", "a;b;\uff1d",
    "\x00=1", {"=k": "v", "b": 2}, {}, ["=a", "b"], (), {"only"}, (1, None), dt.date(2026, 1, 2),
    dt.datetime(2026, 1, 2, 3, 4, 5, 600), pd.Timestamp("2026-01-02", tz="UTC"), "x" * 32_768,
)  # fmt: skip
_DAYS = ["2026-06-01T00:00:00", "2026-06-08 00:00:00.000", "2026-06-15T10:00:00"]
_BAND = {"type": "rect", "xref": "x domain", "x0": 0, "x1": 1, "y0": 1, "y1": 3, "name": "limits"}
_LEVEL = {"type": "line", "xref": "x2 domain", "x0": 0, "x1": 1, "y0": 2, "y1": 2, "name": "target",
          "line": {"dash": "dot"}}  # fmt: skip
_FEW = {"x": ["a", "b"], "y": [1, 2]}


def _bars(**more: Any) -> go.Bar:
    return go.Bar(**(_FEW | more))


def _lines(**more: Any) -> go.Scatter:
    return go.Scatter(**({"x": _DAYS, "y": [1.0, None, 2500.5], "mode": "lines"} | more))


#: Figures as pages draw them: rows of marks, and their layout.
DRAWN: Mapping[str, tuple[list[Any], dict[str, Any]]] = {
    "nothing": ([], {}), "no marks": ([go.Bar(x=[], y=[])], {}),
    "only missing": ([_bars(y=[None, math.nan])], {}), "columns": ([_bars()], {}),
    "shares": ([_bars(y=[0.1, 0.75])], {}),
    "markup": ([_bars(x=["<b>a</b> &amp; co", "x_<br>y<br>z"])], {}),
    "lying": ([_bars(x=[1, 2], y=["a", "b"], orientation="h")], {}),
    "lying from the top": ([_bars(x=[1, 2], y=["a", "b"], orientation="h",
                                  marker_color=["#111111", "#222222"])],
                           {"yaxis_autorange": "reversed"}),
    "lying hues": ([_bars(x=[1, 2], y=["a", "b"], orientation="h",
                          marker_color=["#111111", "#222222"])], {}),
    "both ways": ([_bars(name="a"), _bars(name="b", orientation="h")], {}),
    "lying on a base": ([_bars(base=[1, 1])], {}),
    "beside": ([_bars(name="a"), _bars(name="b", x=["b", "c"])], {}),
    "on each other": ([_bars(name="a"), _bars(name="b")], {"barmode": "stack"}),
    "one on nothing": ([_bars(name="a")], {"barmode": "stack"}),
    "relative": ([_bars(name="a", orientation="v"), _bars(name="b", orientation="v")],
                 {"barmode": "relative"}),
    "over": ([_bars(name="a"), _bars(name="b")], {"barmode": "overlay"}),
    "one over nothing": ([_bars(name="a")], {"barmode": "overlay"}),
    "names alike": ([_bars(name="a"), _bars(name="a")], {}),
    "one without name": ([_bars(name="a"), _bars()], {}),
    "two axes": ([_bars(name="a"), _bars(name="b", yaxis="y2")], {}),
    "one of them hidden": ([_bars(name="a"), _bars(name="b", visible="legendonly")], {}),
    "twice the same": ([_bars(x=["a", "a"])], {}),
    "twice, once missing": ([_bars(x=["a", "a"], y=[None, 2])], {}),
    "ticks": ([_bars(x=[0, 1])],
              {"xaxis_tickvals": [0, 1], "xaxis_ticktext": ["zero", "<i>one</i>"]}),
    "one tick": ([_bars(x=[0, 1])], {"xaxis_tickvals": [0], "xaxis_ticktext": ["zero"]}),
    "ticks without words": ([_bars(x=[0, 1])], {"xaxis_tickvals": [0]}),
    "a hue": ([_bars(marker_color="#a1B2c3")], {}),
    "no plain hue": ([_bars(marker_color="red")], {}),
    "hues of most": ([_bars(x=["a", "b", "c"], y=[1, None, 3], marker_color=["#111111", "#222222",
                                                                            "#333333"])], {}),
    "too few hues": ([_bars(marker_color=["#111111"])], {}),
    "a hue with alpha": ([_bars(marker_color="#11111111")], {}),
    "400 marks": ([_bars(x=list(range(200)), y=[1] * 200, name=n) for n in "ab"], {}),
    "402 marks": ([_bars(x=list(range(201)), y=[1] * 201, name=n) for n in "ab"], {}),
    "a line": ([_lines(line_color="#123456")], {}),
    "marks on a line": ([_lines(mode="lines+markers", marker_color="#123456")], {}),
    "marks": ([_lines(mode="markers")], {}), "no mode": ([_lines(mode=None)], {}),
    "filled": ([_lines(name="a", fill="tozeroy")], {}),
    "an interval beside": ([_lines(name="a"), _lines(fill="toself")], {}),
    "an interval alone": ([_lines(fill="toself")], {}),
    "limits": ([_lines()], {"shapes": [_BAND, _LEVEL, _BAND | {"name": None},
                                       _LEVEL | {"xref": "x"}]}),
    "limits of columns": ([_bars()], {"shapes": [_LEVEL]}),
    "lines and bars": ([_bars(name="a"), _lines(name="b")], {}),
    "a heat map": ([go.Heatmap(z=[[1]])], {}), "a pie": ([go.Pie(values=[1])], {}),
}  # fmt: skip
#: Columns, their units, the currency, and values of which it is asked how they are written.
FRAMES: Mapping[str, tuple[dict[str, Any], dict[str, str], str, tuple[tuple[float, ...], ...]]] = {
    "shares": ({"r": [0.1, 0.2, "x"], "n": [1, 2, 3]}, {"r": "rate"}, "EUR",
               ((0.1,), (0.1, 0.2), (0.1, 0.2, 0.3), (0.1, 0.2, 0.3, 0.4), (0.1, 0.3), (1.0,),
                (0.7,))),
    "every unit of shares": ({n: [0.5] for n in ("a", "b", "c", "d", "e")},
                             {"a": "share", "b": "percent", "c": "difference", "d": "bar",
                              "e": "x"},
                             "", ((0.5,),)),
    "money": ({"m": [1.5, 1200.0, 3.0, 4.0]}, {"m": "money"}, "EUR",
              ((1.5,), (1200.0, 1.5), (3.0, 4.0), (3.0, 4.0, 1200.0, 9.0), (999.5,), (2.0,))),
    "money of no sign": ({"m": [1.0]}, {"m": "money"}, "XXX", ((1.0,),)),
    "money of no currency": ({"m": [1.0]}, {"m": "money"}, "", ((1.0,),)),
    "minutes": ({"wait (minutes)": [30.0], "minutes": [4.0]}, {}, "EUR", ((30.0,), (4.0,))),
    "units of no column": ({"n": [2.0]}, {"m": "rate", "k": "money"}, "EUR", ((2.0,), (-1000.5,),
                           (999.99,), (1000.0, 0.5))),
}  # fmt: skip
