"""Addresses written as another text: found to be erased, and in what comes later."""

from __future__ import annotations

import re
from base64 import b64encode

import duckdb
import pytest

from smarketing.build.erasing.instead import mentions
from smarketing.build.erasing.keep_out import _MAY_NAME
from smarketing.build.erasing.packed import spellings
from smarketing.build.erasing.traces import Traces, mailboxes_in

BOX = "vera.quandt@müller.example"
TRACES = Traces("gone", frozenset(spellings(BOX)), frozenset({"Vera Quandt"}))


def packed(text: str) -> str:
    return b64encode(text.encode()).decode()


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
        (packed(BOX)[:8] + "\r\n" + packed(BOX)[8:], "gone"),
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
