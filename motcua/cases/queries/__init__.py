"""Reads of the spine. Every path that shows a case to a person asks the policy in `queries.access`."""
