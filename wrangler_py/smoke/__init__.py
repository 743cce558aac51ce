"""Smoke tests without code: checks as data, read from the command line or a table, and run."""
