"""API tokens: scopes and authentication."""
