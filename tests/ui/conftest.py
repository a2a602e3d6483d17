"""What the tests of pages share: the fixtures of a real browser, and components looked for once."""

from functools import cache

from browser_kit import browser, chromium, page, served
from streamlit.components.v2 import manifest_scanner

__all__ = ["browser", "chromium", "page", "served"]

# Each run of an app under test would search all packages that are installed, a server does so once.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
