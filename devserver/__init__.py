"""Everything behind `make run`: an embedded PostgreSQL and Valkey and the processes of the portal; unused in production."""
