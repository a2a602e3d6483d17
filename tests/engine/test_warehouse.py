"""What is said of a warehouse's address, and what of a server's answer is passed on."""

from __future__ import annotations

import pytest

from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.postgres import _type
from smarketing.engine.pulling import PullError, open_origin
from smarketing.engine.pulling.origin import told
from smarketing.engine.warehouse import (
    WarehouseError,
    failing,
    hidden,
    is_written_wrong,
    names,
    said,
    shown,
    spoken,
)
from smarketing.errors import UsageError


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://ann:secret@db.example:5433/x?a=b", "postgresql://db.example:5433/x"),
        ("postgresql://db.example/sales", "postgresql://db.example/sales"),
        ("sc://host:15002/;token=secret", "sc://host:15002/"),
        ("spark:///srv/marts", "spark:///srv/marts"),
        ("/srv/marts", "/srv/marts"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_user_password_and_parameters(address: str, said: str) -> None:
    assert shown(address) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('status = X\n details = "No such host"\n debug = "secret"', "No such host"),
        ("  first line\nsecond", "first line"),
        ("", ""), ("  \n", ""),
        ("X: failed '\nselect 1': ERROR:  too late\nat x", "too late"),
    ],
)  # fmt: skip
def test_of_a_driver_s_lines_the_first_or_the_details_are_passed_on(
    written: str, said: str
) -> None:
    assert spoken(written) == said


def test_columns_are_quoted() -> None:
    assert names(["a", "b c"]) == '"a", "b c"'
    assert names([]) == ""


def test_a_place_that_no_engine_stands_behind_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'postgrsql' is no warehouse.*Did you mean 'postgresql'"):
        open_warehouse("postgrsql://ann:secret@db/x")
    with pytest.raises(UsageError, match="'/srv/marts' is no warehouse"):
        open_warehouse("/srv/marts")


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:hu%zzsh@h/x", "postgresql://me:hu@sh@h:1/x", "postgresql://me:12/sh@h/x",
     "postgresql://me:hush@h:notaport/x", "postgresql://me:hush@[::1/x"],
)  # fmt: skip
def test_a_password_whose_signs_are_not_written_out_is_refused_and_told_nobody(
    address: str,
) -> None:
    with pytest.raises(UsageError, match="is not written as one") as refused:
        open_warehouse(address)
    assert "sh@" not in str(refused.value) and "zz" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:hu%20sh@127.0.0.1:1/x?sslmode=hush", "postgresql://me:hu shh@127.0.0.1:1/x",
     "postgresql:///x?host=127.0.0.1&port=1&password=hu sh"],
)  # fmt: skip
def test_a_password_that_the_driver_repeats_is_not_passed_on(address: str) -> None:
    with pytest.raises(WarehouseError, match=r"could not be reached .*\*\*\*") as refused:
        open_warehouse(address)
    assert "sh" not in str(refused.value).partition("could not")[2].replace("published", "")


@pytest.mark.parametrize("address", ["sc://h:abc/;token=hush", "sc://[::1", "spark://[x"])
def test_an_address_of_spark_that_is_none_is_refused_before_spark_is_asked(address: str) -> None:
    for opened in (open_warehouse, open_origin):
        with pytest.raises(UsageError, match=r"write sc://HOST:PORT") as refused:
            opened(address)
        assert "hush" not in str(refused.value)


def test_of_a_text_that_holds_a_password_in_another_the_longer_goes_first() -> None:
    address = "sc://h/;token=abc;session=abcdef"
    assert hidden("abcdef or abc, in h", address) == "*** or ***, in h"


def test_an_address_may_have_its_user_in_its_parameters() -> None:
    written = ("postgresql:///x?user=ann@corp&host=/tmp", "postgresql://ann:a%40b@h:1/x")
    assert not any(map(is_written_wrong, written))


def test_columns_of_postgresql_and_what_it_says() -> None:
    assert [_type(kind) for kind in ("DECIMAL(18,3)", "BIGINT", "VARCHAR")] == [
        "numeric(18, 3)", "bigint", "text",
    ]  # fmt: skip
    with pytest.raises(WarehouseError, match="no column for DuckDB's type STRUCT"):
        _type("STRUCT(a INTEGER)")
    assert said(ValueError("one is\ntwo.")) == "one is"
    assert said(ValueError()) == "ValueError"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (ValueError("no time of x: hu%2Fsh\nmore"), "(no time of x: ***)"),
        (KeyError("at"), "(KeyError: 'at')"),
        (AssertionError(), "(AssertionError)"),
        (OSError(28, "No space left on device"), "No space left on device)"),
    ],
)
def test_whatever_a_driver_raises_is_one_sentence_without_a_password(
    error: Exception, why: str
) -> None:
    address = "postgresql://me:hu%2Fsh@host/db"
    with pytest.raises(WarehouseError) as built, failing(address, "be read"):
        raise error
    with pytest.raises(PullError) as pulled, told("The table x could not be pulled", address):
        raise error
    for sentence in (str(built.value), str(pulled.value)):
        assert why in sentence and "\n" not in sentence and "hu" not in sentence


def test_what_is_said_already_and_who_stops_it_pass_as_they_are() -> None:
    for error in (UsageError("It is none."), KeyboardInterrupt()):
        for around in (failing("spark:///x", "be read"), told("x")):
            with pytest.raises(type(error)) as raised, around:
                raise error
            assert raised.value is error
