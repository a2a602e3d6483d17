"""Even if the check of a source's SQL were fooled, its connection reaches no other file."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.errors import SmarketingError
from smarketing.sources import selects

__all__ = ["core_shop"]

PROFILE = "name: crm\nobjects: {things: {columns: [Id, Name], required: [Id], key: [Id]}}\n"
SQL = "-- from: things\nselect t._row, t._file_id, t.Id as account_id, {} as name from things t\n"
FOOLED = [
    "(select content from read_text('{there}/secret.txt'))",
    "(select min(file) from glob('{there}/*'))",
    "(select min(content) from read_blob('{there}/secret.txt'))",
    "(select min(x) from '{there}/secret.csv')",
    "(select min(full_name) from raw.source_generic.person)",
    "getenv('HOME')",
]


def source(shop: Shop, value: str) -> Path:
    folder = shop.inbox / "crm"
    folder.mkdir()
    (folder / "profile.yaml").write_text(PROFILE)
    (folder / "account.sql").write_text(SQL.format(value))
    return folder


@pytest.mark.parametrize("attack", FOOLED)
def test_a_file_that_is_not_its_own_is_out_of_reach(
    core_shop: Shop, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    core_shop.take(core_shop.write("person.csv", "person_id,full_name,title", "p1,Ana Berg,CFO"))
    core_shop.write("secret.txt", "the secret")
    core_shop.write("secret.csv", "x", "the secret")
    monkeypatch.setattr(selects, "check_select", lambda *_: None)
    folder = source(core_shop, attack.format(there=core_shop.inbox))
    with pytest.raises(SmarketingError, match=r"disabled by configuration|not exist") as refused:
        core_shop.take(core_shop.write("things.csv", "Id,Name", "1,One"), source=folder)
    assert "the secret" not in str(refused.value)
    assert core_shop.rows("select count(*) from account") == [(0,)]


def test_a_source_of_its_own_views_is_built(core_shop: Shop) -> None:
    folder = source(core_shop, "upper(t.Name)")
    core_shop.take(core_shop.write("things.csv", "Id,Name", "1,One"), source=folder)
    assert core_shop.rows("select account_id, name from account") == [("crm:1", "ONE")]
