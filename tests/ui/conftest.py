"""The fixtures that the tests in a real browser share."""

from browser_kit import browser, chromium, page, served

__all__ = ["browser", "chromium", "page", "served"]
