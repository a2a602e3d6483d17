"""Posting a digest to the one address that the company set; nothing else leaves the machine."""

from __future__ import annotations

import http.client
import json
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from smarketing.errors import SmarketingError, UsageError

_SECONDS = 30
_TOO_LATE = "it did not answer in time"
_HERE = ("localhost", "127.0.0.1", "::1")


class _NoRedirect(HTTPRedirectHandler):
    """What was meant for one address goes to no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def checked_webhook(url: str) -> str:
    """Return the address to post to; UsageError where it is unset, or not safe to send to."""
    if not url:
        raise UsageError(
            "There is no address to post the digest to; set SMARKETING_WEBHOOK to that of your "
            "chat's incoming webhook."
        )
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)):
        raise UsageError(
            "SMARKETING_WEBHOOK must begin with https:// and name a host, since what is posted "
            "may be read on the way; http:// is for this machine alone."
        )
    return url


def post(url: str, text: str) -> None:
    """Post Markdown as `{"text": …}`, which chats take; the address itself is never said.

    Raises UsageError for an address that may not be sent to, SmarketingError where it is not
    accepted.
    """
    host = urlsplit(checked_webhook(url)).hostname
    request = Request(
        url,
        json.dumps({"text": text}).encode("utf-8"),
        {"Content-Type": "application/json; charset=utf-8", "User-Agent": "smarketing"},
        method="POST",
    )
    # An answer that comes letter by letter never times out by itself.
    told: list[str] = []
    asking = Thread(target=lambda: told.append(_refusal(request)), daemon=True)
    asking.start()
    asking.join(2 * _SECONDS)
    why = told[0] if told else _TOO_LATE
    if not why:
        return
    raise SmarketingError(
        f"The digest was not accepted by {host} ({why}); see whether SMARKETING_WEBHOOK is still "
        "its address."
    )


def _refusal(request: Request) -> str:
    """Send a request; returns why it was not accepted, blank where it was."""
    try:
        with build_opener(_NoRedirect).open(request, timeout=_SECONDS):
            return ""
    except HTTPError as error:
        return f"it answered {error.code}"
    except TimeoutError:
        return _TOO_LATE
    except URLError as error:
        return _TOO_LATE if isinstance(error.reason, TimeoutError) else str(error.reason)
    except (ConnectionError, http.client.RemoteDisconnected):
        return "it ended the connection without an answer"
    except http.client.HTTPException:
        return "its answer is not one of a web server"
    except (OSError, ValueError) as error:
        return str(error) or type(error).__name__
