"""What of a build somebody sees: the records of a scope, with people named or masked.

The one place where that enters a query. Wherever a statement reads a table, it reads that table's
visible rows instead, so that no question, page, record list or export can say one more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from smarketing.access import Access, AccessError
from smarketing.engine.filters import UNKNOWN, dimension_column
from smarketing.engine.masks import SALT, Known, mask_where_read, masks_of
from smarketing.errors import QueryError

Columns = Mapping[str, frozenset[str]]
#: A row of a table is visible where one of these columns is among those of a visible row.
Keys = tuple[tuple[str, str, str], ...]

_DEAL: Keys = (("deal_id", "fct_deal", "deal_id"),)
_LEAD: Keys = (("lead_id", "dim_lead", "lead_id"),)
_LEAD_NUMBER: Keys = (("lead_number", "lead_key", "lead_number"),)
_UNIT: Keys = (("unit_number", "fct_unit", "unit_number"),)
_ACCOUNT: Keys = (("account_id", "dim_account", "account_id"),)

#: Tables of no customer's records, which everybody sees whole.
_OPEN = frozenset({
    "build_info", "source_info", "dim_date", "dim_rate", "fx_rate", "dim_campaign", "campaign",
    "campaign_alias", "link_campaign", "member", "lead_window", "stage_window", "stage_name",
    "stage_fill", "map_channel", "map_lead_status", "map_member", "map_originator", "map_period",
    "map_persona", "map_region", "map_segment", "map_team", "handoff_known",
})  # fmt: skip
_OPEN_PREFIX = "agreement_"
#: Tables whose rows are visible with those of another.
_BELONGING: Mapping[str, Keys] = {
    "dim_person": (
        *_ACCOUNT,
        ("person_id", "dim_lead", "person_id"),
        ("person_id", "fct_unit_person", "person_id"),
    ),
    "person": (("person_id", "link_person", "source_person_id"),),
    "account": (("account_id", "link_account", "source_account_id"),),
    "link_person": (("person_id", "dim_person", "person_id"),),
    "link_account": _ACCOUNT,
    "link_domain": _ACCOUNT,
    **dict.fromkeys(("touch", "sales_touch"), (("touch_id", "fct_touch", "touch_id"),)),
    "contract": (("contract_id", "fct_contract", "contract_id"),),
    "feedback": (("feedback_id", "fct_feedback", "feedback_id"),),
    "fct_journey": _UNIT,
    "fct_unit_person": _UNIT,
    **dict.fromkeys(("deal", "deal_account", "deal_contact", "deal_stage_event"), _DEAL),
    "fct_attributed": _DEAL,
    **dict.fromkeys(("lead", "lead_assignment", "lead_stage_event", "score_event"), _LEAD),
    **dict.fromkeys(("handoff_pass", "handoff_start", "stage_deal", "stage_fault"), _LEAD),
    "stage_history": _LEAD,
    **dict.fromkeys(("lead_course", "lead_held", "stage_chain", "stage_event"), _LEAD_NUMBER),
    **dict.fromkeys(("stage_reach", "stage_step", "handoff_clock", "handoff_touch"), _LEAD_NUMBER),
}
#: Tables whose rows belong to the first of these that they name: a touch to its deal, else lead …
_FIRST: Mapping[str, Keys] = {
    "fct_touch": (*_DEAL, *_LEAD, ("person_id", "dim_person", "person_id"), *_ACCOUNT),
}
#: Joins of which a row that is kept back may be left out where the SELECT says which rows it wants.
_SIDES, _KINDS = frozenset({"", "LEFT"}), frozenset({"", "INNER", "OUTER", "CROSS"})
#: What reads columns without naming them.
_NAMELESS = (exp.Star, exp.Columns, exp.PositionalColumn, exp.Pivot, exp.Summarize)


@dataclass(frozen=True)
class Sight:
    """What somebody sees: values by dimension (none is everything), and whether people are named.

    `salt` keeps an id that is an address from being guessed by what stands in its place.
    """

    scope: tuple[tuple[str, tuple[str, ...]], ...] = ()
    names_people: bool = True
    salt: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept back."""
        return not self.scope and self.names_people

    @property
    def shape(self) -> tuple[object, ...]:
        """All of it that a restricted statement depends on."""
        return self.names_people, self.scope

    @property
    def params(self) -> dict[str, str]:
        """The values that restricted statements bind."""
        return {**self.scope_params, SALT: self.salt}

    @property
    def scope_params(self) -> dict[str, str]:
        """The values of the scope that restricted statements bind."""
        return {slot: v for d, values in self.scope for slot, v in _slots(d, values)}

    @property
    def words(self) -> str:
        """The dimensions by which the scope narrows, in words."""
        return " and ".join(dimension for dimension, _ in self.scope)


WHOLE = Sight()


def sight_of(access: Access, salt: str = "") -> Sight:
    """Return what a person of this access sees; `salt` is the home's."""
    names = access.may("see_personal")
    return Sight(access.scope, names, "" if names else salt)


def demand_open(table: str, sight: Sight, columns: Columns) -> None:
    """Raise AccessError for a table that a scope keeps back as a whole."""
    if sight.scope:
        condition(table, sight, columns)


class NothingKnown:
    """A build of which nothing is known: any id may be an address, no rows are numbered."""

    def is_address(self, _table: str, _column: str) -> bool:
        """Take any id for one that may be an address."""
        return True

    def has_contacts(self, _table: str, _column: str) -> bool:
        """Take any text for one that may say how to reach somebody."""
        return True

    def is_text(self, _table: str, _column: str) -> bool:
        """Take any column for one that holds texts."""
        return True

    def rows_in_scope(self, _table: str) -> str:
        """Have no rows numbered."""
        return ""

    def texts_of_people(self, _table: str, _column: str) -> str:
        """Have no texts kept that name people."""
        return ""


NOTHING_KNOWN = NothingKnown()


def restrict(
    tree: exp.Query,
    sight: Sight,
    columns: Columns,
    known: Known = NOTHING_KNOWN,
    *,
    can_mask: bool = True,
) -> None:
    """Let a statement read visible rows alone, wherever it reads a table; in place.

    `columns` are those of every table of the build. An id that is `known` to be no address is
    nobody's secret, and the search by it stays a search. Raises
    AccessError for a table that cannot be narrowed to the scope, or what is to be masked where
    nothing `can_mask`, QueryError for what is read in any other way than by its name.
    """
    if sight.is_whole:
        return
    named = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    if named & columns.keys():
        raise QueryError(
            f"A part of the query is named as a table is: {min(named & columns.keys())}."
        )
    tables = [table for table in tree.find_all(exp.Table) if _is_known(table, named, columns)]
    conditions = [condition(table.name.lower(), sight, columns, known) for table in tables]
    masked: list[exp.Select | None] = [None] * len(tables)
    if not sight.names_people:
        asked = _asked(tree)
        masked = [_masked(table, columns, asked, known, can_mask) for table in tables]
    # Only now is a table put in the place of another: until then it is plain who reads it.
    for table, shown, kept in zip(tables, masked, conditions, strict=True):
        is_kept = shown is None and (
            kept is None or _comes_with_another(table) or _keep_where_read(table, kept)
        )
        if not is_kept:
            visible = shown or exp.select("*").from_(exp.to_table(table.name.lower()))
            _replace(table, visible.where(kept, copy=False))


def _is_known(table: exp.Table, named: set[str], columns: Columns) -> bool:
    """Answer whether this is a table of the build and no part of the query; refuse all else."""
    name = table.name.lower()
    if not isinstance(table.this, exp.Identifier) or table.db or table.catalog:
        raise QueryError(f"A query may read tables by their names alone, not {table.sql()}.")
    if name not in named and name not in columns:
        raise QueryError(f"There is no table '{name}' in this build.")
    return name not in named


def _asked(tree: exp.Query) -> frozenset[str] | None:
    """Return every name that a statement mentions; None where it may read columns without one.

    What stands for whole rows, as a star or a table's own name in the place of a column's, names
    none of them; a table may give its columns other names.
    """
    rows = {name.lower() for t in tree.find_all(exp.Table) for name in (t.name, t.alias)}
    names = set()
    for part in tree.walk():
        if isinstance(part, _NAMELESS) and not isinstance(part.parent, exp.Count):
            return None
        if isinstance(part, exp.Join) and part.method:
            return None
        if isinstance(part, exp.TableAlias) and part.columns:
            return None
        if isinstance(part, exp.Column) and part.name.lower() in rows:
            return None
        if isinstance(part, exp.Identifier):
            names.add(part.name.lower())
    return frozenset(names)


def _masked(
    table: exp.Table,
    columns: Columns,
    asked: frozenset[str] | None,
    known: Known,
    can_mask: bool,
) -> exp.Select | None:
    """Mask what a statement asks for of a table; return what to read in its place, if not itself.

    Only columns `asked` for are masked, where it is known which those are.
    """
    name = table.name.lower()
    held = columns[name]
    masks = masks_of(name, held if asked is None else held & asked, held, known)
    if masks.kinds and not can_mask:
        raise AccessError(
            "This reads what may name people from a warehouse, where nobody is masked: it is shown "
            "to those who may see names."
        )
    if not masks.kinds or (asked is not None and mask_where_read(table, masks)):
        return None
    return masks.at_the_table()


def _keep_where_read(table: exp.Table, kept: exp.Expr) -> bool:
    """Put what makes a table's rows visible into the SELECT that reads it; False if not plain.

    A subquery in the table's place says the same, and takes a database longer to plan than most
    questions take to answer.
    """
    select, within = table.parent_select, table.parent
    if not isinstance(select, exp.Select) or not isinstance(within, exp.From | exp.Join):
        return False
    joins = select.args.get("joins") or []
    is_plain = all(join.side in _SIDES and join.kind in _KINDS for join in joins)
    is_plain &= not any(join.method or join.args.get("using") for join in joins)
    # A table in brackets, sampled, pivoted or with names of its own is more than its rows.
    is_plain &= {name for name, value in table.args.items() if value} <= {"this", "alias"}
    if not is_plain or table.alias_column_names:
        return False
    for column in list(kept.find_all(exp.Column)):
        if column.find_ancestor(exp.Select) is None:
            column.set("table", exp.to_identifier(table.alias_or_name, quoted=True))
    if isinstance(within, exp.Join) and within.side == "LEFT":
        within.on(kept, copy=False)
    else:
        select.where(kept, copy=False)
    return True


def _comes_with_another(table: exp.Table) -> bool:
    """Answer whether every row that a SELECT reads of a table is one of a visible row.

    So it is where it is joined to the table by which its rows are visible, by that very column:
    that one is narrowed as well, and each condition more takes a database longer to plan.
    """
    keys, select = _BELONGING.get(table.name.lower(), ()), table.parent_select
    if len(keys) != 1 or not isinstance(select, exp.Select):
        return False
    joins = select.args.get("joins") or []
    if not isinstance(table.parent, exp.From | exp.Join) or not all(map(_is_inner, joins)):
        return False
    [(column, other, named)] = keys
    equal = {frozenset(_parts(one)) for join in joins for one in _conjuncts(join.args.get("on"))}
    others = [join.this for join in joins] + [select.args["from_"].this]
    return any(
        isinstance(one, exp.Table)
        and one is not table
        and one.name.lower() == other
        and not one.alias_column_names
        and {(table.alias_or_name, column), (one.alias_or_name, named)} in equal
        for one in others
    )


def _is_inner(join: exp.Join) -> bool:
    return not (join.side or join.method or join.args.get("using")) and join.kind in ("", "INNER")


def _conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """Give the conditions of which all must hold."""
    if isinstance(condition, exp.And | exp.Paren):
        for part in condition.args.values():
            yield from _conjuncts(part)
    elif condition is not None:
        yield condition


def _parts(equal: exp.Expr) -> list[tuple[str, str]]:
    """Return the two columns that are equal, each with its table; none of what else is asked."""
    if not isinstance(equal, exp.EQ):
        return []
    sides = (equal.this, equal.expression)
    return [(one.table, one.name.lower()) for one in sides if type(one) is exp.Column]


def _replace(table: exp.Table, visible: exp.Select) -> None:
    seen = visible.subquery(table.alias_or_name, copy=False)
    for column in table.alias_column_names:
        seen.args["alias"].append("columns", exp.to_identifier(column, quoted=True))
    table.replace(seen)


def goes_by_several(table: str) -> bool:
    """Answer whether rows of a table are visible by those of several others, or of such a table."""
    keys = _BELONGING.get(table, ())
    return table in _FIRST or len(keys) > 1 or any(goes_by_several(other) for _, other, _ in keys)


def goes_by(table: str) -> frozenset[str]:
    """Return the tables by whose rows those of a table are visible, and by which those are."""
    keys = _FIRST.get(table, _BELONGING.get(table, ()))
    others = [other for _, other, _ in keys]
    return frozenset(others).union(*map(goes_by, others))


def condition(
    table: str, sight: Sight, columns: Columns, known: Known = NOTHING_KNOWN
) -> exp.Expr | None:
    """Return what makes a row of a table visible; None where all of them are."""
    if not sight.scope or table in _OPEN or table.startswith(_OPEN_PREFIX):
        return None
    numbered = known.rows_in_scope(table)
    if numbered:
        rows = exp.select("number").from_(exp.to_table(numbered))
        return exp.column("rowid").isin(query=rows, copy=False)
    if table in _FIRST:
        chosen = exp.Case()
        for key in _FIRST[table]:
            is_named = exp.not_(exp.Is(this=exp.column(key[0]), expression=exp.Null()), copy=False)
            chosen = chosen.when(is_named, _among(key, sight, columns, known), copy=False)
        return chosen.else_(exp.false())
    if table in _BELONGING:
        keys = _BELONGING[table]
        return exp.or_(*(_among(key, sight, columns, known) for key in keys), copy=False)
    dimensions = {dimension_column(dimension) for dimension, _ in sight.scope}
    if not dimensions <= columns.get(table, frozenset()):
        raise AccessError(
            f"This counts what is not kept by {sight.words}, to which your view is limited."
        )
    return exp.and_(*(_has(dimension, values) for dimension, values in sight.scope), copy=False)


def _among(key: tuple[str, str, str], sight: Sight, columns: Columns, known: Known) -> exp.Expr:
    column, other, named = key
    visible = condition(other, sight, columns, known)
    asked = exp.select(exp.column(named)).from_(exp.to_table(other)).where(visible, copy=False)
    return exp.column(column).isin(query=asked, copy=False)


def _has(dimension: str, values: Iterable[str]) -> exp.Expr:
    text = exp.Cast(
        this=exp.column(dimension_column(dimension)), to=exp.DataType(this=exp.DataType.Type.TEXT)
    )
    known = exp.Coalesce(this=text, expressions=[exp.Literal.string(UNKNOWN)])
    slots = [exp.Placeholder(this=slot) for slot, _ in _slots(dimension, values)]
    return exp.In(this=known, expressions=slots)


def _slots(dimension: str, values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, value in enumerate(values):
        yield f"sight_{dimension}_{number}", value
