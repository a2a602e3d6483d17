"""The exhibits of the handoff."""
