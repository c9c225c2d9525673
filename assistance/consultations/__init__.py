"""Capacity consultations of a programme with a State: rounds with findings, baselines and targets."""
