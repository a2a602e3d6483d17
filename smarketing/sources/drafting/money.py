"""Amounts and their currency, as the files of a source have them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smarketing.files.quoting import literal
from smarketing.files.scales import header_says_scale
from smarketing.sources.currencies import in_order, may_mean, meant
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.minor_units import in_units, parts_of_a_unit
from smarketing.sources.drafting.select import filled, value
from smarketing.sources.drafting.words import (
    beside_tax,
    currencies,
    fold,
    folded_words,
    is_planned,
    is_tax,
    is_whole,
    speaks_of,
    speaks_of_tax,
    tax_words,
    taxed,
    without_whole,
    words,
)
from smarketing.sources.drafting.work import Work

_AROUND = re.compile(r"[-+()\d.,'’\s]|E[-+]?\d+")
"""What stands in an amount beside its currency."""
_CODES = (
    "USD EUR GBP JPY CNY INR BRL CAD AUD CHF SEK PLN DKK NOK CZK HUF KRW TWD HKD SGD NZD MXN CLP "
    "ARS ZAR ILS AED SAR THB IDR MYR VND UAH BGN NGN KES EGP PKR"
)
_FREQUENT = frozenset(_CODES.split())
AMOUNTS = {"amount", "paid", "cost"}
"""What the words of an amount stand for, whatever it is of."""


def amount(work: Work, name: str, concepts: tuple[str, ...], meant: str) -> Column | None:
    """Fill an amount by the first of these concepts that has values; ask where none is plain."""
    columns = [c for c in (work.best(concept, "number") for concept in concepts) if c]
    column = next((c for c in columns if not c.shape.is_blank), next(iter(columns), None))
    if column is not None:
        rivals = [c for c in work.sheet.columns if _is_rival(c, column)]
        if rivals:
            work.ask_which([column, *rivals], f"{meant} in its own currency", name)
        if "cost" in concepts:
            column = _without_tax(work, name, column, meant)
            _ask_for_parts(work, name, column, meant)
            _ask_for_tax(work, name, column)
        return take_units(work, name, column)
    if _ask_running(work, meant):
        return None
    if work.ask_misfit(concepts, "number", meant, name):
        return None
    converted = [c for c in work.sheet.columns if c.header.is_converted and c.fits("number")]
    likely = [*work.guess.unexplained("number"), *converted]
    money = [c for c in likely if _is_money(c) and not is_planned(c.header.phrase)]
    whole = [c for c in money if not is_tax(c.name) and _speaks_of_money(c)]
    net = _net_of(work, whole) if all(taxed(c.name) for c in whole) else None
    money = [net] if net else money
    is_alone = len([c for c in likely if taxed(c.name) and not is_tax(c.name)]) == 1
    is_net = net or (is_alone and money and taxed(money[0].name) and _is_plain(money[0]))
    spoken = {"amount", "paid", *concepts} if is_net else {*concepts}
    periodic = _periodic(work)
    is_part = bool(periodic) or (work.table == "deal" and bool(money) and _is_part(money[0]))
    if len(money) == 1 and not is_part and speaks_of(money[0].header.phrase) <= spoken:
        work.notes.append(f"column '{money[0].name}' is taken for {meant}, since it holds money")
        if "cost" in concepts:
            _ask_for_tax(work, name, money[0])
        return take_units(work, name, money[0])
    scaled = [column for column in likely if _ask_for_scale(work, name, column)]
    if len(likely) > len(scaled) or (periodic and not scaled):
        work.ask_which(sorted([*likely, *periodic], key=_unlikeness), meant, name)
    return None


def _unlikeness(column: Column) -> tuple[bool, bool, bool]:
    """Order columns by how little they look like money: words of it first, then fractions."""
    speaks = bool(speaks_of(column.header.phrase) & AMOUNTS) and _speaks_of_money(column)
    return column.shape.is_blank, not speaks, "whole" in column.shape.looks


def _periodic(work: Work) -> list[Column]:
    """Return the columns with what a deal brings in a month or a year."""
    return [
        column
        for column in (work.sheet.columns if work.table == "deal" else ())
        if ("annual" in column.header.meanings or column.header.phrase in folded_words("monthly"))
        and column.fits("number")
        and not column.shape.is_blank
    ]


def says_period(work: Work) -> Column | None:
    """Return a column that says for how long each amount is, by its values alone."""
    every, known = folded_words("paid_every"), folded_words("paid_once")
    for column in work.sheet.columns:
        said = {fold(text) for text in column.shape.values}
        if column.name not in work.used and said & every and said <= every | known:
            return column
    return None


def _is_part(column: Column) -> bool:
    """Whether a header says that its money is a part of a deal: a fee, a deposit, a margin."""
    said = f" {column.header.phrase} "
    return any(f" {word} " in said for word in folded_words("parts_of_deals"))


def _ask_for_scale(work: Work, name: str, column: Column) -> bool:
    """Ask about a column whose header says that it holds thousands or millions; False if none."""
    scaled = header_says_scale(column.name)
    if scaled:
        work.ask(
            f"column '{column.name}' holds thousands or millions. Write what it is in whole units "
            f"as {name} into {work.file}, or export it so"
        )
    return scaled


def _ask_for_wrapped(work: Work, name: str, column: Column) -> None:
    """Ask about amounts that some records hold bare, and others as an object beside a currency."""
    both = [
        other
        for other in work.sheet.columns
        if (other.name.startswith(f"{column.name}.") or column.name.startswith(f"{other.name}."))
        and "number" in other.shape.looks & column.shape.looks
    ]
    for other in both:
        work.ask(
            f"some records hold their amount in '{column.name}', and others in '{other.name}'. "
            f"Write both into {work.file}, as in `coalesce({value(column)}, {value(other)}) as "
            f"{name}`, and say what currency each is in; or take this line out if only "
            f"'{column.name}' counts"
        )


def take_units(work: Work, name: str, column: Column | None) -> Column | None:
    """Fill an amount, in whole units of its currency; nothing where there is no column."""
    if column is None:
        return None
    _ask_for_scale(work, name, column)
    _ask_for_wrapped(work, name, column)
    parts = parts_of_a_unit(column, work.sheet)
    if parts == 1:
        work.take(name, column)
    else:
        work.give(name, in_units(column, parts), column)
        work.notes.append(f"{parts:,} of what column '{column.name}' counts make one unit of money")
    return column


def _is_rival(column: Column, chosen: Column) -> bool:
    """Whether two columns of one meaning hold amounts in two currencies."""
    codes = {column.header.currency, chosen.header.currency}
    alike = set(column.header.meanings) & set(chosen.header.meanings)
    return bool(alike) and None not in codes and len(codes) == 2 and bool(column.shape.values)


def _ask_for_parts(work: Work, name: str, column: Column, meant: str) -> None:
    """Ask where another column holds the same with all its parts."""
    wholes = [c for c in work.sheet.columns if _is_whole_of(c, column)]
    if wholes:
        work.ask_which([column, *wholes], f"{meant}: with all its parts or without", name)


def _without_tax(work: Work, name: str, column: Column, meant: str) -> Column:
    """Return of two amounts, with the tax and without, the one without: taxes are passed on.

    Ask where it is not plain that they are the same amount.
    """
    others = [c for c in work.sheet.columns if _is_other_of_tax(c, column)]
    if not others:
        return column
    net = _net_of(work, [column, *others])
    if net is None:
        work.ask_which([column, *others], f"{meant}: with the tax or without", name)
        work.is_tax_asked = True
    return net or column


def _ask_for_tax(work: Work, name: str, column: Column) -> None:
    """Ask about costs whose header speaks of the tax, where none are without it: taxes pass on."""
    if speaks_of_tax(column.name) and not work.is_tax_asked:
        work.is_tax_asked = True
        work.ask(
            f"column '{column.name}' speaks of the tax, and no other holds the amounts without it. "
            f"Export them without, or write what they are without it as {name} into {work.file}; "
            "or take this line out if they count as they stand"
        )


def _net_of(work: Work, pair: Sequence[Column]) -> Column | None:
    """Return the one of two columns that is without tax; None unless both are of one amount."""
    told = {taxed(c.name): c for c in pair}
    if len(pair) != 2 or set(told) != {"without", "within"}:
        return None
    net, gross = told["without"], told["within"]
    said = {beside_tax(c.name) for c in pair} - {()}
    zeros = {text for text in net.shape.values if not text.strip("0.,-€ ")}
    lacks = net.shape.filled < gross.shape.filled or not zeros <= set(gross.shape.values)
    if len(said) > 1 or lacks or not all(map(_is_plain, pair)):
        return None
    work.notes.append(f"amounts count without tax, by column '{net.name}'")
    return net


def _is_plain(column: Column) -> bool:
    """Whether nothing is said of an amount beside its tax but that it is one.

    A price is one of a piece, "monthly" and "after fees" say of what else it is.
    """
    prices = folded_words("prices")
    named = set(fold(column.name).split())
    return not named & prices and all(speaks_of(word) & AMOUNTS for word in beside_tax(column.name))


def _speaks_of_money(column: Column) -> bool:
    """Whether a header says that it is over money, beside a tax: no "net weight" does."""
    only_of_tax = column.header.phrase in tax_words()
    return bool(speaks_of(column.header.phrase) or column.header.currency or only_of_tax)


def _is_other_of_tax(column: Column, chosen: Column) -> bool:
    """Whether a column says whether it holds the tax, and is of the amount in another one."""
    spoken = {*speaks_of(chosen.header.phrase), *chosen.header.meanings} & AMOUNTS
    alike = {*speaks_of(column.header.phrase), *column.header.meanings} & spoken
    only_of_tax = column.header.phrase in tax_words()
    is_amount = "number" in column.shape.looks and not is_tax(column.name)
    says = taxed(column.name) is not None and bool(alike or only_of_tax)
    return says and is_amount and column.shape.values != chosen.shape.values


def _is_whole_of(column: Column, chosen: Column) -> bool:
    """Whether a column is called the total of what the chosen one holds, and holds more."""
    alike = set(column.header.meanings) & set(chosen.header.meanings)
    alike |= {c for c in (chosen.header.phrase,) if c == without_whole(column.header.phrase)}
    total = is_whole(column.header.phrase) and not is_whole(chosen.header.phrase)
    more = column.shape.values != chosen.shape.values
    return bool(alike) and total and more and "number" in column.shape.looks


def _ask_running(work: Work, meant: str) -> bool:
    """Ask for other amounts than sums of all rows so far; False if there are no such sums."""
    running = [c for c in work.sheet.columns if c.header.is_running and c.fits("number")]
    for column in running[:1]:
        work.ask(
            f"column '{column.name}' sums up {meant} so far: each row holds the earlier ones "
            f"again. Export what belongs to each row alone, or say in {work.file} what that is"
        )
    return bool(running)


def _is_money(column: Column) -> bool:
    """Whether values have cents or a currency, so that they are no counts and no numbers of ids."""
    return "whole" not in column.shape.looks and any(
        value[-3:-2] in ".," or not value[:1].isdigit() or not value[-1:].isdigit()
        for value in column.shape.values
    )


def currency(work: Work, amount_column: Column | None) -> None:
    """Fill the currency by its column, else by the code in the header of the amount."""
    column = work.best("currency", "currency")
    if column is not None and not column.shape.is_blank:
        work.take("currency", column)
        _hold_against_header(work, column, amount_column)
        return
    columns = work.sheet.columns
    coded = [c for c in columns if _is_coded(c)] or [c for c in columns if _is_named(c)]
    if len(coded) == 1:
        work.take("currency", coded[0])
        _hold_against_header(work, coded[0], amount_column)
        return
    wrong = next((c for c in work.sheet.ranked("currency") if not c.shape.is_blank), None)
    if wrong is not None:
        work.ask(
            f"column '{wrong.name}' is called like a currency, and holds '{wrong.shape.example}'. "
            "Write the currency of the amounts as `currency: EUR` into profile.yaml, or say in "
            f"{work.file} which currency each value stands for"
        )
    elif amount_column is not None and _is_word_of_several(amount_column.header.currency):
        said = amount_column.header.currency or ""
        found = may_mean(said)
        first = "USD" if "USD" in found else next(iter(in_order(found)), "SEK")
        work.ask(
            f"column '{amount_column.name}' is in '{said}', which several currencies are called. "
            f"Write the one that is meant into profile.yaml, as in `currency: {first}`"
        )
    elif amount_column is not None and amount_column.header.currency:
        work.give("currency", literal(amount_column.header.currency))
    elif amount_column is not None:
        _by_sign(work, amount_column)


def _is_word_of_several(said: str | None) -> bool:
    """Whether what a header calls a currency is a word that several are called by, as "kr"."""
    is_word = said is not None and said.strip(".").isalpha() and said not in currencies()
    return is_word and meant(said or "", "") is None


def _hold_against_header(work: Work, column: Column, amount_column: Column | None) -> None:
    """Write the header's currency beside amounts of rows that name another, which are then bad."""
    code = amount_column.header.currency if amount_column is not None else None
    if amount_column is None or code is None:
        return
    plain, own = value(amount_column), literal(code)
    beside = f"{filled(amount_column)} || {literal(f' {code}')}"
    for name, sql in work.columns.items():
        if sql == plain:
            work.columns[name] = (
                f"case when {value(column)} <> {own} then {beside} else {plain} end"
            )


def _is_coded(column: Column) -> bool:
    """Whether a column holds codes of currencies; some are words, as ALL, unless it says so."""
    values = set(column.shape.values)
    told = values & _FREQUENT or (values and _speaks_of_currency(column))
    return bool(told) and values <= currencies() and not column.header.is_converted


def _is_named(column: Column) -> bool:
    """Whether a column that is called after currencies holds their names: "US Dollar"."""
    is_own = "currency" in column.shape.looks and not column.header.is_converted
    return is_own and _speaks_of_currency(column)


def _speaks_of_currency(column: Column) -> bool:
    header = f" {column.header.phrase} "
    return any(f" {fold(word)} " in header for word in words()["concepts"]["currency"])


def _by_sign(work: Work, column: Column) -> None:
    """Fill the currency by the one sign or code that stands with every amount; ask about "$".

    Where none stands with any, by the one that stands with the file's own total.
    """
    signs = {_AROUND.sub("", value).strip().upper() for value in column.shape.values}
    if signs <= {""}:
        signs = {_AROUND.sub("", text).strip().upper() for text in column.shape.summed}
    sign = signs.pop() if len(signs) == 1 else ""
    code = meant(sign, "") if sign else None
    if code:
        work.give("currency", literal(code))
    elif sign:
        first = "USD" if sign == "$" else next(iter(in_order(may_mean(sign))), "USD")
        amounts = (*column.shape.values, *column.shape.summed)
        example = next(text for text in amounts if sign in text.upper())
        work.ask(
            f"column '{column.name}' holds amounts like '{example}', and nothing says "
            f"which currency that is. Write it into profile.yaml, as in `currency: {first}`"
        )
