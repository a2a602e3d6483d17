"""`source new`: what it writes loads at once, and guesses no more than it can."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from smarketing.errors import SourceError, UsageError
from smarketing.sources import load_source, read_tables, scaffold

DEALS = (
    "Deal ID,Deal name,Value,Stage,Close date,Last modified\n7,A,1.5,Won,2024-03-01,2024-03-02\n"
)
PEOPLE = "Id,E-mail,Shoe size\n1,a@b.co,44\n2,c@d.co,45\n"
CALLS = "when,minutes\n2024-01-01,5\n"
SPEND = "Day,Campaign ID,Amount spent,Clicks\n2024-01-01,c1,2.5,3\n2024-01-02,c1,2.5,4\n"


def put(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def test_it_loads_recognises_and_maps(tmp_path: Path) -> None:
    files = put(tmp_path, deals_2024=DEALS, contacts=PEOPLE, spend=SPEND)
    folder = scaffold(files, "ours", tmp_path / "ours")
    source = load_source(folder)
    assert source.name == "ours"
    deal = source.objects["deals"]
    assert deal.files == ("deals*",) and deal.key == ("Deal ID",)
    assert deal.modified == "Last modified" and deal.required == ("Deal ID",)
    assert source.selects.keys() == {"deal", "person", "cost"}
    sql = source.selects["deal"][0].sql
    for line in (
        'r."Last modified" as _modified',
        'r."Deal ID" as deal_id',
        'r."Value" as amount',
        'r."Close date" as closed_at',
        "end as outcome",
        'from "deals" r',
    ):
        assert line in sql
    assert "-- Headers not used: Shoe size." in source.selects["person"][0].sql
    assert "as cost_id" in source.selects["cost"][0].sql, "a cost without an id gets one"
    for file in files:
        [found] = read_tables(file, tmp_path / "out", [], forced=source)
        assert found.match.object in file.stem


def test_what_cannot_be_told_stays_a_comment(tmp_path: Path) -> None:
    folder = scaffold(put(tmp_path, calls=CALLS), "ours", tmp_path / "ours")
    assert load_source(folder).selects == {}
    [file] = folder.glob("*.sql")
    assert "-- Not active yet, since touch needs touch_id" in file.read_text(encoding="utf-8")
    assert load_source(folder).objects["calls"].required


def test_a_second_file_for_one_key_is_left_to_the_user(tmp_path: Path) -> None:
    files = put(tmp_path, accounts="Account ID,Name\n1,A\n", customers="Account ID,Since\n1,2024\n")
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    assert [s.object for s in source.selects["account"]] == ["accounts"]


def test_parts_of_one_export_are_one_object(tmp_path: Path) -> None:
    files = put(tmp_path, contacts_1=PEOPLE, contacts_2=PEOPLE)
    assert list(load_source(scaffold(files, "ours", tmp_path / "ours")).objects) == ["contacts"]


def test_odd_names_are_written_so_that_they_load(tmp_path: Path) -> None:
    text = 'id,"a ""quoted"" # name: [x]",yes,null,1e3x,ümläut\n1,"# : ""x""",{},[],~,é\n'
    folder = scaffold(put(tmp_path, **{"2024-06 über": text}), "ours", tmp_path / "ours")
    [item] = load_source(folder).objects.values()
    assert list(item.columns) == ["id", 'a "quoted" # name: [x]', "yes", "null", "1e3x", "ümläut"]
    loaded = yaml.safe_load((folder / "profile.yaml").read_text(encoding="utf-8"))
    assert loaded["name"] == "ours"


def test_refusals(tmp_path: Path) -> None:
    files = put(tmp_path, contacts=PEOPLE, bad="1,2\n3,4\n")
    with pytest.raises(UsageError, match="cannot be called 'my crm'"):
        scaffold(files[:1], "my crm", tmp_path / "a")
    with pytest.raises(UsageError, match="built-in source 'salesforce'"):
        scaffold(files[:1], "salesforce", tmp_path / "a")
    with pytest.raises(SourceError, match="no header row"):
        scaffold(files, "ours", tmp_path / "a")
    assert not (tmp_path / "a").exists(), "nothing is written before all is read"
    scaffold(files[:1], "ours", tmp_path / "a")
    with pytest.raises(UsageError, match="already holds a source"):
        scaffold(files[:1], "ours", tmp_path / "a")
