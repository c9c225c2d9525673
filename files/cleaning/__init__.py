"""The sandboxed cleaning process: reads untrusted files and rewrites them, with limited memory and time.

It imports neither Django nor the database, so a file that exploits its parser reaches neither.
"""
