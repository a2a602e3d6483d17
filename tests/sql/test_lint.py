"""Every mart and query keeps to the portable subset and reads the same in every claimed dialect."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from smarketing.engine.compile import SQL, bind_literals, parse
from smarketing.engine.per_engine import ENGINES, HELPERS, expand_helpers
from smarketing.engine.portable import violations
from smarketing.errors import QueryError

FILES = sorted([*(SQL / "marts").rglob("*.sql"), *(SQL / "queries").rglob("*.sql")])
SHARED = [path for path in FILES if "." not in path.stem]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SHARED, ids=name)
def test_a_file_keeps_to_the_portable_subset(path: Path) -> None:
    assert violations(parse(path.read_text(encoding="utf-8"), path.stem)) == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_says_its_question_and_grain(path: Path) -> None:
    header = "".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("--")
    ).lower()
    assert "question" in header
    assert "grain" in header


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_lower_case(path: Path) -> None:
    code = re.sub(r"--[^\n]*|'[^']*'|\$\w+", "", path.read_text(encoding="utf-8"))
    assert code == code.lower()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", SHARED, ids=name)
def test_a_file_is_written_and_read_again_by_every_engine(path: Path, engine: str) -> None:
    tree = parse(path.read_text(encoding="utf-8"), path.stem).copy()
    if any(engine not in HELPERS[used].versions for used in _helpers(path)):
        pytest.skip(f"uses a helper without a version for {engine}; it refuses by name")
    bind_literals(tree, {str(slot.this): 1 for slot in tree.find_all(exp.Placeholder)})
    text = expand_helpers(tree, engine).sql(dialect=engine)
    assert sqlglot.parse_one(text, read=engine) is not None


def _helpers(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {helper for helper in HELPERS if re.search(rf"\b{helper}\(", text)}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from t", "select *"),
        ("select a.* from t as a", "select *"),
        ("select date_trunc('month', d) as m from t", "timestamptrunc"),
        ("select d + interval 1 day as e from t", "interval"),
        ("select d::decimal(9, 2) as e from t", "the type"),
        ("select string_agg(a, ',' order by b) as s from t", "groupconcat"),
        ("select unnest([1, 2]) as u", "unnest"),
        ("select a, count(*) as n from t group by all", "group by all"),
        ("select a, count(*) as n from t group by cube (a)", "cube"),
        ("select a, count(*) as n from t group by rollup (a)", "rollup"),
        ("select t.a from t join u using (a)", "the join"),
        ("select t.a from t full join u on t.a = u.a", "the join"),
        ("select t.a from t natural join u", "the join"),
        ("select t.a from t right join u on t.a = u.a", "the join"),
        ("select t.a from t semi join u on t.a = u.a", "the join"),
        ("select a / '2' as r from t", "division"),
        (
            "select a::decimal as r from t",
            "the type decimal(18, 3) (portable: bigint, boolean, date, double, int, text, "
            "timestamp, timestampntz, varchar)",
        ),
        ("select t.a from t asof join u on t.a >= u.a", "the join"),
        ("select a / b as r from t", "division"),
        ("select a / 0 as r from t", "division"),
        ("select round(a) as r from t", "round"),
        ("select greatest(a, b) as r from t", "greatest"),
        ("select strange(a) as r from t", "the function strange"),
        ("select sum(a) filter (where b) as r from t", "filter"),
    ],
)
def test_what_engines_read_differently_is_refused(sql: str, said: str) -> None:
    assert any(said in found.lower() for found in violations(parse(sql, "case")))


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) as n, sum(a) / nullif(sum(b), 0) as r from t group by c",
        "select local_day(a, $zone) as d, quantile(x, 0.9) as q from t group by a",
        "select row_number() over (partition by a order by b, c) as n from t where a in ('x')",
        "select t.a / (2) as r from t left join u on t.a = u.a cross join v",
        "select a / (nullif(b, 0)) as r, a / 0.5 as s, b::double as d from t",
        "with s as (select a from t union all select a from u) select a / 2 as h from s",
    ],
)
def test_the_subset_is_enough_for_what_is_needed(sql: str) -> None:
    assert violations(parse(sql, "case")) == []


def test_a_helper_without_a_version_refuses_by_name() -> None:
    tree = parse("select quantile(x, 0.5) as q from t", "case").copy()
    with pytest.raises(QueryError, match="quantile has no version for bigquery"):
        expand_helpers(tree, "bigquery")


def test_what_is_outside_of_the_subset_is_quoted_up_to_so_many_letters() -> None:
    long = "a" * 200
    cases = {
        f"select round({long}) as r from t": f"round: ROUND({'a' * 74}",
        f"select {long} / b as r from t":
            f"a division that may be by zero: {'a' * 80} (use nullif(…, 0))",
        f"select t.a from t right join {long} on t.a":
            f"the join RIGHT JOIN {'a' * 49} (inner, left or cross, with on)",
    }  # fmt: skip
    for sql, said in cases.items():
        assert violations(parse(sql, "case")) == [said]
