"""The command that serves the dashboard, and the rule by which it may."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from smarketing.cli.listening import can_listen
from smarketing.cli.output import say
from smarketing.cli.who import home
from smarketing.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    without_sign_in: Annotated[
        bool, typer.Option("--without-sign-in", help="Show everything to whoever reaches it.")
    ] = False,
) -> None:
    """Serve the dashboard until interrupted: to this machine, to others only with sign-in."""
    from smarketing import app_path
    from smarketing.access import FILE_NAME
    from smarketing.cli.background import keep_refreshing
    from smarketing.ui.serving import reached_by
    from smarketing.ui.serving import serve as run
    from smarketing.ui.sign_in import LOOPBACK, whole_sign_in

    place = home().resolve()
    sign_in = whole_sign_in(place)
    if sign_in is not None:
        if without_sign_in:
            raise UsageError("Sign-in is set up in the home: leave out --without-sign-in.")
    elif address not in LOOPBACK and not without_sign_in:
        raise UsageError(
            f"Others could reach {address}, and the dashboard has no sign-in: write secrets.toml "
            f"and {FILE_NAME} into {place} as docs/serving.md shows, or say --without-sign-in."
        )
    can_listen(address, port)
    os.environ["SMARKETING_HOME"] = str(place)
    os.environ["SMARKETING_WITHOUT_SIGN_IN"] = "1" if without_sign_in else "0"
    script = app_path()
    # Streamlit reads .streamlit/config.toml from the folder it is started in.
    os.chdir(script.parent)
    keep_refreshing(place)
    redirect = None if sign_in is None else str(sign_in["redirect_uri"])
    say(f"Smarketing is served on {_where(address, port, redirect)} (stop it with Ctrl-C).")
    options: dict[str, Any] = {
        "server.port": port,
        "server.address": address,
        "server.headless": True,
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableAgentApi": False,
        "server.trustedUserHeaders": {},
        "browser.gatherUsageStats": False,
        "secrets.files": [str(place / "secrets.toml")],
    }
    run(script, place, reached_by(redirect, anyone=without_sign_in), options)


def _where(address: str, port: int, redirect: str | None) -> str:
    if redirect is not None:
        return redirect.removesuffix("/oauth2callback")
    return f"http://{'localhost' if address == '127.0.0.1' else address}:{port}"
