"""Spreadsheets that people filled in and returned: what they would change is shown, then applied or discarded."""
