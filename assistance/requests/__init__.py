"""Requests of States for technical assistance."""
