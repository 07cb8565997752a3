"""Writes of the spine, one use case each. Locks: the case first, then what belongs to it."""
