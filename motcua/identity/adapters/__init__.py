"""Outside systems of identity."""
