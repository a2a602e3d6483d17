"""What an import has to say of calls and other touches in words that the figures do not know."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.files.quoting import literals

ENDS = (
    "connected", "answered", "reached", "replied", "interested", "held", "meeting_held",
    "meeting_set", "demo_completed", "no_answer", "not_answered", "unanswered", "no_response",
    "not_reached", "not_connected", "unreachable", "missed", "busy", "voicemail", "left_voicemail",
    "left_message", "left_live_message", "wrong_number", "bad_number", "failed", "no_contact",
    "no_show",
)  # fmt: skip
"""How calls end, in the words of the packaged KPIs of calls, blanks and hyphens aside."""
KINDS = (
    "call", "sales_call", "email_sent", "email_open", "email_click", "email_reply", "unsubscribe",
    "ad_impression", "campaign_member",
)  # fmt: skip
"""Kinds of touches that the packaged agreement compares, as it writes them."""
DIRECTIONS = ("outbound", "inbound", "missed", "internal")
"""Who began a touch; a call that was missed, or with a colleague, is neither work nor an answer."""
_SHOWN = 3


def call_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Note of each file the outcomes of its calls that say nothing of whether somebody was reached.

    Such calls are none of which it is known how they ended: they are in no share of answered ones.
    """
    rows = connection.execute(
        "with said as ("
        "select i.sha256, trim(t.outcome) as outcome, count(*) as calls from now.main.touch t "
        "join now.main.file_info i on i._file_id = t._file_id "
        "where list_contains($ids, t._file_id) and t.kind in ('call', 'sales_call') "
        "and coalesce(lower(trim(t.direction)), 'outbound') = 'outbound' and trim(t.outcome) <> '' "
        f"and translate(lower(trim(t.outcome)), ' -', '__') not in ({literals(ENDS)}) "
        "group by all) "
        "select sha256, sum(calls), count(*), list((outcome, calls) order by calls desc, outcome) "
        "from said group by 1 order by 1",
        {"ids": list(ids)},
    ).fetchall()
    return {str(sha): [_words(int(calls), int(kinds), found)] for sha, calls, kinds, found in rows}


def kind_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Note of each file the kinds of touches that figures compare, where it writes them otherwise.

    A "Call" is none of the calls, and an "Email sent" is a touch like any other.
    """
    rows = connection.execute(
        "select i.sha256, t.kind, translate(lower(trim(t.kind)), ' -', '__') as meant, count(*) "
        "from now.main.touch t join now.main.file_info i on i._file_id = t._file_id "
        f"where list_contains($ids, t._file_id) and t.kind not in ({literals(KINDS)}) "
        f"and meant in ({literals(KINDS)}) group by all order by all",
        {"ids": list(ids)},
    ).fetchall()
    found: dict[str, list[str]] = {}
    for sha, kind, meant, count in rows:
        many = "1 touch is" if count == 1 else f"{count:,} touches are"
        found.setdefault(str(sha), []).append(
            f"{many} of the kind '{kind}', which figures and rules compare as it is written: if "
            f"'{meant}' is meant, write it so"
        )
    return found


def direction_notes(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note of each file what its touches say of who began them in words that are not known.

    Such touches are neither ours nor theirs: no follow-up, no answer, and in no figure of calls.
    """
    rows = connection.execute(
        "with said as ("
        "select i.sha256, trim(t.direction) as way, count(*) as touches from now.main.touch t "
        "join now.main.file_info i on i._file_id = t._file_id "
        "where list_contains($ids, t._file_id) and trim(t.direction) <> '' "
        f"and lower(trim(t.direction)) not in ({literals(DIRECTIONS)}) group by all) "
        "select sha256, sum(touches), count(*), list((way, touches) order by touches desc, way) "
        "from said group by 1 order by 1",
        {"ids": list(ids)},
    ).fetchall()
    return {str(sha): [_ways(int(n), int(kinds), found)] for sha, n, kinds, found in rows}


def _ways(touches: int, kinds: int, found: Sequence[tuple[str, int]]) -> str:
    many = "1 touch says" if touches == 1 else f"{touches:,} touches say"
    are = "It is" if touches == 1 else "They are"
    return (
        f"{many} who began it in words that are not known: {_listed(kinds, found)}. {are} no "
        "follow-up by sales, and in no figure of calls. Let the source's SELECT of touches, or the "
        "file, give them as outbound or inbound, as in "
        "`case lower(direction) when 'we rang' then 'outbound' end`"
    )


def _words(calls: int, kinds: int, found: Sequence[tuple[str, int]]) -> str:
    many = "the outcome of 1 call says" if calls == 1 else f"the outcomes of {calls:,} calls say"
    return (
        f"{many} nothing that is known of whether somebody was reached: "
        f"{_listed(kinds, found)}. They are in no share of answered calls. Let the source's SELECT "
        "of touches give them as connected or no_answer, as in "
        "`case lower(outcome) when 'spoke with her' then 'connected' end`"
    )


def _listed(kinds: int, found: Sequence[tuple[str, int]]) -> str:
    shown = ", ".join(f"'{_short(said)}' ({count:,})" for said, count in found[:_SHOWN])
    return f"{shown} and {kinds - _SHOWN:,} more" if kinds > _SHOWN else shown


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
