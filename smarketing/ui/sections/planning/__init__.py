"""The exhibits of planning."""
