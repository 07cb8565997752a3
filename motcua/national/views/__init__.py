"""Pages of the office and the operator, and the address at which packages arrive."""
