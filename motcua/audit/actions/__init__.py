"""Writes of the log."""
