"""What people and spreadsheets write for yes and no, in the languages of business software."""

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
