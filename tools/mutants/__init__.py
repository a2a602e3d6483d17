"""Mutation tests: small faults put into the code, one at a time, that some test must notice."""
