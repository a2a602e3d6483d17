"""What a source's SELECT computes, takes and reads, by hand."""

from __future__ import annotations

import pytest

from smarketing.build.core.select_shape import computed, is_plain, origins, reads


@pytest.mark.parametrize(
    ("sql", "column", "names"),
    [
        ("select t.Amount as amount from t", "amount", {"amount"}),
        ("select t.B as b, t.A as a from t", "a", {"a"}),
        ("select coalesce(t.Own, t.Other) as a from t", "a", {"own", "other"}),
        ("select case when t.kind = 'x' then t.A else t.B end as a from t", "a", {"a", "b"}),
        ("select case when t.kind = 'x' then t.A when t.c then t.D end as a from t", "a",
         {"a", "d"}),
        ("select case t.kind when 'x' then 1 else t.B end as a from t", "a", {"b"}),
        ("with w as (select t.Gross as amount from t) select w.amount as a from w", "a",
         {"gross"}),
        ("with w as (select trim(t.a) as a from t), v as (select w.a as b from w) "
         "select v.b as c from v", "c", {"a"}),
        ("select 1 as a from t", "a", set()),
        ("select t.a from t", "b", set()),
        ("create table t (a int)", "a", set()),
    ],
)  # fmt: skip
def test_where_a_value_comes_from(sql: str, column: str, names: set[str]) -> None:
    assert origins(sql, column) == names


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("select t.a, t.a * 2 as b, round(t.c) as c, trim(t.d) as d from t", {"b", "c"}),
        ("select cast(t.a as double) as a, cast(t.b as varchar) as b from t", {"a"}),
        ("select try_cast(t.a as bigint) as a, cast(t.b as date) as b from t", {"a"}),
        ("with w as (select t.a - t.b as net, t.c from t) select w.net as x, w.c as y from w",
         {"x"}),
        ("create table t (a int)", set()),
    ],
)  # fmt: skip
def test_what_is_computed_is_written_with_a_point(sql: str, names: set[str]) -> None:
    assert computed(sql) == names


def test_what_is_read_and_whether_row_by_row() -> None:
    assert reads("with w as (select * from Deal) select * from w join Person p on true") == {
        "deal", "w", "person",
    }  # fmt: skip
    assert is_plain("select t.a, upper(t.b) as b from t where t.a <> ''")
    for rest in ("join v on true", "group by 1", "limit 3", "union all select 1 from v"):
        assert not is_plain(f"select t.a from t {rest}"), rest
    assert not is_plain("select distinct t.a from t")
    assert not is_plain("select max(t.a) from t")
    assert not is_plain("select (select 1) as a from t")
