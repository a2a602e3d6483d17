"""What a library writes to standard error as it panics is not said beside our sentence."""

from __future__ import annotations

import os
import sys
from threading import Barrier, Thread
from unittest.mock import patch

import pytest

from smarketing.files.panics import unheard


class PanicException(BaseException):
    """What Rust's libraries raise."""


def test_a_panic_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PanicException), unheard():
        os.write(2, b"thread panicked\n")
        raise PanicException
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_all_else_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with unheard():
        os.write(2, b"a warning\n")
    with pytest.raises(ValueError), unheard():
        os.write(2, b"another\n")
        raise ValueError
    assert capfd.readouterr().err == "a warning\nanother\n"


def test_two_who_read_at_once_leave_it_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    both, first_is_done = Barrier(2), Barrier(2)

    def read(is_first: bool) -> None:
        with unheard():
            both.wait(10)
            os.write(2, b"said\n")
            if not is_first:
                first_is_done.wait(10)
        if is_first:
            first_is_done.wait(10)

    readers = [Thread(target=read, args=(is_first,)) for is_first in (True, False)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "said\nsaid\nafter\n"


def test_what_was_not_held_back_is_not_let_go(capfd: pytest.CaptureFixture[str]) -> None:
    with unheard():
        pass
    with patch.object(sys, "__stderr__", None), unheard():
        os.write(2, b"heard at once\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "heard at once\nafter\n"
