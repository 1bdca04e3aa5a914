"""Pages for the people who work at a clinic."""
