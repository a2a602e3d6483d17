"""Rows that sum records rather than being one: how they call themselves, and what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from smarketing.files.headers import clean, looks_like_value
from smarketing.files.tables import Total

if TYPE_CHECKING:
    from smarketing.files.rows import Header

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
_BEHIND = r"( ?[:\-–—(].*)?"
"""What may stand behind the word: ': Account', '(3 records)'."""
TOTAL_WORDS = re.compile(f"(?:{'|'.join((*_WHOLE, *_PART, *_COUNT))}){_BEHIND}", re.IGNORECASE)
_PART_WORDS = re.compile(f"(?:{'|'.join(_PART)}){_BEHIND}", re.IGNORECASE)
_COUNT_WORDS = re.compile(f"(?:{'|'.join(_COUNT)}){_BEHIND}", re.IGNORECASE)
_NO_VALUE = {"", "-", "--", "–", "—", "n/a"}
_CURRENCY = re.compile(r"[A-Z]{3}|[€$£¥]")
_WITH_CURRENCY = re.compile(r"(?:[A-Z]{3} ?)?(.*?)(?: ?[A-Z]{3}| ?€)?")


def is_total(cells: Sequence[str | None], header: Header) -> bool:
    """Whether a record is a total: 'Total' first, then only numbers (with a currency), and blanks.

    What the profile says a total looks like is believed as it stands. A company that is called
    Total is kept, since text stands beside its name.
    """
    filled = [clean(cell) for cell in cells if cell and clean(cell)]
    if not filled:
        return False
    for place, pattern in header.totals:
        cell = filled[0] if place is None else cells[place] if place < len(cells) else None
        if cell and pattern.search(clean(cell)):
            return True
    if not TOTAL_WORDS.fullmatch(filled[0]):
        return False
    figures = [cell for cell in filled[1:] if not _CURRENCY.fullmatch(cell)]
    return (bool(figures) or len(filled) == 1) and all(map(_is_figure, figures))


def _is_figure(cell: str) -> bool:
    number = _WITH_CURRENCY.fullmatch(cell)
    return (
        cell.casefold() in _NO_VALUE
        or looks_like_value(cell)
        or bool(number and looks_like_value(number[1]))
        or bool(TOTAL_WORDS.fullmatch(cell))
    )


def read_total(row: int, cells: Sequence[str | None], header: Header) -> Total:
    """Take down what a total row says."""
    filled = [
        (header.columns[place], clean(cell))
        for place, cell in enumerate(cells[: len(header.columns)])
        if cell and clean(cell) and clean(cell).casefold() not in _NO_VALUE
    ]
    label = filled[0][1] if filled and TOTAL_WORDS.fullmatch(filled[0][1]) else ""
    kind = "total"
    if _PART_WORDS.fullmatch(label):
        kind = "subtotal"
    elif _COUNT_WORDS.fullmatch(label):
        kind = "count"
    return Total(row, label, kind, tuple(filled[1:] if label else filled))
