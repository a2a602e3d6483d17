"""Small parts of reading files, each by hand: landing, titles, texts of workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError
from smarketing.files import landing, repeats
from smarketing.files.landing import Landing, drop_empty, nulls
from smarketing.files.repeats import _shared
from smarketing.files.sections import is_of_attendees, is_of_hosts, names_an_event

ROWS = [(2, ("a", "", None)), (3, ("", "b", "")), (5, ('="007"', "c", None))]


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_rows_are_landed_in_pieces_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(landing, "_BATCH", batch)
    target = tmp_path / "t.parquet"
    Landing(target, ["x", "y", "z"]).write(ROWS)
    with pq.ParquetFile(target) as file:
        assert file.read().to_pydict() == {
            "x": ["a", None, "007"], "y": [None, "b", "c"], "z": [None] * 3, "_row": [2, 3, 5]
        }  # fmt: skip
    assert nulls(target) == {"x": 1, "y": 1, "z": 3, "_row": 0}
    assert drop_empty(target, ["x", "y", "z"], []) == ("x", "y", "z")
    assert drop_empty(target, ["x", "y", "z"], ["x"]) == ("x", "y", "z"), "it holds something"
    assert drop_empty(target, ["x", "y", "z"], ["x", "z"]) == ("x", "y")
    with pq.ParquetFile(target) as file:
        assert file.read().to_pydict() == {
            "x": ["a", None, "007"], "y": [None, "b", "c"], "_row": [2, 3, 5]
        }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_a_landing_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[tuple[int, Sequence[str | None]]]:
        yield 2, ("a",)
        raise SourceError("broken")

    with pytest.raises(SourceError, match="broken"):
        Landing(tmp_path / "t.parquet", ["x"]).write(failing())
    assert not list(tmp_path.iterdir())
    Landing(tmp_path / "t.parquet", ["x"]).write([])
    assert nulls(tmp_path / "t.parquet") == {"x": 0, "_row": 0}


def test_a_section_is_of_who_held_an_event_or_of_who_came() -> None:
    assert is_of_hosts("Host Details") and is_of_hosts("PANELISTS") and not is_of_hosts("Hosting")
    assert is_of_attendees("Attendee Details") and is_of_attendees("Inscrits (12)")
    assert not is_of_attendees("Hosts and attendees") and not is_of_attendees("Summary")
    assert names_an_event("Join Time") and names_an_event("Anmeldedatum")
    assert not names_an_event("Time") and not names_an_event("")


def test_a_text_of_the_common_list_counts_for_every_cell_that_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "x.xlsx"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", "<si>abc</si><si>defgh</si>")
        archive.writestr("s1", '<c t="s"><v>0</v></c><c t="s" r="B1"><v>1</v></c><c><v>0</v></c>')
        archive.writestr("s2", '<c t="s"><v>1</v></c><c t="s"><v>9</v></c>')
    with zipfile.ZipFile(packed) as archive:
        sheets = [archive.getinfo("s1"), archive.getinfo("s2")]
        assert _shared(archive, sheets) == 0, "so little is not looked at"
        monkeypatch.setattr(repeats, "FREE_BYTES", 1)
        assert _shared(archive, sheets) == len("<si>abc") + 2 * len("<si>defgh")
        assert _shared(archive, sheets[1:]) == len("<si>defgh")
