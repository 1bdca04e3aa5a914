"""Aftercare: the right follow-up emails after each logged care session, at decent local hours, once."""
