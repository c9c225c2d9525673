"""Signing in: passwords, second factors, lockout, sessions, and proving again who one is."""
