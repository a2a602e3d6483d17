"""A fault in Python is shown first to the tests that call its function and do the least else."""

from __future__ import annotations

from tools.mutants.covering import MOST, SECONDS, Covering, function_at

TEXT = '''LIMIT = 3


@cache
def outer(most=LIMIT):
    """Say."""

    def inner():
        return most

    return inner
'''
FILE = "smarketing/rule.py"
CALLS = Covering(
    {f"{FILE}:4": ["wide", "narrow"], f"{FILE}:8": ["wide", "slow"], "other.py:1": ["wide", "far"]},
    {"wide": 1.0, "narrow": 2.0, "slow": SECONDS, "far": 0.1},
)


def test_a_line_is_of_the_innermost_function_whose_body_it_is_in() -> None:
    assert [function_at(TEXT, line) for line in (1, 5, 6, 9, 11)] == [None, None, 4, 8, 4]


def test_those_that_call_a_function_come_by_how_little_else_they_do() -> None:
    assert CALLS.tests_of(FILE, TEXT, 6) == ["narrow", "wide"]


def test_what_takes_too_long_together_is_left_out() -> None:
    assert CALLS.tests_of(FILE, TEXT, 9) == ["slow"]


def test_a_line_outside_functions_is_shown_to_whoever_calls_any_of_the_file() -> None:
    assert CALLS.tests_of(FILE, TEXT, 1) == ["narrow", "wide"]
    assert CALLS.tests_of("smarketing/unknown.py", TEXT, 1) == []


def test_so_many_are_enough() -> None:
    many = [f"test{number:03}" for number in range(MOST + 9)]
    calls = Covering({f"{FILE}:4": many}, dict.fromkeys(many, 0.0))
    assert calls.tests_of(FILE, TEXT, 6) == many[:MOST]
