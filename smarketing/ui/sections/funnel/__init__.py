"""The exhibits of the funnel."""
