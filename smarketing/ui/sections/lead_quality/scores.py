"""Exhibits of lead quality: the agreed definition judged by what became of the leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from smarketing.analysis.lead_quality.records import leads_of_rule, scored_leads
from smarketing.analysis.lead_quality.scores import (
    Calibration,
    Outcome,
    RuleValue,
    Threshold,
    days_to_qualify,
    never_qualified,
    quality_params,
)
from smarketing.analysis.rates import SMALL_N
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import columns
from smarketing.charts.encoding import Encoding
from smarketing.charts.quality import paired, trade_off
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.lead_quality.words import goals
from smarketing.ui.session import ask
from smarketing.ui.view import View

SCORES = {"agreed": "points of the agreement", "recorded": "score recorded by the source"}


@dataclass(frozen=True)
class Judged:
    """What the page was asked to judge: which outcome, which scores, under which points."""

    view: View
    outcome: Outcome
    recorded: bool = False
    points: Mapping[str, int] = field(default_factory=dict)

    @property
    def threshold(self) -> int:
        """The agreed threshold."""
        return self.view.store.agreement.lead_definition.threshold

    @property
    def goal(self) -> str:
        """What a good lead does, in the words of the agreement."""
        return f"reach {goals(self.view.store.agreement)[self.outcome]}"

    @property
    def choices(self) -> dict[str, str]:
        """What is printed under every figure."""
        score = SCORES["recorded" if self.recorded else "agreed"]
        changed = {"Other points": ", ".join(f"{k} {v}" for k, v in sorted(self.points.items()))}
        return {"Judged by": self.outcome, "Score": score, **(changed if self.points else {})}

    @property
    def note(self) -> str:
        """How leads are scored that were never handed over."""
        store = self.view.store
        return never_qualified(days_to_qualify(store.engine, store.agreement))

    def definition(self, label: str, question: str, text: str, formula: str = "") -> Definition:
        """The definition of a figure, with the SQL of its counts."""
        store, view = self.view.store, self.view
        params = quality_params(store.engine, store.agreement, view.window, self.outcome)
        query = "quality/scores" if self.recorded else "quality/patterns"
        return Definition(
            label,
            question,
            text,
            formula,
            caveats=(
                "A score counts as it stood just before qualification; touches after it do not.",
                self.note,
                "Leads below the threshold were seldom worked: recall is a bound, not a figure.",
                f"Only leads followed for {params['mature_days']} days.",
            ),
            sql=lambda: store.engine.sql(query, params, view.filters),
        )

    def leads(self) -> pd.DataFrame:
        """Every judged lead with its score."""
        store, view = self.view.store, self.view
        return ask(
            store,
            scored_leads,
            store.agreement,
            view.window,
            view.filters,
            self.outcome,
            dict(self.points),
            recorded=self.recorded,
        )


def threshold_frame(found: Sequence[Threshold]) -> pd.DataFrame:
    """The threshold table as it is shown and exported."""
    frame = pd.DataFrame(
        [
            {
                "threshold": row.threshold,
                "leads": row.leads,
                "leads_a_month": round(row.per_month, 1),
                "worked": row.worked,
                "precision": row.precision.rate,
                "precision_low": row.precision.low,
                "precision_high": row.precision.high,
                "recall_at_least": row.recall_low,
                "recall_at_most": row.recall_high,
                "lift": row.lift,
                "acceptance": row.acceptance.rate,
                "revenue_captured": row.revenue_share,
                "within_capacity": {True: "yes", False: "too many", None: "not known"}[
                    row.within_capacity
                ],
            }
            for row in found
        ]
    )
    for name in frame.columns[4:12]:
        frame[name] = frame[name].astype("Float64")
    return frame.assign(is_small=[row.precision.is_small for row in found])


RATES = ("precision", "precision_low", "precision_high", "recall_at_least", "recall_at_most",
         "acceptance", "revenue_captured")  # fmt: skip


def thresholds(judged: Judged, found: Sequence[Threshold], threshold: int) -> Exhibit:
    """What a higher or lower threshold trades: precision against recall."""
    frame = threshold_frame(found)
    here = next((row for row in found if row.threshold == threshold), None)
    title = "No lead of this period was worked and is old enough to judge"
    if here is not None and here.precision.n:
        said = words.rate_of_noun(here.precision, "worked leads")
        title = f"From {threshold} points on, {said} {judged.goal}"
        if here.lift is not None and not here.precision.is_small:
            title += f", {fmt.by_unit(here.lift, 'x', '')} the average"
    return Exhibit(
        key="thresholds",
        needs=("dim_lead",),
        title=title,
        reading="Line: of the worked leads from so many points on, the share that got there "
        "(precision; hollow: fewer than 30). Grey: the share of all that would get there (recall) "
        f"lies in it, since leads below the threshold were seldom worked. {judged.note}",
        view=judged.view,
        definition=judged.definition(
            "Threshold",
            "From how many points on is a lead good enough?",
            "Precision: converted ÷ worked at or above the threshold. Recall: converted above ÷ "
            "all that would convert, between none and all of the unworked leads below. Lift: "
            "precision ÷ the rate of all worked leads. Revenue captured: won amount of leads above "
            "÷ won amount of all.",
            "precision = converted ÷ worked; lift = precision ÷ rate of all worked leads",
        ),
        data=frame.drop(columns="is_small"),
        draw=lambda look: trade_off(
            frame,
            look,
            Encoding(
                key="threshold",
                value="precision",
                low="recall_at_least",
                high="recall_at_most",
                pale="is_small",
                title="points",
            ),
            ("precision", "recall, between its bounds"),
            threshold=threshold,
        ),
        records=lambda part: _above(judged, found, part),
        parts=tuple(f"{row.threshold}" for row in found),
        choices=judged.choices,
        units={**dict.fromkeys(RATES, "rate"), "lift": "x"},
    )


def _above(judged: Judged, found: Sequence[Threshold], part: str | None) -> Records:
    rows = judged.leads()
    if part is None:
        return listed(judged.view.store, rows, "judged leads, whatever their score")
    row = next(row for row in found if f"{row.threshold}" == part)
    chosen = rows[rows["score"].fillna(-1_000_000) >= row.threshold]
    noun = f"leads from {part} points on, {fmt.number(row.worked)} of them worked"
    return listed(judged.view.store, chosen, noun, expected=float(row.leads))


def table(judged: Judged, found: Sequence[Threshold], capacity: float | None) -> Exhibit:
    """The same by number: volume, precision, recall, lift, acceptance, revenue, capacity."""
    frame = threshold_frame(found).drop(columns=["precision_low", "precision_high", "is_small"])
    fits = [row for row in found if row.within_capacity]
    title = "How many leads sales can work is not known: no member has a capacity"
    if judged.view.filters:
        title = "What sales can work is agreed for all leads, not for those of these filters"
    if capacity is not None and fits:
        title = (
            f"Sales can work {fmt.number(capacity)} leads a month: "
            f"a threshold of {fits[0].threshold} or more fits"
        )
    elif capacity is not None:
        title = f"At no threshold do the leads fit the {fmt.number(capacity)} sales can work"
    return Exhibit(
        key="threshold_table",
        needs=("dim_lead",),
        title=title,
        reading="Every threshold by volume, quality, revenue captured and capacity.",
        view=judged.view,
        definition=judged.definition(
            "Threshold table",
            "What would another threshold mean for both teams?",
            "Leads a month: leads at or above the threshold over the days whose leads are old "
            "enough to judge. Capacity: the sum over the members who take leads over.",
        ),
        data=frame,
        records=lambda part: _above(judged, found, part),
        parts=tuple(f"{row.threshold}" for row in found),
        choices=judged.choices,
        units=dict.fromkeys(RATES, "rate"),
        height=460,
    )


def calibrated(judged: Judged, found: Sequence[Calibration]) -> Exhibit:
    """Whether a higher score means a higher rate: worked leads by band of score."""
    frame = pd.DataFrame(
        {
            "score": [_band(row) for row in found],
            "leads": [row.leads for row in found],
            "worked": [row.rate.n for row in found],
            "converted": [row.rate.successes for row in found],
            "rate": [row.rate.rate for row in found],
            "low": [row.rate.low for row in found],
            "high": [row.rate.high for row in found],
            "is_small": [row.rate.is_small for row in found],
        }
    )
    for name in ("rate", "low", "high"):
        frame[name] = frame[name].astype("Float64")
    shown = frame[frame["worked"] > 0].astype({"rate": "float64"})
    return Exhibit(
        key="calibration",
        needs=("dim_lead",),
        title=_calibration_title(found),
        reading="Of the worked leads in each band of score, how many converted. Pale: fewer than "
        "30 worked leads, no verdict.",
        view=judged.view,
        definition=judged.definition(
            "Calibration",
            "Does a higher score mean a better lead?",
            "Worked leads by bands of score of equal width, and the share that converted.",
            "converted ÷ worked, by band",
        ),
        data=frame.drop(columns="is_small"),
        draw=lambda look: columns(
            shown,
            look,
            Encoding(
                key="score",
                value="rate",
                unit="rate",
                pale="is_small",
                hue=look.marketing,
                title="score just before qualification",
            ),
            decimals=0,
            height=340,
        ),
        records=lambda part: _in_band(judged, found, part),
        parts=tuple(_band(row) for row in found),
        choices=judged.choices,
        units={"rate": "rate", "low": "rate", "high": "rate"},
    )


def _band(row: Calibration) -> str:
    last = row.high - 1
    return f"{row.low}" if last == row.low else f"{row.low}–{last}"


def _calibration_title(found: Sequence[Calibration]) -> str:
    solid = [row for row in found if not row.rate.is_small and row.rate.rate is not None]
    if len(solid) < 2:
        return "Too few worked leads in each band to say whether the score sorts them"
    low, high = solid[0], solid[-1]
    rates = f"{fmt.percent(low.rate.rate, 0)} at {_band(low)}"
    rates += f", {fmt.percent(high.rate.rate, 0)} at {_band(high)} points"
    assert low.rate.high is not None and high.rate.low is not None
    if high.rate.low > low.rate.high:
        return f"A higher score is a better lead: {rates}"
    return f"The score hardly sorts leads: {rates}"


def _in_band(judged: Judged, found: Sequence[Calibration], part: str | None) -> Records:
    rows = judged.leads()
    rows = rows[rows["score"].notna()]
    chosen = [row for row in found if part is None or _band(row) == part]
    if part is not None:
        rows = rows[(rows["score"] >= chosen[0].low) & (rows["score"] < chosen[0].high)]
    expected = float(sum(row.leads for row in chosen))
    return listed(judged.view.store, rows, "scored leads", expected=expected)


_VERDICTS = {True: "earned", False: "not earned", None: "too few to say"}


def rules(judged: Judged, found: Sequence[RuleValue]) -> Exhibit:
    """Which rules earn their points: leads that fulfil each against those that do not."""
    frame = _rule_rows(found)
    drawn = frame.assign(
        note=[f"{r.points:+d}, {words.of_n(r.fulfilled.n)}, {_VERDICTS[r.earned]}" for r in found],
        is_small=[r.earned is None for r in found],
    )
    labels = {rule.rule: rule.label for rule in found}
    earned = sum(1 for rule in found if rule.earned)
    judgeable = sum(1 for rule in found if rule.earned is not None)
    title = f"No rule has {SMALL_N} worked leads on both sides yet: too few to judge"
    if judgeable:
        title = f"{earned} of the {judgeable} rules with enough leads earn their points"
    return Exhibit(
        key="rules",
        needs=("dim_lead",),
        title=title,
        reading=f"Share of worked leads that {judged.goal}, with 95 % intervals. A rule "
        "earns its points when the intervals do not overlap, in the direction of the points.",
        view=judged.view,
        definition=judged.definition(
            "Rules and their worth",
            "Which rules of the definition pick out better leads?",
            "Worked leads that fulfil a rule against worked leads that do not.",
            "converted ÷ worked, with the rule and without it",
        ),
        data=frame.drop(columns="id") if len(frame) else frame,
        draw=lambda look: paired(
            drawn,
            look,
            Encoding(key="id", labels=labels, note="note", pale="is_small"),
            {"fulfilled": "fulfils the rule", "others": "does not"},
        ),
        records=lambda part: _of_rule(judged, found, part),
        parts=labels,
        choices={"Judged by": judged.outcome},
        units={
            name: "rate"
            for name in frame.columns
            if name.startswith(("fulfilled", "others")) and not name.endswith("_n")
        },
    )


def _rule_rows(found: Sequence[RuleValue]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": rule.rule,
                "rule": rule.label,
                "points": rule.points,
                "fulfilled": rule.fulfilled.rate,
                "fulfilled_low": rule.fulfilled.low,
                "fulfilled_high": rule.fulfilled.high,
                "fulfilled_n": rule.fulfilled.n,
                "others": rule.others.rate,
                "others_low": rule.others.low,
                "others_high": rule.others.high,
                "others_n": rule.others.n,
                "verdict": _VERDICTS[rule.earned],
            }
            for rule in found
        ]
    )


def _of_rule(judged: Judged, found: Sequence[RuleValue], part: str | None) -> Records:
    store, view = judged.view.store, judged.view
    if part is None:
        rows = Judged(view, judged.outcome).leads()
        both = found[0].fulfilled.n + found[0].others.n if found else 0
        return listed(store, rows[rows["is_worked"]], "worked leads", expected=float(both))
    rule = next(rule for rule in found if rule.rule == part)
    rows = ask(
        store,
        leads_of_rule,
        store.agreement,
        view.window,
        rule.rule,
        view.filters,
        judged.outcome,
    )
    return listed(store, rows, "worked leads that fulfil it", expected=float(rule.fulfilled.n))
