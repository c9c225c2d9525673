"""The workshop: opens what strangers send and writes it anew, in a process of its own with little memory and time.

It knows neither Django nor the database: whatever a file manages to do to its reader, it does there.
"""
