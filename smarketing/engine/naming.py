"""Texts that name people outside the company, and what of them is shown to whom people are masked.

A name is known by the people of the build: first and last word of one of them in one text, whoever
it is; or a single word of the name of somebody whose record the text is about, where most of the
records with that text have somebody of that name: else it is a phrase, such as a "price" that is
also somebody's name. The full names of colleagues are always shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlglot import exp

from smarketing.access import HIDDEN

#: Answers a statement of DuckDB.
Ask = Callable[[str], list[tuple[Any, ...]]]
#: Answers one that binds values.
AskWith = Callable[[str, Mapping[str, object]], list[tuple[Any, ...]]]

#: Two letters in one writing of a name, one in another.
_PAIRS = (
    *(("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s"), ("ß", "s")),
    *(("ł", "l"), ("đ", "d"), ("ø", "o"), ("ı", "i"), ("ς", "σ")),
)
#: Words beside a name that name nobody.
_TITLES = ("dr", "prof", "herr", "frau", "mr", "mrs", "ms", "mme", "sr", "jr", "mba", "phd")
#: Letters of the scripts that part no words, for within brackets.
_WIDE = "\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_LONGEST_WIDE = 7
_SHORTEST = 3
#: Letters of first and last word of a name that are one in small letters too: where they stand side
#: by side, and where they stand apart in a text that has small letters alone.
_BESIDE, _APART = 6, 8
_WORD = re.compile(r"[^\W_]+")
_ALL_WIDE = re.compile(f"[{_WIDE}]+")
#: How the records of a table lead to people: columns, and the people by them.
_LEADS_TO = {
    "person_id": "select person_id as key, person_id from dim_person",
    "lead_id": """
        select lead_id as key, person_id from dim_lead
        union select u.lead_id, p.person_id
        from fct_unit as u inner join fct_unit_person as p using (unit_number)
    """,
    "lead_number": """
        select k.lead_number as key, k.person_id from lead_key as k
        union select k.lead_number, p.person_id
        from lead_key as k inner join fct_unit as u using (lead_id)
        inner join fct_unit_person as p using (unit_number)
    """,
    "deal_id": """
        select u.deal_id as key, p.person_id
        from fct_unit as u inner join fct_unit_person as p using (unit_number)
        where u.deal_id is not null
    """,
}
#: How the record that somebody wrote about leads to people.
_ABOUT = {
    **{f"{kind}_id": _LEADS_TO[f"{kind}_id"] for kind in ("person", "lead", "deal")},
    "account_id": """
        select account_id as key, person_id from dim_person where account_id is not null
    """,
}


def named_texts(ask: Ask, table: str, column: str, held: Iterable[str]) -> dict[str, str]:
    """Return the texts of a column that name people, and what is shown in the place of each.

    `held` are the columns of the table, by which its records lead to people.
    """
    text = exp.column(column, quoted=True).sql("duckdb")
    source = exp.to_identifier(table, quoted=True).sql("duckdb")
    shown = " and side = 'marketing'" if column == "content" else ""  # others' are never shown
    texts = f"select distinct {text} as text from {source} where {text} is not null{shown}"
    own = [
        _by_own_word(source, text, key, _LEADS_TO[key])
        for key in sorted(_LEADS_TO.keys() & {*held})
    ]
    return _shown(ask, f"texts as ({texts})", own)


def named_in(ask: AskWith, written: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Return which of some texts name people, and what is shown in the place of each.

    With each text stand kind and id of the record that it is about, as "lead" and "crm:7".
    """
    keys = ", ".join(f"case when kind = '{key[:-3]}' then record end as {key}" for key in _ABOUT)
    texts = f"""
        written as (
            select unnest($texts::varchar[]) as text, unnest($kinds::varchar[]) as kind,
                unnest($records::varchar[]) as record
        ),
        given as (select text, row_number() over () as rowid, {keys} from written),
        texts as (select distinct text from given)
    """
    kinds = {kind for _, kind, _ in written}
    own = [
        _by_own_word("given", "text", key, leads_to, least="true")
        for key, leads_to in _ABOUT.items()
        if key[:-3] in kinds
    ]
    bound = {
        "texts": [text for text, _, _ in written],
        "kinds": [kind for _, kind, _ in written],
        "records": [record for _, _, record in written],
    }
    return _shown(lambda sql: ask(sql, bound), texts, own)


def _shown(ask: Ask, texts: str, own: Iterable[str]) -> dict[str, str]:
    """Return the texts that name people, and what is shown in the place of each.

    `texts` are the parts of a statement that give them, `own` finds single words of their records'
    people.
    """
    near = f"""
        with {_people()},
        words as (select distinct unnest(words) as word from people),
        {texts},
        said as (
            select text, words || list_transform(
                list_filter(words, lambda word: word like '%s'), lambda word: word[:-2]
            ) as words
            from (select text, {_words("text")} as words from texts)
        ),
        near as (
            select distinct s.text, s.words
            from (select text, words, unnest(words) as word from said) as s
            where s.word in (select word from words)
        )
    """
    hidden: dict[str, set[str]] = {}
    if ask(f"{near} select 1 from texts where regexp_matches(text, '[{_WIDE}]') limit 1"):
        for found, name in ask(f"{near}, {_WIDE_PARTS} select distinct text, name from wide"):
            hidden.setdefault(str(found), set()).add(str(name))
    if not hidden and not ask(f"{near} select text from near limit 1"):
        return {}
    for found, words in ask(f"{near} {_BY_TWO_WORDS}"):
        if _are_a_name(str(found), words):
            hidden.setdefault(str(found), set()).update(words)
    for by_own_word in own:
        for found, word in ask(f"{near}, {by_own_word}"):
            if _is_long(str(found), str(word)):
                hidden.setdefault(str(found), set()).add(str(word))
    colleagues = [str(name) for (name,) in ask(f"{near} {_COLLEAGUES}")] if hidden else []
    return {found: _without(found, words, colleagues) for found, words in hidden.items()}


#: Who is on the own side, by names of several words: a single one is anybody's.
_COLLEAGUES = "select distinct name from member where trim(name) like '% %'"
#: The texts in which first and last word of one person's name stand, and the words of the name.
_BY_TWO_WORDS = """
    select distinct n.text, p.words
    from (select text, words, unnest(words) as word from near) as n
    inner join (select distinct words from people where len(words) > 1) as p
        on p.words[-1] = n.word
    where list_contains(n.words, p.words[1]) and p.words[1] <> p.words[-1]
"""


def _by_own_word(
    source: str,
    text: str,
    key: str,
    leads_to: str,
    least: str = "2 * count(*) >= any_value(r.many)",
) -> str:
    """Return what finds the texts that have a word of the name of whom their records are.

    The records of `source` lead to people by the column `key`, as `leads_to` says. `least` is of
    how many of a text's records (`many`) that must be so: of most.
    """
    return f"""
        records as (
            select r.rowid as number, r.{key} as key, n.text, n.words
            from {source} as r inner join near as n on n.text = r.{text}
        ),
        told as (
            select distinct r.number, r.text, unnest(list_intersect(r.words, p.words)) as word
            from records as r
            inner join ({leads_to}) as t on t.key = r.key
            inner join people as p using (person_id)
        )
        select t.text, t.word from told as t
        inner join (select text, count(*) as many from records group by text) as r using (text)
        where length(t.word) > 1
        group by t.text, t.word
        having {least}
    """


#: The names of a script that parts no words, and the texts in which they stand.
_WIDE_PARTS = f"""
    joined as (
        select text, regexp_replace(text, '[\\s\u3000]', '', 'g') as whole
        from texts where regexp_matches(text, '[{_WIDE}]')
    ),
    parts as (
        select text, unnest(flatten(list_transform(
            range(2, {_LONGEST_WIDE + 1}),
            lambda n: list_transform(
                range(1, length(whole) - n + 2), lambda i: substr(whole, i, n)
            )
        ))) as part
        from joined
    ),
    called as (
        select distinct regexp_replace(full_name, '[\\s\u3000]', '', 'g') as name from named
    ),
    wide as (
        select p.text, c.name from parts as p inner join called as c on c.name = p.part
        where regexp_full_match(c.name, '[{_WIDE}]+')
    )
"""


def _people() -> str:
    """Return the people of a build, as each of their sources names them."""
    return f"""
        named as (
            select person_id, full_name from dim_person where full_name is not null
            union
            select l.person_id, p.full_name
            from person as p inner join link_person as l on l.source_person_id = p.person_id
            where p.full_name is not null
        ),
        people as (
            select person_id, list_filter(
                {_words("full_name")}, lambda word: not list_contains({[*_TITLES]}, word)
            ) as words
            from named
            where full_name <> 'Erased person'
        )
    """


def _words(text: str) -> str:
    """Return the expression of the words of a text, in one writing."""
    small = f"strip_accents(lower(nfc_normalize({text})))"
    for two, one in _PAIRS:
        small = f"replace({small}, '{two}', '{one}')"
    return f"regexp_extract_all({small}, '[\\p{{L}}\\p{{N}}]+')"


def folded(word: str) -> str:
    """Return a word in one writing: small, without accents, one letter where others write two."""
    parts = unicodedata.normalize("NFKD", word.lower())
    small = "".join(part for part in parts if not unicodedata.combining(part))
    for two, one in _PAIRS:
        small = small.replace(two, one)
    return small


def _without(text: str, words: set[str], colleagues: Sequence[str]) -> str:
    """Return a text without some of its words; nothing of it where they are not found again.

    Within the full name of one of the `colleagues` they stay.
    """
    hidden = {word + end for word in words if len(word) > 1 for end in ("", "s")}
    whole = unicodedata.normalize("NFC", text)
    near = [name for name in colleagues if not hidden.isdisjoint(map(folded, name.split()))]
    forms = (r"\s+".join(map(re.escape, unicodedata.normalize("NFC", n).split())) for n in near)
    staff = re.compile(rf"(?i)(?<!\w)({'|'.join(forms)})(?!\w)") if near else None
    parts = staff.split(whole) if staff else [whole]
    shown = "".join(
        part if at % 2 else _hidden(part, words, hidden) for at, part in enumerate(parts)
    )
    shown = re.sub(rf"{HIDDEN}(?:[\s.,]+{HIDDEN})+", HIDDEN, shown)
    kept = {folded(word) for part in parts[1::2] for word in _WORD.findall(part)}
    return HIDDEN if shown == whole and hidden.isdisjoint(kept) else shown


def _is_long(text: str, word: str) -> bool:
    """Answer whether a single word is long enough for a name as a text writes it: "joe" is "jo"."""
    written = _WORD.findall(unicodedata.normalize("NFC", text)) if len(word) < _SHORTEST else []
    return not written or any(len(one) >= _SHORTEST and folded(one) == word for one in written)


def _are_a_name(text: str, words: Sequence[str]) -> bool:
    """Answer whether first and last word of a name stand in a text as one.

    "He" and "you", "will" and "long" are names as well: in small letters, apart, they are words.
    """
    said = [(folded(word), word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]
    first, last = ({words[at], words[at] + "s"} for at in (0, -1))
    smalls = [small for small, _ in said]
    if first.isdisjoint(smalls) or last.isdisjoint(smalls):
        return True  # written in a way that is not read here
    large = {small for small, word in said if not word[0].islower()}
    if large & first and large & last:
        return True
    beside = any(
        (one in first and two in last) or (one in last and two in first)
        for one, two in pairwise(smalls)
    )
    letters = len(words[0]) + len(words[-1])
    if beside:
        return letters >= _BESIDE or " " not in text  # such as a campaign's "visit_bo_do"
    return letters >= _APART and text == text.lower()


def _hidden(text: str, words: set[str], hidden: set[str]) -> str:
    for name in sorted(filter(_ALL_WIDE.fullmatch, words), key=len, reverse=True):
        text = re.sub(r"\s*".join(name), HIDDEN, text)
    return _WORD.sub(lambda one: HIDDEN if folded(one[0]) in hidden else one[0], text)
