"""Whether the dashboard can listen where it was told to, said before it starts."""

from __future__ import annotations

import errno
import socket

from smarketing.errors import UsageError

_LAST_PORT = 65_535


def can_listen(address: str, port: int) -> None:
    """Raise UsageError, with what to do, where a port is out of range, taken or not ours to use."""
    if not 1 <= port <= _LAST_PORT:
        raise UsageError(f"There is no port {port}; ports run from 1 to {_LAST_PORT}.")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UsageError(_why(address, port, error)) from error


def _why(address: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {address} is in use, perhaps by another dashboard; stop that one, or "
            "name a free port with --port."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not yours to use; name one above 1023 with --port."
    return (
        f"'{address}' is no address of this machine ({error.strerror or error}); use 127.0.0.1, or "
        "one that it has."
    )
