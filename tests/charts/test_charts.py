"""Charts: what is drawn for a known frame, for none, and in the one visual language."""

from __future__ import annotations

import base64
import itertools
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from smarketing.analysis.review.limits import Limits
from smarketing.charts.bars import pareto, ranked_bars, stacked, top_rows
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.funnel import FunnelBar, funnel, step_words
from smarketing.charts.lines import control, lines, pace
from smarketing.charts.maps import Nodes, heat_map, sankey
from smarketing.charts.points import dots, scatter, timeline
from smarketing.charts.spark import sparkline
from smarketing.charts.theme import DARK, LIGHT, Look, ink_on, mix

LOOKS = [LIGHT, DARK]
CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def deuteranope(colour: str) -> tuple[float, ...]:
    """A colour as seen without the green cones (Viénot, Brettel and Mollon 1999)."""
    red, green, blue = ((int(colour[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    one = 0.29275 * red + 0.70725 * green
    two = -0.02234 * red + 0.02234 * green + blue
    return one, one, two


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_text_and_hues_can_be_read_on_their_paper(look: Look) -> None:
    for name in ("ink", "muted", "marketing", "sales", "shared", "good", "bad"):
        assert contrast(getattr(look, name), look.paper) >= 4.5, name


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_hues_stay_apart_for_colour_blind_readers(look: Look) -> None:
    pairs = [(look.marketing, look.sales), (look.good, look.bad), (look.sales, look.shared)]
    for first, second in pairs:
        seen = zip(deuteranope(first), deuteranope(second), strict=True)
        assert max(abs(a - b) for a, b in seen) > 0.08, (first, second)


def test_the_theme_of_the_pages_is_the_theme_of_the_charts() -> None:
    theme = tomllib.loads(CONFIG.read_text())["theme"]
    for look in LOOKS:
        config = theme[look.name]
        assert config["backgroundColor"] == look.paper
        assert config["textColor"] == look.ink
        assert config["blueColor"] == look.marketing
        assert config["orangeColor"] == look.sales
        assert (config["greenColor"], config["redColor"]) == (look.good, look.bad)
        assert config["borderColor"] == look.hairline


def test_ink_and_mix() -> None:
    assert ink_on("#000000") == "#ffffff"
    assert ink_on("#ffffff") == "#15191d"
    assert (ink_on(DARK.bad), ink_on(LIGHT.bad)) == ("#15191d", "#ffffff")
    assert mix("#ff0000", "#ffffff", 0.5) == "#ff8080"


def test_only_the_largest_are_shown_and_the_rest_is_summed() -> None:
    frame = pd.DataFrame({"k": [*"abcd", "(unknown)"], "v": [1.0, 5.0, 2.0, 4.0, 9.0]})
    rows = top_rows(frame, "k", "v", 2)
    assert list(rows["k"]) == ["b", "d", "other", "(unknown)"]
    assert list(rows["v"]) == [5.0, 4.0, 3.0, 9.0]
    assert rows["v"].sum() == frame["v"].sum()


def test_ranked_bars_sort_label_and_carry_their_keys() -> None:
    frame = pd.DataFrame({"k": ["small", "large"], "v": [10.0, 30.0], "n": ["x", "y"]})
    figure = ranked_bars(frame, LIGHT, Encoding(key="k", value="v", note="n"))
    bar = figure.data[0]
    assert list(bar.customdata) == ["large", "small"]
    assert list(bar.x) == [30.0, 10.0]
    assert figure.layout.annotations[0].text == "<b>30</b>  y"
    assert figure.layout.xaxis.range[0] == 0


def test_a_rate_on_few_records_is_shown_as_its_counts() -> None:
    frame = pd.DataFrame({"k": ["a"], "v": [0.8], "n": ["4 of 5"], "few": [True]})
    drawn = Encoding(key="k", value="v", unit="rate", note="n", pale="few")
    figure = ranked_bars(frame, LIGHT, drawn)
    assert figure.layout.annotations[0].text == "4 of 5"


def test_the_rest_folded_together_is_never_pale() -> None:
    frame = pd.DataFrame(
        {"k": ["a", "b", "c"], "v": [3.0, 2.0, 1.0], "few": [True] * 3, "n": ["x", "y", "z"]}
    )
    figure = ranked_bars(frame, LIGHT, Encoding(key="k", value="v", note="n", pale="few"), keep=1)
    told = [note.text for note in figure.layout.annotations]
    assert told[0] == "x" and "nan" not in told[1] and "3" in told[1]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_every_chart_can_be_drawn_of_nothing(look: Look) -> None:
    nothing = pd.DataFrame({name: [] for name in ("k", "v", "w", "s", "t")})
    drawn = [
        ranked_bars(nothing, look, Encoding(key="k", value="v")),
        pareto(nothing, look, Encoding(key="k", value="v")),
        stacked(nothing, look, Encoding(key="k"), [("v", "v", look.good)]),
        funnel([], look),
        pace(nothing, look, Encoding(key="k", value="v"), target="w"),
        lines(nothing, look, Encoding(key="k", value="v", unit="rate"), Series(column="s")),
        control(nothing, look, Encoding(key="k", value="v", unit="money")),
        heat_map(nothing, look, Encoding(key="s", value="v", unit="rate"), Series(column="k")),
        sankey(nothing, look, Encoding(key="k", value="v"), "s", Nodes(["a"])),
        scatter(nothing, look, Encoding(key="k", value="v"), Encoding(key="k", value="w")),
        dots(nothing, look, Encoding(key="k", value="v", unit="rate"), Series(column="s")),
        timeline(nothing.assign(at=[], lane=[]), look, ["a"]),
    ]
    assert all(figure.layout.paper_bgcolor == look.paper for figure in drawn)


def bar(**changes: object) -> FunnelBar:
    given = {
        "stage": "mql", "label": "MQL", "count": 60, "team": "marketing", "rate": 0.5,
        "low": 0.4, "high": 0.6, "mature": 100, "converted": 50, "window_days": 30,
    }  # fmt: skip
    return FunnelBar(**{**given, **changes})  # type: ignore[arg-type]


def test_a_step_in_words_its_interval_n_and_small_numbers() -> None:
    assert step_words(bar()) == (
        "<b>50.0\u202f%</b> within 30\u202fd<br>n 100, 95 % interval 40.0\u202f% to 60.0\u202f%"
    )
    assert step_words(bar(converted=3, mature=20)) == "3 of 20 within 30\u202fd"
    assert step_words(bar(mature=0, rate=None)) == "too young to be judged yet"
    assert step_words(bar(mature=None)) == ""


def test_the_funnel_draws_young_leads_paler_and_keeps_the_order() -> None:
    stages = [bar(stage="Lead", label="Lead", count=100, young=20, mature=None), bar()]
    figure = funnel(stages, LIGHT)
    ripe, young = figure.data
    assert list(ripe.y) == ["Lead", "MQL"]
    assert (ripe.x[0], young.x[0]) == (80, 20)
    assert young.marker.color[0] == mix(LIGHT.marketing, LIGHT.paper, 0.38)


def test_the_heat_map_leaves_immature_cells_without_shade() -> None:
    frame = pd.DataFrame(
        {"m": ["Jan", "Feb"], "s": ["SQL", "SQL"], "v": [0.5, 0.9], "young": [False, True]}
    )
    drawn = Encoding(key="m", value="v", unit="rate", pale="young")
    figure = heat_map(frame, LIGHT, drawn, Series(column="s"))
    assert figure.data[0].z[0][0] == 0.5
    assert figure.data[0].z[1][0] is None
    assert [note.text for note in figure.layout.annotations] == ["50.0\u202f%", "90.0\u202f%"]


def test_a_way_back_in_the_sankey_is_an_end_of_its_own() -> None:
    links = pd.DataFrame({"a": ["lead", "mql"], "b": ["mql", "lead"], "n": [10, 2]})
    nodes = Nodes(["lead", "mql"], {"lead": "Lead"})
    figure = sankey(links, LIGHT, Encoding(key="a", value="n"), "b", nodes)
    assert list(figure.data[0].node.label) == ["Lead", "mql", "back to Lead"]
    assert list(figure.data[0].link.target) == [1, 2]


def test_at_most_seven_lines_are_drawn() -> None:
    rows = [(m, s, 0.1) for m, s in itertools.product(range(3), "abcdefghij")]
    frame = pd.DataFrame(rows, columns=["m", "s", "v"])
    figure = lines(frame, LIGHT, Encoding(key="m", value="v", unit="rate"), Series(column="s"))
    assert len(figure.data) == 7


def test_values_outside_the_limits_are_marked_by_shape_too() -> None:
    frame = pd.DataFrame({"p": ["a", "b"], "v": [1.0, 9.0]})
    figure = control(frame, LIGHT, Encoding(key="p", value="v"), limits=Limits(2, 0, 5))
    assert list(figure.data[-1].marker.symbol) == ["circle", "diamond"]


def test_a_value_that_is_not_whole_yet_is_led_to_by_dashes() -> None:
    def drawn(values: list[float | None], *, is_partial: bool) -> str:
        html = sparkline(values, "#0a5fa8", is_partial=is_partial)
        return base64.b64decode(html.split("base64,")[1].split('"')[0]).decode()

    whole, running = (drawn([3, 4, 1], is_partial=partial) for partial in (False, True))
    assert whole.count("<polyline") == 1 and "dasharray" not in whole
    assert running.count("<polyline") == 2 and running.count("dasharray") == 1
    assert 'fill="none" stroke="#0a5fa8" stroke-width="1.5"/>' in running
    # The last value is not known: the one before it is whole.
    assert drawn([3, 4, None], is_partial=True) == drawn([3, 4, None], is_partial=False)


def test_a_sparkline_breaks_where_nothing_is_known() -> None:
    html = sparkline([1, None, 3, 4], "#0a5fa8", label="New <MQLs>")
    drawing = base64.b64decode(html.split("base64,")[1].split('"')[0]).decode()
    assert drawing.count("<polyline") == 2
    assert "New &lt;MQLs&gt;" in html
    assert sparkline([1.0], "#0a5fa8") == ""


@pytest.mark.parametrize(
    ("kind", "days", "labels"),
    [("call", 100, ["call", "call"]), ("call", 10, ["call"]), ("opportunity created", 100, ["o"])],
)
def test_the_ends_of_a_lane_are_labelled_where_both_have_room(
    kind: str, days: int, labels: list[str]
) -> None:
    at = pd.to_datetime(["2026-01-01", "2026-01-01", "2026-04-11"])
    at = [at[0], at[0] + pd.Timedelta(days=days), at[2]]
    events = pd.DataFrame({"at": at, "lane": ["a", "a", "b"], "kind": kind, "team": None})
    events = events.assign(detail="", weight=None)
    notes = timeline(events, LIGHT, ["a", "b"]).layout.annotations
    of_lane = [note.text for note in notes if note.y == 0]
    assert [text[: len(word)] for text, word in zip(of_lane, labels, strict=True)] == labels


def test_labels_of_a_scatter_keep_clear_of_each_other_on_a_phone() -> None:
    rows = pd.DataFrame(
        {"k": ["Far away", "Side by side", "Right beside"], "v": [0.1, 0.5, 0.62],
         "w": [100.0, 10.0, 9.0]}
    )  # fmt: skip
    across, up = Encoding(key="k", value="v"), Encoding(key="k", value="w")
    drawn = [a.text for a in scatter(rows, LIGHT, across, up).layout.annotations]
    # On a phone the third one's label would lie over the second's, on either side of its dot.
    assert drawn == ["Far away", "Side by side"]
    apart = rows.assign(w=[100.0, 50.0, 9.0])
    assert len(scatter(apart, LIGHT, across, up).layout.annotations) == 3


def test_a_part_too_narrow_for_its_words_goes_without_them_rather_than_in_tiny_letters() -> None:
    frame = pd.DataFrame({"k": ["a"], "won": [90.0], "lost": [10.0]})
    parts = [("won", "won", LIGHT.good), ("lost", "lost", LIGHT.bad)]
    figure = stacked(frame, LIGHT, Encoding(key="k"), parts)
    (size,) = {bar.textfont.size for bar in figure.data}
    assert (figure.layout.uniformtext.mode, figure.layout.uniformtext.minsize) == ("hide", size)
