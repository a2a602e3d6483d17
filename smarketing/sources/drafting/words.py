"""What a header may mean: the words of many systems and languages, and how headers are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from smarketing.sources.spend import header_currency

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = re.compile(r"[^\w]+|_+")
_BEFORE = re.compile(r"^\s*\([^)]*\)\s*")
"""What systems put before a header to warn of changes: "(Do Not Modify) Opportunity"."""
_PATH = re.compile(r"^(?:metrics?|segments?|dimensions?)[._]+(?=\w)", re.IGNORECASE)
"""What an API puts before the name of a field: `metrics.spend`, `segments_date`."""
_IN_BRACKETS = re.compile(r"[(\[]\s*([^)\]]*?)\s*[)\]]")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_IN_CURRENCY = re.compile(r" in (?:ad )?(?:account|local|campaign|advertiser) currency$")
_UNSPACED = re.compile(
    r"(?<=[\u3041-\u9fff])(id|番号|コード|编号|編號|编码|名称|名稱|名)\b"
    r"|(?<=[\u1100-\u11ff\uac00-\ud7a3])(id)\b"
)
"""What stands behind an eastern word without a blank: of an identifier, of a name."""
_IN_EAST = re.compile(r"[\u1100-\u11ff\u3041-\u9fff]")
_EASTERN = re.compile(rf"(?<={_IN_EAST.pattern})(?=[a-z0-9])|(?<=[a-z0-9])(?={_IN_EAST.pattern})")
"""Where a word of an eastern script meets one of Latin letters without a blank."""
_BEYOND_WEST = ("cs", "hu", "pl", "ro", "tr")
"""Languages whose letters cp1252 lacks, though it reads their bytes."""
_MONEY = {"amount", "paid", "actual_amount", "annual", "cost", "budget"}
"""Concepts that no identifier is of: "Cost ID", "Kosten-Nr."."""
_COMPOUND = re.compile(
    r"\b(kampagnen|firmen|unternehmens|kontakt|kunden|deal|lead|auftrags|angebots|datensatz"
    r"|opportunity|account|contact|campaign|company|person|kampanj|kampagne|campagne|annons|konto)"
    r"(name|namn|navn|naam|id|nummer|nr|wert|datum|status|quelle|typ|phase)\b"
)


@dataclass(frozen=True)
class Header:
    """A header as it is read: its words, the record it speaks of, the currency it names.

    `entity` is None where it speaks of nothing in particular. `meanings` gives for each concept how
    sure it is: the smaller, the surer. `is_key` is whether it is an identifier by its words;
    `is_converted` whether it holds another column's amount in one currency for all, `is_running`
    whether each row's holds those of the rows before it as well; `is_spare` whether it is known and
    no table of ours keeps it.
    """

    text: str
    phrase: str
    entity: str | None
    rest: str
    meanings: Mapping[str, int]
    is_key: bool
    is_spare: bool
    is_converted: bool
    is_running: bool = False
    currency: str | None = None
    is_utc: bool = False


@cache
def words() -> dict[str, Any]:
    """Read the words that sources are drafted by; further languages have a file each."""
    folder = Path(__file__).parent
    loaded: dict[str, Any] = _read(folder / "words.yaml")
    for path in sorted(folder.glob("words.*.yaml")):
        for part, found in _read(path).items():
            if isinstance(found, dict):
                for name, more in found.items():
                    loaded[part][name] += more
            else:
                loaded[part] += found
    return loaded


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def is_beyond_west(header: str) -> bool:
    """Return whether a header is a word of a language that is not written as in the west alone."""
    phrase = fold(header)
    ends = any(word.casefold().endswith("ã") for word in header.split())
    return phrase in _beyond_west() and (ends or phrase not in _concepts_of("words.yaml"))


@cache
def _beyond_west() -> frozenset[str]:
    return frozenset().union(*(_concepts_of(f"words.{code}.yaml") for code in _BEYOND_WEST))


@cache
def _concepts_of(name: str) -> frozenset[str]:
    concepts = _read(Path(__file__).parent / name)["concepts"]
    return frozenset(fold(phrase) for group in concepts.values() for phrase in group)


def speaks_of(phrase: str) -> frozenset[str]:
    """Return the concepts that single words of a phrase stand for."""
    parts = (_concepts().get(word, ()) for word in phrase.split())
    return frozenset(concept for part in parts for concept, _ in part)


def fold(text: str) -> str:
    """Reduce words to what is compared: lower case, no accents, single blanks for signs."""
    parted = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text).replace("IDs", "Ids"))
    letters = unicodedata.normalize("NFKD", parted.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    spaced = _UNSPACED.sub(r" \g<0>", " ".join(_SIGNS.sub(" ", plain).split()))
    return _COMPOUND.sub(r"\1 \2", spaced)


def with_article(noun: str) -> str:
    """Return a noun with its article: a deal, an account."""
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


@cache
def _concepts() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Give for each phrase the concepts it may stand for, with its rank among their words."""
    found: dict[str, list[tuple[str, int]]] = {}
    for concept, phrases in words()["concepts"].items():
        for rank, phrase in enumerate(phrases):
            found.setdefault(fold(phrase), []).append((concept, rank))
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@cache
def folded_words(group: str) -> frozenset[str]:
    """Return a group of words as they are compared: in small letters, without accents and signs."""
    return frozenset(fold(word) for word in words()[group])


@cache
def _entities() -> Mapping[str, str]:
    """Give the entity of each of its words, longer ones first."""
    pairs = ((fold(w), entity) for entity, group in words()["entities"].items() for w in group)
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def currencies() -> frozenset[str]:
    """Give the codes of all currencies."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def read_header(text: str, own: str | None = None) -> Header:
    """Read a header in a table of the entity `own` (deal, lead …)."""
    bare = unicodedata.normalize("NFKC", _PATH.sub("", _BEFORE.sub("", text) or text))
    inside = " ".join(_IN_BRACKETS.findall(bare))
    signed = header_currency(bare)
    code = next((c for c in _CODE.findall(bare) if c in currencies()), signed and signed[1])
    named = signed[0] if signed else bare
    brackets = _IN_BRACKETS.sub(" ", named)
    phrase = _IN_CURRENCY.sub("", fold(brackets if fold(brackets) else named))
    if code and phrase.split()[-1:] == [code.lower()] and len(phrase.split()) > 1:
        phrase = phrase.rpartition(" ")[0]
    phrase = _without_linked(phrase)
    entity, rest = _reference(phrase, own)
    is_key, simple = _without_key(rest if entity == own else phrase)
    meanings: dict[str, int] = {}
    for step, candidate in enumerate(_simpler(phrase, simple, own, entity)):
        for concept, rank in _concepts().get(candidate, ()):
            if not (is_key and concept in _MONEY):
                meanings.setdefault(concept, step * 100 + rank)
    whole = f"{phrase} {fold(inside)}"
    converted = not is_key and _holds(whole, folded_words("converted"))
    running = not is_key and _holds(whole, folded_words("running"))
    spare = bool({phrase, rest} & folded_words("spare"))
    is_utc = bool({"utc", "gmt"} & set(fold(bare).split()))
    known = {} if converted or running else meanings
    return Header(
        text, phrase, entity, rest, known, is_key, spare, converted, running, code, is_utc
    )


def _without_linked(phrase: str) -> str:
    """Leave out that a record is linked: "associated contact ids", "ids des contacts associes"."""
    left = " ".join(word for word in phrase.split() if word not in folded_words("linked"))
    return left if left and _reference(left, None)[0] else phrase


def _holds(phrase: str, words: Iterable[str]) -> bool:
    parts = f" {phrase} "
    return any(f" {word} " in parts for word in words)


def is_planned(phrase: str) -> bool:
    """Return whether an amount is one that was not spent yet, by a word of its header."""
    return _holds(phrase, folded_words("planned"))


def is_unspent(phrase: str) -> bool:
    """Return whether a status says that a cost was not spent: planned, a draft, or called off."""
    return is_planned(phrase) or phrase in folded_words("void")


def only_says_unspent(phrase: str) -> bool:
    """Return whether a cell says no more than that a cost was not spent: "planned", "Soll"."""
    return phrase in folded_words("planned") | folded_words("void")


def is_whole(phrase: str) -> bool:
    """Return whether an amount has all its parts, by a word of its header."""
    return _holds(phrase, folded_words("whole"))


def without_whole(phrase: str) -> str:
    """Leave out that an amount has all its parts: of "total media cost" it is "media cost"."""
    return " ".join(word for word in phrase.split() if word not in folded_words("whole"))


def taxed(text: str) -> str | None:
    """Tell whether an amount stands with its tax (`within`) or `without`; None if unsaid."""
    phrase = fold(text)
    told = [kind for kind in ("without", "within") if _holds(phrase, _tax_words()[kind])]
    return told[0] if len(told) == 1 else None


def speaks_of_tax(text: str) -> bool:
    """Return whether an amount may hold the tax: its header speaks of one, and not as left out.

    What is left out stands beside the tax: "inkl. MwSt. ohne Skonto" and "Net à payer TTC" hold it.
    Words of scripts without blanks between them may stand anywhere ("광고비(VAT포함)").
    """
    phrase = _EASTERN.sub(" ", fold(text.casefold()))
    if _stands("", phrase, folded_words("tax_left_out")):
        return False
    told = {*folded_words("tax_rows"), *_tax_words()["within"]}
    before = _tax_excluded().fullmatch(phrase)
    if before and all(speaks_of(word) & _MONEY for word in before["amount"].split()):
        phrase = before["before"]
    return _stands(_tax_left_out().sub(" ", phrase), phrase, told)


def _stands(phrase: str, whole: str, words: Iterable[str]) -> bool:
    eastern = (word for word in words if _IN_EAST.search(word))
    return _holds(phrase, words) or any(word in whole for word in eastern)


@cache
def _tax_left_out() -> re.Pattern[str]:
    """Match a tax with what says that an amount is without it, before or after it."""
    left, taxes = (
        "|".join(sorted(map(re.escape, folded_words(name)), key=len, reverse=True))
        for name in ("tax_left_out", "tax_rows")
    )
    return re.compile(
        rf"\b(?:{left})(?: (?:of|the|any|all|de|la|der|die|\d+))* (?:{taxes})\b"
        rf"|\b(?:{taxes}) (?:{left})(?: [a-z]{{3}})?$"
    )


@cache
def _tax_excluded() -> re.Pattern[str]:
    """Match a tax that is left out of an amount that stands behind it: "VAT excluded spend"."""
    taxes, left = (
        "|".join(sorted(map(re.escape, folded_words(name)), key=len, reverse=True))
        for name in ("tax_rows", "tax_excluded")
    )
    return re.compile(rf"(?P<before>.*)\b(?:{taxes}) (?:{left}) (?P<amount>[^\d]+)")


def tax_words() -> frozenset[str]:
    """Return the words of an amount that say whether it holds the tax."""
    return frozenset().union(*_tax_words().values())


def beside_tax(text: str) -> tuple[str, ...]:
    """Return the words of an amount beside those of its tax and its currency, and noise."""
    said = [word for phrase in tax_words() | folded_words("tax_rows") for word in phrase.split()]
    known = {*said, *folded_words("noise"), *(code.lower() for code in currencies())}
    return tuple(word for word in fold(text).split() if word not in known)


def is_tax(text: str) -> bool:
    """Return whether a row that is called so holds the tax on others, by its first words.

    A rate before them ("19 % MwSt") does not matter, nor do capitals within a word.
    """
    phrase = f"{fold(text.casefold())} ".lstrip("0123456789 ")
    return any(phrase.startswith(f"{word} ") for word in folded_words("tax_rows"))


def is_credit(text: str) -> bool:
    """Return whether a kind of document, or a row called so, gives money back; numbers aside."""
    return fold(text).strip("0123456789 ") in folded_words("credits")


def is_refund(phrase: str) -> bool:
    """Return whether a header speaks of money that was given back."""
    return _holds(phrase, folded_words("refunds"))


@cache
def _tax_words() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(map(fold, group)) for kind, group in words()["taxes"].items()}


def _reference(phrase: str, own: str | None) -> tuple[str | None, str]:
    """Tell what record a header speaks of, and what it says of it.

    At the beginning ("account name", "deal contact id") or the end ("name of the account") of it;
    the table's own entity before another one adds nothing.
    """
    for word, entity in _entities().items():
        if phrase == word:
            return entity, ""
        if phrase.startswith(f"{word} "):
            rest = phrase.removeprefix(f"{word} ")
            if entity == own:
                inner, deeper = _reference(rest, own)
                return (inner, deeper) if inner else (own, rest)
            return entity, rest
    for word, entity in _entities().items():
        if phrase.endswith(f" {word}"):
            rest = _without_noise(phrase.removesuffix(f" {word}"))
            if entity == own or rest in folded_words("keys") | folded_words("names"):
                return entity, rest
    return None, phrase


def _without_key(phrase: str) -> tuple[bool, str]:
    """Tell whether a phrase ends in a word for identifiers, and what stands before it."""
    if phrase in folded_words("keys"):
        return True, ""
    for key in sorted(folded_words("keys"), key=len, reverse=True):
        if phrase.endswith(f" {key}"):
            return True, phrase.removesuffix(f" {key}")
    return False, phrase


def _without_noise(phrase: str) -> str:
    return " ".join(word for word in phrase.split() if word not in folded_words("noise"))


def _simpler(phrase: str, simple: str, own: str | None, entity: str | None) -> list[str]:
    """Give a header in ever simpler forms, without what is not its meaning.

    The table's own entity alone is its name; what speaks of another record is taken as it stands.
    """
    forms = [phrase]
    if entity == own and not _reference(phrase, own)[1]:
        forms.append("name")
    elif entity in (None, own):
        rest = _reference(phrase, own)[1]
        forms += [rest, simple, _without_noise(rest), _without_noise(simple)]
    return list(dict.fromkeys(form for form in forms if form))
