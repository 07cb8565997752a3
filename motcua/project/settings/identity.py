"""Sign-in settings (owned by identity)."""
