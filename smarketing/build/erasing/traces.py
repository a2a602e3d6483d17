"""What a person is known by, and how a text reads without it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Final
from urllib.parse import quote, unquote, unquote_plus

from smarketing.access import phones_in
from smarketing.build.erasing.letters import (
    AFTER,
    AT,
    BEFORE,
    BETWEEN,
    DOT,
    LARGE,
    LATIN,
    ONE,
    PAIRS,
    PARTED,
    PERCENT,
    UNSEEN,
    any_form,
    any_writing,
    cases,
    is_wide,
    packings,
    plain,
    size,
    small_forms,
    without_accents,
)
from smarketing.build.erasing.packed import packed_rules, spellings, unpacked
from smarketing.build.erasing.words import word_rules
from smarketing.store.erased import mailbox, record_id

#: What stands in the place of a name.
ERASED = "Erased person"
_SIGNS: Final = r"[^\s<>,;:\"'()\[\]@=&?/]"
#: No address is longer; to look for its end anywhere takes the square of a long text.
ADDRESS = re.compile(f"{_SIGNS}{{1,254}}@{_SIGNS}{{1,254}}")
_ENDINGS: Final = (
    "csv|tsv|tab|txt|xlsx?|xlsm|xlsb|ods|jsonl?|ndjson|xml|html?|parquet|duckdb|sqlite3?|db|"
    "zip|gz|tgz|tar|bz2|xz|zst|7z|pdf|eml|ics|vcf|docx?|pptx?"
)
_END: Final = rf"(?:[\s_(-][^/\\@]*)?\.(?:{_ENDINGS})(?:[^a-zA-Z0-9]|$)"
"""How the name of a file goes on after an address."""
_QUOTED = re.compile(r"[\"']([^\s\"'@]+)[\"']\s*(@[^\s<>,;:\"'()\[\]@=&?/]+)")
_UNKNOWN_DOMAIN = "erased.invalid"
_PHONE_DIGITS: Final = 8
"""Digits at the end of a telephone number that are the same however its country is written."""
_JOINED: Final = 10
"""Letters of two words that stand for a name also where nothing parts them."""
_WRITTEN_OUT = re.compile(rf"(?i){AT}|\s(?:at|ät)\s")
_PARTS = re.compile(r"[\s'’`´-]+")
_TOGETHER: Final = 20
"""Words in one pattern: of more than some hundred none can be prepared."""
_SHORTEST = 4
"""What a name must say (`size`) to be looked for within other texts."""


@dataclass(frozen=True)
class Traces:
    """What a person is known by: mailboxes, names, and ids of each source's files.

    `names` are replaced wherever they stand; `shared` are those that others have as well, and are
    replaced in the person's own rows alone. `cells` are whole cells that name a mailbox in
    a writing of its own, `phones` the last digits of telephone numbers. `others` are names of other
    people that hold a word of these. `leads` are the ids of the person's leads. `beside` are cells
    of a table that name somebody else as well: whose record that is, the name in it tells, which
    is the person's where it is one of `called`.
    """

    pseudonym: str
    mailboxes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    ids: frozenset[tuple[str, str]] = frozenset()
    cells: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    leads: frozenset[tuple[str, str]] = frozenset()
    beside: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()

    @cached_property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns (of RE2 and Python alike) and what to put in their places."""
        boxes = sorted(self.mailboxes)
        found = [r for box in boxes for r in _mailbox_rules(box, self.pseudonym, self.names)]
        found += packed_rules(boxes, self.pseudonym)
        words = sorted((n for n in self.names if size(n) >= _SHORTEST), key=lambda n: (-len(n), n))
        wide = [name for name in words if is_wide(name)]
        found += [(_wide_rule(name, self.others), rf"\1{ERASED}\2") for name in wide]
        words = [name for name in words if name not in wide]
        found += [(_word_rule(name), rf"\1{ERASED}\2") for name in words]
        found += [(_dotted_rule(n), rf"\1{ERASED}\2") for n in words if len(n.split()) > 1]
        found += [(_turned_rule(n), rf"\1{ERASED}\2") for n in words if len(n.split()) > 1]
        several = [n.split() for n in words if len(n.split()) > 1]
        turned = {f"{n[-1]} {n[0]}" for n in several}.difference(words)
        found += [(_word_rule(name), rf"\1{ERASED}\2") for name in sorted(turned)]
        found += [(_dotted_rule(name), rf"\1{ERASED}\2") for name in sorted(turned)]
        found += [(_joined_rule(n), rf"\1{ERASED}\2") for n in several if _is_long(n)]
        return tuple(found)

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Texts of which one stands, in small letters without accents, wherever a rule applies.

        Where an address is written in an odd way, ODD stands instead.
        """
        boxes, words, signs = self._told_by
        return tuple(sorted({n for word in boxes | words | signs for n in _needles(word)}))

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """Patterns of which one stands wherever a rule applies to letters that are packed.

        A name that is known without accents may have them there. Where an address of ASCII is
        written in an odd way, ODD stands. Each has room in what DuckDB prepares.
        """
        boxes, words, signs = self._told_by
        odd = sorted(box for box in boxes if not box.isascii())
        forms = [*map(any_writing, odd), *map(any_form, sorted(words | signs))]
        several = (forms[at : at + _TOGETHER] for at in range(0, len(forms), _TOGETHER))
        return tuple(f"(?i)(?:{'|'.join(each)})" for each in several)

    @cached_property
    def _told_by(self) -> tuple[set[str], set[str], set[str]]:
        """A part of each mailbox, a word of each name, a sign of those whose script parts none."""
        halves = [box.rpartition("@") for box in self.mailboxes]
        # A short name stands within too many words.
        boxes = {name if len(name) > _SHORTEST else domain for name, _, domain in halves}
        names = {name for name in self.names if size(name) >= _SHORTEST}
        wide = {name for name in names if is_wide(name) and not plain(name).isascii()}
        # One between the first and the last word is left out in some forms.
        ends = (" ".join((*text.split()[:1], *text.split()[-1:])) for text in names - wide)
        parts = ([p for p in _PARTS.split(text) if p] for text in ends)
        return (
            boxes,
            {max(part, key=lambda w: (w.isascii(), len(w))) for part in parts if part},
            # Something may stand between any two signs of such a name.
            {"".join(name.split())[-1] for name in wide},
        )

    @cached_property
    def own_rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns for what own contacts tell, beside `rules`: each word of a name."""
        names = sorted(self.names | self.shared)
        return tuple(word_rules(names, sorted(self.others), ERASED, is_own=True))

    @cached_property
    def beside_rules(self) -> tuple[tuple[str, str], ...]:
        """Patterns for any other text that names the person in full, beside `rules`."""
        return tuple(word_rules(sorted(self.names), sorted(self.others), ERASED, is_own=False))

    def is_beside_others(self, cell: str) -> bool:
        """Answer whether a cell with an address of the person's names somebody else as well."""
        rest = mailboxes_in(self.cleaned(cell))
        return any(not box.startswith(f"{self.pseudonym}@") for box in rest)

    def is_name(self, text: str) -> bool:
        """Answer whether the name in a record is the person's, whatever the order of its words."""
        said = set(words_of(text))
        names = (set(words_of(name)) for name in self.names | self.shared)
        return any(words <= said if len(words) > 1 else words == said for words in names if words)

    def cleaned(self, text: str) -> str:
        """Return a text without the person."""
        found = _replaced(text, self.rules)
        return text if found == text else self._beside(found, self.beside_rules)

    def own(self, text: str) -> str:
        """Return what a contact of the person's own tells, without the person."""
        return self._beside(_replaced(text, self.rules), self.own_rules)

    def _beside(self, text: str, words: Iterable[tuple[str, str]]) -> str:
        """Return a text without words, and without telephone numbers: the person's own anywhere.

        Contacts may tell thousands of numbers, of which few stand in one text.
        """
        found = _replaced(text, words)
        digits = re.sub(r"\D", "", found)
        phones = sorted(each for each in self.phones if each in digits)
        return _replaced(found, ((_phone_rule(each), r"\1\2") for each in phones))


def written_ids(ids: Iterable[tuple[str, str]], source: str) -> frozenset[str]:
    """Return those ids that are of a source's files, also as these may write numbers."""
    found = {raw for name, raw in ids if name == source}
    short = {raw[:15] for raw in found if record_id(raw[:15]) == raw}
    written = {text for raw in found for text in (f"'{raw}", f"{raw}.0")}
    return frozenset(found | short | {text for text in written if record_id(text) in found})


def _replaced(text: str, rules: Iterable[tuple[str, str]]) -> str:
    for pattern, instead in rules:
        found = re.sub(pattern, instead, text)
        # Two hits may share the sign between them.
        text = found if found == text else re.sub(pattern, instead, found)
    return text


def renamed(headers: Sequence[str], cleaned: Callable[[str], str]) -> dict[str, str]:
    """Return the headers that name somebody, and what to call each; the same however often asked.

    `cleaned` returns a text without the person. The place of a header keeps two of them apart.
    """
    mark = re.compile(r"erased-[0-9a-f]+(?=@)")
    told = ((at, header, cleaned(header)) for at, header in enumerate(headers, 1))
    return {h: f"{mark.sub('erased', text)} {at}" for at, h, text in told if text != h}


def _mailbox_rules(box: str, pseudonym: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Give the rule of an address in a text, and of one in the name of a file."""
    name, _, domain = box.rpartition("@")
    words = {word for full in names for word in full.casefold().split() if len(word) >= _SHORTEST}
    kept = _UNKNOWN_DOMAIN if any(word in domain.casefold() for word in words) else domain
    tag = rf"(?:(?:\+|{PERCENT}2B)[^@%\s]*)?"
    around = rf"{UNSEEN}[\s\xa0]{{0,2}}"
    told = r"|[\s\xa0](?:at|ät)[\s\xa0]" if len(name) >= _SHORTEST else ""
    at = rf"{around}({any_writing('@')}|{AT}{told}){around}{UNSEEN}"
    inner = rf"{any_writing(name)}{tag}{at}{any_writing(domain)}"
    before = rf"{PERCENT}(?:[0189A-F][0-9A-F]|2[0268CF]|3[A-F]|40|5[B-F]|60|7[B-F])"
    instead = rf"\1{pseudonym}\2{kept}\3"
    # Another script goes on right beside an address, and is no part of one in Latin letters.
    near = rf"\d{LATIN}" if name[:1] <= "\u024f" else rf"\d{PARTED}"
    end = rf"[^{near}.-]|\.(?:[^{near}]|$)|$"
    yield rf"(?i)(^|[^_{near}.%+-]|{before}){inner}({end})", instead
    yield rf"(?i)(^|[^a-zA-Z0-9.%+]){inner}({_END})", instead


def _word_rule(text: str) -> str:
    inner = rf"{BETWEEN}+".join(any_form(word) for word in text.split())
    # A name of two words in one is another name.
    after = AFTER.replace("@%", "@%-") + f"|-(?-i:[^{LARGE}])|-$"
    return rf"(?i){BEFORE}{inner}({after})"


def _wide_rule(name: str, others: frozenset[str]) -> str:
    """Return the pattern of a name in a script without spaces, that goes on as no other name."""
    whole = "".join(name.split())
    longer = ["".join(other.split()).partition(whole) for other in others]
    before = "".join(sorted({start[-1:] for start, is_there, _ in longer if is_there}))
    after = "".join(sorted({end[:1] for _, is_there, end in longer if is_there}))
    inner = rf"{BETWEEN}*".join(map(any_form, whole))
    start, end = (f"[^{re.escape(signs)}]" if signs else "" for signs in (before, after))
    return rf"(?i)(^|{start}){inner}({end}|$)"


def _dotted_rule(text: str) -> str:
    """Return the pattern of a name with dots between its words, that goes on as no mailbox."""
    inner = rf"(?:{BETWEEN}+|\.)".join(any_form(w) for w in text.split())
    after = AFTER.replace("@%", "@%.+_-")
    ending = rf"\.(?:{_ENDINGS})(?:[^a-z0-9@]|$)"
    return rf"(?i){BEFORE}{inner}({after}|[.+_-](?:[^a-z0-9]|$)|{ending})"


def _is_long(words: list[str]) -> bool:
    ends = len(words[0]), len(words[-1])
    return min(ends) >= _SHORTEST - 1 and sum(ends) >= _JOINED


def _joined_rule(words: list[str]) -> str:
    """Return the pattern of a name without a sign between its words, or with an initial there."""
    first, last = any_form(words[0]), any_form(words[-1])
    between = rf"(?:{BETWEEN}+[^\W\d_]\.?{BETWEEN}+)?"
    return rf"(?i){BEFORE}{first}{between}{last}({AFTER})"


def _phone_rule(digits: str) -> str:
    """Return the pattern of a telephone number by its last digits, whatever parts them."""
    parted = r"[\s()/.-]*".join(digits)
    before = rf"(?:\+|{PERCENT}2B)?(?:[\d(][\d\s()/.-]{{0,9}}?)?"
    return rf"(^|[^\d+]){before}{parted}([^\d]|$)"


def phone_ends(text: str) -> set[str]:
    """Return the telephone numbers of a text, by their last digits."""
    return {number[-_PHONE_DIGITS:] for number in phones_in(unquote(text))}


def _turned_rule(text: str) -> str:
    """Return the pattern of a name whose last word stands in front of a comma.

    Words beside it make it part of a list, in which the comma parts two people.
    """
    *first, last = (any_form(word) for word in text.split())
    inner = rf"{last}\s*,\s*" + r"\s+".join(first)
    return rf"(?i)(^\s*|[^\w\s]\s*){inner}(\s*[^\w\s]|\s*$)"


def _needles(word: str) -> set[str]:
    """Return a word as texts have it once accents are taken away: in letters or packed."""
    small = word.casefold()
    spelt = "".join(next((t for t, one in PAIRS.items() if c in one), c) for c in small)
    joined = plain(small)
    for two in PAIRS:
        joined = joined.replace(two, ONE[two])
    forms = {form for each in small_forms(small) for form in cases(each)}
    packed = {quote(unicodedata.normalize(n, f)).lower() for n in ("NFC", "NFD") for f in forms}
    packed |= {form.replace("%", "%25") for form in packed}
    packed |= {form.replace("%25", "%2525") for form in packed}
    packed |= {p for each in small_forms(small) if not small.isascii() for p in packings(each)}
    told = (plain(small), plain(spelt), joined, small)
    return {form for each in told for form in small_forms(each)} | packed


def mailboxes_in(text: str) -> set[str]:
    """Return the mailboxes that a text names."""
    texts = {text}
    while (further := unescape(unquote(min(texts, key=len)))) not in texts:
        texts.add(further)
    # What is not of today is of Latin-1.
    texts |= {unquote(one, "latin-1") for one in texts if "%" in one}
    texts |= {each for one in list(texts) for each in unpacked(one)}
    found = {address for each in texts for address in ADDRESS.findall(_seen(each))}
    quoted = {"".join(parts) for each in texts for parts in _QUOTED.findall(_seen(each))}
    named = {re.sub(_END + ".*", "", address, flags=re.I) for address in found}
    named |= {re.sub(r"^[^@]*[_(-](?=[^@])", "", address) for address in named - found}
    ended = {re.sub(r"\W+$", "", address) for address in found}
    latin = {each for one in found for each in re.findall("[!-\u024f]+@[!-\u024f]+", one)}
    found |= quoted | named | ended | latin
    boxes = (mailbox(address) for address in found if "@" in address)
    return {each for box in boxes for each in spellings(box)}


def _seen(text: str) -> str:
    """Return a text without signs that nobody sees, wide letters as others."""
    normal = unicodedata.normalize("NFKC", text)
    seen = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")
    if _WRITTEN_OUT.search(seen):
        seen = re.sub(f"(?i){DOT}", ".", re.sub(rf"(?i)\s*{AT}\s*|\s(?:at|ät)\s", "@", seen))
    return re.sub(r"\s{0,9}@\s*", "@", seen)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters without accents, out of a page's address too."""
    return re.findall(r"[^\W_]+", without_accents(unescape(unquote_plus(text))))
