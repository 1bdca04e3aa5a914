"""The lines that due emails wait in. Each has its own connection, its own breaker and its own tasks."""

MAIN, NEWS, ALERTS = "main", "news", "alerts"
"""Care; newsletters, thousands of which no email of care waits behind; and what tells a person that somebody
would like a call, with the contacts for that somebody: neither waits behind anything."""
