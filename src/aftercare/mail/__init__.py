"""Emails as bytes: compiling, personalising, signing, sending. Knows no tables."""
