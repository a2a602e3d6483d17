"""The digest: one page of what is off track, each line with the link to its figure.

It is text, made to be mailed or posted: Markdown, and HTML that needs no style sheet. What is in
order is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.review.agenda import OPEN
from smarketing.analysis.review.state import Moved, State, state
from smarketing.charts import format as fmt
from smarketing.charts import names
from smarketing.charts.findings import of_marketing_promise, of_sales_promises
from smarketing.charts.headlines import Sentence, against, change, headlines
from smarketing.export.report.asked import Asked
from smarketing.workspace.records import Action

_MOST_ACTIONS = 10


@dataclass(frozen=True)
class Digest:
    """One page of text: parts of a title and sentences; `view` is the address all of them share."""

    title: str
    stamp: str
    parts: tuple[tuple[str, tuple[Sentence, ...]], ...]
    view: tuple[tuple[str, str], ...]

    def link(self, sentence: Sentence, url: str) -> str:
        """Return the address of a sentence's figure on the dashboard at `url`."""
        pairs = [pair for pair in self.view if pair[0] not in dict(sentence.address)]
        query = urlencode([*pairs, *sentence.address])
        return f"{url.rstrip('/')}/{sentence.page}?{query}"


def digest(title: str, asked: Asked) -> Digest:
    """Answer what needs a word: where the company stands, then every exception there is.

    An exception is a target that is behind or at risk, a number beyond its normal variation, a
    promise that is not kept, an action that is late.
    """
    found = state(asked.engine, asked.agreement, asked.window, asked.filters)
    said = headlines(found, asked.currency, asked.window, asked.engine.as_of_day, asked.word)
    exceptions = (*_targets(asked, found), *_moved(asked, found), *_promises(asked),
                  *_late_actions(asked))  # fmt: skip
    none = Sentence("Nothing is off track.", "good", "scoreboard")
    filters = [(name, value) for name, values in asked.filters for value in values]
    return Digest(
        title,
        asked.stamp(),
        (("Where we stand", said), ("Needs a word", exceptions or (none,))),
        (("period", asked.window.label), *filters),
    )


def _targets(asked: Asked, found: State) -> Iterator[Sentence]:
    for result in found.late:
        text = f"{(result.status or '').capitalize()}: {against(result, asked.currency)}."
        yield Sentence(text, "bad", "scoreboard", (("kpi", result.id),))


def _moved(asked: Asked, found: State) -> Iterator[Sentence]:
    for result in found.results:
        past = found.histories[result.id]
        if past.has_changed:
            text = f"{change(Moved(result, past, 0.0), asked.currency)}."
            yield Sentence(text, "even", "scoreboard", (("kpi", result.id),))


def _promises(asked: Asked) -> Iterator[Sentence]:
    found = handoff(asked.engine, asked.agreement, asked.window, asked.filters)
    if found.pace.count_verdict == "under":
        text = of_marketing_promise(found.pace, filtered=bool(asked.filters))
        yield Sentence(text, "bad", "handoff")
    if any(part.missed for part in found.obligations):
        yield Sentence(of_sales_promises(found.obligations, found.reason), "bad", "handoff")


def _late_actions(asked: Asked) -> Iterator[Sentence]:
    late = [
        action
        for action in asked.workspace.of(Action).all()
        if action.status == OPEN and action.due_on < asked.engine.as_of_day
    ]
    late.sort(key=lambda action: (action.due_on, action.id or 0))
    for action in late[:_MOST_ACTIONS]:
        text = f"Late since {fmt.day(action.due_on)}: {action.text} ({action.owner})."
        yield Sentence(text, "bad", "meeting")
    if len(late) > _MOST_ACTIONS:
        more = fmt.many(len(late) - _MOST_ACTIONS, "more action is", "more actions are")
        yield Sentence(f"{more} late.", "bad", "meeting")


def to_markdown(found: Digest, url: str = "") -> str:
    """Return the digest as Markdown; without the dashboard's address there are no links."""
    lines = [f"# {names.prose(found.title)}"]
    for title, sentences in found.parts:
        lines += ["", f"## {title}", ""]
        for sentence in sentences:
            page = names.prose(_page(sentence))
            link = f" [{page}]({found.link(sentence, url)})" if url else ""
            lines.append(f"- {names.prose(sentence.text)}{link}")
    return "\n".join([*lines, "", names.prose(found.stamp), ""])


def to_html(found: Digest, url: str = "") -> str:
    """Return the digest as HTML for a mail: no style sheet, no script, nothing to fetch."""
    parts = []
    for title, sentences in found.parts:
        items = "".join(_item(found, sentence, url) for sentence in sentences)
        parts.append(f"<h2>{names.html(title)}</h2><ul>{items}</ul>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{names.html(found.title)}</title></head>"
        '<body style="font:16px/1.5 Helvetica,Arial,sans-serif;max-width:720px;margin:0 auto;'
        f'padding:24px;color:#15191d"><h1>{names.html(found.title)}</h1>{"".join(parts)}'
        f'<p style="color:#5a646e;font-size:13px">{names.html(found.stamp)}</p></body></html>\n'
    )


def _item(found: Digest, sentence: Sentence, url: str) -> str:
    page = names.html(_page(sentence))
    link = f' <a href="{names.html(found.link(sentence, url))}">{page}</a>' if url else ""
    return f"<li>{names.html(sentence.text)}{link}</li>"


def _page(sentence: Sentence) -> str:
    return sentence.page.replace("_", " ").capitalize()
