"""The same content gives the same file, whenever it was written."""

from __future__ import annotations

import io
import zipfile

from smarketing.export.deck.same_bytes import without_clock

CORE = (
    "<a><dcterms:created xsi:type='x'>2026-01-05T10:00:00Z</dcterms:created>"
    "<dcterms:modified>2026-01-06T10:00:00Z</dcterms:modified><b>2026-01-07</b></a>"
)


def office(day: int, inner: bytes | None = None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name in ("docProps/core.xml", "other.xml"):
            entry = zipfile.ZipInfo(name, (2026, 1, day, 0, 0, 0))
            packed.writestr(entry, CORE.replace("2026-01-05", f"2026-01-{day:02}"))
        if inner is not None:
            packed.writestr(zipfile.ZipInfo("chart.xlsx", (2026, 1, day, 0, 0, 0)), inner)
    return written.getvalue()


def test_files_of_two_days_are_the_same_but_for_what_they_say() -> None:
    first, second = (without_clock(office(day, office(day))) for day in (5, 5))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(without_clock(office(5, office(9))))) as found:
        core = found.read("docProps/core.xml").decode()
        assert core.count("2000-01-01T00:00:00Z") == 2 and "<b>2026-01-07</b>" in core
        assert "xsi:type='x'>2000" in core and core.endswith("</a>")
        assert found.read("other.xml").decode() == CORE
        for entry in found.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_DEFLATED
            assert entry.external_attr == 0o600 << 16
        with zipfile.ZipFile(io.BytesIO(found.read("chart.xlsx"))) as inner:
            assert inner.read("docProps/core.xml").decode() == core
    assert without_clock(office(7)) != without_clock(office(5)), "another file says the day"
