"""Where the records stand in an answer of an API: in pages, under a word for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from smarketing.files.json_columns import columnar, is_counted
from smarketing.files.json_values import Repeating

LISTS = ("results", "records", "data", "items", "value")
"""Under which APIs answer their records; an empty one holds none."""
_BODIES = ("data", "results", "response", "result", "body", "payload", "report", "_embedded")
_HAL = "_embedded"
"""Under which answers in HAL have their records, called as they may be."""
_INNER = (*LISTS, "list", "rows", "elements")
"""Under which they answer an object that holds them, and what they are called in there."""
_ID = re.compile(r"(?=.*\d)[\w-]+")
_OF_A_PAGE = frozenset(
    (
        *("totalsize", "done", "nextrecordsurl", "paging", "info", "success", "additional_data"),
        *("count", "next", "previous", "total", "totalcount", "has_more", "hasmore", "offset"),
        *("page", "per_page", "limit", "meta", "links", "cursor", "status", "@odata"),
        *("fieldmask", "requestid", "queryresourceconsumption", "nextpagetoken", "summaryrow"),
        *("totalresultscount", "request_id", "code", "message", "ok", "timestamp", "took"),
        *("_links", "_page", "_page_count", "_total_items"),
    )
)
"""What stands beside the records in a page of an API's answer."""
_OF_A_RECORD = frozenset(("code", "count", "message", "status", "timestamp", "total"))
"""What stands beside the lines of an order as well as beside a page's records."""
_MAY_HOLD = frozenset((*LISTS, *_BODIES))
_NEXT = re.compile(
    r"(?:(?:odata|paging)?next(?:page)?(?:token|cursor|link|url|href|offset|start|recordsurl)?)"
)
"""What leads to the page behind this one, where it is filled."""
_MORE = frozenset(("hasmore", "hasnext", "hasnextpage", "morerecords", "moreitemsincollection"))
"""What says that there is one, where it is true."""
_PAGES = (("page", "totalpage"), ("currentpage", "totalpages"), ("page", "totalpages"))
_DEEP = 3


def unwrapped(value: Any, is_among_pages: bool = False) -> Sequence[Any]:
    """Return the records of a page of an API's answer, where a list holds pages; else itself.

    Among pages the last one may have nothing beside its records: what leads on is what it lacks.
    """
    if isinstance(value, dict) and not isinstance(value, Repeating):
        lists = [key for key in LISTS if isinstance(value.get(key), list)]
        others = {key.casefold().partition(".")[0] for key in value if key not in lists}
        if len(lists) == 1 and others <= _OF_A_PAGE:
            found: list[Any] = value[lists[0]]
            if others or is_among_pages:
                return found
    return inner_list(value) or (value,)


def page_of_line(value: Any) -> Sequence[Any] | None:
    """Return the records of a line of json lines that is a page of an API's answer; else None.

    Lines are records elsewhere: a page has nothing beside its records but what only pages have.
    """
    if not isinstance(value, dict) or _MAY_HOLD.isdisjoint(value):
        return None
    if not any(isinstance(value.get(key), (list, dict)) for key in _MAY_HOLD):
        return None
    names = frozenset(key.casefold().partition(".")[0] for key in value if key not in _MAY_HOLD)
    if names and names <= _OF_A_RECORD:
        return None
    found = unwrapped(value, is_among_pages=True)
    is_page = not (len(found) == 1 and found[0] is value)
    has_own = any(isinstance(value.get(key), dict) and "id" in value[key] for key in _BODIES)
    is_page = is_page and not has_own and all(isinstance(record, dict) for record in found)
    return found if is_page else None


def inner_list(value: Any) -> Sequence[Any]:
    """Return the records that stand a level deeper, as in `{"data": {"list": [...]}}`; else none.

    Beside the object that holds them there is nothing but what stands in any page. Of what stands
    twice neither is it.
    """
    if not isinstance(value, dict) or isinstance(value, Repeating):
        return ()
    bodies = [key for key in _BODIES if isinstance(value.get(key), dict)]
    others = {key.casefold() for key in value if key not in bodies}
    if len(bodies) != 1 or not others <= _OF_A_PAGE:
        return ()
    [name] = bodies
    body = value[name]
    if isinstance(body, Repeating):
        return ()
    found = list(body.values()) if name == _HAL else [body.get(key) for key in _INNER]
    lists = [each for each in found if each and isinstance(each, list)]
    return lists[0] if len(lists) == 1 and all(isinstance(r, dict) for r in lists[0]) else ()


def apart(value: Mapping[str, Any]) -> Sequence[Any]:
    """Return the records of an object whose columns stand apart, or that are keyed by ids.

    As in `{"columns": ["id", …], "rows": [["1", …]]}` and `{"9001": {…}, "9002": {…}}`; else none.
    Keys that only count the records, from 0 on, are no ids.
    """
    if found := columnar(value):
        return found
    records = list(value.values())
    is_keyed = len(records) > 1 and all(_ID.fullmatch(key) for key in value)
    if not is_keyed or not all(isinstance(record, dict) and record for record in records):
        return ()
    shared = {key.casefold() for key in set.intersection(*map(set, records))}
    if not shared:
        return ()
    has_own = "id" in shared or is_counted(value)
    return records if has_own else [{"id": key, **r} for key, r in value.items()]


def more_follow(page: Mapping[str, Any], deep: int = 0) -> str | None:
    """Return the key by which a page of an answer says that others follow; None where none does."""
    plain = {re.sub(r"\W|_", "", key).casefold(): key for key in page}
    for name, key in plain.items():
        value = page[key]
        is_next = bool(_NEXT.fullmatch(name) and value and not isinstance(value, list))
        if is_next or (name in _MORE and value is True) or (name == "done" and value is False):
            return key
        if isinstance(value, dict) and deep < _DEEP:
            inner = more_follow(value, deep + 1)
            if inner:
                return f"{key}.{inner}"
    for names in _PAGES:
        at, last = (str(page.get(plain.get(name, ""), "")) for name in names)
        if at.isdecimal() and last.isdecimal() and int(at) < int(last):
            return plain[names[1]]
    return None
