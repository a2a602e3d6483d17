"""What is changed in the program to see whether a test notices it."""

from __future__ import annotations

import gc
import os
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tools.mutants import kept, put
from tools.mutants.calls import call_places
from tools.mutants.put import changed_function
from tools.mutants.served import ENDED, Served


def faults(text: str) -> list[tuple[str, str]]:
    """Every fault of a module: what it is, and the line as it is then."""
    made = [fault for place in call_places(text) for make in place if (fault := make()) is not None]
    return [(one.what.partition(":")[0], one.text.splitlines()[one.line - 1]) for one in made]


def test_parts_of_a_condition_are_dropped_one_at_a_time() -> None:
    assert faults("x = a and b(1) and not c\n") == [
        ("part of a condition dropped", "x = ((b(1)) and (not c))"),
        ("part of a condition dropped", "x = ((a) and (not c))"),
        ("part of a condition dropped", "x = ((a) and (b(1)))"),
    ]


def test_arguments_are_swapped_and_an_order_is_dropped() -> None:
    assert faults("sorted(f(a, b, c=1), key=g, reverse=True)\n") == [
        ("call dropped", "pass"),
        ("key dropped", "sorted(f(a, b, c=1), reverse=True)"),
        ("reverse dropped", "sorted(f(a, b, c=1), key=g)"),
        ("arguments swapped", "sorted(f(b, a, c=1), key=g, reverse=True)"),
    ]
    assert faults("x = f(a, a)\ny = f(*a, b)\nz = isinstance(a, b)\n") == []


def test_calls_changes_ends_and_texts() -> None:
    assert faults('é = "é"\nn += 1\nx = y[1:n]\n') == [
        ("change dropped", "pass"),
        ("end of a slice dropped", "x = y[:n]"),
        ("end of a slice dropped", "x = y[1:]"),
    ]
    assert faults('x = y["é"] in ("a", b) and f"{z}"\n')[2:] == [
        ("text changed", 'x = y["é"] in (\'a?\', b) and f"{z}"'),
        ("text changed", 'x = y[\'é?\'] in ("a", b) and f"{z}"'),
    ]


def test_what_does_not_run_is_left() -> None:
    assert faults('@g(a, b)\ndef f(x: d["a"]) -> h(a, b):\n    """Say."""\n    return x\n') == []


TEXT = '''LIMIT = 3
OTHER = 4


class Rule:
    most = LIMIT

    def outer(self):
        """Say."""

        def inner():
            return LIMIT

        return inner


def wide():
    return OTHER
'''


def test_a_fault_is_put_into_the_function_whose_body_alone_it_changes() -> None:
    assert changed_function(TEXT, TEXT.replace("return LIMIT", "return -LIMIT")) == "Rule.outer"
    assert changed_function(TEXT, TEXT.replace("return OTHER", "return -OTHER")) == "wide"
    assert changed_function(TEXT, TEXT.replace("OTHER = 4", "OTHER = 5")) is None
    assert changed_function(TEXT, TEXT.replace("most = LIMIT", "most = OTHER")) is None
    assert changed_function(TEXT, TEXT.replace("outer(self)", "outer(self, most=LIMIT)")) is None
    assert changed_function(TEXT, TEXT.replace("LIMIT", "OTHER")) is None


def test_a_fault_is_put_into_what_is_loaded_and_what_that_made_and_taken_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(put, "_is_ours", lambda _: False)  # what is kept stays so
    made: dict[str, Any] = {}
    exec(compile(TEXT, "rule.py", "exec"), made)
    inner = made["Rule"]().outer()
    gc.freeze()  # What the collector leaves alone is found, too.
    faulty = TEXT.replace("return LIMIT", "return -LIMIT")
    pairs = put.pairs_of(Path("rule.py"), TEXT, faulty, "Rule.outer")
    with put.put(pairs) as is_put:
        assert is_put and (inner(), made["Rule"]().outer()()) == (-3, -3)
    assert (inner(), made["Rule"]().outer()()) == (3, 3)
    gc.freeze()


def test_lines_made_again_are_compared_where_they_call_the_function(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    monkeypatch.setattr(put, "_is_ours", lambda _: False)
    (tmp_path / "rule.py").write_text(TEXT)
    made: dict[str, Any] = {}
    exec(compile(TEXT, str(tmp_path / "rule.py"), "exec"), made)
    called = frozenset({(str(tmp_path / "rule.py"), "wide")})
    blocks = [kept.Block("wide", lambda: [str(made["wide"]())], ("4",), called, 0.0)]
    asked = [("OTHER\n", "-OTHER\n"), ("return OTHER", "return OTHER + 0"), ("LIMIT\n\n", "9\n\n")]
    found = [kept.judged(blocks, "rule.py", TEXT.replace(*change)) for change in asked]
    assert found == ["wide", "", None]


def test_a_thread_that_a_fault_leaves_running_is_found() -> None:
    before, end = threading.enumerate(), threading.Event()
    ended, running = (threading.Thread(target=wait) for wait in (end.is_set, end.wait))
    ended.start()
    assert not kept.left_running(before)
    running.start()
    assert kept.left_running(before)
    end.set()
    assert not kept.left_running(before)


def test_lines_that_take_too_long_are_given_up_though_an_error_is_taken_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "SLACK_SECONDS", 0.01)
    monkeypatch.setattr(kept, "AGAIN_SECONDS", 0.01)

    def lines() -> list[str]:
        with suppress(BaseException):
            threading.Event().wait(60.0)
        threading.Event().wait(60.0)
        return []

    with pytest.raises(kept._TookTooLong):
        kept.Block("endless", lines, (), frozenset(), 0.0).differs()


def answer_once(here: Connection) -> None:
    here.send(-here.recv())
    os._exit(ENDED)


def test_what_comes_after_an_answer_that_ended_its_process_is_answered_by_another() -> None:
    served = Served(answer_once)
    assert [served.ask(number, 60.0) for number in (1, 2)] == [-1, -2]
    served.close()
