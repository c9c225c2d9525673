"""Registers nothing of its own: what hangs on a match is registered with it (`assistance/needs/registration.py`)."""
