"""The exhibits of the home page and of presentation mode."""
