"""Whether the numbers of a file have a decimal point or a decimal comma.

All number columns of a file are settled together, by values that can be read one way only: 12.50
and 1,234,567 need a point to be the decimal sign, 1.234,56 a comma. "12.000" can be read either
way. It is settled by the others, by the file's own totals, by a column whose decimals would come
and go (12.000 beside 950); then by what the import or the profile says, where that makes sense of
every value: nobody writes thousandths of a euro.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Sign = Literal[".", ","]
_OTHER: dict[Sign, Sign] = {".": ",", ",": "."}
_NAMES = {".": "a decimal point", ",": "a decimal comma"}


class UndecidedError(Exception):
    """The values of a file do not say how they are to be read; the message completes its name."""


@dataclass(frozen=True)
class Seen:
    """How many values of a kind a column holds, and the first of them with its line."""

    count: int = 0
    text: str = ""
    row: int = 0

    def __str__(self) -> str:
        """Show the first."""
        return f"{self.text}, line {self.row}"


@dataclass(frozen=True)
class Numbers:
    """The numbers of one column of a file.

    `only` counts what can be read with one decimal sign only, `either` what has three digits behind
    a point or a comma, by that sign. Of these `grouped` cannot be decimals, since the column has
    whole numbers or a currency without any, and `thousandths` may well be. `uneven` are the signs
    that would stand before decimals in some values and not in others.
    """

    column: str
    only: dict[Sign, Seen]
    either: dict[Sign, Seen]
    grouped: dict[Sign, int]
    thousandths: dict[Sign, int]
    uneven: frozenset[Sign]

    def proof(self, sign: Sign) -> Seen | None:
        """Return a value that can only be read with this decimal sign, if there is one."""
        if self.only[sign].count:
            return self.only[sign]
        other = _OTHER[sign]
        is_grouped = self.grouped[other] or other in self.uneven
        return self.either[other] if is_grouped else None


def decimal_sign(
    columns: Sequence[Numbers],
    given: Sign | None,
    default: Sign | None,
    witness: Callable[[], Sign | None],
) -> Sign | None:
    """Return the decimal sign of a file; None where no value depends on it.

    `given` is what the import said, `default` what the profile says, `witness` asks the file's
    total rows. Raises UndecidedError where values contradict each other or what was said, or where
    nothing settles them.
    """
    proofs = {sign: _proof(columns, sign) for sign in _OTHER}
    if proofs["."] and proofs[","]:
        raise UndecidedError(
            f"has numbers with a decimal point ({proofs['.']}) and with a decimal comma "
            f"({proofs[',']}). Correct the one or the other, and import it again"
        )
    proven = next((sign for sign in _OTHER if proofs[sign]), None)
    if given and proven and given != proven:
        raise UndecidedError(
            f"was to be read with {_NAMES[given]}, and has {_NAMES[proven]} ({proofs[proven]}). "
            f"Import it with --decimal {proven}"
        )
    unclear = _unclear(columns)
    settled = proven or given
    if settled or not unclear:
        return settled
    sign = witness() or (default if default and _makes_sense(columns, default) else None)
    if sign is None:
        raise UndecidedError(_question(*unclear))
    return sign


def check_texts(columns: Sequence[Numbers], given: Sign | None) -> None:
    """Refuse a sheet that has texts such as "1.200" among its numbers, which do not say what it is.

    The numbers of a spreadsheet have a point whatever its user's habits, and never a zero at their
    end. Raises UndecidedError.
    """
    has_numbers = any(column.only["."].count for column in columns)
    for column in columns:
        seen = column.either["."]
        if has_numbers and given != "." and seen.count > column.thousandths["."]:
            raise UndecidedError(
                f"has texts among the numbers of '{column.column}' that may be thousands or "
                f"thousandths ({seen}). Format the cells of that column as numbers, and import it "
                "again"
            )


def _proof(columns: Sequence[Numbers], sign: Sign) -> str | None:
    for column in columns:
        if proof := column.proof(sign):
            return f"{proof.text} in '{column.column}', line {proof.row}"
    return None


def _unclear(columns: Sequence[Numbers]) -> tuple[str, Seen] | None:
    for column in columns:
        for seen in column.either.values():
            if seen.count:
                return column.column, seen
    return None


def _makes_sense(columns: Sequence[Numbers], sign: Sign) -> bool:
    """Whether a profile's sign makes sense of every value: whole thousands, or real thousandths."""
    return all(
        column.either[sign].count == column.thousandths[sign]
        and not column.thousandths[_OTHER[sign]]
        for column in columns
    )


def _question(column: str, seen: Seen) -> str:
    mark: Sign = "." if "." in seen.text else ","
    whole = seen.text.replace(mark, "")
    return (
        f"has numbers in '{column}' that may be thousands or thousandths ({seen}), and nothing in "
        f"it settles which. Import it with --decimal {_OTHER[mark]} if that is {whole}, with "
        f"--decimal {mark} if the {'point' if mark == '.' else 'comma'} is a decimal one; or say "
        "so with `decimal:` in the profile of a source of your own"
    )
