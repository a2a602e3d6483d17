"""The fields of the agreement: their defaults and limits are part of every company's agreement.

A default that moves, moves figures of those who wrote nothing. Where one is to change, look at
the difference, then keep it: `python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

from choices import CHOICES, WORDS, choices, words
from figures import kept

from smarketing.agreement import agreement_yaml, parse_agreement


def test_defaults_and_limits_are_what_they_were() -> None:
    assert choices() == kept(CHOICES)


def test_what_is_signed_reads_as_it_did() -> None:
    assert words() == kept(WORDS)


def test_blanks_around_a_text_are_none_of_it() -> None:
    agreement = parse_agreement("extends: default\ncompany: '  Ours '\nversion: ' 2 '\n")
    assert (agreement.company, agreement.version) == ("Ours", "2")


def test_letters_of_other_languages_stay_as_they_are() -> None:
    text = agreement_yaml(parse_agreement("extends: default\ncompany: Müller & Çelik\n"))
    assert "company: Müller & Çelik\n" in text
    assert parse_agreement(text).company == "Müller & Çelik"
