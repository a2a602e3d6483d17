"""What an agreement written before a field was asked for leaves out.

Earlier versions of the program knew by name what is a field today, such as the stage that a deal's
opening enters. A whole agreement that lacks the field keeps that meaning where the packaged one's
value fits it: the stage, exit, channel or team of that id is there. Where it does not fit, the
field is missing, and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_Path = tuple[str, ...]
_STAGES: _Path = ("stages",)
_EXITS: _Path = ("exits",)
_CHANNELS: _Path = ("classification", "channels")
#: The field, and the list whose ids it must be of.
_FIELDS: Mapping[_Path, _Path] = {
    ("deal_opened",): _STAGES,
    ("deal_won",): _STAGES,
    ("deal_lost",): _EXITS,
    ("service_levels", "from_stage"): _STAGES,
    ("service_levels", "accepted_stage"): _STAGES,
    ("service_levels", "rejected_exits"): _EXITS,
    ("service_levels", "recycled_exits"): _EXITS,
    ("attribution", "direct_channel"): _CHANNELS,
    ("attribution", "originator", "teams"): ("teams",),
    ("attribution", "originator", "channels"): _CHANNELS,
}
#: What may be left out as a whole, since each of its fields has a default.
_OPTIONAL = frozenset({"attribution"})
#: What a KPI says in fields of its own since, and what tells that it is the packaged one.
_KPI_FIELDS = ("stage", "step", "team", "rests_on")
_SAME = ("mart", "date_column", "expression", "ratio", "formula")


def completed(content: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return a whole agreement, fields it lacks taken from the packaged one where they fit.

    What is there is never changed, also where it is wrong: checking says so.
    """
    whole = {"teams": base["teams"], **content}
    if isinstance(content.get("kpis"), list):
        packaged = {kpi["id"]: kpi for kpi in base["kpis"]}
        stages = _ids(content.get("stages"))
        whole["kpis"] = [_kpi(own, packaged, stages) for own in content["kpis"]]
    for path, listed in _FIELDS.items():
        held = _at(whole, path[:-1], {} if path[0] in _OPTIONAL else None)
        if not isinstance(held, Mapping) or path[-1] in held:
            continue
        fitting = _fitting(_at(base, path, None), _ids(_at(whole, listed, [])))
        if fitting is not None:
            whole = _with(whole, path, fitting)
    return whole


def _kpi(own: Any, packaged: Mapping[str, Any], stages: set[str]) -> Any:
    """Return a KPI that is the packaged one of an earlier version with the fields that one has."""
    if not isinstance(own, Mapping) or set(_KPI_FIELDS) & set(own):
        return own
    known = packaged.get(str(own.get("id")), {})
    alike = all(own.get(name) == known.get(name) for name in _SAME)
    if not known or not alike or own.get("filter") != _filter_before(known):
        return own
    if not set(_kept(known).values()) <= stages:
        return own
    gained = {name: known[name] for name in ("filter", *_KPI_FIELDS) if name in known}
    return {**{name: own[name] for name in own if name != "filter"}, **gained}


def _filter_before(kpi: Mapping[str, Any]) -> str | None:
    """Return a KPI's filter as it was written while stage and step were parts of it."""
    tests = [f"{column} = '{value}'" for column, value in _kept(kpi).items()]
    tests += [kpi["filter"]] if "filter" in kpi else []
    return " and ".join(tests) or None


def _kept(kpi: Mapping[str, Any]) -> Mapping[str, str]:
    return kpi.get("step") or ({"stage": kpi["stage"]} if "stage" in kpi else {})


def _at(content: Any, path: _Path, default: Any) -> Any:
    for key in path:
        if not isinstance(content, Mapping) or key not in content:
            return default
        content = content[key]
    return content


def _ids(items: Any) -> set[str]:
    listed = items if isinstance(items, list) else []
    return {str(item.get("id")) for item in listed if isinstance(item, Mapping)}


def _fitting(value: Any, ids: set[str]) -> Any:
    """Return what of a packaged value speaks of these ids; None where nothing of it does."""
    if isinstance(value, list):
        return [entry for entry in value if _named(entry) <= ids]
    return value if _named(value) <= ids else None


def _named(entry: Any) -> set[str]:
    if isinstance(entry, Mapping):
        return {str(value) for key, value in entry.items() if key != "originator"}
    return {str(entry)}


def _with(content: Mapping[str, Any], path: _Path, value: Any) -> dict[str, Any]:
    key, *deeper = path
    if not deeper:
        return {**content, key: value}
    return {**content, key: _with(content.get(key) or {}, tuple(deeper), value)}
