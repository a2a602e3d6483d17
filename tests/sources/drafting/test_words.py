"""How headers of many systems and languages are read."""

from __future__ import annotations

import pytest

from smarketing.agreement.plain_outcomes import plain_outcome
from smarketing.files.encoding import western
from smarketing.sources.drafting.languages import little_known, told_first
from smarketing.sources.drafting.outcomes import meaning
from smarketing.sources.drafting.scaffold import provisional_encodings
from smarketing.sources.drafting.words import fold, read_header, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("createdAt", "created at"),
        ("Lead Owner.id", "lead owner id"),
        ("E-Mail-Adresse", "e mail adresse"),
        ("SystemModstamp", "system modstamp"),
        ("  Étape :", "etape"),
        ("Größe", "grosse"),
        ("Kampagnenname", "kampagnen name"),
        ("lead_ID", "lead id"),
    ],
)
def test_words_are_compared_without_case_accents_and_signs(text: str, said: str) -> None:
    assert fold(text) == said


@pytest.mark.parametrize(
    ("own", "text", "concept"),
    [
        ("deal", "Deal - Value", "amount"),
        ("deal", "Deal - Deal created", "created"),
        ("deal", "Deal - Currency of Value", "currency"),
        ("deal", "(Do Not Modify) Modified On", "modified"),
        ("deal", "(Nicht ändern) Geändert am", "modified"),
        ("deal", "Est. Revenue", "amount"),
        ("deal", "Actual Revenue", "actual_amount"),
        ("deal", "Gesch. Abschlussdatum", "expected_close"),
        ("deal", "Date de clôture prévue", "expected_close"),
        ("deal", "Fecha de cierre", "closed"),
        ("deal", "Motivo da perda", "lost_reason"),
        ("deal", "status_type", "status"),
        ("deal", "Deal Owner.id", "owner"),
        ("lead", "Lead Status", "lead_status"),
        ("lead", "Created At (UTC)", "created"),
        ("person", "Adresse e-mail", "email"),
        ("cost", "Ausgegebener Betrag (EUR)", "cost"),
        ("cost", "Importe gastado (EUR)", "cost"),
        ("cost", "Clicks (destination)", "clicks"),
        ("cost", "By Day", "day"),
        ("deal", "Datum uzavření", "closed"),
        ("deal", "Pénznem", "currency"),
        ("cost", "Afișări", "impressions"),
        ("cost", "År", "period"),
        ("lead", "Sähköposti", "email"),
    ],
)
def test_a_header_means(own: str, text: str, concept: str) -> None:
    assert concept in read_header(text, own).meanings


@pytest.mark.parametrize(
    ("text", "entity", "is_key"),
    [
        ("Account Name.id", "account", True),
        ("Account Name", "account", False),
        ("Deal - Contact person", "person", False),
        ("Organization - ID", "account", True),
        ("Potential Customer", "account", False),
        ("Primary Contact Id", "person", True),
        ("Originating Lead", "lead", False),
        ("Campaign Source.id", "campaign", True),
    ],
)
def test_a_header_of_another_record_is_no_column_of_the_deal(
    text: str, entity: str, is_key: bool
) -> None:
    header = read_header(text, "deal")
    assert (header.entity, header.is_key) == (entity, is_key)
    assert "name" not in header.meanings and "amount" not in header.meanings


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Amount spent (MXN)", "MXN"),
        ("Umsatz EUR", "EUR"),
        ("Cost (CPC)", None),
        ("ARR", None),
        ("Betrag in CHF", "CHF"),
        ("Расход, ₽", "RUB"),
        ("Расход (руб.)", "руб."),
        ("Spend ($)", "$"),
        ("Kosten in €", "EUR"),
        ("金額（円）", "JPY"),
        ("Ausgaben (Euro)", "EUR"),
        ("Clicks (all)", None),
        ("Größe", None),
    ],
)
def test_a_header_names_any_currency_and_nothing_else(text: str, code: str | None) -> None:
    assert read_header(text, "cost").currency == code


@pytest.mark.parametrize(
    "text", ["Est. Revenue (Base)", "Amount (converted)", "Value in Base Currency"]
)
def test_a_converted_amount_is_no_amount(text: str) -> None:
    header = read_header(text, "deal")
    assert header.is_converted and not header.meanings


def test_what_the_words_say_is_text_and_of_known_concepts() -> None:
    """YAML reads some words ("no", "on") as something else if they are not quoted."""
    document = words()
    for group in ("keys", "names", "noise", "spare", "converted", "owners", "row_numbers"):
        assert all(isinstance(word, str) for word in document[group]), group
    for name in ("tables", "entities", "concepts", "kinds", "statuses", "sides"):
        for key, group in document[name].items():
            assert all(isinstance(word, str) for word in group), (name, key)
    used = {
        c for columns in document["columns"].values() for group in columns.values() for c in group
    }
    assert used <= set(document["concepts"])


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("cp1252", "Währung"), ("cp1252", "Montant dépensé"), ("cp1252", "Coût"),
        ("cp1250", "Imię"), ("cp1250", "Sumă cheltuită"), ("cp1250", "Monedă"), ("cp1250", "Név"),
        ("cp1250", "Kampaň"), ("cp1254", "Harcama Tutarı"),
    ],
)  # fmt: skip
def test_a_known_header_tells_the_west_only_where_it_is_a_word_of_the_west(
    encoding: str, header: str
) -> None:
    said = provisional_encodings((header.encode(encoding).decode("latin-1"), "ID"))
    assert said == (("cp1252",) if encoding == "cp1252" else ())


def test_a_header_that_is_known_in_another_reading_goes_before_one_that_reads_alike() -> None:
    headers = [text.encode("cp1254").decode("latin-1") for text in ("Gösterim", "Tutarı")]
    assert western(headers, {"Gösterim", "Tutarı"}.__contains__) == ()
    assert western(headers, {"Gösterim"}.__contains__) == ("cp1252",)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_what_a_stage_says_by_itself_is_no_word_of_statuses_alone(outcome: str) -> None:
    """Else a drafted source would read "kalah" as lost, and one that is known would not."""
    assert [word for word in words()["statuses"][outcome] if plain_outcome(word)] == []
    for word in ("menang", "elveszett", "refused", "logrado"):
        assert plain_outcome(word) == meaning(word)


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        (("מזהה עסקה", "סכום", "x"), "Hebrew"),
        (("Mã giao dịch", "Số tiền"), "Vietnamese"),
        (("Назва компанії", "Кількість угод"), "Ukrainian"),
        (("Сумма", "Дата закрытия"), None),
        (("取引ID", "金額"), None),
        (("Ποσό", "Amount"), None),
        (("Précision", "Größe", "Kwota", "Tutar"), None),
    ],
)
def test_a_language_of_few_known_words_is_told_before_the_first_question(
    headers: tuple[str, ...], language: str | None
) -> None:
    assert little_known(headers) == language
    first, second = told_first(headers, ["no column is known.", "more"])
    assert second == "more" and first.casefold().endswith("no column is known.")
    assert first.startswith(f"its headers look {language}, of" if language else "no column")
    assert told_first(headers, []) == ()
