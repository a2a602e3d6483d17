"""Bringing data in by the browser: the same import as the command line's, by buttons."""
