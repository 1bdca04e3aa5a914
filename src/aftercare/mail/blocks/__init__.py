"""The kinds of block: one file each."""
