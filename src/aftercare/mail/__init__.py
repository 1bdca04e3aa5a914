"""Content to bytes: blocks, compiler, personalisation, headers, tokens. Knows no tables."""
