"""The figures of a report: each a function from what is asked to one page."""
