"""Whether text reads like a language: what tells a right decoding from a wrong one.

A single-byte encoding decodes almost any bytes to something. Wrongly decoded text gives itself away
by its letters: no language uses them together, they stand in the midst of words of another script,
or capitals stand where small letters should. Nothing here looks at the meaning of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise

_ALPHABETS = {
    "German": ("äöüß", "éèàç"),
    "French": ("éèàêç", "âîôûëïùüœÿæ"),
    "Spanish": ("óíáéñ", "úü"),
    "Catalan": ("óàèéíò", "çïúü"),
    "Portuguese": ("ãçáéí", "óõúâêôàü"),
    "Italian": ("àèéòùì", "îó"),
    "Dutch": ("ëéï", "èöüê"),
    "Nordic": ("åäöæø", "éüáí"),
    "Icelandic": ("ðþíáóéæö", "úý"),
    "Polish": ("łóążęśćń", "ź"),
    "Czech": ("íáěéčřýžš", "ůúňťďó"),
    "Slovak": ("áíčšžýľ", "éúťäňôóďĺŕ"),
    "Hungarian": ("áéöőüó", "íúű"),
    "Romanian": ("ăîâșțşţ", ""),
    "South Slavic": ("čšžćđ", ""),
    "Lithuanian": ("ėšžųąįč", "ūę"),
    "Latvian": ("āīēšūņļ", "žķģč"),
    "Estonian": ("äõüö", "šž"),
    "Turkish": ("ıüşğç", "İöâîû"),
    "Russian": ("оеаинтслрвкмдпу", "ябгзхчйжцшэюфщъыьё"),
    "Ukrainian": ("оаинвіертс", "кдлпумязьбгчхйїжєшцюфщґ"),
    "Bulgarian": ("аеионтрсвл", "кпдимгзбучхъяцжшщйюфь"),
    "Serbian": ("аиоенрсјтуд", "квмплбзгчшцхљћњђжфџ"),
    "Greek": ("αοιετσνηυρ", "πκμλςάίέόύήώςγδθφχωβξζψϊϋΐΰ"),
}
_SIGNS = set("€£¥¢©®™°·•–—‘’‚“”„…«»‹›´`¨¿¡²³¹½¼¾ªº×±µ¬\u00a0№")
_EASTERN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
_JAPANESE = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK", "FULLWIDTH"}
EASTERN = {
    **dict.fromkeys(("cp932", "euc_jp", "shift_jis", "iso2022_jp"), (_JAPANESE, "euc_jp", 0xCF)),
    **dict.fromkeys(("gb18030", "gbk", "gb2312"), ({"CJK"}, "gb2312", 0xD7)),
    **dict.fromkeys(("big5", "cp950", "big5hkscs"), ({"CJK"}, "big5", 0xC6)),
    **dict.fromkeys(("euc_kr", "cp949", "johab"), ({"HANGUL"}, "euc_kr", 0xC8)),
}
"""For an eastern encoding the scripts of its language, and the standard by whose bytes common
characters are told from rare ones: those come first, up to this lead byte."""
_COMMON = 0.85
"""The part of a text's characters that are common ones at least."""
_LETTERS_AFTER_SIGN = re.compile(r"[\u3041-\U0002ffff][a-z]")
_SIGN_AT_WORD = re.compile(r"[^\W\d_\x00-\u024f][€£¥¢µ¬¿¡]")
_SIGN_WITHIN = re.compile(
    r"(?<=[^\W\d_])(?:(?![’·])[^\x00-\x7f\w\s]|[²³¹])(?=[^\W\d_])|[£€¥¢¼½¾ªº](?=[^\W\d_])"
)
_BESIDE_NUMBER = re.compile(
    r"\d[ \xa0]?([^\W\d_\x00-\x7f])(?!\w)|(?<!\w)([^\W\d_\x00-\x7f])[ \xa0]?(?=\d)"
)
_VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüý"
_ORDINAL = re.compile(
    rf"((?<!\w)(?:[ivxlcdm]+|[^\W\d_])|(?<![{_VOWELS}]))[ªº](?![^\W\d_])", re.IGNORECASE
)
"""What stands behind a number or the beginning of a word ("Nº", "2ª", "IIIª", "Profª") is a sign.

Words are cut before a vowel, never behind one: there it is a letter read wrong ("Mureº"), but for
one letter alone and Roman numbers.
"""
_WORD = re.compile(r"[^\W\d_]+")


def reads_well(text: str, encoding: str = "") -> bool:
    """Whether the letters outside ASCII can all be of one language, in words that make sense.

    Of an eastern `encoding` the letters must be those of its language, most of them common ones:
    read in the encoding of a neighbour they are rare, or of a script that it does not write.
    """
    text = _ORDINAL.sub(r"\1°", text)
    foreign = Counter(mark for mark in text if not mark.isascii())
    letters = Counter[str]()
    for mark, count in foreign.items():
        if unicodedata.category(mark).startswith("L"):
            letters[mark if mark == "İ" else mark.lower()] += count
        elif mark not in _SIGNS:
            return False
    if not letters:
        return bool(foreign)
    if _SIGN_AT_WORD.search(text):
        return False
    eastern = encoding not in EASTERN or _is_usual(letters, *EASTERN[encoding])
    return eastern and _of_one_language(letters) and all(map(_sound_word, _WORD.findall(text)))


def is_far_fetched(text: str) -> bool:
    """Whether a reading is one that people hardly write, though its letters are of a language.

    A sign stands between letters ("Fr³hling"), or a capital alone beside a number ("100 Ä").
    """
    alone = (found[1] or found[2] for found in _BESIDE_NUMBER.finditer(text))
    return _SIGN_WITHIN.search(text) is not None or any(letter.isupper() for letter in alone)


def _of_one_language(letters: Counter[str]) -> bool:
    found = set(letters)
    if any(_script(letter) in _EASTERN for letter in found):
        return _east_asian(letters)
    for usual, rare in _ALPHABETS.values():
        common = sum(letters[letter] for letter in usual)
        if found <= set(usual) | set(rare) and 2 * common >= letters.total():
            return True
    return False


def _east_asian(letters: Counter[str]) -> bool:
    kinds = set(map(_script, letters))
    return kinds in ({"CJK"}, {"HANGUL"}) or kinds <= _JAPANESE


def _is_usual(letters: Counter[str], scripts: set[str], standard: str, last: int) -> bool:
    """Whether letters are of these scripts, and most ideographs common ones of a standard."""
    if not set(map(_script, letters)) <= scripts:
        return False
    ideographs = {
        letter: n for letter, n in letters.items() if _script(letter) in ("CJK", "HANGUL")
    }
    common = sum(n for letter, n in ideographs.items() if _lead(letter, standard) <= last)
    return common >= _COMMON * sum(ideographs.values())


def _lead(letter: str, standard: str) -> int:
    """Return the first byte of a letter in a standard, the highest one where it has none."""
    written = letter.encode(standard, "ignore")
    return written[0] if len(written) == 2 else 0xFF


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _sound_word(word: str) -> bool:
    """Whether a word keeps to one script, and to small letters once it has begun with them."""
    if word.isascii():
        return True
    scripts = {_script(letter) for letter in word if not letter.isascii()}
    latin = any(letter.isascii() for letter in word)
    if scripts & _EASTERN:
        return not _LETTERS_AFTER_SIGN.search(word)
    if latin and scripts != {"LATIN"}:
        return False
    return not any(
        before.islower() and after.isupper() and not after.isascii()
        for before, after in pairwise(word)
    )
