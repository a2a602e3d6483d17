"""Journeys: everything that happened before a deal, and the ways deals take."""
