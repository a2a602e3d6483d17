"""What differs between two versions of the agreement, in words that both teams can discuss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.agreement.canonical import Change
from smarketing.agreement.loading import diff
from smarketing.agreement.models import Agreement
from smarketing.agreement.wording import Words, entry_label, field_words

#: What is promised most often, said as people say it: subject and unit.
_SAID: Mapping[str, tuple[str, str]] = {
    "service_levels.response.within_business_hours": ("Response", "business hours"),
    "service_levels.attempts.at_least": ("Attempts", "attempts"),
    "service_levels.attempts.within_business_days": ("Attempts", "business days"),
    "service_levels.decision.within_business_days": ("Decision", "business days"),
    "service_levels.commitment.count": ("Marketing's promise", "leads"),
    "lead_definition.threshold": ("Lead score", "points"),
    "attribution.lookback_days": ("Lookback", "days"),
    "attribution.half_life_days": ("Half-life", "days"),
    "freshness_limit_days": ("Data count as fresh", "days"),
}
_ORDER = " (order)"
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


def told(before: Agreement, after: Agreement) -> list[str]:
    """Return each difference as one sentence; empty where the two say the same."""
    old, new = (Words(a.model_dump(mode="json")) for a in (before, after))
    return [_sentence(change, old, new) for change in diff(before, after)]


def _sentence(change: Change, old: Words, new: Words) -> str:
    path = change.path
    field = re.findall(r"[^.\[\]]+", path.removesuffix(_ORDER))[-1]
    if path.endswith(_ORDER):
        field = path.removesuffix(_ORDER).rpartition(".")[2]
        order = ", ".join(_name(new, path.removesuffix(_ORDER), one) for one in change.after)
        return f"{_subject(path.removesuffix(_ORDER), old, new)}: now in the order {order}."
    if path in _SAID and change.before is not None and change.after is not None:
        subject, unit = _SAID[path]
        return f"{subject} from {old.text(change.before)} to {new.text(change.after)} {unit}."
    if path.endswith("]") and (change.before is None or change.after is None):
        return _entry(path, change, old, new)
    subject = _subject(path, old, new)
    return f"{subject}{_moved(change, field, old, new)}."


def _entry(path: str, change: Change, old: Words, new: Words) -> str:
    if change.before is None:
        return f"{_subject(path, old, new)}: new ({new.text(change.after)})."
    # Where it stood, another may stand now.
    return f"{_subject(path, new, old)}: dropped ({old.text(change.before)})."


def _moved(change: Change, field: str, old: Words, new: Words) -> str:
    if isinstance(change.before, list) and isinstance(change.after, list):
        came = [new.text(one, field) for one in change.after if one not in change.before]
        went = [old.text(one, field) for one in change.before if one not in change.after]
        said = [f"adds {', '.join(came)}"] if came else []
        said += [f"drops {', '.join(went)}"] if went else []
        order = f"now in the order {new.text(change.after, field)}"
        return f": {' and '.join(said) or order}"
    before, after = (
        words.within({**_entry_at(change.path, words), field: value}, field)
        for words, value in ((old, change.before), (new, change.after))
    )
    if not before:
        return f": now {after}"
    if not after:
        return f": no longer {before}"
    if len(before) + len(after) > 60:
        return f": was “{before}”, is now “{after}”"
    return f" from {before} to {after}"


def _subject(path: str, old: Words, new: Words) -> str:
    """Return what a path leads to, from the outside in, entries by what they are called."""
    places: list[Any] = [new.content, old.content]
    said: list[str] = []
    for match in _STEP.finditer(path):
        name, entry = match.groups()
        step = name if name is not None else entry
        places = [_inside(place, step) for place in places]
        if name is not None:
            said.append(field_words(name))
        else:
            found = next((p for p in places if isinstance(p, Mapping)), {})
            said.append(_called(found, step, new, old))
    return ", ".join(said)


def _entry_at(path: str, words: Words) -> Mapping[str, Any]:
    """Return the entry that a path leads into; of what is no entry, nothing."""
    place: Any = words.content
    for name, entry in _STEP.findall(path.rpartition(".")[0]):
        place = _inside(place, name or entry)
    return place if isinstance(place, Mapping) else {}


def _called(entry: Mapping[str, Any], step: str, new: Words, old: Words) -> str:
    if label := entry_label(entry):
        return f"“{label}”"
    if "kpi" in entry:  # a target: what, for whom and when
        kpi = new.label("kpi", entry["kpi"])
        kpi = kpi if kpi != entry["kpi"] else old.label("kpi", entry["kpi"])
        when = entry.get("period") or f"every {str(entry.get('every')).replace('_', ' ')}"
        whom = f", {new.label('segment', entry['segment'])}" if entry.get("segment") else ""
        return f"“{kpi}” {when}{whom}"
    return f"no. {int(step) + 1}" if step.isdigit() else step


def _name(words: Words, path: str, entry_id: str) -> str:
    place: Any = words.content
    for step in path.split("."):
        place = _inside(place, step)
    found = _inside(place, entry_id)
    return entry_label(found) if isinstance(found, Mapping) else entry_id


def _inside(place: Any, step: str) -> Any:
    if isinstance(place, Mapping):
        return place.get(step)
    if isinstance(place, Sequence) and not isinstance(place, str):
        for item in place:
            if isinstance(item, Mapping) and str(item.get("id")) == step:
                return item
        if step.isdigit() and int(step) < len(place):
            return place[int(step)]
    return None
