"""Brings activities published in the IATI standard (version 2.03) in as projects that are read-only here."""
