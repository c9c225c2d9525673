"""Roadmaps and national action plans, and their steps."""
