"""The marts: their order, and the tables of the agreement, the calendar and the maps they join."""
