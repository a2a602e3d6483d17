"""How the big CRMs say won, lost and open, in their languages: lower case, without accents.

A new language is a line in each of the lists. A word stands here only if it says it by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.agreement.outcomes import Outcome


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


OUTCOME_WORDS: Mapping[Outcome, frozenset[str]] = {
    "won": _words(
        "won win closedwon",  # English
        "gewonnen",  # German, Dutch
        "gagne gagnee gagnes gagnees remporte remportee",  # French
        "ganado ganada ganados ganadas logrado lograda",  # Spanish
        "ganho ganha ganhos ganhas vendida",  # Portuguese
        "vinto vinta vinti vinte",  # Italian
        "vunnen vunnet vunna vundet vundne",  # Swedish, Norwegian, Danish
        "voitettu voitetut",  # Finnish
        "wygrana wygrany wygrane wygrano",  # Polish
        "vyhra vyhrano vyhrana vyhrany vyhrane",  # Czech, Slovak
        "megnyert castigat castigata kazanildi kazanılan kazanıldı",  # Hungarian, Romanian, Turkish
        "выиграно выиграна выигран виграно виграна спечелена κερδισμενη κερδισμενο",
        "menang dobiveno",  # Indonesian, Croatian
        "受注 受注済 受注済み 成約 赢单 已赢单 贏單 成交 已成交 수주 성사 商談成立 выиграли",
    ),
    "lost": _words(
        "lost loss closedlost dead abandoned cancelled canceled rejected declined refused",
        "kalah izgubljeno geweigerd",
        "verloren abgelehnt abgesagt storniert abgebrochen",
        "abandonne abandonnee abandonnes annule annulee annules annulees refuse refusee",
        "cancelado cancelada abandonado abandonada rechazado rechazada descartado descartada",
        "anulado anulada rejeitado rejeitada recusado recusada",
        "annullato annullata abbandonato abbandonata rifiutato rifiutata",
        "geannuleerd afgewezen odrzucona odrzucony odrzucone anulowana anulowany anulowane",
        "avbruten avvisad avvist annulleret zamitnuto zruseno elutasitva respinsa iptal reddedildi",
        "perdu perdue perdus perdues",
        "perdido perdida perdidos perdidas",
        "perso persa persi perse perduto perduta",
        "forlorad forlorat forlorade tabt tabte tapt tapte",
        "havitty menetetty",
        "przegrana przegrany przegrane przegrano utracona utracone",
        "prohra prohrano prohrana ztraceno ztracena prehrane",
        "elveszett elvesztett vesztett pierdut pierduta kaybedildi kaybedilen",
        "проиграно проиграна проигран програно програна загубена χαμενη χαμενο",
        "провалена отклонена отменена отказ キャンセル 已取消 取消 취소",
        "失注 失注済 失注済み 输单 已输单 輸單 丢单 已丢单 실주",
    ),
    "open": _words(
        "open opened offen ouvert ouverte abierto abierta aberto aberta aperto aperta",
        "oppen apen aaben aben avoin otwarte otwarta otwarty otevreno otevrena acik açık",
        "открыто открыта відкрито відкрита 进行中 進行中 商談中 진행중",
    ),
}
_IN_PROGRESS: Mapping[str, Outcome] = dict.fromkeys(
    (
        *("in progress", "in bearbeitung", "en cours", "en curso", "em andamento", "in corso"),
        *("in behandeling", "pagaende", "w toku", "rozpracovany", "в работе"),
    ),
    "open",
)
OUTCOME_PHRASES: Mapping[str, Outcome] = {
    **_IN_PROGRESS,
    "успешно реализовано": "won",
    "сделка успешна": "won",
    "закрыто и не реализовано": "lost",
    "сделка провалена": "lost",
}

CLOSED_WORDS = _words(
    "closed close geschlossen abgeschlossen ferme fermee clos cloture cloturee",
    "conclu conclue cerrado cerrada cierre fechado fechada fechamento chiuso chiusa",
    "gesloten afgesloten",
    "stangd stangt lukket suljettu zamkniete zamknieta zamkniety uzavreno uzavrena закрыто",
)
"""Words that say that it is over, and not how."""

NEUTRAL_WORDS = _words(
    "deal deals opportunity opp sale business order stage status and is final",
    "und auftrag geschaft chance verkaufschance et affaire opportunite y e negocio trato",
    "oportunidad oportunidade trattativa affare opportunita en verkoopkans",
    "och affar og handel avtale",
    "ja kauppa i szansa a obchod prilezitost и сделка",
)
"""Words that take nothing from one of the above and add nothing to it."""

AFTER_LOST = _words("to due because on by an wegen gegen face a por por per aan van till til")
"""What may follow "lost" before whom or what it was lost to."""

NEGATIONS = _words(
    "not no non never nicht kein keine pas niet geen nao sem sin senza sans nie bez",
)
"""Words that deny what stands with them; behind "Lost -" they say why: "no budget"."""

DOUBT_WORDS = NEGATIONS | _words(
    "re reopen reopened pending review likely unlikely expected probable probably",
    "maybe verbal verbally almost nearly soon back recovery if be forecast forecasted",
    "fast wahrscheinlich voraussichtlich wieder presque peut prevu casi quase",
    "quasi forse bijna previsto prevista",
)
"""Words beside which an outcome is not plain."""
