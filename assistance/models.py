"""Imports the models of all packages so that Django finds them; contains nothing else."""

from importlib import import_module

from assistance.aggregates import AGGREGATES

for package in ("access", "workflow", "letters", *AGGREGATES):
    import_module(f"assistance.{package}.models")
