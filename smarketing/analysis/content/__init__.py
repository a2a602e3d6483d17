"""Content: what is met before which step, and what sales and customers ask for."""
