"""The access log: who read what, as far as its reader may know."""
