"""Queries that somebody wrote into a file: one SELECT each, before anybody is asked it."""

from __future__ import annotations

from pathlib import Path

from sqlglot import Dialect, Token, TokenType, tokenize
from sqlglot.errors import SqlglotError

from smarketing.engine.pulling.origin import Wanted
from smarketing.engine.warehouse import scheme_of
from smarketing.errors import UsageError

_BEGINNINGS = {
    *(TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN, TokenType.VALUES, TokenType.FROM),
    TokenType.TABLE,
}
#: Schemes whose databases sqlglot knows by another name.
_CALLED = {"postgresql": "postgres", "mssql": "tsql", "sc": "spark", "mariadb": "mysql"}


def written_query(path: Path, address: str) -> Wanted:
    """Read a file with a SELECT, what stands behind its last semicolon left out.

    UsageError for a file that cannot be read, is empty, holds several statements or another one
    than a SELECT.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The query {path} cannot be read as text: {error}.") from error
    tokens = _tokens(text, address)
    if tokens is not None:
        text = text[: _end(tokens, path)]
    return Wanted(path.stem, "", text, False)


def _tokens(text: str, address: str) -> list[Token] | None:
    """Return the words of a query, None where this database writes as nothing known does."""
    scheme = (scheme_of(address) or "duckdb").partition("+")[0]
    name = _CALLED.get(scheme, scheme)
    try:
        return tokenize(text, read=name if Dialect.get(name) else None)
    except SqlglotError:
        return None


def _end(tokens: list[Token], path: Path) -> int:
    """Return where the one SELECT of a query ends."""
    words = [token for token in tokens if token.token_type != TokenType.SEMICOLON]
    if not words:
        raise UsageError(f"The query {path} is empty: write one SELECT into it.")
    if words[0].token_type not in _BEGINNINGS:
        raise UsageError(
            f"The query {path} begins with {words[0].text[:40]}: write one SELECT. Nothing is ever "
            "changed where data are pulled from."
        )
    last = words[-1]
    if any(token.start < last.start for token in tokens if token.token_type == TokenType.SEMICOLON):
        raise UsageError(f"The query {path} holds more than one statement: write one SELECT.")
    return last.end + 1
