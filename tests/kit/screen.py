"""A screen that only notes what is drawn on it, in the place of Streamlit's."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
import streamlit


class Address(dict[str, Any]):
    """What the address of a page holds, as Streamlit gives it: many values a key, or the last."""

    def get(self, name: str, default: Any = None) -> Any:
        held = super().get(name, default)
        return held[-1] if isinstance(held, list) else held

    def get_all(self, name: str) -> list[str]:
        held = super().get(name, [])
        return list(held) if isinstance(held, list) else [held]


@dataclass
class Drawn:
    """One thing drawn: what it is, its words, what it offers, and how."""

    kind: str
    label: str
    options: list[str]
    more: dict[str, Any]


@dataclass
class Screen:
    """The address and what a session remembers, and whatever was drawn, in order."""

    address: Address = field(default_factory=Address)
    state: dict[str, Any] = field(default_factory=dict)
    drawn: list[Drawn] = field(default_factory=list)

    def put(self, patch: pytest.MonkeyPatch) -> None:
        """Let pages draw here until the test ends."""
        patch.setattr(streamlit, "query_params", self.address)
        patch.setattr(streamlit, "session_state", self.state)
        for kind in ("selectbox", "multiselect", "tabs", "button", "warning"):
            patch.setattr(streamlit, kind, self._note(kind))
        for kind in ("popover", "container"):
            patch.setattr(streamlit, kind, self._around(kind))

    def of(self, kind: str) -> list[Drawn]:
        """What was drawn of a kind."""
        return [one for one in self.drawn if one.kind == kind]

    def told(self) -> list[str]:
        """The words of what was said of the address."""
        return [one.label.replace("\\", "") for one in self.of("warning")]

    def pick(self, key: str, value: Any) -> None:
        """Let a reader pick a value in the control last drawn by a key."""
        found = next(one for one in reversed(self.drawn) if one.more.get("key") == key)
        self.state[key] = value
        found.more["on_change"](*found.more["args"])

    def _note(self, kind: str) -> Any:
        def note(label: Any = "", options: Any = (), **more: Any) -> Any:
            if kind == "tabs":
                label, options = "", label
            self.drawn.append(Drawn(kind, str(label), list(options), more))
            return [*options] if kind == "tabs" else self.state.get(more.get("key", ""))

        return note

    def _around(self, kind: str) -> Any:
        def around(label: str = "", **more: Any) -> nullcontext[None]:
            # It is there from the call on, and may be entered again.
            self.drawn.append(Drawn(kind, label, [], more))
            return nullcontext()

        return around
