"""The attribution models as pure functions over paths: no store, no settings, no pages."""
