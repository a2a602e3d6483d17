"""The exhibits of the agreement."""
