"""What of people outside the company is masked, and where in a statement that is done.

A mask stands where its column is first read: around the column in the SELECT that reads the table,
so that it is worked out for the rows that are left there. Where it is not plain which names of a
SELECT are the table's, the table is read through a SELECT of its own that masks all of them.

Closed by default: a text that stands neither here nor among the harmless ones is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlglot import exp

from smarketing.access import CONTACTS, HIDDEN
from smarketing.engine.harmless import is_harmless

#: Columns that name or describe people outside the company, and how they are masked.
_MASKS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("dim_person", "person"), (("email", "address"), ("full_name", "initials"))),
    "fct_feedback": (("comment", "text"), ("account", "name")),
    "feedback": (("comment", "text"),),
    "fct_touch": (
        *(("content", "sales text"), ("url", "page")),
        *(("campaign", "name"), ("raw_campaign", "name"), ("outcome", "words")),
    ),
    "touch": (
        *(("content", "sales text"), ("url", "page"), ("utm_campaign", "name")),
        *(("utm_source", "name"), ("utm_medium", "name"), ("outcome", "words")),
    ),
    **dict.fromkeys(("dim_lead", "lead"), (("source_detail", "words"),)),
    **dict.fromkeys(
        (
            *("lead_stage_event", "fct_stage_entry", "fct_stage_count", "fct_handoff"),
            *("stage_event", "stage_history", "stage_deal"),
        ),
        (("reason", "words"),),
    ),
    "handoff_pass": (("decision_reason", "words"),),
    "lead_course": (("last_reason", "words"),),
    "deal": (("lost_reason", "words"), ("partner", "name")),
    **dict.fromkeys(
        ("dim_account", "account", "dim_campaign", "campaign", "link_campaign"), (("name", "name"),)
    ),
    **dict.fromkeys(
        ("fct_contract", "fct_customer", "fct_quota", "fct_renewal", "fct_retention"),
        (("account", "name"),),
    ),
    "fct_deal": (("account", "name"), ("lost_reason", "words"), ("partner", "name")),
    "fct_cost": (("campaign", "name"),),
    "campaign_alias": (("alias", "name"),),
    "quarantine": (("value", "text"),),
    "sales_touch": (("outcome", "words"),),
    "map_email": (("raw", "text"), ("address", "address")),
}
#: The same in whatever table they stand: texts that a system or somebody gives as a category, the
#: title of a job, names of files. Each may hold how to reach somebody.
_EVERYWHERE: Mapping[str, str] = dict.fromkeys(
    (
        *("title", "_file", "file", "counted_file", "other_file"),
        *("raw_channel", "raw_region", "raw_stage", "lead_source", "owner_name"),
    ),
    "name",
)
#: Masks of what somebody wrote in words, which may name people.
_IN_WORDS = frozenset({"words", "sales text"})
#: Masks of texts in which addresses and telephone numbers may stand, if they do in any.
_CONTACTED = frozenset({"name", *_IN_WORDS})
#: Masks of texts of which all may be read that name nobody and say of nobody how to reach them.
_AS_IT_IS = frozenset({"name", "words"})
#: What a company is called.
_COMPANY = ("dim_account", "name")
#: Ids of records of others: some sources know a person by the address, and a company that is one.
_IDS = frozenset({
    "person_id", "lead_id", "carrier_lead_id", "carrier_person_id", "primary_person_id",
    "lead_person_id", "source_person_id", "unit_id", "alias_id", "id", "cluster_id", "example",
    "record", "touch_id", "created_by_touch_id", "response_touch_id",
    "account_id", "source_account_id", "parent_id", "customer_id", "contract_id", "successor_id",
    "feedback_id",
    "deal_id", "converted_deal_id", "won_deal_id",
})  # fmt: skip
#: Tables whose name is that of a deal, or the id of a lead or deal that has none.
_NAMED_BY_ID = frozenset({"fct_unit", "fct_credit", "fct_origin", "fct_deal", "deal", "fct_quota"})
#: The value of a statement that nobody is shown.
SALT = "sight_salt"


class Known(Protocol):
    """What is known of a build that bears on what of it is shown."""

    def is_address(self, table: str, column: str) -> bool:
        """Answer whether an id of a column may be an address."""
        ...

    def has_contacts(self, table: str, column: str) -> bool:
        """Answer whether addresses or telephone numbers may stand in texts of a column."""
        ...

    def is_text(self, table: str, column: str) -> bool:
        """Answer whether a column holds texts, or what may hold any."""
        ...

    def rows_in_scope(self, table: str) -> str:
        """Return the table that holds the numbers of a table's rows in scope, '' for none."""
        ...

    def texts_of_people(self, table: str, column: str) -> str:
        """Return the table of a column's texts that name people and what is shown, '' for none."""
        ...


@dataclass(frozen=True)
class Masks:
    """The masks of one table: by column how it is masked, and all columns that the table holds.

    `naming` has the table of texts that name people, by the column whose texts they are. In the
    texts of `plain` columns no address and no telephone number stands.
    """

    table: str
    kinds: Mapping[str, str]
    held: frozenset[str]
    naming: Mapping[str, str]
    plain: frozenset[str] = frozenset()

    def of(self, column: str, by: str) -> exp.Expr:
        """Return what is read for a column, of the table that goes by the name `by`."""
        if self.kinds[column] == "deal":
            return _deal_name(by, self.held, column in self.plain)
        naming = self.naming.get(column, "")
        return _masked(column, by, self.kinds[column], naming, column in self.plain)

    def at_the_table(self) -> exp.Select:
        """Return the table with all of its columns masked."""
        shown = [exp.alias_(self.of(column, self.table), column) for column in self.kinds]
        return exp.select(exp.Star(replace=shown)).from_(exp.to_table(self.table))


def masks_of(table: str, asked: frozenset[str], held: frozenset[str], known: Known) -> Masks:
    """Return the masks of the columns asked for of a table, among those that it holds."""
    kinds = {column: kind for column in sorted(asked) if (kind := _kind(table, column, known))}
    named = {
        column: known.texts_of_people(table, column)
        for column, kind in kinds.items()
        if kind in _IN_WORDS
    }
    naming = {column: kept for column, kept in named.items() if kept}
    plain = {c for c, kind in kinds.items() if not _may_reach(table, c, kind, held, known)}
    shown = {c: k for c, k in kinds.items() if not (k in _AS_IT_IS and c in plain - {*naming})}
    return Masks(table, shown, held, naming, frozenset(plain))


def _kind(table: str, column: str, known: Known) -> str:
    """Return how a column of a table is masked, blank where it is read as it stands."""
    said = dict(_MASKS.get(table, ())).get(column) or _EVERYWHERE.get(column, "")
    if said:
        return said
    if column in _IDS:
        return "id" if known.is_address(table, column) else ""
    if column == "name" and table in _NAMED_BY_ID:
        return "deal"
    return "" if is_harmless(table, column) or not known.is_text(table, column) else "text"


def _may_reach(table: str, column: str, kind: str, held: frozenset[str], known: Known) -> bool:
    """Return whether a text may say how to reach somebody; of a deal's name, its company's."""
    if kind == "deal":
        return known.has_contacts(*((table, "account") if "account" in held else _COMPANY))
    return kind not in _CONTACTED or known.has_contacts(table, column)


def mask_where_read(table: exp.Table, masks: Masks) -> bool:
    """Mask a table's columns where its SELECT reads them, in place; False where it is not plain.

    The statement must name every column that it reads. Where it is not plain nothing is changed.
    """
    select = table.parent_select
    if not isinstance(table.parent, exp.From | exp.Join) or not isinstance(select, exp.Select):
        return False
    read = _read(select, table.alias_or_name.lower(), masks.kinds)
    if read is None:
        return False
    for column in read:
        shown = masks.of(column.name.lower(), table.alias_or_name)
        is_shown = column.parent is select and column.arg_key == "expressions"
        column.replace(exp.alias_(shown, column.name, copy=False) if is_shown else shown)
    return True


def _read(select: exp.Select, by: str, masked: Collection[str]) -> list[exp.Column] | None:
    """Return where a SELECT reads masked columns of the table that goes by a name.

    None where any mention of such a name may be something else: another table's column without its
    table, a name that the SELECT itself gives, what is grouped by.
    """
    parts = list(_within(select))
    sources = [one for one in parts if isinstance(one, exp.Table | exp.Subquery | exp.UDTF)]
    if sum(one.alias_or_name.lower() == by for one in sources) != 1:
        return None
    is_alone = len(sources) == 1 and sum(isinstance(one, exp.Query) for one in parts) == 0
    found = []
    for name in parts:
        if not isinstance(name, exp.Identifier) or name.name.lower() not in masked:
            continue
        column = name.parent
        if isinstance(column, exp.Alias):
            if is_alone and not _is_bare(column, name.name):
                return None
            continue
        if not isinstance(column, exp.Column) or name is not column.this or column.args.get("db"):
            return None
        if (not column.table and not is_alone) or _is_matched(column, select):
            return None
        if column.table.lower() in ("", by):
            found.append(column)
    return found


def _is_bare(alias: exp.Alias, name: str) -> bool:
    return isinstance(alias.this, exp.Column) and alias.this.name.lower() == name.lower()


def _is_matched(column: exp.Column, select: exp.Select) -> bool:
    """Whether a column has to be written as it is in another place of the SELECT."""
    is_counted = bool(select.args.get("group") or select.args.get("distinct"))
    return is_counted and column.find_ancestor(exp.Group, exp.Order, exp.Distinct) is not None


def _within(select: exp.Select) -> Iterator[exp.Expr]:
    """Walk what may read the tables of a SELECT: all but its CTEs, which stand before them."""
    for key, part in select.args.items():
        for one in part if isinstance(part, list) else [part]:
            if key != "with_" and isinstance(one, exp.Expr):
                yield from one.walk()


def _deal_name(by: str, columns: frozenset[str], is_plain: bool) -> exp.Expr:
    """Return what a deal is called to whom people are not named: its company, and its id.

    What somebody wrote into its name may be a person's, and nothing tells that for sure. A lead's
    name here is its id.
    """
    account: exp.Expr = exp.column("account", by)
    if "account" not in columns:
        is_its = exp.column("account_id", "named").eq(exp.column("account_id", by))
        found = exp.select(exp.Max(this=exp.column("name", "named")))
        account = found.from_(exp.to_table("dim_account").as_("named")).where(is_its).subquery()
    raw = _replaced(_masked("deal_id", by, "id"), "^[^:]*:", "")
    company = account if is_plain else without_contacts(account)
    called = exp.func("coalesce", company, exp.Literal.string("Deal"))
    # Written in ASCII: of any other statement the client counts each sign, which takes long.
    dot = exp.func("chr", exp.Literal.number(183))
    blank = exp.Literal.string(" ")
    shown = exp.func("concat", called, blank, dot, blank.copy(), raw)
    is_deal = exp.not_(exp.Is(this=exp.column("deal_id", by), expression=exp.Null()))
    return exp.Case().when(is_deal, shown).else_(_masked("name", by, "id"))


def without_contacts(text: exp.Expr) -> exp.Expr:
    """Return the expression of a text in which addresses and telephone numbers are not to be read.

    What a company or a campaign is called is everybody's; how to reach somebody in it is not.
    """
    held = exp.or_(*(_contains(text, sign) for sign, _, _ in CONTACTS))
    shown = text.copy()
    for _, pattern, left in CONTACTS:
        shown = _replaced(shown, pattern, left, "g")
    # Looking for a sign takes a fraction of what a pattern takes; few names have one.
    return exp.Case().when(held, shown).else_(text) if isinstance(text, exp.Column) else shown


def _masked(name: str, by: str, kind: str, naming: str = "", is_plain: bool = False) -> exp.Expr:
    column = exp.column(name, by)
    hidden = exp.Literal.string(HIDDEN)
    if kind == "address":
        domain = exp.func("split_part", column, exp.Literal.string("@"), exp.Literal.number(-1))
        shown: exp.Expr = exp.func("concat", exp.Literal.string(f"{HIDDEN}@"), domain)
    elif kind == "initials":
        shown = _replaced(column, r"(\S)\S*", r"\1.", "g")
    elif kind in ("name", "words"):
        shown = _told(name, by, naming, is_plain)
    elif kind == "page":
        shown = _replaced(column, r"[?#].*$", "")
    elif kind == "sales text":
        is_ours = exp.column("side", by).eq(exp.Literal.string("marketing"))
        shown = exp.Case().when(is_ours, _told(name, by, naming, is_plain)).else_(hidden)
    elif kind == "id":
        text = exp.func("concat", exp.Placeholder(this=SALT), column.copy())
        source = exp.Anonymous(
            this="regexp_extract", expressions=[column.copy(), exp.Literal.string("^[^:@]*:")]
        )
        mark = exp.func("concat", source, exp.func("md5", text))
        return exp.Case().when(_contains(column, "@"), mark).else_(column)
    else:
        shown = hidden
    is_blank = exp.Is(this=column.copy(), expression=exp.Null())
    return exp.Case().when(is_blank, exp.Null()).else_(shown)


def _told(name: str, by: str, kept: str, is_plain: bool) -> exp.Expr:
    """Return what is shown of a text: of one that names people what is kept for it."""
    text: exp.Expr = exp.column(name, by)
    told = text if is_plain else without_contacts(text)
    if not kept:
        return told
    found = exp.select(exp.column("shown", "named")).from_(exp.to_table(kept).as_("named"))
    instead = found.where(exp.column("text", "named").eq(text.copy())).subquery()
    return exp.func("coalesce", instead, told)


def _contains(text: exp.Expr, sign: str) -> exp.Expr:
    return exp.func("contains", text.copy(), exp.Literal.string(sign))


def _replaced(text: exp.Expr, *parts: str) -> exp.Expr:
    """Return a text with what a pattern finds replaced."""
    said = [exp.Literal.string(part) for part in parts]
    return exp.Anonymous(this="regexp_replace", expressions=[text, *said])
