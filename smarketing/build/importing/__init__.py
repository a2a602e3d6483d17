"""The run of an import, from the files a user names to a published build and its report."""
