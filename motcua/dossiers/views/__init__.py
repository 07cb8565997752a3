"""Pages of dossiers: residents (draft, review, resident, supplement) and officials (task, desk, counter, register)."""
