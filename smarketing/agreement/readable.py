"""The agreement as a document that people read, print and sign: every field of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from smarketing.agreement.models import Agreement
from smarketing.agreement.wording import Words, entry_label, field_words
from smarketing.document import Document, Passage, Table

#: Passages in order: title, what it is about, the fields it holds. What none names comes last.
_CHAPTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "What this is",
        "Marketing and sales agree on these words, numbers and promises.",
        (
            "version", "company", "currency", "timezone", "week_starts_on",
            "fiscal_year_start_month", "freshness_limit_days",
        ),
    ),
    ("Teams and roles", "Who answers for what.", ("teams", "roles", "cost_without_team")),
    (
        "The shared funnel",
        "The stages in order, who owns each, and how a lead may leave.",
        (
            "stages", "exits", "deal_opened", "deal_won", "deal_lost", "step_windows",
            "deal_outcomes",
        ),
    ),
    ("A good lead", "Points for fit and behaviour, and the threshold.", ("lead_definition",)),
    ("Target market", "Whom we sell to.", ("target_market",)),
    (
        "Channels, segments, personas, regions",
        "How raw values become agreed ones; of the channels' rules the first that holds wins.",
        ("classification",),
    ),
    (
        "Service levels",
        "What marketing delivers, how fast sales follows up, and who talks to a lead first.",
        ("service_levels",),
    ),
    ("The weekly meeting", "What is looked at together, and for how long.", ("meeting",)),
    ("Working hours", "When business hours run.", ("working_time", "member_calendars")),
    ("Targets", "What each number should reach.", ("targets",)),
    ("Numbers both teams look at", "A ratio is recomputed at every total.", ("kpis",)),
    (
        "Attribution",
        "How revenue is credited to what came before it. Credit is not proof of cause.",
        ("attribution", "lifetime_value"),
    ),
    ("Glossary", "One terminology.", ("glossary",)),
)  # fmt: skip
_REST = ("Also agreed", "", ())
_MOST_COLUMNS = 7
#: More about a KPI than the agreement says: label and text, by its id.
Beside = Mapping[str, Sequence[tuple[str, str]]]


def readable(agreement: Agreement, stamp: str = "", beside: Beside | None = None) -> Document:
    """Return everything that is signed as a document.

    `stamp` says the state (in force, proposed, by whom signed), `beside` what else is known of a
    KPI: its SQL, its limits.
    """
    content = agreement.model_dump(mode="json")
    writer = _Writer(Words(content), beside or {})
    named = {name for _, _, names in _CHAPTERS for name in names}
    rest = tuple(name for name in content if name not in named)
    chapters = [*_CHAPTERS, *([(_REST[0], _REST[1], rest)] if rest else [])]
    passages = [
        passage
        for title, about, names in chapters
        for passage in writer.chapter(title, about, {name: content[name] for name in names})
    ]
    identity = f"Version {agreement.version}, {agreement.hash[:8]}"
    return Document(
        f"Agreement of marketing and sales, {agreement.company}",
        f"{identity} · {stamp}" if stamp else identity,
        tuple(passages),
    )


class _Writer:
    """Writes fields as facts, lists of entries as tables, or as passages where they are wide."""

    def __init__(self, words: Words, beside: Beside) -> None:
        self._words = words
        self._beside = beside

    def chapter(self, title: str, about: str, fields: Mapping[str, Any]) -> Iterator[Passage]:
        facts, below = self._fields(fields)
        # A chapter of one part needs no heading twice.
        yield Passage(title, 1, (about,) if about else (), tuple(facts))
        for label, value in below:
            yield from self._part(label, value)

    def _fields(
        self, fields: Mapping[str, Any]
    ) -> tuple[list[tuple[str, str]], list[tuple[str, Any]]]:
        """Split fields into facts, which fit a line, and parts that need room of their own."""
        facts: list[tuple[str, str]] = []
        below: list[tuple[str, Any]] = []
        for name, value in fields.items():
            if _is_part(value):
                below.append((name, value))
            elif text := self._words.text(value, name):
                facts.append((field_words(name), text))
        return facts, below

    def _part(self, name: str, value: Any) -> Iterator[Passage]:
        title = field_words(name)
        if isinstance(value, Mapping):
            facts, below = self._fields(value)
            yield Passage(title, 2, facts=tuple(facts))
            for inner, part in below:
                yield from self._part(inner, part)
            return
        columns = self._columns(value)
        if len(columns) <= _MOST_COLUMNS:
            yield Passage(title, 2, table=self._table(columns, value))
            return
        yield Passage(title, 2)
        for entry in value:
            known = [
                (field_words(n), text) for n in entry if (text := self._words.within(entry, n))
            ]
            more = tuple(self._beside.get(str(entry.get("id")), ()))
            yield Passage(entry_label(entry), 3, facts=(*known, *more))

    def _columns(self, entries: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the fields that any entry fills: its name first, its short name last."""
        names = dict.fromkeys(name for entry in entries for name in entry)
        filled = [n for n in names if any(self._words.within(entry, n) for entry in entries)]
        order = ("label", "term")
        return sorted(filled, key=lambda name: (name not in order, name == "id"))

    def _table(self, columns: Sequence[str], entries: Sequence[Mapping[str, Any]]) -> Table:
        rows = [tuple(self._words.within(entry, name) for name in columns) for entry in entries]
        heads = ("Name" if name == "label" else field_words(name) for name in columns)
        return Table(tuple(heads), tuple(rows))


def _is_part(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value)
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
