"""Keeping a home: its log, erasing people, what is done by itself."""
