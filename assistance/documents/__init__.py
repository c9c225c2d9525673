"""Documents attached to rows of other aggregates."""
