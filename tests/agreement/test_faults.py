"""A wrong entry of a KPI in the home's file hides no other number, and nobody signs it."""

from pathlib import Path

import pytest

from smarketing.agreement import agreement_yaml, load_agreement, parse_agreement
from smarketing.agreement.loading import load_home_agreement
from smarketing.errors import AgreementError, UsageError
from smarketing.store.agreed import agreed

_OWN = """extends: default
kpis:
- id: own
  label: Ours
  question: Which?
  definition: Ours.
  headline: true
  mart: fct_deal
  expression: count(*)
  unit: count
  owners: {marketing: head_of_marketing, sales: head_of_sales}
"""


def _home(home: Path, text: str) -> Path:
    (home / "agreement.yaml").write_text(text)
    return home


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("unit: count", "unit: euro", "unit: 'euro' is not valid"),
        ("label: Ours", "lable: Ours", "unknown key 'lable'"),
        ("mart: fct_deal", "mart: fct_dael", "mart: unknown mart 'fct_dael'"),
        ("sales: head_of_sales", "sales: nobody", "owners.sales: unknown role 'nobody'"),
        ("expression: count(*)", "formula: nonsense + 1", "expression and mart belong together"),
        ("  expression: count(*)\n", "", "needs exactly one of expression, ratio and formula"),
    ],
)
def test_a_wrong_entry_stands_there_with_its_fault(
    right: str, wrong: str, said: str, tmp_path: Path
) -> None:
    found = load_home_agreement(_home(tmp_path, _OWN.replace(right, wrong)))
    own = found.kpi("own")
    assert own.fault is not None
    assert own.fault.startswith("The KPI 'own' is wrong in the agreement: ")
    assert said in own.fault
    assert own.headline
    assert own.question == "Which?"
    # Every other entry is as it was, and what is written reads back as the same.
    assert [kpi for kpi in found.kpis if kpi.id != "own"] == list(load_agreement().kpis)
    again = parse_agreement(agreement_yaml(found), is_kept=True)
    assert (again, again.hash) == (found, found.hash)


def test_several_wrong_entries_in_two_rounds(tmp_path: Path) -> None:
    more = "- {id: won_deals, unit: euro}\n- {id: nps, ratio: {numerator: a, denominator: b}}\n"
    found = load_home_agreement(_home(tmp_path, _OWN.replace("fct_deal", "nothing") + more))
    assert {kpi.id for kpi in found.kpis if kpi.fault} == {"own", "won_deals", "nps"}


@pytest.mark.parametrize(
    "text",
    [
        _OWN.replace("id: own", "id: Own Number"),
        _OWN.replace("id: own", "ID: own"),
        _OWN + "- 3\n",
        _OWN.replace("unit: count", "unit: euro") + "targets: [{kpi: nonsense, value: 1}]\n",
        _OWN.replace("unit: count", "unit: euro") + "currency: euro\n",
    ],
)
def test_what_else_is_wrong_is_refused_as_ever(text: str, tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match=r"agreement\.yaml, line"):
        load_home_agreement(_home(tmp_path, text))


def test_nobody_proposes_or_signs_a_fault(tmp_path: Path) -> None:
    text = _OWN.replace("unit: count", "unit: euro")
    versions = agreed(_home(tmp_path, text))
    for wrong in (text, versions.on_file().content):
        with pytest.raises(AgreementError, match="'euro' is not valid"):
            versions.propose(wrong, "Anna")
    with pytest.raises(UsageError, match="Nobody signs what cannot be asked for"):
        versions.sign(versions.on_file().hash, "marketing", "Anna")


def test_an_entry_without_a_fault_is_written_as_if_there_were_no_such_field() -> None:
    assert all("fault" not in kpi for kpi in load_agreement().model_dump(mode="json")["kpis"])
