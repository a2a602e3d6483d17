"""Templates of the core tables: what each column takes, and that they import as they are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from smarketing.build import import_files
from smarketing.build.templates import template, write_templates, zipped
from smarketing.errors import UsageError
from smarketing.store.schema import core_tables

LEAD = "leads-1,,,demo,2026-06-30,webinar,,,,,,,"


def test_a_template_says_of_every_column_what_it_takes() -> None:
    *notes, header = csv.reader(template("cost").splitlines())
    lines = [note for (note,) in notes]
    table = core_tables()["cost"]
    assert header == [column.name for column in table.columns]
    assert all(line.startswith("# ") for line in lines)
    for column, line in zip(table.columns, lines[1:], strict=True):
        assert line.split()[1] == column.name and column.means in line
    (amount,) = (line for line in lines if line.startswith("# amount "))
    assert amount.endswith("(an amount in major units: 1234.50; must be there)")
    written = template("lead").splitlines()
    assert any(
        n.startswith('"# lead_id ') and n.endswith('(an id; must be there)"') for n in written
    )
    assert any(n.startswith("# person_id ") and n.endswith("(an id of person)") for n in written)


def test_all_templates_import_as_they_are_and_one_that_is_filled_gives_its_rows(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "templates"
    files = write_templates((), folder)
    assert [file.stem for file in files] == list(core_tables())
    with (folder / "lead.csv").open("a", encoding="utf-8") as file:
        file.write(LEAD + "\n")
    report = import_files(tmp_path / "home", [folder], by="ann")
    used = {one.file: one.used for one in report.files}
    assert used["lead.csv"] == 1 and sum(used.values()) == 1
    assert len(used) == len(files)


def test_a_table_nobody_knows_and_a_file_that_is_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'lead'"):
        template("leed")
    write_templates(["lead"], tmp_path)
    with pytest.raises(UsageError, match="is there already"):
        write_templates(["account", "lead"], tmp_path)
    assert not (tmp_path / "account.csv").exists()


def test_a_zip_of_all_templates_imports_and_is_the_same_each_time(tmp_path: Path) -> None:
    file = tmp_path / "templates.zip"
    file.write_bytes(zipped())
    assert file.read_bytes() == zipped()
    report = import_files(tmp_path / "home", [file], by="ann")
    (balance,) = report.files
    assert all(f"generic {name}" in (balance.read_as or "") for name in core_tables())
    assert balance.used == 0 and balance.quarantined == 0
