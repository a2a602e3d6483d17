"""Which address is a person's, which domain a company's; what is neither is nobody's."""

from __future__ import annotations

import pytest

from smarketing.build.marts.domains import company_domain, mailbox


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("ann@acme.com", "ann@acme.com"),
        ("ann+fair@acme.com", "ann@acme.com"),
        ("ann.b@mail.acme.co.uk", "ann.b@mail.acme.co.uk"),
        *((nobody, None) for nobody in (
            "n/a", "none", "", None, "@acme.com", "ann@", "ann@acme", "ann @acme.com",
            "ann@acme.com, bob@acme.com", "ann@acme.com;bob@acme.com", "<ann@acme.com>",
            "+@acme.com",
        )),
    ],
)  # fmt: skip
def test_what_is_no_address_is_nobody_s(address: str | None, meant: str | None) -> None:
    assert mailbox(address) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Acme.com", "acme.com"),
        (" https://www.acme.com/about?x=1 ", "acme.com"),
        ("www2.acme.com.", "acme.com"),
        ("ann@acme.com", "acme.com"),
        ("acme.com:8080", "acme.com"),
        *((none, None) for none in (
            None, "", "n/a", "gmail.com", "mail@gmail.com", "acme", "acme.test", "example.com",
            "shop.example.org", "localhost", "a b.com",
        )),
    ],
)  # fmt: skip
def test_a_company_s_domain(written: str | None, meant: str | None) -> None:
    assert company_domain(written) == meant
