"""Questions of a draft are asked in the words of the form that they stand above."""

from __future__ import annotations

from smarketing.ui.sections.importing.own_source import in_form


def test_a_question_names_the_fields_of_the_form() -> None:
    asked = (
        "Write `currency: EUR` into profile.yaml, or say in cost.x.sql which it is; else draft the "
        "source again into another folder by --out. A column 'a.sql' or `r.\"b.yaml\"` is none"
    )
    assert in_form(asked) == (
        "Write `currency: EUR` into the field profile.yaml below, or say in the field cost.x.sql "
        "below which it is; else draft the source again under another name. A column 'a.sql' or "
        '`r."b.yaml"` is none'
    )
