"""A file of any make as tables of raw text. Knows nothing of sources, and stands by itself."""
