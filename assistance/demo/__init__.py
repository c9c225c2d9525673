"""Demonstration data: three invented States, invented people, and a year of work done by the real transitions."""
