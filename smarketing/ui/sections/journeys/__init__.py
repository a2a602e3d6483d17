"""The exhibits of journeys."""
