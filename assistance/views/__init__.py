"""The pages of the work, one file for each object."""
