"""Projects, recorded in the portal or imported."""
