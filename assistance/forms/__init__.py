"""What people fill in, one file for each object. A form checks shapes; rules are the transitions'."""
