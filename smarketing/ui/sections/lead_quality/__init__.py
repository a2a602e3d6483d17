"""The exhibits of lead quality."""
