"""Writes of indices, one use case each."""
