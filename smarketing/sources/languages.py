"""Headers in the languages of their users: how they are compared, and where they are written down.

Beside the `profile.yaml` of a source stands a `headers.<language>.yaml` for each language in which
its system writes headers: object, canonical column, the words for it; `signs` are headers of the
language that no other system writes. What stands under `all` holds for every object that has the
column.

- `translations(folder) -> {object: {language: {column: names}}}`
- `loosely("ID de la campagne") == loosely("Id. campagne")`
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from smarketing.errors import SourceError
from smarketing.files.headers import normalise
from smarketing.plain_yaml import parse_yaml

LANGUAGES = {
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "zh": "Chinese",
}
EVERY_OBJECT, SIGNS = "all", "signs"

Names = Mapping[str, tuple[str, ...]]
"""Canonical column → the headers under which it comes."""

_ARTICLES = frozenset(
    (
        *("das", "dem", "den", "der", "des", "die", "vom", "von", "zu", "zum", "zur"),
        *("au", "d", "de", "du", "en", "et", "l", "la", "le", "les", "un", "une"),
        *("del", "el", "las", "los", "una", "da", "do", "dos", "e", "em", "na", "no", "o"),
        *("dell", "della", "delle", "dello", "di", "i", "il", "in", "lo", "het", "van"),
    )
)
_ID = frozenset(("identifiant", "identificador", "identificacao", "identificativo", "ids"))
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1 << 16)
def loosely(header: str) -> str:
    """Reduce a header to its words that matter: no case, accents, signs, articles, prepositions.

    Systems change their mind about these ("ID de campagne", "Identifiant de la campagne"), so that
    translated headers are compared without them.
    """
    plain = unicodedata.normalize("NFKD", header.casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    words = _WORD.findall(unicodedata.normalize("NFKC", plain))
    kept = ["id" if word in _ID else word for word in words if word not in _ARTICLES]
    return "".join(kept) or normalise(header)


def translations(folder: Path) -> dict[str, dict[str, Names]]:
    """Read the headers in other languages that a source's folder holds, by object and language.

    Raises SourceError for a file that is no mapping of objects to columns to lists of headers.
    """
    found: dict[str, dict[str, Names]] = {}
    for path in sorted(folder.glob("headers.*.yaml")):
        language = path.name.split(".")[1]
        for item, columns in _objects(path).items():
            found.setdefault(item, {})[language] = columns
    return found


def _objects(path: Path) -> dict[str, Names]:
    try:
        raw: Any = parse_yaml(path.read_text(encoding="utf-8-sig"), yaml.CSafeLoader) or {}
        return {
            str(item): dict(
                zip(headers_of([*columns]), map(headers_of, columns.values()), strict=True)
            )
            for item, columns in raw.items()
        }
    except (yaml.YAMLError, OSError, AttributeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(
            f"{path} cannot be read ({reason}): it should hold objects, their columns and a list "
            "of headers for each; correct it."
        ) from error


def headers_of(value: Any) -> tuple[str, ...]:
    """Return the headers that an entry of a profile names: one, several in a list, or none.

    Raises ValueError for what is none, as a mapping, or a word that YAML takes for true or false.
    """
    several = value if isinstance(value, list | tuple) else () if value is None else (value,)
    for one in several:
        if one is None or isinstance(one, bool | list | tuple | dict):
            raise ValueError(f"'{one}' is no header; write each in a list, and in quotes")
    return tuple(map(str, several))
