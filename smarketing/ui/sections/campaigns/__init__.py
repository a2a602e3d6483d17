"""The exhibits of campaigns."""
