"""Reads of areas and agencies."""
