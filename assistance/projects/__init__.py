"""Projects, kept here or imported."""
