"""An address that is written as another text: in base64, as mails quote it, its domain in ASCII."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final
from urllib.parse import unquote

_LETTER: Final = "[A-Za-z0-9+]"
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/]{8,}")
_QUOTED: Final = re.compile(r"=([0-9A-Fa-f]{2})")
_NUMBERED: Final = re.compile(r"\\{1,8}u([0-9A-Ca-c][0-9A-Fa-f]{3})")
_FOLDED: Final = re.compile(r"=\r?\n")
_SIGN: Final = "[A-Za-z0-9+/]"
LOOKS_PACKED: Final = (
    f"(?:^|[^A-Za-z0-9+/])(?:{_SIGN}{{4}}[\r\n]*)*"
    f"(?:Q[D-H]|{_SIGN}[EUk0][AB]|{_SIGN}{{2}}[BFJNRVZdhlptx159]A)"
)
"""What stands in every text in base64 that has the sign of an address (and in few others)."""
_APART: Final = b"\t\n\r \"&'(),/:;<=>?"
"""Signs that are no part of an address."""
_TOLD: Final = 8
"""Letters of base64 that are worth looking for the rest."""
_PUNY: Final = "xn--"


def spellings(box: str) -> set[str]:
    """Return a mailbox with its domain as people write it, and as ASCII has it."""
    name, _, domain = box.rpartition("@")
    labels = domain.split(".")
    return {f"{name}@{'.'.join(map(each, labels))}" for each in (str, _to_ascii, _to_letters)}


def _to_ascii(label: str) -> str:
    return label if label.isascii() else _PUNY + label.encode("punycode").decode()


def _to_letters(label: str) -> str:
    try:
        is_packed = label.startswith(_PUNY)
        return label[len(_PUNY) :].encode().decode("punycode") if is_packed else label
    except UnicodeError:
        return label


@cache
def in_base64(boxes: frozenset[str]) -> str:
    """Return the pattern of what stands in every text in base64 that holds one of these."""
    domains = sorted({"@" + box.rpartition("@")[2] for box in boxes})
    forms = (form for domain in domains for form in (domain, _large(domain)))
    cores = (_packed_at(form, at)[:_TOLD] for form in forms for at in range(3))
    return "|".join(map(_folded, dict.fromkeys(cores)))


def packed_rules(boxes: Iterable[str], instead: str) -> Iterator[tuple[str, str]]:
    """Give the rules that replace what is packed around an address, with the address.

    What stands before it and after it in there must be no part of a longer address.
    """
    for box in boxes:
        forms = dict.fromkeys(form for form in _cased(box) if form.count("ß") == box.count("ß"))
        pattern = "|".join(_whole(form, at) for form in forms for at in range(3))
        yield (
            rf"(^|[^A-Za-z0-9+])(?:{pattern})(?:=|%3D){{0,2}}([^A-Za-z0-9+=]|$)",
            (rf"\1{instead}\2"),
        )


def unpacked(text: str) -> Iterator[str]:
    """Give what a text says quoted as in mails or in JSON, or where a part of it is base64."""
    if "\\u" in text:
        yield _NUMBERED.sub(lambda found: chr(int(found[1], 16)), text)
    if "=" in text:
        yield unquote(_QUOTED.sub(r"%\1", _FOLDED.sub("", text)))
    for token in _TOKEN.findall(re.sub(r"[\r\n]", "", text)):
        try:
            told = b64decode(token + "=" * (-len(token) % 4)).decode()
        except ValueError:
            continue
        if "@" in told:
            yield told


def _cased(box: str) -> Iterator[str]:
    """Give an address as it may be written: base64 has other letters for large ones."""
    name, _, domain = box.rpartition("@")
    for each in (name, name.title(), name.capitalize()):
        yield f"{each}@{domain}"
    yield _large(box)


def _large(text: str) -> str:
    """Return a text in large letters, of which ß is one: SS is somebody else."""
    return "ß".join(map(str.upper, text.split("ß")))


@cache
def _whole(text: str, at: int) -> str:
    """Return the pattern of base64 in which a text stands between signs of no address.

    It begins at a place in three bytes.
    """
    told = text.encode()
    room = (at - 1) % 3
    before = {
        _packed(bytes([*[near] * room, sign]) + told)[8 * room // 6 :][:2]
        for sign in _APART
        for near in range(16)
    }
    begun = b"\0" * at + told
    first = 8 * len(begun) // 6
    after = {
        _packed(begun + bytes([sign, near << 4]) + b"\0")[first : first + 2]
        for sign in _APART
        for near in range(16)
    }
    last = b64encode(begun).decode().rstrip("=")[first:]
    start = rf"(?:{_LETTER}*{_any_of(before)}){'?' if at == 0 else ''}"
    end = rf"(?:{_any_of(after)}{_LETTER}*|{last})"
    return rf"{start}{_folded(_packed_at(text, at))}{end}"


def _packed_at(text: str, at: int) -> str:
    """Return what of a text in base64 is there whatever is around; it begins at a place."""
    return _packed(b"\0" * at + text.encode())[(0, 2, 3)[at] :]


def _packed(text: bytes) -> str:
    """Return the letters of base64 that nothing after the text changes."""
    return b64encode(text).decode()[: 8 * len(text) // 6]


def _folded(packed: str) -> str:
    return "[\\r\\n]*".join(f"[{_either(sign)}]" if sign in "+/" else sign for sign in packed)


def _any_of(pairs: Iterable[str]) -> str:
    """Return the pattern of any of some pairs of letters."""
    seconds: dict[str, set[str]] = {}
    for pair in pairs:
        seconds.setdefault(pair[0], set()).add(pair[1])
    firsts: dict[str, str] = {}
    for first, each in sorted(seconds.items()):
        key = "".join(sorted(each))
        firsts[key] = firsts.get(key, "") + first
    pairs = (f"[{_either(first)}][{_either(second)}]" for second, first in firsts.items())
    return f"(?:{'|'.join(pairs)})"


def _either(signs: str) -> str:
    """Return signs of base64 in brackets, also as addresses of pages write two of them."""
    return signs + "_" * ("/" in signs) + "-" * ("+" in signs)
