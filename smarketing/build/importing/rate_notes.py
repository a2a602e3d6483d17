"""What an import has to say of amounts in a currency that nothing converts."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.currencies import in_words, minor_digits

_MARTS = {"deal": "fct_deal", "cost": "fct_cost", "contract": "fct_contract"}
"""By core table the mart that says of its amounts whether their day has a rate."""


def rate_notes(connection: duckdb.DuckDBPyConnection, ids: Sequence[int]) -> dict[str, list[str]]:
    """Note which amounts of a file are in no total, as no exchange rate covers their days."""
    said: dict[str, list[str]] = {}
    there = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'now'"
    ).fetchall()
    for table, mart in _MARTS.items():
        if (mart,) not in there:
            continue
        found = connection.execute(
            "select i.sha256, m.currency, count(*), sum(m.amount) "
            f"from now.main.{mart} m join now.main.{table} t on t.{table}_id = m.{table}_id "
            "join now.main.file_info i on i._file_id = t._file_id "
            "where not m.rate_known and m.amount is not null and list_contains(?, t._file_id) "
            "group by 1, 2 order by 3 desc, 2",
            [list(ids)],
        ).fetchall()
        for sha, currency, records, amount in found:
            said.setdefault(str(sha), []).append(_words(table, currency, records, amount))
    return said


def _words(table: str, currency: str, records: int, amount: int) -> str:
    several = records != 1
    worth = in_words(float(amount) / 10 ** minor_digits(currency), currency)
    return (
        f"{records:,} {table}{'s' if several else ''} worth {worth} {'are' if several else 'is'} "
        f"in no total, as there is no exchange rate from {currency} for "
        f"{'their days' if several else 'its day'} or the seven before. Import rates too (a file "
        f"with currency, rate_on, rate); if {currency} is the company's own currency, say so in "
        f"agreement.yaml instead (currency: {currency})"
    )
