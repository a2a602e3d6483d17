"""What is changed in the program to see whether a test notices it."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from tools.mutants import loaded
from tools.mutants.calls import call_places


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


def test_a_fault_is_put_into_a_function_that_the_collector_leaves_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loaded, "_is_ours", lambda _: False)  # what is kept stays so
    one, other = (compile(f"def f():\n    return {n}\n", "f.py", "exec") for n in (1, 2))
    made: dict[str, Any] = {}
    exec(one, made)
    codes = [loaded._code(code, "f") for code in (one, other)]
    assert codes[0] and codes[1]
    gc.freeze()
    try:
        assert loaded._put(codes[0], codes[1]) and made["f"]() == 2
    finally:
        gc.freeze()
