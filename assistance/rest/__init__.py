"""Base classes of the collections of the API."""
