"""Demonstration data: three invented States, invented people, and a year of work created by the real transitions."""
