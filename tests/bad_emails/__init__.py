"""Emails with one fault each, written from the specification alone by somebody who had not read the lints."""
