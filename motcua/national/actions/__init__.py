"""Writes of national, one use case each."""
