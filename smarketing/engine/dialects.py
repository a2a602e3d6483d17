"""What engines read differently, settled once in the syntax tree before a statement is written.

DuckDB takes `86400.0` for a double; elsewhere a literal with a point is a decimal, whose quotients
end after some digits. Credits made of such quotients would differ, so that they are doubles there.
Blanks that DuckDB trims are all of Unicode's; elsewhere they are the plain one alone, and a
campaign that ends with a narrow one would be another campaign.
"""

from __future__ import annotations

from sqlglot import exp

from smarketing.engine.per_engine import expand_helpers

#: The engine whose dialect marts and queries are written in.
HOME = "duckdb"
#: What DuckDB trims: every sign of the category Zs.
BLANKS = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
#: Of these Spark writes small two signs, or another one at the end of a word; DuckDB always one.
CAPITALS = ("İΣ", "iσ")


def settled(tree: exp.Expr, engine: str) -> exp.Expr:
    """Settle in place what `engine` would read otherwise than DuckDB does; returns the tree.

    Helpers come first: what they are made of is settled as everything else. QueryError for one that
    the engine has no version of.
    """
    tree = expand_helpers(tree, engine)
    if engine == HOME:
        return tree
    for literal in list(tree.find_all(exp.Literal)):
        if not literal.is_string and not literal.this.isdigit():
            around = literal.parent
            if not (isinstance(around, exp.Cast) and around.is_type("double")):
                literal.replace(exp.cast(literal.copy(), "double"))
    for trimmed in tree.find_all(exp.Trim):
        if trimmed.expression is None:
            trimmed.set("expression", exp.Literal.string(BLANKS))
    for small in tree.find_all(exp.Lower) if engine == "spark" else ():
        small.set("this", exp.func("translate", small.this, *map(exp.Literal.string, CAPITALS)))
    return tree
