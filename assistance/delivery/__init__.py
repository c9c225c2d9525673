"""The delivery of assistance: what follows a confirmed match, as rows that hang on it."""
