"""Erasing a person: from landed files, kept builds, the workspace; and keeping the person out."""
