"""Any set of cuts of the same spend, in any order of imports, comes to the same total."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st
from spend_kit import settled

from smarketing.sources.profile import builtin_sources

GOOGLE, META = builtin_sources()["google_ads"], builtin_sources()["facebook_ads"]
DAYS = ("2026-01-01", "2026-01-02", "2026-01-03")
Spent = dict[str, str]
Row = dict[str, str | None]

#: What was really spent: account, campaign, day, device, and the amount in cents.
GOOGLE_SPEND = st.lists(
    st.fixed_dictionaries(
        {
            "Customer ID": st.sampled_from(["111-222", "333-444"]),
            "Campaign ID": st.sampled_from(["7", "8"]),
            "Day": st.sampled_from(DAYS),
            "Device": st.sampled_from(["Computers", "Tablets"]),
            "Cost": st.integers(1, 500),
        }
    ),
    min_size=1,
    max_size=8,
)
GOOGLE_CUTS = st.lists(
    st.sets(st.sampled_from(["Customer ID", "Campaign ID", "Campaign", "Device"])).filter(
        lambda cut: cut & {"Campaign ID", "Campaign"}
    ),
    min_size=1,
    max_size=4,
)


def cut_by(spent: Iterable[dict[str, object]], columns: set[str], amount: str) -> list[Row]:
    """The rows of a report with these columns: what was spent, summed by them."""
    sums: defaultdict[tuple[object, ...], int] = defaultdict(int)
    names = sorted(columns)
    for row in spent:
        sums[tuple(row[name] for name in names)] += int(str(row[amount]))
    return [
        {**{n: str(v) for n, v in zip(names, key, strict=True)}, amount: f"{cents / 100:.2f}"}
        for key, cents in sums.items()
    ]


def files(reports: Sequence[tuple[str, list[Row]]]) -> list[Row]:
    return [{"_file_id": name, **row} for name, rows in reports for row in rows]


@settings(max_examples=30)
@given(spent=GOOGLE_SPEND, cuts=GOOGLE_CUTS, data=st.data())
def test_cuts_with_other_columns(
    spent: list[dict[str, object]], cuts: list[set[str]], data: st.DataObject
) -> None:
    # A campaign is of one account, under whichever name.
    owner = {row["Campaign ID"]: row["Customer ID"] for row in spent}
    named = [
        {**row, "Customer ID": owner[row["Campaign ID"]], "Campaign": f"Name {row['Campaign ID']}"}
        for row in spent
    ]
    reports = []
    for number, cut in enumerate(cuts):
        rows = cut_by(named, {"Day", *cut}, "Cost")
        half = data.draw(st.integers(0, len(rows)))
        reports += [(f"{number}a", rows[:half]), (f"{number}b", rows[half:])]
    ordered = data.draw(st.permutations([report for report in reports if report[1]]))
    answer = settled(GOOGLE, {"campaign_report": files(ordered)})
    assert answer.total == sum(int(str(row["Cost"])) for row in spent)
    by_day: defaultdict[str, int] = defaultdict(int)
    for row in spent:
        by_day[str(row["Day"])] += int(str(row["Cost"]))
    counted: defaultdict[str, int] = defaultdict(int)
    for day, _, amount in answer.days():
        counted[day] += amount
    assert counted == by_day
    assert answer.differences == []


META_SPEND = st.lists(
    st.fixed_dictionaries(
        {
            "Campaign name": st.sampled_from(["Winter", "Summer"]),
            "Ad set name": st.sampled_from(["A", "B"]),
            "Day": st.sampled_from(DAYS),
            "Amount spent (EUR)": st.integers(1, 500),
        }
    ),
    min_size=1,
    max_size=8,
)
SPAN: Row = {"Reporting starts": DAYS[0], "Reporting ends": DAYS[-1]}


@settings(max_examples=30)
@given(
    spent=META_SPEND,
    cuts=st.lists(st.sets(st.sampled_from(["Ad set name", "Day"])), min_size=1, max_size=4),
    with_total=st.booleans(),
    data=st.data(),
)
def test_days_periods_subtotals_and_totals(
    spent: list[dict[str, object]], cuts: list[set[str]], with_total: bool, data: st.DataObject
) -> None:
    amount = "Amount spent (EUR)"
    reports = []
    for number, cut in enumerate(cuts):
        rows = [{**SPAN, **row} for row in cut_by(spent, {"Campaign name", *cut}, amount)]
        if "Ad set name" in cut:
            by_campaign = cut_by(spent, {"Campaign name", *(cut - {"Ad set name"})}, amount)
            rows += [{**SPAN, **row, "Ad set name": None} for row in by_campaign]
        if with_total:
            total = sum(int(str(row[amount])) for row in spent)
            rows.append({**SPAN, "Campaign name": None, amount: f"{total / 100:.2f}"})
        reports.append((str(number), rows))
    answer = settled(META, {"campaign_report": files(data.draw(st.permutations(reports)))})
    assert answer.total == sum(int(str(row[amount])) for row in spent)
    assert answer.differences == []
    if any("Day" in cut for cut in cuts):
        ordered = sorted(spent, key=lambda row: str(row["Day"]))
        by_day = {
            day: sum(int(str(row[amount])) for row in rows)
            for day, rows in groupby(ordered, key=lambda row: str(row["Day"]))
        }
        counted: defaultdict[str, int] = defaultdict(int)
        for day, _, cents in answer.days():
            counted[day] += cents
        assert counted == by_day
