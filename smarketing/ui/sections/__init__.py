"""The exhibits of each page: a result turned into finding, reading, chart and records."""
