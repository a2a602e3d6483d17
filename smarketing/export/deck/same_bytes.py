"""Office files without the moment they were written: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

_DAY = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_FIXED = rb"\g<1>2000-01-01T00:00:00Z\g<3>"
_PACKED = (".xlsx", ".pptx", ".docx")


def without_clock(content: bytes) -> bytes:
    """Return an Office file, and those packed inside it, with fixed dates throughout."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w") as packed:
        for name in given.namelist():
            data = given.read(name)
            if name.endswith(_PACKED):
                data = without_clock(data)
            if name == "docProps/core.xml":
                data = _STAMP.sub(_FIXED, data)
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            packed.writestr(entry, data)
    return written.getvalue()
