"""Needs, the matches of providers with them, and what verification finds."""
