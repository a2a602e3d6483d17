"""The documentation site: the pages of `docs/` and references made from the code itself."""
