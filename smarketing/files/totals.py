"""Rows that sum records rather than being one: how they call themselves, and what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from smarketing.files.headers import clean
from smarketing.files.shape import DATE, NO_VALUE, NUMBER, WORDS, filled, kind_of
from smarketing.files.tables import Total

if TYPE_CHECKING:
    from smarketing.files.table import Header

_WHOLE = (
    *("totals?", "sum", "sums", "overall", "grand totals?", "overall totals?", "report totals?"),
    *(
        "gesamt",
        "gesamtsummen?",
        "gesamtergebnis",
        "gesamtwert",
        "summen?",
        "insgesamt",
        "ergebnis",
    ),
    *("total général", "total general", "totaux", "somme", "total du rapport", "ensemble"),
    *("total general", "totales", "suma", "suma total", "total del informe"),
    *("total geral", "totais", "soma", "total do relatório"),
    *("totali", "totale", "totale generale", "totale complessivo", "somma"),
    *("totaal", "totalen", "eindtotaal", "som", "algemeen totaal"),
    *("totalt", "summa", "totalsumma", "i alt", "samlet", "yhteensä", "totalbeløb"),
    *("razem", "ogółem", "suma końcowa", "łącznie", "celkem", "součet", "celkový součet"),
    *("összesen", "végösszeg", "toplam", "genel toplam", "总计", "總計", "合计", "合計", "総計"),
    *("итого", "всего", "общий итог", "разом", "усього", "total general", "σύνολο", "합계", "총계"),
)
_PART = (
    *("sub[- ]?totals?", "zwischensummen?", "teilsummen?", "teilergebnis", "sous[- ]?tota(l|ux)"),
    *("sub[- ]?total(es)?", "subtota(l|is)", "sub[- ]?total[ei]", "parziale", "subtota(al|len)"),
    *("delsumma", "delsum", "subtotaal", "välisumma", "suma częściowa", "suma pośrednia"),
    *("mezisoučet", "részösszeg", "ara toplam", "小计", "小計", "промежуточный итог", "소계"),
)
_COUNT = (
    *(
        "(record )?counts?",
        "number of records",
        "anzahl( der datensätze)?",
        "datensätze",
        "zählung",
    ),
    *("nombre( d'enregistrements)?", "recuento( de registros)?", "número de registros", "cuenta"),
    *("contagem( de registros)?", "conteggio( record)?", "aantal( records)?", "antal", "liczba"),
)
AVERAGES = (
    r"averages?|avg\.?|mean|median|max(?:imum)?\.?|min(?:imum)?\.?|durchschnitt|mittelwert|mittel|"
    r"moyennes?|médiane|promedio|mediana|mínimo|máximo|medio|gemiddelde|genomsnitt|gennemsnit|"
    r"gjennomsnitt|medelvärde|średnia|průměr|átlag|ortalama|keskiarvo|среднее|平均|평균"
)
"""What rows call themselves that hold the average of others, or the least or the greatest."""
_AVERAGE = re.compile(AVERAGES, re.IGNORECASE)
_ALL = re.compile(
    r"(?:all|alle[rs]?|tous|toutes|tou[st] les|todos|todas|tutt[ie]|alla|samtliche|sämtliche|"
    r"wszystkie|všechny|összes|tüm|kaikki|все)\b.*|全部.*|すべて.*|全て.*|전체.*",
    re.IGNORECASE,
)
_BEHIND = r"(?: ?[:(].*| [-–—] .*)?"
"""What may stand behind the word: ': Account', '(3 records)'."""
TOTAL_WORDS = re.compile(f"(?:{'|'.join((*_WHOLE, *_PART, *_COUNT))}){_BEHIND}", re.IGNORECASE)
TOTAL_INITIALS = {word.lstrip("(")[0] for word in (*_WHOLE, *_PART, *_COUNT)} | set("erw")
"""With which a word for a total begins, in small letters."""
_PART_WORDS = re.compile(f"(?:{'|'.join(_PART)}){_BEHIND}", re.IGNORECASE)
_BARE = re.compile("|".join((*_WHOLE, *_COUNT)), re.IGNORECASE)
_BEGINS_BARE = re.compile(rf"(?:{_BARE.pattern})\b", re.IGNORECASE)
_GROUPS = 3
"""Cells among which the word for a total is sought: those before it name the groups."""
_COUNT_WORDS = re.compile(f"(?:{'|'.join(_COUNT)}){_BEHIND}", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}|[€$£¥]")
_RESULTS = re.compile(
    r"(?:total )?(?:results?|ergebnisse?|résultats?|resultados?|risultat[io]|resultat(?:en|er)?|"
    r"wyniki) (?:from|of|aus|von|de|di|da|van|från|fra|z) \d.*",
    re.IGNORECASE,
)

_OF_A_GROUP = re.compile(
    f"(?:.+ )(?:{'|'.join(_WHOLE)})|(?:{'|'.join((*_WHOLE, *_PART))}) .+", re.IGNORECASE
)
_RECORDS = re.compile(
    r".*\(\d[\d.,' ]* ?"
    r"(?:records?|datens[aä]tze?|enregistrements?|registros?|record|rijen|items?)\)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(f"(?:.+[ _-])?(?:{'|'.join((*_WHOLE, *_PART))})", re.IGNORECASE)
SQL_WORDS = "|".join(pattern.pattern for pattern in (TOTAL_WORDS, _RESULTS, _OF_A_GROUP, _RECORDS))
"""What a row's label is compared with in the engine, which knows no compiled patterns."""
LABELS = re.compile(SQL_WORDS, re.IGNORECASE)
NO, PERHAPS, SURELY = 0, 1, 2


def names_a_total(cells: Sequence[str | None]) -> bool:
    """Whether one of the first cells of a row is a word for a total, or for that of a group."""
    there = _told(cells)
    return _label(cells, there) is not None or _sums_a_group(cells, there)


def calls_a_total(text: str) -> bool:
    """Whether words end as those for a total do: "January sum", "Zwischensumme"."""
    return bool(_OF_ALL.fullmatch(clean(text)))


def sums_up(text: str, others: Collection[str]) -> bool:
    """Whether words name a total, an average or the like: alone, or of one of the other values.

    "Total Spring" is the total of "Spring", and "Total Energies" a company.
    """
    bare = _spaced(text)
    if calls_a_total(text) or _AVERAGE.fullmatch(bare):
        return True
    names = {_spaced(other) for other in others} - {bare, ""}
    first, _, behind = bare.partition(" ")
    before, _, last = bare.rpartition(" ")
    pairs = ((first, behind.strip(" :-–(")), (last, before.strip(" :-–(")))
    return any(
        rest.removesuffix(")") in names and bool(_BARE.fullmatch(word) or _AVERAGE.fullmatch(word))
        for word, rest in pairs
    )


def speaks_of_all(text: str) -> bool:
    """Whether words may stand for all other values together: "All campaigns"."""
    return bool(_ALL.fullmatch(_spaced(text)))


def _spaced(text: str) -> str:
    """Write a text in small letters, with blanks for the signs that join words."""
    return " ".join(clean(text).casefold().replace("_", " ").replace("-", " ").split())


def names_a_group(cells: Sequence[str | None]) -> bool:
    """Whether a row is the heading of a group of records, which says how many they are."""
    there = filled(cells)
    return len(there) == 1 and bool(_RECORDS.fullmatch(clean(cells[there[0]] or "")))


def is_total(cells: Sequence[str | None], header: Header) -> int:
    """Whether a record is a total: NO, PERHAPS (if no record follows) or SURELY.

    'Total' stands first, then there are only numbers (with a currency) and blanks. It surely is one
    if it leaves blank what every record fills, calls itself by more than the bare word, or is as
    the profile says; a company that is called Total is kept, since text stands beside its name.
    """
    there = _told(cells)
    if not there:
        return NO
    for place, pattern in header.totals:
        cell = cells[there[0]] if place is None else cells[place] if place < len(cells) else None
        if cell and pattern.search(clean(cell)):
            return SURELY
    lacks = header.shape.lacks(
        [cell if place in there else None for place, cell in enumerate(cells)]
    )
    label = _label(cells, there)
    if label is None:
        return SURELY if lacks and _sums_a_group(cells, there) else NO
    text = clean(cells[label] or "")
    figures = [clean(cells[place] or "") for place in there if place > label]
    if _RESULTS.fullmatch(text):
        return SURELY
    if not all(map(is_figure, figures)) or (all(map(_CURRENCY.fullmatch, figures)) and figures):
        return NO
    if lacks or (label == there[0] and not _BARE.fullmatch(text)):
        return SURELY
    return PERHAPS if label == there[0] else NO


def _label(cells: Sequence[str | None], there: Sequence[int]) -> int | None:
    """Give the place of the word for a total: it stands first, or behind the words of groups."""
    for place in there[:_GROUPS]:
        text = clean(cells[place] or "")
        if TOTAL_WORDS.fullmatch(text) or _RESULTS.fullmatch(text):
            return place
        if kind_of(text) != WORDS:
            return None
    return None


def _sums_a_group(cells: Sequence[str | None], there: Sequence[int]) -> bool:
    """Whether a row is a group's total that bears its name, as 'East Total' of a pivot table."""
    first = clean(cells[there[0]] or "") if there else ""
    return bool(there[1:] and _OF_A_GROUP.fullmatch(first)) and all(
        is_figure(clean(cells[place] or "")) for place in there[1:]
    )


def _told(cells: Sequence[str | None]) -> list[int]:
    """Give the places of the cells that say something: a dash does not."""
    return [
        place for place in filled(cells) if clean(cells[place] or "").casefold() not in NO_VALUE
    ]


def is_figure(cell: str) -> bool:
    """Whether a cell may stand in a total row beside its label: a number, a date, a currency."""
    return (
        cell.casefold() in NO_VALUE
        or kind_of(cell) in (NUMBER, DATE)
        or bool(_CURRENCY.fullmatch(cell))
        or bool(TOTAL_WORDS.fullmatch(cell))
    )


def read_total(row: int, cells: Sequence[str | None], header: Header) -> Total:
    """Take down what a total row says."""
    told = _told(cells)
    place = _label(cells, told)
    label = "" if place is None else clean(cells[place] or "")
    there = [p for p in told if p < len(header.columns) and (place is None or p > place)]
    if place is None and there and kind_of(cells[there[0]]) == WORDS:
        label = clean(cells[there[0]] or "")
        there = there[1:]
    figures = tuple((header.columns[p], clean(cells[p] or "")) for p in there)
    return Total(row, label, _kind_of_total(label), figures)


def _kind_of_total(label: str) -> str:
    if _PART_WORDS.fullmatch(label) or (
        _OF_A_GROUP.fullmatch(label) and not _BEGINS_BARE.match(label)
    ):
        return "subtotal"
    return "count" if _COUNT_WORDS.fullmatch(label) else "total"
