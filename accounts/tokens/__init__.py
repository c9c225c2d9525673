"""Tokens of the API: their scopes, and authentication by them."""
