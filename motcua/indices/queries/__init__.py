"""Reads of indices."""
