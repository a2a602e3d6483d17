"""What a draft asks about columns that it does not read, and without which figures were wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.sources.drafting import scaffold
from smarketing.sources.profile import load_source


def asked(folder: Path, name: str, text: str) -> str:
    """Draft a source from one file, a line of it between slashes: what it asks."""
    (folder / name).write_text(text.replace(" / ", "\n"), encoding="utf-8")
    out = scaffold([folder / name], "ours", folder / "ours")
    (found,) = load_source(out).objects.values()
    return " ".join(found.undecided)


MADE = "Contract ID,Account ID,Start date,Annual amount,"
MAIL = "id,emailaddress,campaign_name,action,time"
LEAD = "Lead ID,Email,Created,"


@pytest.mark.parametrize(
    ("name", "text", "question"),
    [
        ("contracts", f"{MADE}Zrušeno / 1,A,2026-01-05,9.50,2026-03-01", "none ever would"),
        ("contracts", f"{MADE}Until / 1,A,2026-01-05,9.50,2026-03-01", "as ends_on`"),
        ("contracts", f"{MADE}End date,Signiert / 1,A,2026-01-05,9.50,2026-03-01,2026-01-02", ""),
        ("contracts", f"{MADE}Zone / 1,A,2026-01-05,9.50,North", ""),
        (
            "events",
            f"{MAIL} / 1,a@x.de,June,sent,2026-01-05 10:00 / 2,b@x.de,June,open,2026-01-05 11:00"
            " / 3,c@x.de,June,sent,2026-01-05 12:00",
            "when 'sent' then … end as kind",
        ),
        (
            "web_sessions",  # to whom nothing was sent
            "id,email,device,time / 1,a@x.de,phone,2026-01-05 10:00 / 2,b@x.de,desk,2026-01-05"
            " 11:00 / 3,c@x.de,phone,2026-01-05 12:00",
            "",
        ),
        (
            "leads",
            f"{LEAD}Stav / L1,a@x.de,2026-01-05,MQL / L2,b@x.de,2026-01-06,SQL",
            "as status`",
        ),
        (
            "leads",
            f"{LEAD}Status,MQL od / L1,a@x.de,2026-01-05,MQL,2026-01-07",
            "call it 'MQL date'",
        ),
        ("leads", f"{LEAD}Status,MQL date / L1,a@x.de,2026-01-05,MQL,2026-01-07", ""),
    ],
)
def test_what_is_not_read_is_asked_where_a_figure_would_be_wrong(
    tmp_path: Path, name: str, text: str, question: str
) -> None:
    found = asked(tmp_path, f"{name}.csv", text)
    if question:
        assert question in found
    else:
        assert "is not read" not in found


@pytest.mark.parametrize("header", ["Raison sociale", "Razão Social", "Název společnosti"])
def test_a_company_is_known_by_its_legal_name(tmp_path: Path, header: str) -> None:
    rows = "A1,Delta,www.delta.fr / A2,Luna,www.luna.fr"
    asked(tmp_path, "accounts.csv", f"Account ID,{header},Website / {rows}")
    (select,) = (tmp_path / "ours").glob("account.*.sql")
    assert f'r."{header}" as name' in select.read_text("utf-8")


@pytest.mark.parametrize("header", ["Fim da vigência", "Fim do contrato", "Slutdato", "Slutdatum"])
def test_the_end_of_a_contract_is_known_by_its_header(tmp_path: Path, header: str) -> None:
    assert not asked(tmp_path, "contracts.csv", f"{MADE}{header} / 1,A,2026-01-05,9.50,2026-03-01")
    (select,) = (tmp_path / "ours").glob("contract.*.sql")
    assert f'r."{header}" as ends_on' in select.read_text("utf-8")
