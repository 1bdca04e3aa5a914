"""Command line: thin shells, one file per noun."""
