"""Which campaign and account the rows of different reports speak of: the same, or another.

One report names a campaign by its id, another by its name, a third by both. Ids and names are one
campaign when any file has them side by side; names that no id bears and ids that bear no name may
be the same, and are taken for it, so that nothing counts twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

_LOOSE = re.compile(r"[\s+_\-]+")
_SIGNS = re.compile(r"[\W_]+")


def loosely(name: str) -> str:
    """Return a campaign's name as names are compared: no case, blanks, `+`, `_` and `-`."""
    return _LOOSE.sub("", name).casefold()


@dataclass(frozen=True)
class Mention:
    """How a report names what was paid for: the campaign, its name if given, and the account.

    `is_name` says that `campaign` is a name and no id. A part is None where a report does not have
    it or leaves it blank.
    """

    platform: str
    campaign: str | None
    name: str | None
    is_name: bool
    account_id: str | None
    account_name: str | None


class _Groups:
    """Things that belong together, joined two at a time."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def top(self, item: Hashable) -> Hashable:
        """Return the thing that stands for the group of this one."""
        root = item
        while self._above.setdefault(root, root) != root:
            root = self._above[root]
        while self._above[item] != root:
            self._above[item], item = root, self._above[item]
        return root

    def join(self, *items: Hashable) -> None:
        """Put things, and all that belongs to any of them, into one group."""
        for item in items:
            self._above[self.top(item)] = self.top(items[0])


def groups(
    mentions: Sequence[Mention], names: Iterable[tuple[str, str, str]]
) -> dict[Mention, Hashable]:
    """Return what each mention speaks of: mentions with equal answers speak of the same.

    `names` are further names that campaigns have or had: platform, campaign, name.
    """
    campaigns = _campaigns(mentions, names)
    accounts, vocabulary = _accounts(mentions)
    places: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
    for mention in mentions:
        places[campaigns[mention]].add(accounts[mention])
    alike = _Groups()
    for campaign, owners in places.items():
        for one, other in combinations(owners, 2):
            # Two accounts by id are two; one by id and one by name may be the same.
            if not vocabulary[one] & vocabulary[other]:
                alike.join((campaign, one), (campaign, other))
    return {m: alike.top((campaigns[m], accounts[m])) for m in mentions}


def _campaigns(
    mentions: Sequence[Mention], names: Iterable[tuple[str, str, str]]
) -> dict[Mention, Hashable]:
    """Return the campaign of each mention; None for one without.

    Ids stay apart though they bear one name, unless a report that knows only the name lumps them.
    """
    found = _Groups()
    called: set[Hashable] = set()
    for platform, campaign, name in (*names, *_own_names(mentions)):
        node = (platform, "called", loosely(name))
        found.join((platform, "campaign", campaign), node)
        called.add(node)
    _join_strangers(found, mentions, called)
    lumped = {found.top(_node(m)) for m in mentions if m.is_name}
    return {m: found.top(_node(m)) if found.top(_node(m)) in lumped else _node(m) for m in mentions}


def _own_names(mentions: Iterable[Mention]) -> list[tuple[str, str, str]]:
    return [(m.platform, m.campaign, m.name) for m in mentions if m.campaign and m.name]


def _node(mention: Mention) -> Hashable:
    return (mention.platform, "campaign", mention.campaign)


def _join_strangers(found: _Groups, mentions: Sequence[Mention], called: set[Hashable]) -> None:
    """Join, by platform, the names that no id bears with the ids that bear no name."""
    with_name = {found.top(node) for node in called}
    with_id = {found.top(_node(m)) for m in mentions if m.campaign and not m.is_name}
    for platform in {m.platform for m in mentions}:
        mine = [m for m in mentions if m.platform == platform and m.campaign]
        names = [_node(m) for m in mine if m.is_name and found.top(_node(m)) not in with_id]
        ids = [_node(m) for m in mine if not m.is_name and found.top(_node(m)) not in with_name]
        if names and ids:
            found.join(*names, *ids)


def _accounts(
    mentions: Sequence[Mention],
) -> tuple[dict[Mention, Hashable], dict[Hashable, frozenset[str]]]:
    """Return the account of each mention, and whether each account is known by id, name or both."""
    found = _Groups()
    tokens = {mention: _tokens(mention) for mention in mentions}
    for known in tokens.values():
        if known:
            found.join(*known)
    accounts = {m: found.top(known[0]) if known else None for m, known in tokens.items()}
    kinds: defaultdict[Hashable, set[str]] = defaultdict(set)
    kinds[None] = set()
    for mention, account in accounts.items():
        kinds[account] |= {kind for _, kind, _ in tokens[mention]}
    return accounts, {account: frozenset(known) for account, known in kinds.items()}


def _tokens(mention: Mention) -> list[tuple[str, str, str]]:
    parts = (("id", mention.account_id), ("name", mention.account_name))
    return [
        (mention.platform, kind, _SIGNS.sub("", text).casefold()) for kind, text in parts if text
    ]
