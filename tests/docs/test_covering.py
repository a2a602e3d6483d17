"""A fault in Python is shown first to the tests that call its function and do the least else."""

from __future__ import annotations

from tools.mutants.covering import MOST, SECONDS, Covering, function_at, functions_naming
from tools.mutants.loaded import changed_function

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
FILE = "smarketing/rule.py"
OUTER, INNER = "Rule.outer", "Rule.outer.<locals>.inner"
CALLS = Covering(
    {
        f"{FILE}:{OUTER}": ["wide", "narrow"],
        f"{FILE}:{INNER}": ["wide", "slow"],
        "other.py:wide": ["wide", "far"],
    },
    {"wide": 1.0, "narrow": 2.0, "slow": SECONDS, "far": 0.1},
)


def test_a_line_is_of_the_innermost_function_whose_body_it_is_in() -> None:
    found = [function_at(TEXT, line) for line in (1, 6, 8, 9, 12, 14, 18)]
    assert found == [None, None, None, OUTER, INNER, OUTER, "wide"]


def test_what_a_line_outside_functions_defines_is_named_by_functions() -> None:
    assert functions_naming(TEXT, 1) == [INNER]
    assert functions_naming(TEXT, 2) == ["wide"]
    assert functions_naming(TEXT, 5) == []


def test_those_that_call_a_function_come_by_how_little_else_they_do() -> None:
    assert CALLS.tests_of(FILE, TEXT, 9) == ["narrow", "wide"]


def test_what_takes_too_long_together_is_left_out() -> None:
    assert CALLS.tests_of(FILE, TEXT, 12) == ["slow"]


def test_a_line_outside_functions_is_shown_to_whoever_calls_what_names_it() -> None:
    assert CALLS.tests_of(FILE, TEXT, 1) == ["slow"]
    assert CALLS.tests_of(FILE, TEXT, 6) == ["narrow", "wide"]
    assert CALLS.tests_of("smarketing/unknown.py", TEXT, 1) == []


def test_so_many_are_enough() -> None:
    many = [f"test{number:03}" for number in range(MOST + 9)]
    calls = Covering({f"{FILE}:{OUTER}": many}, dict.fromkeys(many, 0.0))
    assert calls.tests_of(FILE, TEXT, 9) == many[:MOST]


def test_a_fault_is_put_into_the_function_whose_body_alone_it_changes() -> None:
    assert changed_function(TEXT, TEXT.replace("return LIMIT", "return -LIMIT")) == OUTER
    assert changed_function(TEXT, TEXT.replace("return OTHER", "return -OTHER")) == "wide"
    assert changed_function(TEXT, TEXT.replace("OTHER = 4", "OTHER = 5")) is None
    assert changed_function(TEXT, TEXT.replace("most = LIMIT", "most = OTHER")) is None
    assert changed_function(TEXT, TEXT.replace("outer(self)", "outer(self, most=LIMIT)")) is None
    assert changed_function(TEXT, TEXT.replace("LIMIT", "OTHER")) is None
