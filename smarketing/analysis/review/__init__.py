"""The weekly review: process limits, signals, six weeks and twelve months side by side."""
