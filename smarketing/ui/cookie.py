"""Who signed in, by the cookie of a request: for what is handed out apart from any page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_USER = "_streamlit_user"


def user_in(header: str) -> Mapping[str, Any]:
    """Return what the provider said of who holds a session's cookie; nothing where none is good.

    `header` is that of a request's cookies. The signature is checked as Streamlit's socket does.
    """
    from starlette.requests import cookie_parser
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    cookies, secret = cookie_parser(header), get_cookie_secret()

    def signed(name: str) -> bytes | None:
        return decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1"))

    try:
        user = json.loads(get_cookie_with_chunks(signed, _USER) or b"{}")
    except ValueError:
        return {}
    return user if isinstance(user, dict) else {}
