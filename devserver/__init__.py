"""What `make run` uses: embedded PostgreSQL and Valkey and the portal's processes; not used in production."""
