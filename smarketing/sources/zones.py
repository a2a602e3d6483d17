"""The time zone that a header names: `Created (PST)`, `Zeitpunkt (UTC+2)`, `created_at_utc`.

A header that names one stands for times of a place: an abbreviation is that place's, in winter and
in summer, since no system heads a whole column by what holds for half of the year. What several
places are called by (IST, CST) is no zone, and whoever reads such a column has to be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

_PLACES = {
    "UTC": "UTC GMT Z ZULU",
    "America/Los_Angeles": "PST PDT PT PST/PDT PACIFIC",
    "America/Denver": "MST MDT MT MST/MDT MOUNTAIN",
    "America/Chicago": "CDT CT CST/CDT CENTRAL",
    "America/New_York": "EST EDT ET EST/EDT EASTERN",
    "America/Anchorage": "AKST AKDT",
    "Pacific/Honolulu": "HST",
    "America/Sao_Paulo": "BRT",
    "Europe/London": "GMT/BST",
    "Europe/Lisbon": "WET WEST WET/WEST",
    "Europe/Berlin": "CET CEST CET/CEST MEZ MESZ MEZ/MESZ MET MEST",
    "Europe/Helsinki": "EET EEST EET/EEST OEZ OESZ",
    "Europe/Moscow": "MSK",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Asia/Singapore": "SGT",
    "Asia/Hong_Kong": "HKT",
    "Australia/Sydney": "AEST AEDT AET AEST/AEDT",
    "Australia/Adelaide": "ACST ACDT",
    "Australia/Perth": "AWST",
    "Pacific/Auckland": "NZST NZDT NZST/NZDT",
    "Africa/Johannesburg": "SAST",
}
_OF_SEVERAL = {
    "IST": "India, Israel or Ireland",
    "CST": "America, China or Cuba",
    "AST": "the Atlantic or Arabia",
    "BST": "Britain or Bangladesh",
    "GST": "the Gulf or South Georgia",
    "SST": "Samoa or Singapore",
    "ECT": "Ecuador or the Caribbean",
    "WST": "Samoa or Western Australia",
}
_MORE = {
    **{"bern": "Europe/Zurich", "edinburgh": "Europe/London", "mumbai": "Asia/Kolkata"},
    **{"new delhi": "Asia/Kolkata", "chennai": "Asia/Kolkata", "beijing": "Asia/Shanghai"},
    **{"osaka": "Asia/Tokyo", "brasilia": "America/Sao_Paulo", "wellington": "Pacific/Auckland"},
    **{"canberra": "Australia/Sydney", "eastern": "America/New_York", "abu dhabi": "Asia/Dubai"},
    **{
        "hawaii": "Pacific/Honolulu",
        "st. petersburg": "Europe/Moscow",
        "alaska": "America/Anchorage",
    },
    **{"harare": "Africa/Harare", "pretoria": "Africa/Johannesburg", "arizona": "America/Phoenix"},
    **{"kuala lumpur": "Asia/Kuala_Lumpur", "hanoi": "Asia/Bangkok", "taipei": "Asia/Taipei"},
}
"""Cities of the list of Windows that no zone is called after."""
_PARTLY = {"+0330": "Asia/Tehran", "+0430": "Asia/Kabul", "+0530": "Asia/Kolkata"}
_PARTLY |= {"+0545": "Asia/Kathmandu", "+0630": "Asia/Yangon", "+0930": "Australia/Darwin"}
_END = re.compile(
    r"(?P<name>.*?\S)\s*[(\[（]\s*"
    r"(?:in|en|em|all times in|times in|time zone:?|timezone:?|tz:?)?\s*"
    r"(?P<zone>[^()\[\]（）]+?)\s*(?:\([^()]*\))?\s*[)\]）]",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?P<name>.*?[^\s_\-,:])[\s_\-,:]+(?:in )?(?P<zone>[A-Za-z]{3,4})")
_OFFSET = re.compile(
    r"(?:UTC|GMT)\s?(?P<sign>[+\-−–])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?"
)
_LINE = re.compile(
    r"(?:time ?zone|zeitzone|fuseau horaire|zona horaria|fuso hor[áa]rio|fuso orario|tijdzone)"
    r"[\s:=,]+(?P<zone>.{1,60}?)\s*$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\(?(?:UTC|GMT)\s?(?P<sign>[+\-−–])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)\)?\s+(?P<places>.+)",
    re.IGNORECASE,
)
"""A zone as Windows lists it: by its offset in winter, and by cities in it."""
_WINTERS = (datetime(2026, 1, 1), datetime(2026, 7, 1))
"""Of the north and of the south."""
_TIME_WORDS = re.compile(
    r"\s*(?:(?:standard|daylight|summer)\s+)?time(?:\s*[(&].*)?$|zeit$", re.IGNORECASE
)


@dataclass(frozen=True)
class HeaderZone:
    """A header without the zone it names; `zone` is None where that may be several, `places`."""

    name: str
    zone: str | None
    text: str
    places: str = ""

    @property
    def shown(self) -> str:
        """What the zone is called: its place, or its offset as the header has it."""
        is_offset = self.zone is None or self.zone.startswith("Etc/GMT")
        return self.text if is_offset else str(self.zone)


@lru_cache(maxsize=1 << 14)
def header_zone(header: str) -> HeaderZone | None:
    """Tell which time zone a header names; None where it names none."""
    found, is_bare = _END.fullmatch(header), False
    if found is None:
        found, is_bare = _BARE.fullmatch(header), True
    if found is None:
        return None
    name, text = found["name"], found["zone"]
    if is_bare and not (text.isupper() or text.upper() in ("UTC", "GMT")):
        return None
    return _named(name, text)


def zone_above(texts: Iterable[str]) -> HeaderZone | None:
    """Tell which time zone a file names above its header: "Time Zone: UTC"; None for none."""
    for text in texts:
        line = _LINE.search(text)
        said = line["zone"].strip() if line else ""
        found = _listed(said) or header_zone(f"times ({said})")
        if found and found.zone:
            return found
    return None


def _listed(text: str) -> HeaderZone | None:
    """Tell which zone of the list of Windows is meant: `(GMT+01:00) Amsterdam, Berlin, Bern`.

    The offset holds in winter: cities of it say when summer begins. One that says another offset
    is not the city that is meant.
    """
    found = _LISTED.fullmatch(text)
    if found is None:
        return None
    east = -1 if found["sign"] != "+" else 1
    offset = east * (int(found["hours"]) * 3600 + int(found["minutes"]) * 60)
    for place in re.split("[,;:]", found["places"]):
        plain = _TIME_WORDS.sub("", place.strip())
        zones = (_abbreviated().get(plain.upper()), _cities().get(plain.casefold()))
        for zone in filter(None, zones):
            offsets = (ZoneInfo(zone).utcoffset(day) for day in _WINTERS)
            if offset == min(each.total_seconds() for each in offsets if each is not None):
                return HeaderZone("times", zone, text)
    return None


def _named(name: str, text: str) -> HeaderZone | None:
    plain = _TIME_WORDS.sub("", text)
    offset = _OFFSET.fullmatch(text.upper())
    if offset is not None:
        zone = _of_offset(offset["sign"] == "+", offset["hours"], offset["minutes"] or "00")
        return HeaderZone(name, zone, text, "" if zone else "several places")
    zone = _iana().get(text.replace(" ", "_").casefold()) or _abbreviated().get(plain.upper())
    if zone is not None:
        return HeaderZone(name, zone, text)
    places = _OF_SEVERAL.get(text.upper())
    return HeaderZone(name, None, text, places) if places else None


def _of_offset(is_east: bool, hours: str, minutes: str) -> str | None:
    if minutes == "00":
        number = int(hours)
        return (
            "UTC"
            if not number
            else f"Etc/GMT{'-' if is_east else '+'}{number}"
            if number < 13
            else None
        )
    return _PARTLY.get(f"{'+' if is_east else '-'}{int(hours):02}{minutes}")


@cache
def _abbreviated() -> dict[str, str]:
    return {text: zone for zone, texts in _PLACES.items() for text in texts.split()}


@cache
def _cities() -> dict[str, str]:
    """Give the zone that is called after a city."""
    zones = ((name.rpartition("/")[2], name) for name in sorted(available_timezones()))
    return {city.replace("_", " ").casefold(): name for city, name in zones if "/" in name} | _MORE


@cache
def _iana() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name}
