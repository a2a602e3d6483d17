"""How what leaves looks, against what was kept.

Where a look is to change, look at the files themselves, then keep it:
`python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

import pytest
from figures import kept
from looks import LOOKS, MAKERS


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_looks_as_it_looked(name: str) -> None:
    assert list(MAKERS[name]()) == kept(LOOKS)[name]


def test_every_kind_of_file_is_kept() -> None:
    assert list(kept(LOOKS)) == list(MAKERS)
