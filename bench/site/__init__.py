"""The portal as it is measured: its own settings, and a header that tells the number of statements on request."""
