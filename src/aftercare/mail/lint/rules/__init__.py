"""One rule per file, each with a `RULE`."""
