"""Data at the size of real use, for measurements: made up by chance from one seed, and copied straight into the tables."""
