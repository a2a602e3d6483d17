"""Decks: pages of finding, native chart and provenance, made or refreshed in place."""

from smarketing.export.deck.make import make_deck
from smarketing.export.deck.pages import Chart, Grid, Number, Page, Series, funnel, waterfall
from smarketing.export.deck.refresh import Refreshed, refresh_deck

__all__ = [
    "Chart",
    "Grid",
    "Number",
    "Page",
    "Refreshed",
    "Series",
    "funnel",
    "make_deck",
    "refresh_deck",
    "waterfall",
]
