"""Whose a table is: by the shape of its ids, by headers of its own, by language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from smarketing.errors import SourceError
from smarketing.sources import builtin_sources, recognise
from smarketing.sources.languages import loosely
from smarketing.sources.other_systems import system_of

Columns = Mapping[str, Sequence[str]]

TICKETS = {"Id": ["1", "2"], "Status": ["Open"], "Title": ["Printer"], "Email": ["a@b.de"]}
LEADS = {"Id": ["00Q000000000001"], "Status": ["Open"], "Title": ["CFO"], "Email": ["a@b.de"]}


def answer(columns: Columns, name: str = "export.csv") -> str:
    sources = builtin_sources().values()
    match = recognise(name, list(columns), sources, values=lambda header: columns[header])
    return f"{match.source.name} {match.object} {match.reading.language or 'en'}"


def refusal(columns: Columns, name: str = "export.csv") -> str:
    with pytest.raises(SourceError) as caught:
        answer(columns, name)
    return str(caught.value)


def test_the_shape_of_the_ids_tells_a_lead_from_a_ticket() -> None:
    assert answer(LEADS) == "salesforce Lead en"
    assert answer({**LEADS, "Id": ["00Q000000000001AAA"]}) == "salesforce Lead en"
    said = refusal(TICKETS)
    assert "export.csv is of no known source" in said and "salesforce" not in said


def test_a_price_per_click_in_czech_is_no_sign_of_google() -> None:
    headers = ("Den", "Kampaň", "Zobrazení", "Prokliky", "Prům. CPC", "Cena")
    sklik = {header: ["1"] for header in headers}
    assert "export.csv is of no known source" in refusal(sklik)
    assert answer({**sklik, "Stav kampaně": ["Aktivní"]}) == "google_ads campaign_report cs"


def test_ids_of_another_object_are_not_those_of_a_lead() -> None:
    said = refusal({**LEADS, "Id": ["003000000000001"]})
    assert "looks like salesforce Contact, but its required column 'LastName' is missing" in said


def test_counts_and_subtotals_among_the_ids_do_not_hide_whose_they_are() -> None:
    ids = ["00Q000000000001", "Count", "1", "00Q000000000002", "Count"]
    assert answer({**LEADS, "Id": ids}) == "salesforce Lead en"


def test_a_report_with_spend_in_two_currencies_is_still_its_sources() -> None:
    headers = ("Campaign name", "Day", "Reporting starts", "Reporting ends", "Amount spent (EUR)")
    columns: Columns = {header: ["1"] for header in (*headers, "Amount spent (USD)")}
    # None is landed anew, but one that was must not go out of every figure.
    assert answer(columns) == "facebook_ads campaign_report en"


def test_a_source_that_is_named_is_believed() -> None:
    salesforce = builtin_sources()["salesforce"]
    match = recognise("t.csv", list(TICKETS), [], salesforce, lambda header: TICKETS[header])
    assert match.object == "Lead"


@pytest.mark.parametrize(
    ("headers", "system"),
    [
        ("Deal - ID,Deal - Title,Deal - Value,Deal - Status", "Pipedrive"),
        ("Record Id,Lead Owner.id,Lead Owner,Converted Deal.id,Lead Status,Email", "Zoho CRM"),
        ("(Do Not Modify) Lead,(Do Not Modify) Row Checksum,Name,Topic", "Microsoft Dynamics 365"),
        ("Id,Email Address,Acquisition Program,SFDC Lead Id,Lead Status,Created At", "Marketo"),
        ("id,email,firstname,lastname,points,date_identified,last_active", "Mautic"),
        ("Name,ID,Amount,Currency,Sales Stage,Date Created", "SuiteCRM or SugarCRM"),
        ("External ID,Opportunity,Salesperson,Expected Revenue,Stage,Sales Team", "Odoo"),
        ("Id,Emails,Name / First Name,Name / Last Name,Created by / Source", "Twenty"),
        ("Ticket ID,Subject,Requester,Assignee,Group,Status", "Zendesk or another help desk"),
        ("Id,Deal name,Deal stage,Deal value,Sales owner,Deal pipeline", "Freshsales"),
        ("Campaign name,By Day,Cost,Impressions,Clicks (destination)", "TikTok Ads"),
        ("Time period,Campaign name,Campaign ID,Funding source,Spend,Clicks", "X Ads"),
        ("Name,Email,Financial Status,Paid at,Lineitem name,Total", "Shopify"),
        ("Order Number,Order Status,Email (Billing),Order Total Amount", "WooCommerce"),
        ("ContactName,InvoiceNumber,InvoiceDate,InvoiceAmountDue,UnitAmount,TaxType", "Xero"),
        ("Date,Transaction Type,Num,Name,Memo/Description,Account,Split,Amount", "QuickBooks"),
        ("Umsatz (ohne Soll/Haben-Kz),Soll/Haben-Kennzeichen,Konto,Belegdatum", "DATEV"),
        ("Date,Portfolio name,Currency,Campaign Name,Spend,7 Day Total Sales", "Amazon Ads"),
        ("Start Time,Campaign Name,Ad Squad Name,Amount Spent,Swipe Ups", "Snapchat Ads"),
        ("Date,Campaign Name,Amount Spent (USD),Clicks,eCPM (USD)", "Reddit Ads"),
        ("Date,Campaign Name,Spend,Taps,TTR,Avg CPT", "Apple Search Ads"),
        ("Day,Campaign,Displays,Clicks,AdvertiserCost", "Criteo"),
        ("Date,Campaign,Clicks,Advertiser Cost (Adv Currency)", "The Trade Desk"),
        ("Date,Insertion Order,Line Item,Revenue (Adv Currency),Clicks", "Display & Video 360"),
        (
            "Record ID,Task title,Task status,Associated Contact IDs",
            "tasks and e-mails of HubSpot",
        ),
        (
            "Record ID,Name,Unit price,Net price,Associated Deal IDs",
            "line items, products or quotes of HubSpot",
        ),
        ("Record ID,Property Name,Property Value,Changed Date", "the history of a property in"),
        ("User ID,First Name,Email,Role,Teams,Seat,Invite status", "users of HubSpot"),
        ("Record ID,Lead name,Lead Stage,Lead owner,Associated Contact IDs", "leads of HubSpot"),
        ("RecordId,BidAmount,ActualCloseDate,OpportunityState", "Insightly"),
        ("subscription_id,account_code,plan_code,state,unit_amount", "Recurly"),
        ("Eloqua Contact ID,Email Address,Date Created,Date Modified", "Oracle Eloqua"),
        ("cio_id,id,email,created_at", "Customer.io"),
        ("line,date,direction,missed_call_reason,duration (in call),call ID", "Aircall"),
        ("marketoGUID,leadId,activityDate,activityTypeId", "Marketo"),
        ("id,name,value,stage_name,loss_reason_name,source_name", "Zendesk Sell"),
        ("Day,Campaign Name,Viewable Impressions,vCTR,Spent", "Taboola"),
        ("Day,Marketer Name,Campaign,Spend,Clicks", "Outbrain"),
        ("Дата,Название кампании,Показы,Клики,Расход (руб.)", "Yandex Direct"),
    ],
)
def test_files_of_other_systems_are_of_no_known_source(headers: str, system: str) -> None:
    columns = {header: ["1"] for header in headers.split(",")}
    assert (system_of(list(columns)) or "").startswith(system)
    said = refusal(columns, "leads.csv")
    assert f"is of no known source: it looks like an export of {system}" in said
    assert "smarketing source new" in said and "ename" not in said


@pytest.mark.parametrize(
    ("headers", "system"),
    [
        ("Session source / medium,Sessions,Engaged sessions,Key events", "Google Analytics"),
        ("Sitzung – primäre Channelgruppe,Sitzungen,Ereignisanzahl", "Google Analytics"),
        ("Source / Medium,Users,Sessions,Goal Completions,Goal Value", "Universal Analytics"),
        ("Label,Unique visitors,Visits,Actions per Visit,Bounce Rate", "Matomo"),
        ("name,visitors,bounce_rate,visit_duration", "Plausible"),
        ("Top queries,Clicks,Impressions,CTR,Position", "Google Search Console"),
        ("Marketing Channel,Visits,Orders,Revenue", "Adobe Analytics"),
    ],
)
def test_numbers_of_visits_are_to_be_left_out(headers: str, system: str) -> None:
    said = refusal({header: ["1"] for header in headers.split(",")}, "data-export.csv")
    assert f"it looks like an export of {system}" in said and "so leave it out" in said
    assert "source new" not in said


def test_headers_that_are_anybodys_tell_a_system_only_with_the_name_of_the_file() -> None:
    columns = ["Date", "Campaign Name", "Ad Set Name", "Spend (USD)", "Clicks"]
    assert system_of(columns, "Quora Ads.csv") == "Quora Ads"
    assert system_of(columns, "report.csv") is None
    assert system_of(["Deal", "Owner"], "quora deals.csv") is None


def test_english_headers_do_not_look_like_another_language() -> None:
    headers = "Date,Client,Campaign,Line Item,Impressions,Clicks,Cost"
    assert "look" not in refusal({header: ["1"] for header in headers.split(",")})


def test_a_history_without_ids_of_its_own_is_told_by_those_it_refers_to() -> None:
    history = {
        "Opportunity ID": ["006Qy000001AbCd"],
        **{"Opportunity Name": ["Acme"], "Edited By": ["Jo"], "Field / Event": ["Stage"]},
        **{"Old Value": ["Proposal"], "New Value": ["Closed Won"], "Edit Date": ["1/30/2026"]},
    }
    assert answer(history) == "salesforce OpportunityFieldHistory en"
    assert "looks like" in refusal({**history, "Opportunity ID": ["77"]}), "it lacks what it needs"


def test_no_header_of_a_built_in_source_is_taken_for_another_system() -> None:
    for source in builtin_sources().values():
        for item in source.objects.values():
            assert system_of(list(item.columns)) is None
            for words in item.translated.values():
                assert system_of([name for names in words.values() for name in names]) is None


@pytest.mark.parametrize(
    "headers",
    [
        "id,email,firstname,lastname,createdate",
        "Date,Campaign Name,Spend,Impressions,Clicks",
        "Date,Campaign name,Cost,Impressions,Clicks",
        "Time period,Campaign name,Spend,Impressions,Clicks",
        "Date,Campaign name,Currency code,Spend,Impressions,Clicks",
        "Date,Campaign name,Total spent,Impressions,Clicks",
        "Id,Deal name,Deal stage,Amount",
        "Prospect ID,Lead Number,Lead Source,Do Not Email,Do Not Call,Converted",
    ],
)
def test_headers_that_many_systems_write_tell_nothing(headers: str) -> None:
    said = refusal({header: ["1"] for header in headers.split(",")})
    assert "of no known source" in said and "looks like" not in said


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Tag;Kampagne;Währungscode;Kosten;Impr.;Klicks", "google_ads campaign_report de"),
        ("Jour;Campagne;Code de la devise;Coût;Impr.;Clics", "google_ads campaign_report fr"),
        ("Día;Campaña;Código de moneda;Costo;Impr.;Clics", "google_ads campaign_report es"),
        ("Dia;Campanha;Código da moeda;Custo;Impr.;Cliques", "google_ads campaign_report pt"),
        ("Nom de campagne;Début des rapports;Montant dépensé (EUR);Impressions",
         "facebook_ads campaign_report fr"),
        ("Kampagnenname;Tag;Ausgegebener Betrag (CHF);Berichtsstart;Berichtsende",
         "facebook_ads campaign_report de"),
        ("Nome da campanha;Início dos relatórios;Valor usado (BRL);Impressões",
         "facebook_ads campaign_report pt"),
        ("キャンペーン名;レポート開始日;消化金額 (JPY);インプレッション",
         "facebook_ads campaign_report ja"),
        ("Startdatum (in UTC);Name der Kampagne;Gesamtausgaben;Impressions;Klicks",
         "linkedin_ads campaign_report de"),
        ("Data de início (em UTC);Nome da campanha;Total investido;Impressões",
         "linkedin_ads campaign_report pt"),
        ("Gregorianisches Datum;Kontonummer;Kampagnenname;Ausgaben;Klicks",
         "microsoft_ads campaign_report de"),
        ("Gün;Kampanya;Göst.;Tıklamalar;Maliyet", "google_ads campaign_report tr"),
        ("일;캠페인;노출수;클릭수;비용", "google_ads campaign_report ko"),
        ("День;Кампания;Код валюты;Показы;Клики;Расходы", "google_ads campaign_report ru"),
        ("天;广告系列;展示次数;点击次数;费用", "google_ads campaign_report zh"),
        ("Dag;Kampagne;Eksp.;Klik;Omkostninger", "google_ads campaign_report da"),
        ("Dag;Kampanje;Visn.;Klikk;Kostnad", "google_ads campaign_report no"),
        ("Dag;Kampanj;Exponeringar;Klick;Kostnad", "google_ads campaign_report sv"),
        ("Dag;Kampanjenavn;Brukt beløp (NOK);Rapporteringsstart",
         "facebook_ads campaign_report no"),
        ("Den;Kampaň;Zobr.;Kliknutí;Cena", "google_ads campaign_report cs"),
        ("Kampanya Adı;Harcanan Tutar (TRY);Raporlama Başlangıcı",
         "facebook_ads campaign_report tr"),
        ("캠페인 이름;지출 금액 (KRW);보고 시작", "facebook_ads campaign_report ko"),
        ("Название кампании;Сумма затрат (RUB);Начало отчетности",
         "facebook_ads campaign_report ru"),
        ("广告系列名称;已花费金额 (USD);报告开始日期", "facebook_ads campaign_report zh"),
        ("Kampagnenavn;Brugt beløb (DKK);Rapportering begynder",
         "facebook_ads campaign_report da"),
        ("Data di inizio (UTC);Nome campagna;Totale spesa", "linkedin_ads campaign_report it"),
        ("Startdatum (in UTC);Campagnenaam;Totaal uitgegeven",
         "linkedin_ads campaign_report nl"),
        ("レコードID;取引名;取引ステージ;金額", "hubspot deals ja"),
    ],
)  # fmt: skip
def test_ad_reports_are_read_in_the_language_of_their_user(headers: str, expected: str) -> None:
    assert answer({header: ["1"] for header in headers.split(";")}) == expected


@pytest.mark.parametrize(
    ("headers", "key", "expected"),
    [
        ("ID de registro;Nombre;Apellidos;Correo;Etapa del ciclo de vida;Fecha de creación", "501",
         "hubspot contacts es"),
        ("Datensatz-ID;Deal-Name;Deal-Phase;Pipeline;Betrag;Abschlussdatum", "9001",
         "hubspot deals de"),
        ("ID da oportunidade;Nome da oportunidade;Fase;Valor;Data de fechamento",
         "006000000000001", "salesforce Opportunity pt"),
        ("Identifiant de l’opportunité;Nom de l’opportunité;Étape;Montant;Date de clôture",
         "006000000000001", "salesforce Opportunity fr"),
        ("Lead-ID;Vorname;Nachname;Firma;E-Mail;Leadstatus;Erstelldatum", "00Q000000000001",
         "salesforce Lead de"),
    ],
)  # fmt: skip
def test_crm_reports_are_read_in_the_language_of_their_user(
    headers: str, key: str, expected: str
) -> None:
    first, *others = headers.split(";")
    assert answer({first: [key], **{header: ["x"] for header in others}}) == expected


def test_one_sign_of_a_source_and_little_else_of_it_is_another_s() -> None:
    """Outbrain's report has an `Avg. CPC` as Google's has, and not its campaign, nor its cost."""
    headers = "Day,Campaign Name,Campaign ID,Spend,Clicks,Impressions,CTR,Avg. CPC"
    said = refusal({header: ["1"] for header in headers.split(",")})
    assert "of no known source" in said and "looks like" not in said


def test_a_column_is_not_asked_for_by_what_would_be_passed_over() -> None:
    headers = ("customer_id", "campaign_id", "date", "cost_micros", "clicks", "impressions")
    said = refusal({name: ["1"] for name in headers})
    assert "is of no known source" in said and "missing" not in said


def test_a_missing_column_is_asked_for_in_the_systems_own_words() -> None:
    columns = ["Opportunity ID", "Opportunity Name", "Stage", "Amount", "Created Date", "Won"]
    said = refusal({header: ["006000000000001"] for header in columns}, "report1.csv")
    assert said.startswith(
        "report1.csv looks like salesforce Opportunity, but its required column 'Close Date' is "
        "missing. Data Export and Data Loader write every field; to a report add it as a column"
    )
    assert "ename the header" not in said
    german = refusal({h: ["006000000000001"] for h in ["Opportunity-ID", "Phase", "Betrag"]})
    assert "salesforce Opportunity with German headers" in german and "'Schlusstermin'" in german


def test_an_unknown_table_in_a_known_language_says_which_system_it_looks_like() -> None:
    said = refusal({h: ["1"] for h in ["Nom de la campagne", "Montant dépensé (EUR)", "Portée"]})
    assert "look French, as Facebook Ads writes them, but there is no 'Début des rapports'" in said


@pytest.mark.parametrize(
    "same",
    [
        ("ID de la campagne", "Id. campagne", "Identifiant de la campagne"),
        ("Nombre de la campaña", "nombre campana", "Nombre de campaña"),
        ("Link-Klicks", "Linkklicks"),
        ("Nom de l’ensemble de publicités", "Nom de l'ensemble de publicités"),
    ],
)
def test_translated_headers_are_compared_by_the_words_that_matter(same: tuple[str, ...]) -> None:
    assert len(set(map(loosely, same))) == 1


def test_a_header_of_nothing_but_an_article_is_still_one() -> None:
    assert loosely("Des") == "des"


def test_the_only_column_that_is_unknown_may_be_the_only_one_that_is_missing() -> None:
    rates = {"currency": ["USD"], "day": ["2026-01-01"], "rate": ["0.9"]}
    assert "lacks rate_on, did you mean that by 'day'?)" in refusal(rates, "fx.csv")
    assert "did you mean" not in refusal({**rates, "source": ["ECB"]}, "fx.csv")


@pytest.mark.parametrize(
    "headers",
    [
        "deal_id,property_dealname,property_amount,property_createdate,_fivetran_deleted",
        "id,archived,properties_email,properties_firstname,properties_createdate,properties_hs_object_id",
        "dealid,properties__dealname__value,properties__amount__value,_sdc_batched_at",
        "_airbyte_raw_id,id,archived,createdAt,updatedAt,properties,contacts",
    ],
)
def test_tables_of_hubspot_that_a_connector_landed_say_what_to_give_instead(headers: str) -> None:
    said = refusal({header: ["1"] for header in headers.split(",")}, "deals.csv")
    assert "HubSpot as a connector lands its tables" in said and "(All properties and" in said
    assert "source new" not in said


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ("Dzień,Kampania,Koszt,Wyświetlenia,Kliknięcia", "Polish"),
        ("Başlangıç Tarihi (UTC),Hesap Adı,Para Birimi,Kampanya Kimliği,Toplam Harcama", "Turkish"),
        ("Startdatum (i UTC),Kontonamn,Valuta,Kampanjnamn,Kampanj-ID,Totalt spenderat", "Swedish"),
        ("商談 ID,商談名,取引先名,フェーズ,金額,完了予定日,作成日", "Japanese"),
    ],
)
def test_headers_that_many_systems_have_name_none(headers: str, language: str) -> None:
    said = refusal({header: ["1"] for header in headers.split(",")}, "export.csv")
    assert f"look {language}, which is not enough to tell the system" in said
    assert "English" in said and "Ads" not in said and "HubSpot" not in said
