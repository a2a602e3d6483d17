"""How a deal ended: the source says it, the agreement maps it, its stage says it, or nobody."""

from __future__ import annotations

import pytest
from build_kit import Shop, core_shop

from smarketing.agreement import parse_agreement
from smarketing.agreement.plain_outcomes import plain_outcome, status_outcome
from smarketing.errors import AgreementError

__all__ = ["core_shop"]

PLAIN = {
    "won": (
        *(
            "Closed Won",
            "closedwon",
            "closed_won",
            "Closed/Won",
            "Won",
            "WON ✅",
            "5. Closed - Won",
        ),
        *("Closed Won (Sales Pipeline)", "Contract signed - Won", "Won 100%", "Deal won"),
        *("Abgeschlossen und gewonnen", "Geschlossen – gewonnen", "Auftrag gewonnen"),
        *("Gagné", "Fermée gagnée", "GAGNÉE", "Cierre ganado", "Negócio ganho", "Chiusa e vinta"),
        *("Gesloten gewonnen", "Vunnen", "Vundet", "Wygrana", "Kazanıldı", "Выиграна", "受注"),
        *("Win", "Successo - vinta", "Успешно реализовано", "Сделка успешна", "商談成立"),
    ),
    "lost": (
        *(
            "Closed Lost - Price",
            "Closed-Lost to Competition",
            "Lost",
            "closedlost",
            "lost to Acme",
        ),
        *("Verloren an Wettbewerb", "Abgeschlossen und verloren", "Perdu – prix", "Cierre perdido"),
        *("Perdido por preço", "Chiusa persa", "Förlorad", "Tabt", "Przegrana", "Ztraceno", "失注"),
        *("Loss", "Dead deal", "Abandoned", "Canceled", "Cancelled - duplicate", "Rejected"),
        *("Abgelehnt", "Storniert", "Abandonné", "Annulée", "Cancelada", "Rechazado", "Annullata"),
        *("Geannuleerd", "Afgewezen", "Odrzucona", "Avbruten", "Закрыто и не реализовано"),
        *("キャンセル", "失注済み", "已取消", "İptal", "Lost - No decision"),
        "Closed Lost: not a fit",
        *("Verloren – kein Budget", "Perdu - pas de budget"),
    ),
    "open": ("Open", "offen", "Ouverte", "En cours", "in progress", "Abierto - fase 2", "In corso"),
}
NOT_PLAIN = (
    *("", "Contract signed", "Signed", "Closed", "Won/Lost", "Closed (won or lost)", "Not won"),
    *("Almost won", "Won't do", "Won back", "Lost contact", "Closed Lost - reopened", "90% won"),
    *("Won?", "Lost ？"),
    *("Won by competitor", "Won - pending approval", "Negotiation", "Nicht gewonnen", "Wonderful"),
    *("Not lost", "Won - no contract", "Win/Loss", "Winning", "Abandoned cart", "Dead end"),
    *("Verloren geglaubt", "Perdu de vue", "Reopened", "12345", "Lost and found", "to be won"),
)


@pytest.mark.parametrize(
    ("text", "outcome"), [(text, outcome) for outcome, texts in PLAIN.items() for text in texts]
)
def test_a_stage_that_says_it_plainly(text: str, outcome: str) -> None:
    assert plain_outcome(text) == outcome


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_a_stage_that_does_not_say_it_plainly_says_nothing(text: str) -> None:
    assert plain_outcome(text) is None


def test_a_status_may_say_that_a_deal_is_over_and_not_how() -> None:
    assert [status_outcome(text) for text in ("Closed", "Abgeschlossen", "won", "on hold")] == [
        *("closed", "closed", "won", None)
    ]


DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Create Date",
    "1,A,Closed Won (Sales Pipeline),Sales,1000,2026-02-10 09:00,2026-01-05 09:00",
    "2,B,Abgeschlossen und gewonnen,Sales,2000,2026-02-11 09:00,2026-01-06 09:00",
    "3,C,Closed Lost - Price,Sales,4000,2026-02-12 09:00,2026-01-07 09:00",
    "4,D,Contract Sent,Sales,8000,2026-03-13 09:00,2026-01-08 09:00",
    "5,E,Signed,Sales,16000,2026-02-14 09:00,2026-01-09 09:00",
    "6,F,Signed,Renewals,32000,2026-02-14 23:30,2026-01-09 09:00",
)
OUTCOMES = "select deal_id[9:], outcome, closed_at::date, expected_close_on from deal order by 1"


def test_what_nothing_places_is_neither_won_lost_nor_open(core_shop: Shop) -> None:
    report = core_shop.take(core_shop.write("deals.csv", *DEALS))
    assert [row[:2] for row in core_shop.rows(OUTCOMES)] == [
        *(("1", "won"), ("2", "won"), ("3", "lost"), ("4", "open"), ("5", None), ("6", None))
    ]
    assert [(u.stage, u.pipeline, u.deals, u.amount, u.currency) for u in report.unplaced] == [
        ("Signed", "Renewals", 1, 32000.0, "EUR"),
        ("Signed", "Sales", 1, 16000.0, "EUR"),
    ]
    assert str(report.unplaced[1]) == "“Signed” of “Sales” (1 deal, €16,000.00)"
    assert report.as_dict()["unplaced_stages"][0]["stage"] == "Signed"


def test_one_date_is_the_close_of_closed_deals_and_what_is_expected_of_the_others(
    core_shop: Shop,
) -> None:
    core_shop.take(core_shop.write("deals.csv", *DEALS))
    dates = {name: (closed, due) for name, _, closed, due in core_shop.rows(OUTCOMES)}
    assert [str(dates[name][0]) for name in "123"] == ["2026-02-10", "2026-02-11", "2026-02-12"]
    assert dates["4"][0] is None
    assert [str(dates[name][1]) for name in "456"] == ["2026-03-13", "2026-02-14", "2026-02-14"]


@pytest.mark.parametrize(
    "written",
    [
        "deal_outcomes: {Signed: won, Renewals: {signed: open}, Abgeschlossen und gewonnen: lost}",
        "deal_outcomes: {won: [signed], Renewals: {open: [SIGNED]}, "
        "lost: [abgeschlossen-und-gewonnen]}",
        "deal_outcomes:\n- {stage: Signed, outcome: won}\n"
        "- {stage: Signed, pipeline: renewals, outcome: open}\n"
        "- {stage: Abgeschlossen und gewonnen, outcome: lost}",
    ],
)
def test_the_agreement_places_a_stage_by_pipeline_where_given(
    core_shop: Shop, written: str
) -> None:
    agreement = core_shop.home / "agreement.yaml"
    agreement.write_text(f"{agreement.read_text()}{written}\n")
    report = core_shop.take(core_shop.write("deals.csv", *DEALS))
    assert [row[1] for row in core_shop.rows(OUTCOMES)] == [
        *("won", "lost", "lost", "open", "won", "open")
    ]
    assert report.unplaced == ()


def test_the_source_s_own_flags_go_before_map_and_words(core_shop: Shop) -> None:
    agreement = core_shop.home / "agreement.yaml"
    agreement.write_text(f"{agreement.read_text()}deal_outcomes: {{Signed: lost}}\n")
    header = "Record ID,Deal Name,Deal Stage,Amount,Close Date,Is Closed,Is Closed Won"
    core_shop.take(
        core_shop.write(
            "deals.csv",
            header,
            "1,A,Signed,1,2026-02-10 09:00,true,true",
            "2,B,Closed Won,1,2026-02-10 09:00,false,false",
            "3,C,Signed,1,2026-02-10 09:00,true,",
            "4,D,Contract Sent,1,2026-02-10 09:00,true,",
        )
    )
    assert [row[1] for row in core_shop.rows(OUTCOMES)] == ["won", "open", "lost", None]


def test_a_status_in_words_is_the_source_s_own_and_what_is_none_is_refused(
    core_shop: Shop,
) -> None:
    report = core_shop.take(
        core_shop.write(
            "deals.csv",
            "deal_id,name,amount,outcome,stage,created_at,closed_at",
            "1,A,1,Gewonnen,Perdu,2026-01-05,2026-02-10",
            "2,B,1,Closed,Closed lost,2026-01-05,2026-02-10",
            "3,C,1,vielleicht,Won,2026-01-05,2026-02-10",
            "4,D,1,,Won,2026-01-05,2026-02-10",
        )
    )
    assert core_shop.rows("select deal_id[9:], outcome from deal order by 1") == [
        *(("1", "won"), ("2", "lost"), ("4", "won"))
    ]
    assert [(u.line, u.column, u.value) for u in report.unread] == [(4, "outcome", "vielleicht")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{Signed: closed}", "the stage 'Signed' stands for 'closed'; write won, lost or open"),
        ("{Signed: won, signed: lost}", "the stage 'signed' is both won and lost"),
        ("{Sales: {A: won, a: open}}", "the stage 'a' of the pipeline 'Sales' is both"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(written: str, said: str) -> None:
    with pytest.raises(AgreementError, match="deal_outcomes") as caught:
        parse_agreement(f"extends: default\ndeal_outcomes: {written}\n")
    assert said in str(caught.value)
