"""What the pages of all aggregates have in common."""
