"""REST, one resource per file."""
