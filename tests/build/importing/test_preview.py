"""Looking at files before they are imported: their beginning, and nothing in the home changes."""

from __future__ import annotations

import contextlib
import gzip
import zipfile
from pathlib import Path

import pytest

from smarketing.build.importing.preview import _HEAD, _LARGE, _whole_lines, preview
from smarketing.build.importing.staging import Said
from smarketing.errors import SourceError, UsageError

HEADER = "cost_id,incurred_on,amount,currency,category\n"


def test_of_a_large_file_the_beginning_is_read(tmp_path: Path) -> None:
    lines = (f"C{n},2026-01-{n % 28 + 1:02d},{n}.50,EUR,\n" for n in range(100_000))
    (tmp_path / "cost.csv").write_text(HEADER + "".join(lines))
    (tmp_path / "lead.csv").write_text("lead_id,created_at\nL1,2026-01-05 09:30\nL2,soon\n")
    files = [tmp_path / "cost.csv", tmp_path / "lead.csv"]
    assert files[0].stat().st_size > _LARGE
    found = preview(tmp_path / "home", files, Said(source="generic"))
    assert found.cut == ("cost.csv",)
    cost, lead = found.report.files
    assert 0 < cost.rows * 20 < _HEAD and (lead.used, lead.quarantined) == (1, 1)
    assert [unread.line for unread in found.report.unread] == [3]
    assert list(found.tables) == ["lead", "cost"]
    assert found.tables["cost"]["amount"].tolist()[:2] == [0.5, 1.5]
    assert found.tables["cost"]["incurred_on"].tolist()[0].isoformat()[:10] == "2026-01-01"
    assert found.tables["lead"]["created_at"].tolist() == ["2026-01-05 09:30"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["cost.csv.gz", "exports.zip"])
def test_of_a_large_text_that_is_packed_the_beginning_is_read_too(
    tmp_path: Path, name: str
) -> None:
    text = HEADER + "".join(f"C{n},2026-01-05,{n}.50,EUR,\n" for n in range(100_000))
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    else:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("cost.csv", text)
            packed.writestr("lead.csv", "lead_id,created_at\nL1,2026-01-05\n")
    found = preview(tmp_path / "home", [tmp_path / name], Said(source="generic"))
    assert found.cut == (name,)
    rows = {file.file: file.rows for file in found.report.files}
    assert 0 < max(rows.values()) < 100_000 and "cost" in found.tables
    assert ("lead" in found.tables) == name.endswith(".zip")
    whole = tmp_path / "small.csv.gz"
    whole.write_bytes(gzip.compress(HEADER.encode() + b"C1,2026-01-05,1.50,EUR,\n"))
    assert preview(tmp_path / "home", [whole], Said(source="generic")).cut == ()


def test_an_archive_that_leads_elsewhere_or_bursts_does_neither(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    for name, member, text in (
        ("way.zip", "../../lead.csv", "lead_id,created_at\nL1,2026-01-05\n"),
        ("bomb.zip", "lead.csv", "lead_id,created_at\n" + "0" * 60_000_000),
    ):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(member, text)
        with contextlib.suppress(SourceError):
            found = preview(tmp_path / "home", [folder / name], Said(source="generic"))
            rows = {"way.zip": 1, "bomb.zip": 0}[name]  # of the bomb the first line alone
            assert found.report.files[0].rows == rows
    assert {path.name for path in tmp_path.rglob("*")} == {"a", "b", "way.zip", "bomb.zip"}


def test_what_cannot_be_imported_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="no known source"):
        preview(tmp_path, [tmp_path / "x.csv"], Said())
    with pytest.raises(UsageError, match="decimal sign"):
        preview(tmp_path, [tmp_path / "x.csv"], Said(decimal=";"))


def test_an_encoding_that_is_chosen_settles_what_the_words_leave_open(tmp_path: Path) -> None:
    file = tmp_path / "person.csv"
    file.write_text("person_id,email,full_name\n1,p@x.es,Peña\n", encoding="cp1252")
    with pytest.raises(SourceError, match="--encoding cp1252"):
        preview(tmp_path / "home", [file], Said(source="generic"))
    found = preview(tmp_path / "home", [file], Said(source="generic", encoding="cp1252"))
    assert found.tables["person"]["full_name"].tolist() == ["Peña"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (b'a\n"1\n2",3\nx,"4\n', b'a\n"1\n2",3\n'),
        (b'a\n1"\n2\n3', b"a\n"),
        (b'"a', b""),
        ("a\n1\n2".encode("utf-16"), "a\n1\n".encode("utf-16")),
    ],
)
def test_a_beginning_ends_with_a_record(text: bytes, whole: bytes) -> None:
    assert _whole_lines(text) == whole
