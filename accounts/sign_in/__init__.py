"""Sign-in: passwords, second factors, lockout, sessions and reauthentication."""
