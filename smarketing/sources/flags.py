"""What people and programs write for yes and no, in many languages, and for a day that is none."""

from __future__ import annotations

YES = (
    *("1", "1.0", "true", "t", "yes", "y", "x", "on"),
    *("ja", "j", "wahr", "oui", "vrai", "si", "sí", "sì", "verdadero", "vero", "sim", "verdadeiro"),
    *(
        "waar",
        "sant",
        "sand",
        "tak",
        "prawda",
        "ano",
        "pravda",
        "áno",
        "igen",
        "igaz",
        "da",
        "adevărat",
    ),
    *("evet", "doğru", "kyllä", "tosi", "да", "истина", "так", "істина", "はい", "是", "예"),
)
NO = (
    *("0", "0.0", "false", "f", "no", "n", "off"),
    *("nein", "falsch", "non", "faux", "falso", "não", "nao"),
    *("nee", "onwaar", "nej", "falskt", "falsk", "nei", "usann", "nie", "fałsz", "ne", "nepravda"),
    *("nem", "hamis", "nu", "fals", "hayır", "yanlış", "ei", "epätosi"),
    *("нет", "ложь", "ні", "хибність", "いいえ", "否", "아니요"),
)

NO_DAY = (
    r"^(?:\d{1,2}\D){0,2}"
    r"(?:0\d{3}|1[0-8]\d{2}|1900|1969|1970|209\d|2[1-9]\d{2}|[3-9]\d{3})(?:\D|\d{4}$|$)"
)
"""A day that stands for none, for Python and DuckDB alike: where a calendar of computers begins
(0001-01-01, 1900-01-01, 1970-01-01), or in a year so far that it never comes (31.12.9999)."""
