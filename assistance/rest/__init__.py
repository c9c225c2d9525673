"""What the collections of the API have in common."""
