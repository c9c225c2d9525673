"""Assessment visits and the numbered sections of their reports."""
