"""Rates, shares and values in words, held to the rules of small numbers wherever they are said.

A rate of fewer than five successes or failures is counts; what rests on nothing is "n/a".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.rates import SMALL_N, Rate, rate_of
from smarketing.analysis.review.six_and_twelve import Ground
from smarketing.charts import format as fmt

#: Things that share the first place and are named all the same.
_SIDE_BY_SIDE = 2
#: Words of a column's name that are initials.
_INITIALS = {"id": "ID", "roas": "ROAS", "romi": "ROMI", "kpi": "KPI"}


def rate(found: Rate, decimals: int = 0) -> str:
    """A rate: 38 %, or 3 of 12 where few went on or stayed; "n/a" of none."""
    if found.n and found.as_counts:
        return counts(found.successes, found.n)
    return fmt.percent(found.rate, decimals)


def rate_of_noun(found: Rate, noun: str, decimals: int = 0) -> str:
    """The same with what it is a rate of: 38 % of worked leads, 3 of 12 worked leads."""
    said = rate(found, decimals)
    return f"{said} {noun}" if found.n and found.as_counts else f"{said} of {noun}"


def share(part: int, whole: int, decimals: int = 0) -> str:
    """A part of a counted whole for a title: a percentage only of thirty or more, else counts."""
    found = rate_of(part, whole)
    return counts(part, whole) if whole < SMALL_N else rate(found, decimals)


def share_of(part: int, whole: int, noun: str) -> str:
    """The same with what it is a share of: 42 % of 124 exits, 10 of 17 exits."""
    found = share(part, whole)
    return f"{found} {noun}" if " of " in found else f"{found} of {fmt.number(whole)} {noun}"


def foremost(times: Mapping[str, int], one: str, more: str = "") -> str:
    """What stands first of things by how often each was: Most often “A”: 42 % of 124 exits.

    Of fewer than thirty it is counts alone, and of more than two that share the first place none is
    named. `one` and `more` say what is counted, as in `format.many`.
    """
    whole, most = sum(times.values()), max(times.values())
    first = [name for name, often in times.items() if often == most]
    many = fmt.many(whole, one, more)
    if len(times) == 1:
        return f"“{first[0]}”: {many if whole == 1 else f'all {many}'}"
    if len(first) > _SIDE_BY_SIDE:
        return f"{many}: {fmt.number(len(first))} stand first, {fmt.number(most)} each"
    named = " and ".join(f"“{name}”" for name in first)
    each = " each" if len(first) > 1 else ""
    if whole < SMALL_N:
        return f"{named}: {fmt.number(most)}{each} of {many}"
    said = (
        f"{fmt.number(most)} each of {many}" if each else share_of(most, whole, more or f"{one}s")
    )
    return f"Most often {named}: {said}"


def of_n(count: float | None) -> str:
    """Of how many records something is: n 1,204."""
    return f"n {fmt.number(count)}"


def counts(part: float | None, whole: float | None) -> str:
    """So many of so many."""
    return f"{fmt.number(part)} of {fmt.number(whole)}"


def value(result: KpiResult, currency: str, *, exact: bool = False) -> str:
    """A KPI's value by unit; a rate on few records as counts; "n/a" where it has none."""
    if result.shown_as_counts and result.numerator is not None:
        return counts(result.numerator, result.denominator)
    return fmt.by_unit(result.value, result.unit, currency, exact=exact)


def in_period(found: float | None, of: Ground, unit: str, currency: str) -> str:
    """A KPI's value in a period by unit; a rate on few records as the counts it is of.

    What a sum leaves out for want of an amount is said with it: it is no sum of all.
    """
    if found is None:
        return fmt.by_unit(found, unit, currency)
    said = fmt.by_unit(found, unit, currency) if of.counts is None else counts(*of.counts)
    if of.lacking is None:
        return said
    lacking, records = map(fmt.number, of.lacking)
    return f"{said} (without {lacking} of {records} records)"


def change(result: KpiResult, *, last_year: bool = False) -> str | None:
    """A KPI's change since the period before, or since last year; None without one to tell.

    None between rates of which one is of few records: those are counts, which do not compare.
    """
    if result.shown_as_counts or result.few_before[last_year]:
        return None
    before = result.last_year if last_year else result.previous
    return fmt.change(result.value, before, result.unit)


def status_rule(result: KpiResult, currency: str) -> str:
    """By which values a KPI would be on track, at risk or behind; empty where none is judged."""
    standing = result.standing
    if standing is None or standing.expected is None:
        return ""
    due, room = standing.expected, abs(standing.expected) * standing.tolerance

    def at(distance: float) -> str:
        limit = due + distance
        if result.unit == "count" and distance:
            # The last whole number that is judged so still.
            limit = math.ceil(limit - 1e-9) if distance < 0 else math.floor(limit + 1e-9)
        return fmt.by_unit(limit, result.unit, currency)

    off = f"{fmt.percent(standing.tolerance, 0)} of {at(0)}"
    if standing.expected != standing.target:
        off += " due by now"
    if result.direction == "none":
        return f"on track within {off}, at risk up to twice as far, behind beyond"
    if result.direction == "down":
        return f"on track up to {at(room)} ({off}), at risk up to {at(2 * room)}, behind above"
    return f"on track from {at(-room)} ({off}), at risk from {at(-2 * room)}, behind below"


def status_rules(results: Sequence[KpiResult]) -> str:
    """The rule behind every verdict in one sentence; empty where nothing is judged."""
    known = {r.standing.tolerance for r in results if r.standing and r.standing.status}
    if not known:
        return ""
    low, high = (fmt.percent(end, 0) for end in (min(known), max(known)))
    tolerance = low if low == high else f"its tolerance, {low} to {high},"
    return (
        f"On track: within {tolerance} of what is due by now. At risk: up to twice as far off. "
        "Behind: further. Ahead: better by more."
    )


def capitalised(text: str) -> str:
    """Words that begin a sentence: no source gives leads → No source gives leads."""
    return text[:1].upper() + text[1:]


def sentence_case(label: str) -> str:
    """A label inside a sentence: `Won revenue` → won revenue, but MQL stays MQL."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def column_label(name: str) -> str:
    """A column's name as a heading: `won_amount` → Won amount, `lead_id` → Lead ID."""
    words = [_INITIALS.get(word, word) for word in name.strip("_").split("_")]
    return capitalised(" ".join(words))
