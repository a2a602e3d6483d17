"""Addresses written as another text: found to be erased, and in what comes later."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode

import duckdb
import pytest

from smarketing.build.erasing.instead import mentions, told_of
from smarketing.build.erasing.keep_out import _MAY_NAME
from smarketing.build.erasing.packed import spellings
from smarketing.build.erasing.traces import Traces, mailboxes_in
from smarketing.files.quoting import identifier
from smarketing.store.erased import mailbox

BOX = "vera.quandt@müller.example"
TRACES = Traces("gone", frozenset(spellings(BOX)), frozenset({"Vera Quandt"}))


def packed(text: str) -> str:
    return b64encode(text.encode()).decode()


def in_address(text: str) -> str:
    """A text in base64 as addresses of pages have it."""
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("vera.quandt@xn--mller-kva.example", "gone@xn--mller-kva.example"),
        ("Vera.Quandt@MÜLLER.example!", "gone@müller.example!"),
        ("?e=vera.quandt%40m%C3%BCller.example", "?e=gone%40müller.example"),
        ("vera.quandt (at) müller.example", "gone(at)müller.example"),
        ("vera.quandt[at]müller[dot]example", "gone[at]müller.example"),
        ("Vera dot Quandt at müller dot example", "gone at müller.example"),
        ("vera.quandt { ät } müller (Punkt) example", "gone{ ät }müller.example"),
        ("vera.quandt=40m=C3=BCller.example", "gone=40müller.example"),
        ("vera.qua=\r\nndt@xn--mller-=\nkva.example", "gone@xn--mller-kva.example"),
        ("V=C3=A9ra Quandt", "Erased person"),
        ("vera.quandt@m&#252;ller.example", "gone@müller.example"),
        (r"vera.quandt@m\u00fcller.example", "gone@müller.example"),
        (f"?e={packed(BOX)}&x", "?e=gone&x"),
        (f"u {packed('Vera.Quandt@müller.example')}", "u gone"),
        (f"u={packed('x ' + BOX).rstrip('=')}.q", "u=gone.q"),
        *(
            (packed(f"{'x' * many}:{BOX}{end} "), "gone")
            for many in range(3)
            for end in (",", ";n")
        ),
        *((packed(f"{'x' * many}<{BOX}"), "gone") for many in range(3)),
        *((told, told) for told in (packed(f"{'x' * many}{BOX}") for many in (1, 2, 3))),
        *((told, told) for told in (packed(f"{BOX}s{'x' * many}") for many in range(3))),
        (packed(f"To: Vera <{BOX}>, hello").replace("=", "%3D"), "gone"),
        *((in_address(f"{'x' * many}<{BOX}>, hello"), "gone") for many in range(3)),
        (packed(BOX)[:8] + "\r\n" + packed(BOX)[8:], "gone"),
        ("联系vera.quandt@xn--mller-kva.example请", "联系gone@xn--mller-kva.example请"),
        ("メールはvera.quandt@müller.exampleです", "メールはgone@müller.exampleです"),
        ("Писать vera.quandt@müller.exampleи", "Писать gone@müller.exampleи"),
        ("évera.quandt@müller.example", "évera.quandt@müller.example"),
        ("vera.quandt@müller.exampleé", "vera.quandt@müller.exampleé"),
        ("xvera.quandt (at) müller.example", "xvera.quandt (at) müller.example"),
        ("Meet at müller.example, dot", "Meet at müller.example, dot"),
        (packed("vera.olsen@müller.example"), packed("vera.olsen@müller.example")),
    ],
)
def test_an_address_goes_in_every_writing(text: str, cleaned: str) -> None:
    assert TRACES.cleaned(text) == cleaned
    asked = mentions(["said"], TRACES)
    found = duckdb.execute(f"select {asked} from (select $text as said)", {"text": text})
    assert found.fetchall() == [(text != cleaned,)]
    # What a later export says of somebody is looked for by the mailboxes that it names.
    if "Quandt" not in cleaned and text != cleaned and "Erased" not in cleaned:
        assert re.search(_MAY_NAME, text) and BOX in mailboxes_in(text)
        for pattern, instead in TRACES.rules:
            given = {"t": text, "p": pattern, "i": instead}
            [(text,)] = duckdb.execute("select regexp_replace($t, $p, $i, 'g')", given).fetchall()
        assert text == cleaned


@pytest.mark.parametrize("text", ["v.weiß@straße.example", "v.weiß%40stra%C3%9Fe.example"])
def test_an_address_with_a_letter_that_is_two_in_small_letters_goes(text: str) -> None:
    traces = Traces("gone", frozenset(spellings(mailbox("v.weiß@straße.example"))))
    asked = mentions(["said"], traces)
    found = duckdb.execute(f"select {asked} from (select $text as said)", {"text": text})
    assert found.fetchall() == [(True,)]
    assert traces.cleaned(text).startswith("gone")


def test_who_has_hundreds_of_addresses_and_names_with_accents_can_be_looked_for() -> None:
    """DuckDB prepares no pattern beyond some size."""
    ends = [first + second for first in "bcdfghjklmn" for second in "aeiou" * 4]
    names = frozenset(f"Jörg Lüdenscheidt-Überlingen{end}" for end in ends)
    boxes = frozenset(f"jörg.lüdenscheidt.{end}@müller.example" for end in ends)
    asked = mentions(["said"], Traces("gone", boxes, names))
    found = duckdb.execute(f"select {asked} from (select '50%C3%BC' as said)")
    assert found.fetchall() == [(False,)]


NESTED = Traces(
    "gone",
    frozenset({"vera@acme.example", *spellings("vera.weiß@müller.example")}),
    frozenset({"Jürgen Große", "Vera Quandt", "Иван Петров", "Ιωάννα Λάμπρου"}),
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        # In Latin-1, once and twice.
        ("?e=vera.wei%DF%40m%FCller.example", "?e=gone%40müller.example"),
        ("?n=J%FCrgen%20Gro%DFe", "?n=Erased person"),
        ("?n=J%25FCrgen%2520Gro%25DFe", "?n=Erased person"),
        ("J=FCrgen Gro=DFe", "Erased person"),
        # JSON, and JSON told in JSON or in the address of a page.
        (r'{"e":"vera\u0040acme.example"}', r'{"e":"gone\u0040acme.example"}'),
        (
            r'"{\"e\":\"vera.wei\\u00df@m\\u00fcller.example\"}"',
            r'"{\"e\":\"gone@müller.example\"}"',
        ),
        (r'"{\"n\":\"J\\u00fcrgen Gro\\u00dfe\"}"', r'"{\"n\":\"Erased person\"}"'),
        (r"J\\\\u00fcrgen Gro\\\\u00dfe", "Erased person"),
        ("%22J%5Cu00fcrgen%20Gro%5Cu00dfe%22", "%22Erased person%22"),
        # The source of a page, and told in another's.
        ("vera&amp;#64;acme.example", "gone&amp;#64;acme.example"),
        ("J&amp;uuml;rgen Gro&amp;#223;e, Vera&amp;nbsp;Quandt", "Erased person, Erased person"),
        # Accents behind their letter, as a Mac writes them.
        (r"Ju\u0308rgen Gro\u00dfe", "Erased person"),
        ("Ju&#776;rgen Gro&#xDF;e", "Erased person"),
        # Known without accents, told with them.
        ("?n=V%C3%A9ra+Qu%C3%A0ndt", "?n=Erased person"),
        # In letters of another script.
        ("=D0=98=D0=B2=D0=B0=D0=BD =D0=9F=D0=B5=D1=82=D1=80=D0=BE=D0=B2", "Erased person"),
        (
            "&Iota;&omega;&#940;&nu;&nu;&alpha; &Lambda;&#940;&mu;&pi;&rho;&omicron;&upsilon;",
            "Erased person",
        ),
        # Of somebody else, and of nobody.
        ("?n=J%FCrgens%20Gro%DFe", "?n=J%FCrgens%20Gro%DFe"),
        ("vera%DF%40acme.example", "vera%DF%40acme.example"),
        (r"C:\u00fc\users; 50%DF", r"C:\u00fc\users; 50%DF"),
    ],
)
def test_what_is_packed_twice_or_in_an_older_way_goes(text: str, cleaned: str) -> None:
    assert NESTED.cleaned(text) == cleaned
    asked = f"select {mentions(['said'], NESTED)} from (select $text as said)"
    assert duckdb.execute(asked, {"text": text}).fetchall() == [(text != cleaned,)]
    if "gone" in cleaned:
        assert re.search(_MAY_NAME, text) and mailboxes_in(text) & NESTED.mailboxes


@pytest.mark.parametrize("sign", ["\\", "%5C", "x", " ", "a-"])
def test_a_long_run_of_signs_takes_no_longer_than_its_length(sign: str) -> None:
    """By its square this would take minutes; in copies of JSON within JSON signs come eightfold."""
    run = sign * 20_000
    assert TRACES.cleaned(f"{run} {BOX}") == f"{run} gone@müller.example"
    assert mailbox(BOX) in mailboxes_in(f"{run} {BOX}")
    eightfold = "\\" * 8 + "u0040"
    assert TRACES.cleaned(BOX.replace("@", eightfold)).startswith("gone\\")
    assert mailbox(BOX) in mailboxes_in(BOX.replace("@", eightfold))


@pytest.mark.parametrize("mine", ["weiß@x.de", "weiss@x.de", "v@weiß.de", "v@weiss.de"])
def test_an_address_with_two_letters_in_place_of_one_is_somebody_elses(mine: str) -> None:
    """Of mailboxes and of domains: each of them can be had by somebody else."""
    is_one = "ß" in mine
    other = mine.replace("ß", "ss") if is_one else mine.replace("ss", "ß")
    traces = Traces("gone", frozenset(spellings(mailbox(mine))))
    assert mailbox(mine) != mailbox(other)
    assert mailbox("WEIẞ@x.de") == "weiß@x.de"
    for written in (other, other.upper().replace("SS", "SS" if is_one else "ẞ"), packed(other)):
        asked = f"select {mentions(['said'], traces)} from (select $text as said)"
        assert duckdb.execute(asked, {"text": written}).fetchall() == [(False,)], written
        assert traces.cleaned(written) == written
    for written in (mine, packed(mine), mine.replace("@", "%40").replace("ß", "%C3%9F")):
        assert traces.cleaned(written) != written
        assert mailbox(mine) in mailboxes_in(written)


@pytest.mark.parametrize("header", ["said", "_x", 'a"b', "a'b", "a b", "text", "unnest", "Said"])
def test_a_column_is_cleaned_whatever_it_is_called(header: str) -> None:
    connection = duckdb.connect()
    rows = "(values ('Ask Vera Quandt'), ('Ask her'), (null))"
    connection.execute(f"create table told as select * from {rows} as t({identifier(header)})")
    told = told_of(connection, "told", [header], TRACES)
    found = connection.execute(f"select {told.text(header)}, {told.is_said} from told").fetchall()
    assert found == [("Ask Erased person", True), ("Ask her", False), (None, False)]


def test_of_thousands_of_numbers_those_go_that_a_text_tells() -> None:
    mine = frozenset(f"{number:08}" for number in range(30_000_000, 30_005_000))
    traces = Traces("gone", names=frozenset({"Vera Quandt"}), phones=mine)
    assert traces.own("call 0151 300-04 999, not 0151 30005000") == "call , not 0151 30005000"
    assert traces.cleaned("Vera Quandt: +49 (151) 30000000.") == "Erased person: ."
    assert traces.cleaned("desk +49 151 30000000") == "desk +49 151 30000000"
