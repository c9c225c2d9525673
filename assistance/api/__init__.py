"""The JSON twin of the pages: same queries, same transitions, no rule of its own."""
