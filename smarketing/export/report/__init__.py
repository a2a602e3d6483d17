"""Reports: the pages of a deck as one HTML file, as a PDF printed from it, and as a workbook."""

from smarketing.export.report.book import to_book
from smarketing.export.report.html import to_html
from smarketing.export.report.pdf import to_pdf

__all__ = ["to_book", "to_html", "to_pdf"]
