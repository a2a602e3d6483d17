"""Which texts read like a language, so that the encoding they were read in may be the right one."""

from __future__ import annotations

import pytest

from smarketing.files.alphabets import is_far_fetched, reads_well


@pytest.mark.parametrize(
    ("text", "encoding", "reads"),
    [
        ("plain", "", False),
        ("€ 5", "", True),
        ("snow ☃", "", False),
        ("Müller", "", True),
        ("MÜLLER", "", True),
        ("mÜller", "", False),
        ("McDonald Ü", "", True),
        ("iPhone für", "", True),
        ("âîéè", "", True),
        ("âîûé", "", False),
        ("äñ", "", False),
        ("İstanbul ış", "", True),
        ("Пётр", "", True),
        ("Пetr", "", False),
        ("Αποστολή", "", True),
        ("Елла́", "", False),
        ("日本", "", True),
        ("한국", "", True),
        ("日本のカード", "", True),
        ("日本한국", "", False),
        ("日本a", "", False),
        ("日本A", "", True),
        ("あ¥", "", False),
        ("é€", "", True),
        ("日本", "euc_jp", True),
        ("日本", "euc_kr", False),
        ("한국", "cp949", True),
        ("한국", "gb18030", False),
        ("中国", "gb18030", True),
        ("中国", "big5", False),
        ("中國", "big5", True),
        ("のカ", "shift_jis", True),
        ("龘龗", "gb18030", False),
        ("Nº 2ª Mª Profª Engº M.ª", "", True),
        ("IIº Congreso, XXIIIª edición, viº, sala Aª", "", True),
        ("Mureş oraş MUREŞ", "", True),
        ("Mureº", "", False),  # the same bytes in the west
        ("MUREª", "", False),
        ("日本ー", "cp932", True),
    ],
)
def test_letters_are_of_one_language_in_words_that_make_sense(
    text: str, encoding: str, reads: bool
) -> None:
    assert reads_well(text, encoding) == reads


def test_most_letters_of_an_eastern_text_are_common_ones() -> None:
    common, rare = "中", "龘"
    assert reads_well(common * 17 + rare * 3, "gb18030")
    assert not reads_well(common * 16 + rare * 4, "gb18030")


@pytest.mark.parametrize(
    ("text", "far"),
    [
        ("Fr³hling", True), ("Frühling", False), ("100 Ä", True), ("100 ä", False), ("Ä 5", True),
        ("5 Äpfel", False), ("l’eau", False), ("a·b", False), ("½a", True), ("x²y", True),
        ("10 m²", False), ("£5", False), ("a–b", True), ("a – b", False), ("5É", True),
    ],
)  # fmt: skip
def test_a_sign_within_a_word_or_a_capital_beside_a_number_is_far_fetched(
    text: str, far: bool
) -> None:
    assert is_far_fetched(text) == far
