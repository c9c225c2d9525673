"""Letters that UNOCT writes about rows: drawn up from the record in six languages, and never sent by the portal."""
