"""Writes of places: load tables of areas, open and close agencies."""
