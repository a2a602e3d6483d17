"""Versions of the agreement: proposed, signed, in force, withdrawn, overtaken."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from smarketing.agreement import agreement_yaml, load_home_agreement, parse_agreement
from smarketing.errors import AgreementError, SmarketingError, UsageError
from smarketing.store.agreed import Agreed, OvertakenError, Version, agreed

FASTER = "extends: default\nservice_levels: {response: {within_business_hours: 2}}\n"
SLOWER = "extends: default\nservice_levels: {response: {within_business_hours: 8}}\n"


def signed_by_both(versions: Agreed, name: str) -> None:
    versions.sign(name, "marketing", "M. Lead")
    versions.sign(name, "sales", "S. Lead")


def test_a_proposal_is_in_force_when_both_signed_it_and_not_before(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    packaged = load_home_agreement(tmp_path).hash
    made = versions.propose(FASTER, "Anna", "as agreed in May")
    assert (made.state, load_home_agreement(tmp_path).hash) == ("proposed", packaged)
    assert versions.sign(made.hash[:8], "marketing", "M. Lead").state == "proposed"
    assert load_home_agreement(tmp_path).hash == packaged
    assert versions.sign(made.hash[:8], "sales", "S. Lead").state == "in force"
    assert load_home_agreement(tmp_path).hash == made.hash
    assert [(v.hash, v.state) for v in versions.versions()] == [
        (made.hash, "in force"),
        (packaged, "replaced"),  # nobody signed it: it can be compared nonetheless
    ]
    with pytest.raises(UsageError, match=f"Version {packaged[:8]} was on file, and the agree"):
        versions.sign(packaged, "sales", "S. Lead")


def test_a_version_signed_before_is_kept_and_can_be_compared(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    first = versions.on_file()
    signed_by_both(versions, first.hash)
    made = versions.propose(FASTER, "Anna")
    signed_by_both(versions, made.hash)
    assert [(v.hash, v.state) for v in versions.versions()] == [
        (made.hash, "in force"),
        (first.hash, "replaced"),
    ]
    assert versions.version(first.hash[:8]).agreement.hash == first.hash


def test_what_was_on_file_and_nobody_proposed_is_said_to_have_been_on_file(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    first = versions.on_file()
    signed_by_both(versions, first.hash)
    versions.withdraw(first.hash, "sales")
    signed_by_both(versions, versions.propose(FASTER, "Anna").hash)
    with pytest.raises(UsageError, match=f"Version {first.hash[:8]} was on file, and the agree"):
        versions.sign(first.hash, "sales", "S. Lead")


def test_one_character_of_content_breaks_the_signatures_and_reordering_does_not(
    tmp_path: Path,
) -> None:
    versions = agreed(tmp_path)
    (tmp_path / "agreement.yaml").write_text("extends: default\ncompany: Acme\ncurrency: USD\n")
    signed_by_both(versions, versions.on_file().hash)
    (tmp_path / "agreement.yaml").write_text(
        "# us\ncurrency: USD\ncompany:  Acme\nextends: default"
    )
    assert versions.on_file().state == "in force"
    (tmp_path / "agreement.yaml").write_text("extends: default\ncompany: Acmf\ncurrency: USD\n")
    assert versions.on_file().state == "proposed" and not versions.on_file().signatures


def test_a_withdrawn_signature_no_longer_counts_and_stays_on_record(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    name = versions.on_file().hash
    signed_by_both(versions, name)
    found = versions.withdraw(name, "sales")
    assert found.state == "proposed" and len(found.signatures) == 2
    with pytest.raises(UsageError, match="nothing to withdraw"):
        versions.withdraw(name, "sales")
    assert versions.sign(name, "sales", "S. Lead").state == "in force"


def test_what_says_nothing_new_is_no_proposal(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to propose"):
        agreed(tmp_path).propose("extends: default\n# only a comment", "Anna")
    with pytest.raises(UsageError, match="name"):
        agreed(tmp_path).propose(FASTER, " ")
    with pytest.raises(AgreementError, match="Did you mean 'currency'"):
        agreed(tmp_path).propose("extends: default\ncurrancy: EUR", "Anna")


def test_of_two_who_edit_at_once_the_second_gets_both_versions(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    base = versions.on_file().hash
    first = versions.propose(FASTER, "Anna", made_from=base)
    with pytest.raises(OvertakenError, match="Anna proposed version") as caught:
        versions.propose(SLOWER, "Ben", made_from=base)
    assert caught.value.theirs.hash == first.hash
    assert caught.value.yours.hash == parse_agreement(SLOWER).hash
    again = versions.propose(SLOWER, "Ben", made_from=first.hash)
    assert again.proposal is not None and again.proposal.based_on == first.hash


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    base = agreed(tmp_path).on_file().hash
    outcomes: list[str] = []

    def propose(hours: int) -> None:
        text = FASTER.replace("2", str(hours))
        try:
            agreed(tmp_path).propose(text, f"person {hours}", made_from=base)
            outcomes.append("made")
        except OvertakenError:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=propose, args=(hours,)) for hours in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "overtaken", "overtaken"]


def test_of_two_versions_that_are_signed_at_once_one_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are changes of what is on file: what is put on file second would undo the first."""
    base = agreed(tmp_path).on_file().hash
    made = [agreed(tmp_path).propose(FASTER, "Anna", made_from=base)]
    monkeypatch.setattr(Agreed, "_tip", lambda _self, _proposals: base)
    made.append(agreed(tmp_path).propose(SLOWER, "Ben", made_from=base))
    for one in made:
        agreed(tmp_path).sign(one.hash, "marketing", "M. Lead")
    outcomes: list[str] = []
    check = Agreed._check_base

    def slow(self: Agreed, version: Version) -> None:
        check(self, version)
        time.sleep(0.3)

    def sign(name: str) -> None:
        try:
            outcomes.append(agreed(tmp_path).sign(name, "sales", "S. Lead").hash)
        except UsageError as error:
            outcomes.append(str(error))

    monkeypatch.setattr(Agreed, "_check_base", slow)
    threads = [threading.Thread(target=sign, args=(one.hash,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (told,) = (text for text in outcomes if "meanwhile" in text)
    assert load_home_agreement(tmp_path).hash in outcomes and "propose it again" in told


def test_a_proposal_against_a_version_that_meanwhile_changed_is_one_sentence(
    tmp_path: Path,
) -> None:
    versions = agreed(tmp_path)
    made = versions.propose(FASTER, "Anna")
    (tmp_path / "agreement.yaml").write_text("extends: default\ncompany: Acme\n")
    with pytest.raises(UsageError, match=r"is .* meanwhile\. See what differs"):
        versions.sign(made.hash, "sales", "S. Lead")
    old = parse_agreement("extends: default").hash
    with pytest.raises(OvertakenError, match="on file was changed meanwhile"):
        versions.propose(SLOWER, "Ben", made_from=old)


def test_a_version_is_named_by_the_start_of_its_hash(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    with pytest.raises(UsageError, match="There are: "):
        versions.version("zzzzzzzz")
    with pytest.raises(SmarketingError, match=r"signed version .* already"):
        versions.sign(versions.on_file().hash[:8], "sales", "S. Lead")
        versions.sign(versions.on_file().hash[:8], "sales", "Another")
    assert agreement_yaml(versions.on_file().agreement) == versions.on_file().content


def test_a_kept_version_is_read_by_its_hash_and_one_on_file_too(tmp_path: Path) -> None:
    versions = agreed(tmp_path)
    first = versions.on_file()
    assert versions.kept(first.hash).hash == first.hash, "on file, and nobody kept it"
    made = versions.propose(FASTER, "Anna")
    assert versions.kept(made.hash) is versions.kept(made.hash), "it is read once"
    assert versions.kept(made.hash).hash == made.hash
    with pytest.raises(UsageError, match="no one version"):
        versions.kept("0" * 64)
