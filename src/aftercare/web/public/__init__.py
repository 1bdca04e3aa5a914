"""Pages for clients: no log-in, no cookie, no script."""
