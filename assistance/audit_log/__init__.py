"""The access log: who read what, as far as a reader of the log may know."""
