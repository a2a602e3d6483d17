"""The core tables: views of the raw files, typing, what values settle, versions of a record."""
