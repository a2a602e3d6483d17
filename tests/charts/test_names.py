"""Names are data: on every surface they are shown as they are."""

from __future__ import annotations

import html as stdlib_html
import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest
from markdown_it import MarkdownIt

from smarketing.charts.bars import columns, effects, pareto, ranked_bars, stacked
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.funnel import FunnelBar, funnel
from smarketing.charts.lines import lines
from smarketing.charts.maps import Nodes, heat_map, sankey
from smarketing.charts.multiples import Rung, Small, small_funnels
from smarketing.charts.names import (
    as_written,
    html,
    label,
    markdown,
    prose,
    sentence,
    shorten,
    two_lines,
    two_lines_each,
    visible,
)
from smarketing.charts.points import dots, scatter, timeline
from smarketing.charts.quality import differences, paired
from smarketing.charts.theme import LIGHT

HOSTILE = (
    "[/b]",
    "[email] spring",
    "[click](https://evil.example)",
    "<b>bold</b>",
    "a\u202eb\u200f",
    "%{x} &amp; $5",
    "two\nlines",
    "\x1b[31mred",
)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Grün & Söhne GmbH – 東京 🎉", "Grün & Söhne GmbH – 東京 🎉"),
        ("👩‍🚀 family", "👩‍🚀 family"),
        ("a\u202eb\u200fc", "a\\u202eb\\u200fc"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("half \ud83d", "half \\ud83d"),
        (12, "12"),
    ],
)
def test_what_cannot_be_seen_is_written_out(name: object, shown: str) -> None:
    assert visible(name) == shown


def test_html_and_charts_read_no_tag_and_no_placeholder() -> None:
    assert html('<b>"x"</b>') == "&lt;b&gt;&quot;x&quot;&lt;/b&gt;"
    assert label("<b>%{x}</b> & co") == "&lt;b&gt;%&#123;x}&lt;/b&gt; &amp; co"


@pytest.mark.parametrize("written", [markdown, prose])
@pytest.mark.parametrize(
    "name",
    [
        *HOSTILE,
        "# head",
        "- item",
        "1. item",
        "12) item",
        "+ item",
        "*x* _y_ `z` ~~a~~",
        "|",
        "---",
        "- - -",
        "===",
        "1.",
        "-",
    ],
)
def test_markdown_shows_the_name_and_nothing_else(
    name: str, written: Callable[[object], str]
) -> None:
    # Markdown's own reading of it is one paragraph of text; escapes are gone, nothing else is.
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(written(name))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    parts = tokens[1].children or []
    assert {part.type for part in parts} <= {"text", "text_special"}
    shown = "".join(part.content for part in parts).replace("\u2060", "")
    assert shown == visible(name).strip()


@pytest.mark.parametrize("number", ["100.0 %", "+73.7 pts", "-5", "3.5"])
def test_a_number_that_opens_a_text_is_written_as_it_is(number: str) -> None:
    assert prose(number) == number


@pytest.mark.parametrize("name", [":material/home:", ":blue[x]", ":smile:", "https://a.example"])
def test_markdown_breaks_what_is_found_after_escapes_are_read(name: str) -> None:
    assert not re.search(r":[\w/]", markdown(name).replace("\\", ""))


def test_no_line_ends_between_a_sign_and_its_number() -> None:
    said = sentence("<b> +40 %, (+€299 k), −3 pts, A+ and b - c")
    assert said == "&lt;b&gt; +\u206040 %, (+\u2060€299 k), −\u20603 pts, A+ and b - c"


def test_labels_are_shortened_before_they_are_escaped() -> None:
    assert shorten("<<<<<<<<<<", 4) == "&lt;&lt;&lt;…"
    assert two_lines("a <b> name of some length to be put", 12).count("<br>") == 1


def test_long_names_that_begin_alike_keep_their_ends() -> None:
    begun = "Partner programmes and recommendations"
    first, second, other = two_lines_each([f"{begun} 03", f"{begun} 12", "E-mail"])
    assert (first, second) == (
        "Partner programmes<br>…ecommendations 03",
        "Partner programmes<br>…ecommendations 12",
    )
    assert other == "E-mail"
    assert two_lines_each(["a b", "a b"], 2) == ["a <br>b", "a <br>b"]


#: What our own hover texts ask of the point.
OURS = re.compile(r"%\{(x|y|text|hovertext|label|value|source|target|fullData)\b[^}]*\}")


def _charts(name: str) -> list[go.Figure]:
    one = pd.DataFrame(
        {"k": [name], "s": [name], "v": [0.4], "low": [0.3], "high": [0.5], "v_low": [0.3],
         "v_high": [0.5], "w": [0.2], "w_low": [0.1], "w_high": [0.3], "c": [3],
         "verdict": ["more"], "at": pd.to_datetime(["2026-06-01"]), "team": ["sales"],
         "x": ["2026-06"]}
    )  # fmt: skip
    told = one.assign(lane="Sales", kind=name, detail=name, weight=0.5)
    bar = FunnelBar(stage=name, label=name, count=3, team="sales")
    rate, count = Encoding(key="k", value="v", unit="rate"), Encoding(key="k", value="c")
    between = Encoding(key="k", value="v", low="low", high="high")
    series = Series(column="s")
    return [
        ranked_bars(one, LIGHT, rate),
        effects(one, LIGHT, rate),
        stacked(one, LIGHT, count, [("c", name, "#000000")]),
        pareto(one, LIGHT, count),
        columns(one, LIGHT, replace(count, title="days")),
        funnel([bar, bar], LIGHT),
        lines(one, LIGHT, replace(rate, key="x"), series),
        heat_map(one, LIGHT, rate, series),
        sankey(one.assign(to="end"), LIGHT, count, "to", Nodes([name, "end"])),
        small_funnels([Small("id", name, (3, 1), False)], LIGHT,
                      [Rung("a", name, "sales"), Rung("b", "b", "sales")]),
        scatter(one, LIGHT, replace(rate, value="w"), rate),
        dots(one, LIGHT, rate, series),
        timeline(told, LIGHT, ["Sales"]),
        paired(one, LIGHT, rate, {"v": "a", "w": "b"}),
        differences(one, LIGHT, between, verdict="verdict"),
    ]  # fmt: skip


def _read_as_html(figure: go.Figure) -> list[str]:
    """All text of a chart that plotly reads as its HTML: never ids, customdata or categories."""
    found: list[str] = []

    def walk(part: object, name: str) -> None:
        if isinstance(part, dict):
            for key, value in part.items():
                walk(value, key)
        elif isinstance(part, list | tuple):
            for value in part:
                walk(value, name)
        elif isinstance(part, str) and name in {"text", "ticktext", "hovertext", "name", "label",
                                                "hovertemplate"}:  # fmt: skip
            found.append(part)

    walk(figure.to_dict(), "")
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_no_chart_reads_a_name_as_markup(name: str) -> None:
    for place, figure in enumerate(_charts(name)):
        for text in _read_as_html(figure):
            bare = re.sub(r"</?(b|br|span|extra)\b[^>]*>", "", text)
            bare = OURS.sub("", bare) if "<extra>" in text else bare
            assert "<" not in bare and "%{" not in bare, (place, text)
            assert not re.search("[\u202e\u200f\x1b]", bare), (place, text)
        assert "bold" not in name or stdlib_html.escape(name, quote=False)[:9] in str(
            [t.replace("<br>", "") for t in _read_as_html(figure)]
        ), place


def test_a_file_name_breaks_between_its_words() -> None:
    assert two_lines("lead_stage_event.csv") == "lead_stage_<br>event.csv"
    assert two_lines("Search automation") == "Search automation"


def test_what_somebody_wrote_keeps_its_lines_and_nothing_else_of_its_own() -> None:
    assert as_written("<b>1</b>\r\n\u202e2\n\n🎯") == (
        '<span class="sm-written" dir="auto">&lt;b&gt;1&lt;/b&gt;\n\\u202e2\n\n🎯</span>'
    )
