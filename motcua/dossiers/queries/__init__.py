"""Reads of dossiers."""
