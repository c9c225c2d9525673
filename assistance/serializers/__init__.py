"""The work on the wire: every field, sent and received, is named here."""
