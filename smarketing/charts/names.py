"""Names are data: a name is shown as it is, whatever would read it as markup.

A campaign may be called `<b>`, `[/b]`, `[click](…)` or hold marks that turn the reading direction.
`visible` is for plain text, `html` for HTML, `label` for charts, `markdown` for captions, tooltips
and the labels of controls.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from html import escape

#: Controls, marks that turn the direction or cannot be seen, and halves of characters.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BLANKS = "\t\n\v\f\r\x85\u2028\u2029"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$^=&\"'])")
#: The same where a text stands for itself: inside a line, and what opens one.
_INLINE = re.compile(r"([\\`*_\[\]<>&|~$])")
_BLOCK = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[+\-](?:[\s\-]|$)|[#=]))(.)")
#: `:blue[…]`, `:material/…:`, `:smile:` and addresses are found after backslashes are taken away.
_DIRECTIVE = re.compile(r":(?=[\w+/-])|(?<=www)(?=\\?\.)")
_SIGN = re.compile(r"[+−](?=[^\s\w]?\d)")
_AFTER_LINE = re.compile(r"(?<=_)(?=[^\W_])")
_WORD_JOINER = "\u2060"


def visible(text: object) -> str:
    """A name in one line of plain text; what cannot be seen is written out, as in `\\u202e`."""
    return _HIDDEN.sub(_written, str(text))


def _written(found: re.Match[str]) -> str:
    mark = found.group()
    if mark in _BLANKS:
        return " "
    return f"\\x{ord(mark):02x}" if ord(mark) < 256 else f"\\u{ord(mark):04x}"


def as_written(text: str) -> str:
    """What somebody wrote, for HTML: by its lines, in its own direction, its length bounded."""
    lines = "\n".join(html(line) for line in text.splitlines())
    return f'<span class="sm-written" dir="auto">{lines}</span>'


def quoted(text: str) -> str:
    """The same in quotation marks."""
    return as_written(f"“{text}”")


def html(text: object) -> str:
    """A name for HTML, inside an element or an attribute's quotes."""
    return escape(visible(text))


def sentence(text: object) -> str:
    """What we say, for HTML: no line ends between a sign and its number, as in `+€299k`."""
    return _SIGN.sub(lambda found: found.group() + _WORD_JOINER, html(text))


def label(text: object) -> str:
    """A name for the text of a chart, which reads some HTML and `%{…}`."""
    return escape(visible(text), quote=False).replace("%{", "%&#123;")


def markdown(text: object) -> str:
    """A name for text that is read as Markdown: captions, labels, tooltips."""
    escaped = _MARKDOWN.sub(r"\\\1", visible(text))
    return _DIRECTIVE.sub(lambda found: found.group() + _WORD_JOINER, escaped)


def prose(text: object) -> str:
    """A name for Markdown on a page that people also read as it is: what is markup is escaped."""
    return _DIRECTIVE.sub(lambda found: found.group() + _WORD_JOINER, filed(text))


def filed(text: object) -> str:
    """A name for a file of Markdown: only what is markup there is escaped."""
    return _BLOCK.sub(r"\1\\\2", _INLINE.sub(r"\\\1", visible(text)))


def shorten(text: object, width: int = 34) -> str:
    """A label that fits in `width` characters, safe for a chart; the hover shows the whole."""
    return label(_cut(visible(text), width))


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else f"{words[: width - 1].rstrip()}…"


class _Wrapper(textwrap.TextWrapper):
    """Breaks after an underscore too: `lead_stage_event.csv` has no blanks."""

    def _split(self, text: str) -> list[str]:
        return [part for chunk in super()._split(text) for part in _AFTER_LINE.split(chunk)]


def two_lines(text: object, width: int = 18) -> str:
    """A label on at most two lines, so that it fits beside a bar on a phone as well."""
    lines = _Wrapper(width).wrap(visible(text))
    if len(lines) > 2:
        lines = [lines[0], _cut(" ".join(lines[1:]), width)]
    return "<br>".join(map(label, lines))


def two_lines_each(names: Sequence[object], width: int = 18) -> list[str]:
    """Labels on at most two lines; those that would read alike keep their ends, not middles."""
    short = [two_lines(name, width) for name in names]
    times = Counter(short)
    return [
        words if times[words] == 1 else _both_ends(visible(name), width)
        for words, name in zip(short, names, strict=True)
    ]


def _both_ends(words: str, width: int) -> str:
    if len(words) <= 2 * width:
        return "<br>".join(map(label, (words[:width], words[width:])))
    return "<br>".join(map(label, (words[:width], f"…{words[1 - width :]}")))
