"""Assessments of States by entities of the Compact other than CTED."""
