"""Data health: what the data can and cannot say, and the checks of a build."""
