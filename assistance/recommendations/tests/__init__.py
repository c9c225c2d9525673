"""Tests of recommendations, and of what is said about them."""
