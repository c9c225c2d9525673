"""Recommendations of visit reports, and what the State and CTED say of them: observations, replies and ratings."""
