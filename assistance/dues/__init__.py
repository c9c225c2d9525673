"""Deadlines: what organisations owe one another about rows of other kinds, in lists, on pages and in the API."""
