"""Base classes of the pages of all aggregates."""
