"""What every export carries: what it shows, under which choices, by which agreement, as of when."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stamp:
    """The provenance of one figure or table, printed on each of its exports.

    `choices` are the settings that change the number (counting mode, model, lookback …), `filters`
    the records it is about; both map a label to a value in words. `name` is what the figure is
    called whatever it finds; files are named by it. `said` is all of it in one line, where a
    report has said it already.
    """

    title: str
    reading: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    agreement: str = ""
    as_of: str = ""
    build: str = ""
    name: str = ""
    said: str = ""

    def rows(self) -> list[tuple[str, str]]:
        """Label and value of everything the stamp says, in reading order; blanks left out."""
        pairs = [
            ("Title", self.title),
            ("Reading", self.reading),
            ("Filters", self._words(self.filters) or "none"),
            ("Choices", self._words(self.choices)),
            ("Agreement", self.agreement),
            ("As of", self.as_of),
            ("Build", self.build),
        ]
        return [(label, value) for label, value in pairs if value]

    def footer(self) -> str:
        """The stamp in one line, for the foot of a picture."""
        if self.said:
            return self.said
        parts = [
            self._words(self.filters) or "no filters",
            self._words(self.choices),
            f"agreement {self.agreement}" if self.agreement else "",
            f"as of {self.as_of}" if self.as_of else "",
            f"build {self.build}" if self.build else "",
        ]
        return " · ".join(part for part in parts if part)

    def file_name(self, suffix: str) -> str:
        """A file name from the figure, the period and the view: lower case, joined by hyphens."""
        period = self.filters.get("Period", "").partition(" (")[0]
        view = [value for label, value in self.filters.items() if label != "Period"]
        parts = [
            _slug(self.name or self.title, 60) or "smarketing",
            _slug(period, 30),
            _slug(" ".join(view), 40),
        ]
        return f"{'_'.join(part for part in parts if part)}.{suffix}"

    @staticmethod
    def _words(pairs: dict[str, str]) -> str:
        return " · ".join(f"{label} {value}" for label, value in pairs.items() if value)


def _slug(text: str, longest: int) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:longest].strip("-")
