"""The exhibits of attribution."""
