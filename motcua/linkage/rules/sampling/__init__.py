"""Invented people in invented sources, with known truth and stated error rates: to measure linkage by. Pure, seeded."""
