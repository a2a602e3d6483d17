"""What stands in a statement once for every model is written out model by model."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from smarketing.engine.each_model import WEIGHTS, has_patterns, written_for_each

RULES = (
    "first", "last", "last_non_direct", "linear", "position", "j_shaped", "inverse_j", "w_shaped",
    "full_path", "time_decay",
)  # fmt: skip


def written(sql: str) -> exp.Query:
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert isinstance(tree, exp.Query) and has_patterns(sql)
    return written_for_each(tree)


def test_a_projection_becomes_one_for_each_model_where_it_stands() -> None:
    tree = written(
        "select a, each_rule_credit, 2 * each_model_credit as each_model_twice, b from t"
    )
    assert tree.named_selects == [
        "a", *(f"{name}_credit" for name in RULES),
        *(f"{name}_twice" for name in (*RULES, "custom")), "b",
    ]  # fmt: skip
    assert tree.selects[11].sql() == "2 * first_credit AS first_twice"


def test_models_of_roles_are_those_of_the_ends_and_those_with_a_middle() -> None:
    ends = written("select each_outer_x from t").named_selects
    inner = written("select each_inner_x from t").named_selects
    assert {name.removesuffix("_x") for name in ends} == {"position", "j_shaped", "inverse_j"}
    assert {name.removesuffix("_x") for name in inner} == {"w_shaped", "full_path", "custom"}


def test_a_branch_becomes_one_for_each_model_and_the_others_stay() -> None:
    [case] = written(
        "select case when m = 'none' then 1 when m = 'each_rule' then each_rule_credit else 0 end "
        "as credit from t"
    ).selects
    branches = [branch.sql() for branch in case.this.args["ifs"]]
    assert branches[0] == "CASE WHEN m = 'none' THEN 1 END"
    assert branches[1:] == [f"CASE WHEN m = '{name}' THEN {name}_credit END" for name in RULES]
    assert case.this.args["default"].sql() == "0"


def test_weights_are_rows_of_the_models_of_roles() -> None:
    tree = written(f"with {WEIGHTS} as (select '' as model) select each_rule_x from {WEIGHTS}")
    rows = [select.selects[0].this.name for select in tree.ctes[0].this.find_all(exp.Select)]
    assert {"position", "w_shaped", "full_path"} <= set(rows) and len(rows) == len(set(rows))


def test_a_model_has_its_shares_by_role_and_those_of_its_middle() -> None:
    tree = written(f"with {WEIGHTS} as (select '' as model) select each_rule_x from {WEIGHTS}")
    rows = {
        select.selects[0].this.name: {part.alias: float(part.this.name)
                                      for part in select.selects[1:]}
        for select in tree.ctes[0].this.find_all(exp.Select)
    }  # fmt: skip
    nothing = dict.fromkeys(
        ("first_weight", "lead_weight", "deal_weight", "close_weight", "last_weight"), 0.0
    )
    assert rows["position"] == {
        **nothing, "first_weight": 0.4, "last_weight": 0.4, "middle_weight": 0.2,
    }  # fmt: skip
    assert sum(rows["full_path"].values()) == pytest.approx(1.0)
    assert rows["full_path"]["close_weight"] > 0
