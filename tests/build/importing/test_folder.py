"""A folder of one company's exports, by somebody who never saw the product: its truth by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from build_kit import Shop, core_shop

from smarketing.build.importing.staging import collect

__all__ = ["core_shop"]

EXPORTS = {
    "alle-kontakte.csv": (
        "Datensatz-ID,Vorname,Nachname,E-Mail,Lifecycle-Phase,Für Kontakt zuständiger Mitarbeiter,"
        "Erstellungsdatum,Associated Company IDs,Wurde zu Lead am,"
        "Wurde zu Marketing-Qualified-Lead am,Von allen E-Mails abgemeldet",
        "901,Anna,Weber,anna@alpha.de,Kunde,Ann Berg,2026-01-05 08:00,701,2026-01-05 08:00,"
        "2026-01-07 10:00,false",
        "902,Bernd,Roth,bernd@beta.ch,Lead,Bo Lund (bo@firma.de),2026-01-12 08:00,702,"
        "2026-01-12 08:00,,true",
        "903,Eva,Abo,eva@web.de,Abonnent,,2026-02-10 08:00,,,,false",
    ),
    "alle-deals.csv": (
        "Datensatz-ID,Deal-Name,Deal-Phase,Betrag,Währung,Abschlussdatum,Erstellungsdatum,"
        "Für Deal zuständiger Mitarbeiter,Deal-Typ,Associated Company IDs,Associated Contact IDs",
        '801,Start,Abgeschlossen und gewonnen,"12000,50",EUR,2026-03-31 23:30,2026-01-15 09:00,'
        "Ann Berg,Neugeschäft,701,901",
        '802,Start,Abgeschlossen und verloren,"700,00",EUR,2026-02-28 10:00,2026-01-25 09:00,'
        "Bo Lund,Neugeschäft,702,902",
        '803,Ausbau,Vertragsprüfung,"300,25",EUR,2026-06-30 10:00,2026-03-10 09:00,'
        "Carl Ott,Bestandskundengeschäft,701,901",
    ),
    "owners.json": (
        '{"results":[{"id":"11","email":"ann@firma.de","firstName":"Ann","lastName":"Berg",'
        '"userId":911,"updatedAt":"2025-01-01T00:00:00Z","archived":false},{"id":"12",'
        '"email":"bo@firma.de","firstName":"Bo","lastName":"Lund","userId":912,'
        '"updatedAt":"2025-01-01T00:00:00Z","archived":false}]}',
    ),
    "google_kampagnen.csv": (
        "Kampagnenbericht",
        "1. Januar 2026 - 31. März 2026",
        "Tag,Kampagne,Kampagnen-ID,Währungscode,Kosten,Klicks,Impr.",
        '2026-01-05,Suche,77,EUR,"1.200,50",100,"5.000"',
        '2026-02-02,Suche,77,EUR,"800,00",80,"4.000"',
        'Gesamt: Konto,,,EUR,"2.000,50",180,"9.000"',
    ),
    "subscribed_members_export.csv": (
        '"Email Address","First Name",MEMBER_RATING,OPTIN_TIME,LEID,EUID',
        "bernd@beta.ch,Bernd,2,2026-01-10 09:00:00,1,a",
    ),
}


def test_a_german_company_is_read_to_the_cent_or_refused_by_name(core_shop: Shop) -> None:
    report = core_shop.take(*(core_shop.write(name, *lines) for name, lines in EXPORTS.items()))
    assert "an export of Mailchimp" in str(report.as_dict())
    deals = core_shop.rows(
        "select deal_id, outcome, amount, kind, owner_id, closed_at from deal order by 1"
    )
    assert deals == [
        ("hubspot:801", "won", 1_200_050, "new", "hubspot:11", datetime(2026, 3, 31, 21, 30)),
        ("hubspot:802", "lost", 70_000, "new", "hubspot:12", datetime(2026, 2, 28, 9)),
        ("hubspot:803", None, 30_025, "expansion", "hubspot:Carl Ott", datetime(2026, 6, 30, 8)),
    ], "nobody knows of a stage of one's own how it ended, nor who Carl is"
    assert core_shop.rows("select lead_id, owner_id from lead order by 1") == [
        ("hubspot:901", "hubspot:11"),
        ("hubspot:902", "hubspot:12"),
    ]
    assert core_shop.rows("select stage, count(*) from lead_stage_event group by 1 order by 1") == [
        ("lead", 2),
        ("mql", 1),
    ]
    assert core_shop.rows("select email from person where email_opt_out") == [("bernd@beta.ch",)]
    assert core_shop.rows("select sum(amount) from cost") == [(200_050,)]
    assert core_shop.rows("select count(*) from deal_contact") == [(3,)]


def test_files_of_one_name_go_by_that_of_their_folder_too(tmp_path: Path) -> None:
    for folder in ("january", "february"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.csv").write_text("x\n")
    (tmp_path / "january" / "other.csv").write_text("x\n")
    named = collect([tmp_path / "january", tmp_path / "february"])
    assert [file.label for file in named] == [
        "other.csv",
        "january/report.csv",
        "february/report.csv",
    ]
