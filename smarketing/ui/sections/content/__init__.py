"""Content that is met, and what is asked for."""
