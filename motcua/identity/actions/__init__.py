"""Writes of identity, one use case each."""
