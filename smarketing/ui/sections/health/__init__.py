"""The exhibits of data health."""
