"""Background work of the vault."""
