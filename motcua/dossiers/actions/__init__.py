"""Writes of dossiers, one use case each. Locks: the draft or the dossier first, then its case."""
