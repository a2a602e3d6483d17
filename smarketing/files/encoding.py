"""Which encoding a text file is in: proven by decoding all of it, or refused, never guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import SourceError, UsageError
from smarketing.files.alphabets import EASTERN, is_far_fetched, reads_well

CHUNK = 1 << 22
WESTERN = ("cp1252",)
"""How a file reads in which a header outside ASCII is a known one, read byte by byte."""
_RIVALS = ("cp1250", "cp1254", "cp1257")
"""What decodes the same bytes to letters of other languages."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL = (
    *("cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1254", "cp1257", "mac_roman", "cp850"),
    *("cp1251", "koi8-r", "iso8859-5", "cp1253", "cp932", "gb18030", "euc_kr", "big5", "euc_jp"),
)
"""Encodings that exports come in, the likelier first."""
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
BROKEN = re.compile("[\udc80-\udcff]")
"""What a byte becomes that is not of the encoding."""
_SHIFTED = re.compile(rb"\x1b\$[@B]")
"""What comes before Japanese in ISO-2022-JP."""
_CODED = re.compile(rb"\+[A-Za-z0-9+/]{3,}-")
"""What is outside ASCII in UTF-7."""
_ADVICE = (
    "save it as UTF-8 (in a spreadsheet: save as CSV UTF-8), or name its encoding, as in "
    "{}, or under `encodings:` in the profile of its source"
)
_BEFORE, _LONG = 12, 40
"""So many bytes are shown of a line, and so many of them before the first outside ASCII."""
_EAST = ("cp932", "gb18030", "euc_kr", "big5")
_WINDOWS = ("cp1252", "cp1254", "cp1250", "cp1251", "cp1257", "cp1253")
_NAMED = 4
"""So many encodings are shown and named."""
_EVIDENCE = 12
"""Bytes outside ASCII below which encodings are told apart only where one alone makes words."""

_SYLLABLES = 20
"""Syllables of Hangul that are no accident of Chinese or Japanese bytes."""


@dataclass(frozen=True)
class TextFile:
    """A text file whose encoding is settled, and the counts that decide how it can be read.

    The counts are of characters in the file: line feeds, carriage returns before a line feed,
    other carriage returns, NULs, double quotes. `lines` counts the last one without a newline too.
    """

    path: Path
    encoding: str
    line_feeds: int
    crlf: int
    lone_returns: int
    nuls: int
    quotes: int
    lines: int
    broken: int = 0
    """Bytes that are not of the encoding, in a file that otherwise is: their records are bad."""
    longest: int = 0
    """About how many characters stand without a line end; what is short does not count."""

    @property
    def is_utf8(self) -> bool:
        """Whether the file can be read as it stands."""
        return self.encoding in ("utf-8", "utf-8-sig")


def settle(path: Path, encodings: Callable[[], Sequence[str]], name: str) -> TextFile:
    """Settle the encoding of a text file: byte order mark, UTF-8, the profile's, then statistics.

    `encodings` answers those the source is known to use, tried in order; it is asked only when the
    file is not UTF-8. Raises SourceError, with what
    was tried and what to do, when none is certain.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    marked = next((encoding for bom, encoding in _BOMS if head.startswith(bom)), None)
    if marked:
        return _certain(path, marked, name, "its byte order mark says so")
    wide = wide_encoding(head[:4096])
    if wide:
        return _certain(path, wide, name, "its bytes stand in pairs")
    if _SHIFTED.search(head):
        return _certain(path, "iso2022_jp", name, "it shifts to Japanese and back")
    found = scan(path, "utf-8", name)
    if found:
        _refuse_mailed(head, name)
        return found
    damaged = scan(path, "utf-8", name, errors="surrogateescape")
    if damaged and _mostly_utf8(path, damaged.broken):
        return damaged
    others = [encoding for encoding in encodings() if not _is_unicode(encoding)]
    for encoding in others:
        found = scan(path, encoding, name)
        if found and not _reads_better(path, encoding):
            return found
    return _by_statistics(path, others, name)


def western(headers: Sequence[str], is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """Give what reads headers outside ASCII as known ones; nothing where a rival knows more.

    The headers are given byte by byte, as in Latin-1.
    """
    outside = [header for header in headers if not header.isascii()]
    known = sum(map(is_known, outside))
    rivals = (sum(is_known(_read_by(rival, text)) for text in outside) for rival in _RIVALS)
    return WESTERN if known and known >= max(rivals) else ()


def _read_by(encoding: str, latin: str) -> str:
    return latin.encode("latin-1", "replace").decode(encoding, "replace")


def known_encoding(name: str | None) -> str | None:
    """Return the name of an encoding that there is; UsageError for any other, None for None."""
    try:
        return name and codecs.lookup(name).name
    except LookupError as error:
        raise UsageError(
            f"Unknown encoding '{name}'. Name one such as cp1252, cp1250, mac_roman or shift_jis."
        ) from error


def _reads_better(path: Path, encoding: str) -> bool:
    """Whether a file makes no sense in an encoding of its source's, but does in another one.

    Other users write in other alphabets, and a single-byte encoding decodes almost any bytes.
    """
    sample, outside = _evidence(path)
    if outside < _EVIDENCE or reads_well(sample.decode(encoding, "replace"), encoding):
        return False
    return bool(_sensible(sample))


def _refuse_mailed(head: bytes, name: str) -> None:
    """Refuse UTF-7, which is ASCII and would be read as it stands, letters between + and -."""
    coded = b"\n".join(line for line in head.splitlines() if _CODED.search(line))
    try:
        text = coded.decode("utf-7")
    except UnicodeError:
        return
    if coded.isascii() and not text.isascii() and reads_well(text):
        raise SourceError(
            f"{name} is in UTF-7, as some mail programs write{_readings(coded, ('utf-7',))}: "
            f"{_advice(('utf-7',))}."
        )


def _mostly_utf8(path: Path, broken: int) -> bool:
    """Whether a file is UTF-8 with a few bytes of something else in it, rather than another one."""
    sequences = 0
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            sequences += len(_SEQUENCE.findall(block + file.readline()))
    return sequences >= 4 and sequences >= 4 * broken


def _is_unicode(encoding: str) -> bool:
    """Whether an encoding tells itself: UTF-16 would read almost any bytes as Chinese."""
    return encoding.casefold().startswith(("utf", "u8"))


def _certain(path: Path, encoding: str, name: str, why: str) -> TextFile:
    found = scan(path, encoding, name)
    if found is None:
        raise SourceError(
            f"{name} is not valid {encoding.upper()} although {why}; it is damaged or cut short: "
            "export it again."
        )
    return found


def wide_encoding(head: bytes) -> str | None:
    """Tell UTF-16 without its mark by the beginning of a file: every other byte is a small one.

    Whatever its alphabet, a table has delimiters, line ends and digits, whose second byte is NUL.
    """
    pairs = len(head) // 2
    if pairs < 2:
        return None
    sides = {"utf-16-le": head[1::2], "utf-16-be": head[::2]}
    for (encoding, upper), lower in zip(sides.items(), reversed(sides.values()), strict=True):
        zeros = upper.count(0)
        is_alphabet = sum(byte <= 0x20 for byte in upper) >= 0.95 * pairs
        is_wide = zeros >= 0.4 * pairs or (zeros >= 0.15 * pairs and is_alphabet)
        if is_wide and lower.count(0) < 0.25 * zeros:
            return encoding
    return None


def scan(path: Path, encoding: str, name: str, errors: str = "strict") -> TextFile | None:
    """Decode the whole file and count its line ends; None if it is not in `encoding`."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)(errors)
    except LookupError as error:
        raise SourceError(
            f"The encoding '{encoding}' named for {name} does not exist; use a Python codec name "
            "such as utf-8, cp1252 or utf-16."
        ) from error
    feeds = crlf = returns = nuls = quotes = broken = unended = longest = 0
    last = ""
    try:
        with path.open("rb") as file:
            while True:
                block = file.read(CHUNK)
                text = decoder.decode(block, final=not block)
                ends = text.count("\n"), text.count("\r")
                unended = 0 if any(ends) else unended + len(text)
                longest = max(longest, unended)
                feeds += ends[0]
                returns += ends[1]
                crlf += text.count("\r\n") + (last == "\r" and text.startswith("\n"))
                nuls += text.count("\0")
                quotes += text.count('"')
                broken += len(BROKEN.findall(text)) if errors != "strict" else 0
                last = text[-1:] or last
                if not block:
                    break
    except UnicodeError:
        return None
    lines = (feeds or returns) + (last not in ("", "\n" if feeds else "\r"))
    counts = (feeds, crlf, returns - crlf, nuls, quotes, lines, broken, longest)
    return TextFile(path, encoding, *counts)


def _by_statistics(path: Path, tried: Sequence[str], name: str) -> TextFile:
    """Accept an encoding when all that make sense of the file agree on its text."""
    sample, outside = _evidence(path)
    said = ", ".join(("UTF-8", *tried))
    sensible = _sensible(sample)
    plain = {e: sensible[e] for e in _USUAL if e in sensible and not is_far_fetched(sensible[e])}
    if outside < _EVIDENCE and len(set(plain.values())) == 1 and not EASTERN.keys() & plain:
        sensible = plain
    elif outside < _EVIDENCE:
        fitting = sorted(plain or sensible or _decoding(sample), key=_place)
        likely = _told_apart(sample, fitting)
        raise SourceError(
            f"{name} is not {said}, and its bytes outside ASCII ({outside}) are too few to tell "
            f"the encoding{_readings(sample, likely)}: {_advice(likely)}."
        )
    if len(set(sensible.values())) == 1:
        found = scan(path, next(iter(sensible)), name)
        if found:
            return found
    decoding = _decoding(sample)
    likely = _told_apart(sample, sensible or [e for e in decoding if e in _EAST] or decoding)
    raise SourceError(
        f"The encoding of {name} could not be told with confidence (tried {said} and "
        f"charset-normalizer){_readings(sample, likely)}: {_advice(likely)}."
    )


def _advice(fitting: Sequence[str]) -> str:
    """Say what to do, naming the encodings that would fit the file."""
    return _ADVICE.format(" or ".join(f"`--encoding {encoding}`" for encoding in fitting[:_NAMED]))


def _place(encoding: str) -> int:
    """Return the place of an encoding among those named: the east's, then those of Windows."""
    if encoding in EASTERN:
        return -1
    return _WINDOWS.index(encoding) if encoding in _WINDOWS else len(_WINDOWS)


def _decoding(sample: bytes) -> list[str]:
    """Give the usual encodings that decode all of a sample, whatever it then says."""
    found = []
    for encoding in _USUAL:
        with suppress(UnicodeError):
            sample.decode(encoding)
            found.append(encoding)
    return found


def _sensible(sample: bytes) -> dict[str, str]:
    """Give the encodings under which a sample reads like a language, and how it reads."""
    from charset_normalizer import from_bytes

    likely = [match.encoding for match in from_bytes(sample) if match.percent_chaos <= 10]
    readings: dict[str, str] = {}
    for encoding in dict.fromkeys((*_USUAL, *likely)):
        try:
            text = sample.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if reads_well(text, encoding):
            readings[encoding] = text
    korean = readings.get("euc_kr", "")
    # So much of another language would not all be among the syllables of Hangul.
    return {"euc_kr": korean} if sum(mark > "\u00ff" for mark in korean) >= _SYLLABLES else readings


def _told_apart(sample: bytes, encodings: Iterable[str]) -> tuple[str, ...]:
    """Give of encodings in which a sample reads alike the first one."""
    found: dict[str, str] = {}
    for encoding in encodings:
        found.setdefault(sample.decode(encoding, "replace"), encoding)
    return tuple(found.values())


def _evidence(path: Path, limit: int = 1 << 16) -> tuple[bytes, int]:
    """Collect the lines with bytes outside ASCII, up to `limit`, and count those bytes."""
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                lines.append(line[:4096])
                size += len(lines[-1])
            if size > limit:
                break
    sample = b"".join(lines)
    return sample, sum(byte > 127 for byte in sample)


def _readings(sample: bytes, encodings: Sequence[str]) -> str:
    """Show how the first words outside ASCII read in these encodings, so that a person can tell."""
    first = sample.strip().splitlines()[0] if sample.strip() else b""
    start = max(0, next((n for n, byte in enumerate(first) if byte > 127), 0) - _BEFORE)
    piece = first[start : start + _LONG]
    shown = [
        f"'{piece.decode(encoding, 'ignore')}' in {encoding}" for encoding in encodings[:_NAMED]
    ]
    return f" (it reads {', '.join(shown)})" if shown and piece else ""


def to_utf8(file: TextFile, target: Path) -> TextFile:
    """Copy a text file to UTF-8, so that DuckDB can read it; streams."""
    decoder = codecs.getincrementaldecoder(file.encoding)()
    with file.path.open("rb") as source, target.open("wb") as out:
        while block := source.read(CHUNK):
            out.write(decoder.decode(block).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))
    counts = (file.line_feeds, file.crlf, file.lone_returns, file.nuls, file.quotes, file.lines)
    return TextFile(target, "utf-8", *counts)
