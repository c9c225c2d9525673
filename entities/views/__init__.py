"""The pages of who is who, of designations, and of tokens."""
