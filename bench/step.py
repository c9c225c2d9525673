"""Runs one step of a bench with Django set up: `python -m bench.step MODULE ARGUMENT…` calls `main` of `bench.MODULE`."""

import importlib
import os
import sys

import django


def run(module: str, arguments: list[str]) -> None:
    """Set Django up, then import the module, which may import models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    importlib.import_module(f"bench.{module}").main(*arguments)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
