"""What the texts of a table that name a person are to say instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import uuid4

import duckdb

from smarketing.build.erasing.columns import Roles
from smarketing.build.erasing.letters import ODD, ODD_LETTER, plain_sql
from smarketing.build.erasing.packed import in_base64
from smarketing.build.erasing.traces import Traces
from smarketing.files.quoting import identifier, literal

#: Texts that are looked at by Python, one by one.
_FEW = 500
#: Rows in which each text of a column stands where it is worth to ask the text once.
_MANY = 10


class Instead:
    """What texts of a table's columns are to say instead, held beside it in the connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._tables: dict[str, str] = {}

    @property
    def headers(self) -> list[str]:
        """The columns in which a text is to say something else."""
        return [*self._tables]

    def put(self, header: str, told: Iterable[tuple[str, str]]) -> None:
        """Take down what texts of a column are to say."""
        pairs = [(text, said) for text, said in told if said != text]
        if pairs:
            name = self._tables[header] = f"instead_{uuid4().hex}"
            was, said = zip(*pairs, strict=True)
            # No column that is asked about can have one of these names.
            self._connection.execute(
                f"create temp table {name} as "
                f"select unnest($was) as {name}, unnest($said) as {name}_said",
                {"was": was, "said": said},
            )

    def text(self, header: str) -> str:
        """Return the expression of what a column says then."""
        column, name = identifier(header), self._tables.get(header)
        said = f"(select {name}.{name}_said from {name} where {name}.{name} = {column})"
        return f"coalesce({said}, {column})" if name else column

    @property
    def is_said(self) -> str:
        """The condition that a row says what is to be said otherwise."""
        tests = (
            f"coalesce({identifier(header)} in (select {name}.{name} from {name}), false)"
            for header, name in self._tables.items()
        )
        return f"({' or '.join(tests) or 'false'})"


def told_of(
    connection: duckdb.DuckDBPyConnection, table: str, headers: Sequence[str], traces: Traces
) -> Instead:
    """Return what the texts of a table that name the person are to say instead."""
    told = Instead(connection)
    for header in _near(connection, table, headers, traces):
        texts = _texts(connection, table, header, traces)
        told.put(header, ((text, traces.cleaned(text)) for text in texts))
    return told


def _texts(
    connection: duckdb.DuckDBPyConnection, table: str, header: str, traces: Traces
) -> list[str]:
    """Return the texts of a column that may name the person.

    Where a needle stands in few, these are looked at one by one: for DuckDB to prepare the patterns
    takes longer than that.
    """
    column = identifier(header)
    asked = f"select distinct {column} from {table} where"
    near = f"{asked} {_is_near(column, traces)} limit {_FEW + 1}"
    texts = connection.execute(near).fetchall()
    if len(texts) > _FEW:
        texts = connection.execute(f"{asked} {_mention(column, traces)}").fetchall()
    return [text for (text,) in texts]


def own_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    owned: str,
    rest: str,
    roles: Roles,
    traces: Traces,
) -> Instead:
    """Return what the person's own contacts are to say instead of what they were about.

    What others' contacts (`rest`) say as well, such as "Star Guide", is no word of a name.
    """
    own = Instead(connection)
    for header in sorted(roles.contents | roles.pages):
        column = identifier(header)
        common = f"coalesce({column} in (select {column} from {rest}), false)"
        asked = f"select distinct {column}, {common} from {table} where {owned}"
        texts = connection.execute(f"{asked} and {column} is not null").fetchall()
        said = (
            (text, traces.cleaned(text) if is_common else traces.own(text))
            for text, is_common in texts
        )
        own.put(header, said)
    return own


def _near(
    connection: duckdb.DuckDBPyConnection, table: str, headers: Sequence[str], traces: Traces
) -> list[str]:
    """Return the columns in which a needle stands: only these are worth the patterns."""
    if not headers:
        return []
    tests = ", ".join(
        f"coalesce(bool_or({_is_near(identifier(header), traces)}), false)" for header in headers
    )
    [row] = connection.execute(f"select {tests} from {table}").fetchall()
    return [header for header, is_near in zip(headers, row, strict=True) if is_near]


def near_tables(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Sequence[str]],
    long: Collection[str],
    traces: Traces,
) -> set[str]:
    """Return the tables, of these with these columns, in which a needle stands.

    Mostly none does in any of many: one question costs far less than one for each. A `long` one is
    asked by column, since it takes long to put its texts together, and a column of few texts is
    asked once for each of them; to plan so many questions takes longer than to ask a short one.
    """
    once = f"once_{uuid4().hex}"
    connection.execute(f"create temp table {once} (place varchar, said varchar)")
    texts: list[tuple[str, str]] = []
    for table, columns in tables.items():
        named = [*map(identifier, columns)]
        if not columns:
            continue
        if table not in long:
            texts.append((table, f"concat_ws(' ', {', '.join(named)})"))
            continue
        few = _of_few_texts(connection, table, named)
        texts += [(table, column) for column in named if column not in few]
        for column in few:
            # A condition would be asked of every row before those alike are put together.
            said = f"select distinct {literal(table)}, {column} from {table}"
            connection.execute(f"insert into {once} {said}")
    asked = " union all ".join(
        [
            f"select place, said from {once}",
            *(
                f"select {literal(table)} as place, {said} as said from {table}"
                for table, said in texts
            ),
        ]
    )
    near = f"select distinct place from ({asked}) where {_is_near('said', traces)}"
    found = {str(place) for (place,) in connection.execute(near).fetchall()}
    connection.execute(f"drop table {once}")
    return found


def _of_few_texts(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]
) -> list[str]:
    """Return those columns of a stored table whose every text stands in many rows, by estimate."""
    texts = ", ".join(f"stats({column}).approx_unique" for column in columns)
    told = connection.execute(f"select {texts} from {table} limit 1").fetchone()
    [(rows,)] = connection.execute(f"select count(*) from {table}").fetchall()
    estimates = zip(columns, told or (), strict=False)
    return [column for column, many in estimates if (many or 0) * _MANY <= rows]


def mentions(headers: Iterable[str], traces: Traces) -> str:
    """Return the condition that one of these columns names the person."""
    tests = [_mention(identifier(header), traces) for header in headers]
    return "(" + " or ".join(tests or ["false"]) + ")"


def _mention(column: str, traces: Traces) -> str:
    exact = [f"regexp_matches({column}, {literal(pattern)})" for pattern, _ in traces.rules]
    if not traces.needles:
        return "false"
    # A case looks for the patterns where a needle stands; an `and` would look everywhere.
    return f"case when {_is_near(column, traces)} then {' or '.join(exact)} else false end"


def _is_near(column: str, traces: Traces) -> str:
    """Return the condition that a needle stands in a text, or an address in a writing of its own.

    Most texts are told by one pattern, which is all that they are worth. Letters of ASCII are made
    small at once; to take accents away takes many times as long, and most texts have none.
    """
    near = ["false"]
    if traces.needles:
        any_of = literal("|".join(map(re.escape, traces.needles)))
        small, plain = (
            f"regexp_matches({text}, {any_of})" for text in (f"lower({column})", plain_sql(column))
        )
        is_more = f"strlen({column}) <> length({column})"
        holds = f"{small} or case when {is_more} then {plain} else false end"
        near.append(_where_long(column, traces.needles, holds))
    if traces.mailboxes:
        odd = literal(f"{ODD}|{in_base64(traces.mailboxes)}")
        near.append(_where_long(column, traces.mailboxes, f"regexp_matches({column}, {odd})"))
    if traces.letters:
        # Few texts have a packed letter, for which the long pattern is worth its time.
        packed = literal(ODD_LETTER)
        named = " or ".join(f"regexp_matches({column}, {literal(n)})" for n in traces.letters)
        near.append(f"case when regexp_matches({column}, {packed}) then {named} else false end")
    may = f"regexp_matches({column}, {literal(_may_be_near(traces))})"
    return f"(case when {may} then {' or '.join(near)} else false end)"


def _may_be_near(traces: Traces) -> str:
    """Return the pattern of what stands in every text that a needle, or an odd writing, stands in.

    To make a text small, or take accents away, finds nothing more in one of ASCII.
    """
    needles = [re.escape(needle) for needle in traces.needles if needle.isascii()]
    odd = [ODD, in_base64(traces.mailboxes)] if traces.mailboxes else []
    return "|".join([*(f"(?i:{needle})" for needle in needles), *odd, ODD_LETTER, r"[^\x00-\x7F]"])


def _where_long(column: str, parts: Collection[str], test: str) -> str:
    """Return a test of a text that is asked only where the text has room for one of the parts."""
    return f"case when strlen({column}) >= {min(map(len, parts))} then {test} else false end"
