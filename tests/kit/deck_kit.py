"""Decks as tests read them back."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation


def opened(content: bytes) -> Any:
    """Return the deck of a file's bytes."""
    return Presentation(io.BytesIO(content))


def saved(deck: Any) -> bytes:
    """Return a deck that somebody worked on as a file."""
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def shapes(content: bytes) -> dict[str, Any]:
    """Return the shapes of a deck by their names, without the marks of their texts."""
    return {
        shape.name.partition("#")[0]: shape
        for slide in opened(content).slides
        for shape in slide.shapes
    }
