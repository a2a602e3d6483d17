"""What unpacks to a size out of all proportion is refused, to the byte."""

from __future__ import annotations

import pytest

from smarketing.errors import SourceError
from smarketing.files.archive import FREE_BYTES, MAX_RATIO, check_size


@pytest.mark.parametrize(
    ("size", "packed"),
    [
        (FREE_BYTES, 0),
        (FREE_BYTES, 1),
        (FREE_BYTES + MAX_RATIO, FREE_BYTES // MAX_RATIO + 2),
        (3 * MAX_RATIO * FREE_BYTES, 3 * FREE_BYTES),
    ],
)
def test_up_to_its_size_it_is_read(size: int, packed: int) -> None:
    check_size(size, packed, "a.zip")


@pytest.mark.parametrize(
    ("size", "packed"), [(FREE_BYTES + 1, 0), (3 * MAX_RATIO * FREE_BYTES + 1, 3 * FREE_BYTES)]
)
def test_a_byte_more_is_refused(size: int, packed: int) -> None:
    with pytest.raises(SourceError, match=f"a.zip unpacks to more than {MAX_RATIO} times its size"):
        check_size(size, packed, "a.zip")
