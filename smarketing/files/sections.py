"""Sections of the report on an event: by its title, whether one lists who held it or who came."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_HOSTS = re.compile(
    r"(co)?hosts?|panell?ists?|presenters?|speakers?|organi[sz]ers?|moderators?|"
    r"gastgeber|referenten|animateurs?|anfitrion|organizador"
)
_ATTENDEES = re.compile(
    r"attendees?|registrants?|participants?|teilnehmer|teilnehmende|inscrits|asistentes|"
    r"participantes|partecipanti|deelnemers"
)
_OF_AN_EVENT = re.compile(
    r"attend|regist|sign(ed)?[ _-]?up|join(ed)?[ _]?(time|at|on)|check(ed)?[ _-]?in|teilg|anmeld|"
    r"inscri|iscri|particip|asisti|beitritt",
    re.IGNORECASE,
)


def is_of_hosts(title: str) -> bool:
    """Whether a table lists who held an event, by its title."""
    return any(map(_HOSTS.fullmatch, _words(title)))


def is_of_attendees(title: str) -> bool:
    """Whether a table lists who attended an event or signed up for it, by its title."""
    return any(map(_ATTENDEES.fullmatch, _words(title))) and not is_of_hosts(title)


def names_an_event(header: str) -> bool:
    """Whether a column is called after attending an event or signing up for it."""
    return bool(_OF_AN_EVENT.search(header))


def _words(title: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(title)]
