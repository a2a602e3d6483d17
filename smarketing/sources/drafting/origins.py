"""The touch by which a lead came in: of the campaign, or of the link, that its own row names."""

from __future__ import annotations

from smarketing.files.quoting import literal, literals
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import as_worded, filled, value, worded
from smarketing.sources.drafting.words import words
from smarketing.sources.drafting.work import Work

_LINK = ("utm_source", "utm_medium", "utm_campaign")
_KIND = "inquiry"


def origin(work: Work, key: str) -> None:
    """Let a lead that names its campaign, or the tags of its link, be a touch of it as it came in.

    Not where another file of the source lists touches: the same one would count twice.
    """
    named = _campaign(work)
    tags = {tag: column for tag in _LINK if (column := _filled(work.best(tag)))}
    said = [*([named] if named else []), *tags.values()]
    if not said or "created_at" not in work.columns or "touch" in work.tables:
        return
    touch_id = f"'lead ' || {key}"
    columns = {
        "touch_id": touch_id,
        "lead_id": key,
        **{
            name: work.columns[name]
            for name in ("person_id", "account_id", "campaign_id")
            if name in work.columns
        },
        **({"channel": work.columns["channel"]} if "channel" in work.columns else {}),
        "kind": literal(_KIND),
        "side": literal("marketing"),
        "direction": literal("inbound"),
        "occurred_at": work.columns["created_at"],
        **{tag: value(column) for tag, column in tags.items()},
    }
    if named is not None:
        columns.setdefault("utm_campaign", value(named))
    is_told = " or ".join(f"coalesce({_says(column)}, false)" for column in said)
    work.used |= {column.name for column in said}
    work.give("created_by_touch_id", f"case when {is_told} then {touch_id} end")
    work.more.append(work.another("touch", columns, f"({is_told})"))
    shown = " and ".join(f"'{column.name}'" for column in said)
    work.notes.append(
        f"a lead is a touch of what {shown} names, at the time it came in: where that is no act of "
        f"marketing, take touch.{work.object}.sql away, and created_by_touch_id out of {work.file}"
    )


def _campaign(work: Work) -> Column | None:
    """Return the one column that names a lead's campaign: several in a cell have no order."""
    column = _filled(work.sheet.reference("campaign") or work.sheet.named("campaign"))
    if column is None or column.shape.separator or column.shape.between_names:
        return None
    return column


def _filled(column: Column | None) -> Column | None:
    return None if column is None or column.shape.is_blank else column


def _says(column: Column) -> str:
    """Return the condition that a cell names something, and not that there is nothing."""
    nothing = dict.fromkeys(map(as_worded, words()["no_campaign"]))
    return f"{filled(column)} is not null and {worded(column)} not in ({literals(nothing)})"
