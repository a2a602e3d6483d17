"""Spend counts once: which cut of the same money counts, and what becomes of longer periods."""
